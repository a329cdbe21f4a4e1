// The entry point boxelder: VMs, with Hemlock. Everything an embedder needs of them is here and documented; nothing else is
// a promise. Other languages and tools are entry points of their own, so that nobody loads what they do not use.

import { BoxelderVm } from "./api.ts";
import type { RestoreOptions, VmOptions } from "./vm-options.ts";

/** Makes a VM: one world of its own, with no access to anything but its host. */
export const createVM = (options: VmOptions = {}): BoxelderVm => new BoxelderVm(options);

/** A VM that goes on from an image made by `snapshot`; see BoxelderVm.restore. */
export const restoreVM = (image: Uint8Array | readonly Uint8Array[], options: RestoreOptions = {}): BoxelderVm => BoxelderVm.restore(image, options);

export { BoxelderVm } from "./api.ts";
export { ImageError, type ImageErrorCode } from "./image/errors.ts";
export { compressImage, expandImage } from "./image/compress.ts";
export { describeImage, type ImageDescription } from "./image/describe.ts";
export type { SnapshotOptions } from "./image/snapshot.ts";
export { CopyError, type CopyLimits } from "./embed/copy-limits.ts";
export type { EmbedOptions } from "./embed/embedding.ts";
export type { GuestGlobals } from "./embed/globals.ts";
export { HandleError, type GuestHandle, type HandleReport } from "./embed/handles.ts";
export { hostFunction, type HostFunction, type HostFunctions, type HostFunctionSpec } from "./embed/host-functions.ts";
export type { RunLimits } from "./embed/limits.ts";
export type { Answer, PendingCall } from "./embed/pending.ts";
export { ScriptError, VmBusyError, type FailureKind, type FailureSpan, type Restart, type RunFailure, type RunResult } from "./embed/results.ts";
export type { Engine } from "./engines.ts";
export { hemlock } from "./hemlock.ts";
export type { ModuleLoader } from "./modules.ts";
export type { LanguagePlugin } from "./plugin.ts";
export { describeProgram, type ProgramDescription } from "./program/decode.ts";
export { ProgramError, type ProgramErrorCode } from "./program/errors.ts";
export type { Program } from "./program/program.ts";
export type { RawLeak } from "./vm/checked-raw.ts";
export { silentHost, type Host } from "./vm/host.ts";
export type { SystemPart } from "./vm/native.ts";
export { MemoryLimitError, type TraceEntry } from "./vm/errors.ts";
export { diagnosticJson, excerpt, PLAIN_STYLE, renderDiagnostic, type Diagnostic, type Style } from "./text/diagnostics.ts";
export type { CheckOptions, RestoreOptions, ResumeOptions, RunOptions, VmOptions } from "./vm-options.ts";
export { VERSION } from "./version.ts";
