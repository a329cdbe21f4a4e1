// What a host may ask of a VM, and of a run.

import type { GcEntry } from "../heap/options.ts";
import type { EmbedOptions } from "./embed/embedding.ts";
import type { RunLimits } from "./embed/limits.ts";
import type { Engine } from "./engines.ts";
import type { ModuleLoader } from "./modules.ts";
import type { LanguagePlugin } from "./plugin.ts";
import type { Host } from "./vm/host.ts";
import type { SystemPart } from "./vm/native.ts";
import type { WorkersPart } from "./vm/workers.ts";

/** Forms of the vm engine's loop. */
export type LoopName = "auto" | "js" | "wasm";

export interface VmOptions extends EmbedOptions, RunLimits {
  /** Limit of the world in bytes: heap, stacks, code and raw memory together. Default 64 MiB. */
  readonly memory?: number;
  /** Size of the world at the start; it grows on demand. */
  readonly initialMemory?: number;
  /** Back edges, calls and work inside natives a run may use; not given: no limit. */
  readonly fuel?: number;
  /** Guest frames that may be in use at a time. Default: what the language of the run has, for Hemlock 10,000. */
  readonly stackDepth?: number;
  /** What runs programs. Default "vm"; others are parts of their own, such as `tree` of boxelder/tree. */
  readonly engine?: "vm" | Engine;
  /** Languages the VM can run besides Hemlock, which it always can; each is a part of its own, such as `lisp` of boxelder/lisp. */
  readonly languages?: readonly LanguagePlugin[];
  /**
   * Size of the JavaScript stack the tree engine may rely on, which bounds how deep calls and expressions nest there; the
   * other engine needs none. Default: what is safe on Node's main thread and in browsers, some 450 calls. Never give more
   * than the thread has.
   */
  readonly treeStackBytes?: number;
  /** Where the modules that scripts import come from; left out: there are none. */
  readonly modules?: ModuleLoader;
  /** What scripts may reach of the outside; everything left out does nothing. */
  readonly host?: Partial<Host>;
  /** What Hemlock's builtins for files, processes and so on work with, such as `nodeSystem` of boxelder/node; left out: they refuse. */
  readonly system?: SystemPart;
  /** What runs tasks in threads of their own where that makes no difference, such as `nodeWorkers` of boxelder/node; for one VM. Serves asynchronous runs (`runAsync`). */
  readonly workers?: WorkersPart;
  /** Milliseconds for which collections should stop scripts at a time, 2 when not given: see HeapOptions. 0: each collection in one pause. */
  readonly gcPauseBudget?: number;
  /** Debug aids of the collector: see HeapOptions. */
  readonly gcStep?: number;
  readonly gcStepStride?: number;
  readonly gcStress?: number;
  readonly gcStressRate?: number;
  readonly gcSeed?: number;
  readonly moveWorld?: number;
  readonly forceUpTo?: number;
  readonly forceOnly?: number;
  readonly failAllocationAt?: number;
  readonly verifyHeap?: boolean;
  readonly poison?: boolean;
  readonly quarantine?: number;
  readonly onCollect?: (entry: GcEntry) => void;
  /** Milliseconds, for the pauses reported to onCollect. */
  readonly now?: () => number;
  /**
   * Remember where raw memory - `alloc`, `buffer` and the like - was allocated and freed: errors about it say so, and
   * `vm.rawLeaks()` lists what nobody freed. Costs a guest stack for each allocation.
   */
  readonly checkLeaks?: boolean;
  /** Reading raw memory that was never written is an error of the script. Bytes of buffers count as written; what memcpy copies stays what it was. */
  readonly checkUninitialised?: boolean;
  /**
   * Debug aid: which form of its loop the vm engine runs. Default "auto": the one in JavaScript at first, and in long runs
   * the one compiled to WebAssembly where that is possible. "wasm" is that from the start, or an error.
   */
  readonly loop?: LoopName;
  /** Compiler switches, for finding out which stage is at fault. */
  readonly peephole?: boolean;
  readonly optimise?: 0 | 1;
  /** Seed of the scripts' random numbers. */
  readonly seed?: number;
}

/** Options of a VM that goes on: its library is in what it goes on with; the languages it had have to be given anew. */
export type RestoreOptions = Omit<VmOptions, "initialMemory" | "treeStackBytes" | "seed">;

export interface CheckOptions {
  /** Name of one of the VM's languages; default hemlock. */
  readonly language?: string;
  /** Name shown in messages. */
  readonly name?: string;
  /** One input of an interactive session. */
  readonly repl?: boolean;
}
export interface RunOptions extends CheckOptions, RunLimits {}

/** What a run goes on with. */
export interface ResumeOptions extends RunLimits {
  /** As the option of the VM. */
  readonly fuel?: number;
}
