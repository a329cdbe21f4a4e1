// As prebuilt-world.ts, with the library of Lisp as well.

import type { PrebuiltWorld } from "./prebuilt-world.ts";

export const PREBUILT_LISP: PrebuiltWorld | null = null;
