// The compiled loop as a WebAssembly module. In the bundles the build puts its bytes in the place of this module
// (src/build/prebuild.ts), so they neither contain what makes them nor spend the 15 ms that it takes.

import { loopModule } from "./loop/module.ts";

export const loopBytes = (): Uint8Array<ArrayBuffer> => loopModule();
