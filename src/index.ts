// The public API. Everything an embedder needs is here and documented; nothing else is a promise.

import { BoxelderVm, type VmOptions } from "./api.ts";

/** Makes a VM: one world of its own, with no access to anything but its host. */
export const createVM = (options: VmOptions = {}): BoxelderVm => new BoxelderVm(options);

export { BoxelderVm, LANGUAGES } from "./api.ts";
export type { CheckOptions, Restart, RunFailure, RunOptions, RunResult, Stage, VmOptions } from "./api.ts";
export type { ModuleLoader } from "./modules.ts";
export { silentHost, type Host } from "./vm/host.ts";
export { MemoryLimitError, type TraceEntry } from "./vm/errors.ts";
export { diagnosticJson, excerpt, PLAIN_STYLE, renderDiagnostic, type Diagnostic, type Style } from "./text/diagnostics.ts";
export { VERSION } from "./version.ts";
