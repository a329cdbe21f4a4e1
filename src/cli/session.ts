// Makes the VM and the host a command runs scripts with, from the options given.

import { closeSync, openSync, writeSync } from "node:fs";
import { createVM, restoreVM, type BoxelderVm, type VmOptions } from "../index.ts";
import { nodeWorkers } from "../node.ts";
import type { OptionValues } from "../options.ts";
import type { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { outsideOf } from "./grants.ts";
import { moduleFiles } from "./module-files.ts";
import type { Parts } from "./parts.ts";
import { vmOptions } from "./vm-options.ts";

/** Descriptor that receives the log of collections, null for none. */
function openLog(path: string | undefined): number | null {
  if (path === undefined) return null;
  if (path === "-") return 2;
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new CommandError(`cannot write the log of collections: ${(error as Error).message}`);
  }
}

export class Session {
  vm: BoxelderVm;
  readonly #options: VmOptions;
  readonly #log: number | null;
  readonly #workers: NonNullable<VmOptions["workers"]> | null;
  readonly #close: () => void;

  /** `image`: what the VM goes on from, if it is not to be a new one. */
  constructor(readonly values: OptionValues, host: ConsoleHost, parts: Parts, image: Uint8Array | null = null) {
    const log = this.#log = openLog(values.gcLog);
    const outside = outsideOf(values, host), given = vmOptions(values, host), options = { ...given, ...outside, ...parts, modules: moduleFiles, ...workersOf(values, given) };
    this.#workers = options.workers ?? null;
    this.#close = (): void => {
      outside.system.close?.();
      options.workers?.close();
    };
    this.#options = log === null ? options : { ...options, now: () => performance.now(), onCollect: (entry) => void writeSync(log, `${JSON.stringify(entry)}\n`) };
    this.vm = image === null ? createVM(this.#options) : this.#restored(image);
  }

  /** Goes on in a VM of its own from an image of the session's; what scripts have of the outside stays the same. */
  thaw(image: Uint8Array): void {
    this.vm = this.#restored(image);
  }

  /** The limits are those of the image, unless the options name others. */
  #restored(image: Uint8Array): BoxelderVm {
    const { memory, fuel: _, ...options } = this.#options;
    return restoreVM(image, this.values.memory === undefined ? options : { ...options, memory });
  }

  /** After the last script: what it left open is closed, and what the options ask for is done, checks and figures. */
  finish(): void {
    this.#close();
    if (this.values.verifyHeap === true) this.vm.verifyHeap();
    if (this.values.stats === true) console.error(statsText(this.vm) + workersText(this.#workers));
    if (this.#log !== null && this.#log !== 2) closeSync(this.#log);
  }
}

function workersOf({ workers = 0, engine, checkpoint }: OptionValues, world: VmOptions): Pick<VmOptions, "workers"> {
  if (workers === 0) return {};
  if (engine === "tree") throw new CommandError("--workers: the tree engine cannot run tasks; leave --engine out");
  if (checkpoint !== undefined) throw new CommandError("--workers: what runs in threads is in no checkpoint; leave one of --workers and --checkpoint out");
  return { workers: nodeWorkers(workers, { world }) };
}

/** Where tasks ran, and for each reason how many stayed. */
function workersText(workers: VmOptions["workers"] | null): string {
  if (workers === null || workers === undefined) return "";
  const { sent, stayed } = workers.report();
  return `\ntasks in workers: ${sent}${[...stayed].map(([reason, count]) => `\n${count} stayed: ${reason}`).join("")}`;
}

/** Heap figures, one "name: value" line each. */
export const statsText = (vm: BoxelderVm): string =>
  Object.entries(vm.stats()).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n");
