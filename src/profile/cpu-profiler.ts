// Where a program spends its time. The loop stops whenever some fuel is used up, as it does anyway; each stop looks at the stack.
// So what is seen is the same in every run of a program, and how long it took is measured between the stops.

import type { Heap } from "../../heap/heap.ts";
import { FUEL_CHUNK } from "../vm/engine-words.ts";
import type { Vm } from "../vm/vm.ts";
import { CallTree, callFrame, pathOf, placeText, type CallNode } from "./call-tree.ts";

export interface CpuOptions {
  /** Units of fuel (calls and loop rounds) between looks, 1 to 65,536; 1,000 unless given. */
  readonly every?: number;
  /** A clock in milliseconds. Without one time is counted in fuel: a unit is a microsecond. */
  readonly now?: () => number;
}

export interface CpuSample {
  readonly node: CallNode;
  readonly line: number;
  /** Microseconds since the look before. */
  readonly micros: number;
}

/** What DevTools, speedscope and others read as a .cpuprofile. */
export interface CpuProfileFile {
  readonly nodes: readonly { id: number; callFrame: ReturnType<typeof callFrame>; hitCount: number; children: number[]; positionTicks: { line: number; ticks: number }[] }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: number[];
  readonly timeDeltas: number[];
}

export const CPU_EVERY = 1000;

export class CpuProfiler {
  readonly samples: CpuSample[] = [];
  readonly tree: CallTree;
  readonly #vm: Vm;
  readonly #every: number;
  readonly #now: (() => number) | null;
  readonly #onCollect: Heap["settings"]["onCollect"];
  #last: number;

  /** Looks at the VM until `stop`. */
  constructor(vm: Vm, { every = CPU_EVERY, now }: CpuOptions = {}) {
    if (!Number.isInteger(every) || every < 1 || every > FUEL_CHUNK) throw new RangeError(`CpuProfiler: every must be a whole number from 1 to ${FUEL_CHUNK}, not ${every}`);
    const { settings } = vm.heap;
    this.#vm = vm;
    this.#every = every;
    this.#now = now ?? null;
    this.tree = new CallTree(vm, false);
    this.#onCollect = settings.onCollect;
    settings.onCollect = (entry) => {
      this.tree.forgetCode();
      this.#onCollect?.(entry);
    };
    vm.sampleEvery = every;
    vm.onSample = (pc) => this.#sample(pc);
    vm.fuel = vm.fuel;
    this.#last = now === undefined ? 0 : now();
  }

  stop(): void {
    const vm = this.#vm;
    vm.sampleEvery = FUEL_CHUNK;
    vm.onSample = null;
    vm.heap.settings.onCollect = this.#onCollect;
  }

  #sample(pc: number): void {
    const now = this.#now === null ? this.#last + this.#every / 1000 : this.#now(), node = this.tree.here(pc);
    this.samples.push({ node, line: this.tree.line, micros: Math.max(0, Math.round((now - this.#last) * 1000)) });
    this.#last = now;
  }

  /** The .cpuprofile, to be written as JSON. */
  file(): CpuProfileFile {
    const ticks = new Map<CallNode, Map<number, number>>();
    for (const { node, line } of this.samples) {
      const lines = ticks.get(node) ?? new Map<number, number>();
      lines.set(line, (lines.get(line) ?? 0) + 1);
      ticks.set(node, lines);
    }
    const nodes = this.tree.nodes.map((node) => {
      const lines = [...(ticks.get(node) ?? [])];
      return {
        id: node.id, callFrame: callFrame(node.place), hitCount: lines.reduce((sum, [, count]) => sum + count, 0), children: [...node.children.values()].map(({ id }) => id),
        positionTicks: lines.filter(([line]) => line > 0).sort(([a], [b]) => a - b).map(([line, count]) => ({ line, ticks: count })),
      };
    });
    const timeDeltas = this.samples.map(({ micros }) => micros);
    return { nodes, startTime: 0, endTime: timeDeltas.reduce((sum, micros) => sum + micros, 0), samples: this.samples.map(({ node }) => node.id), timeDeltas };
  }

  /** Folded stacks for flame graph tools: `outer;inner microseconds` a line, in order of the stacks. */
  folded(): string { return foldedStacks(this.samples.map(({ node, micros }) => [node, micros])); }
}

/** One line for each stack, with the sum of its weights. */
export function foldedStacks(weights: readonly (readonly [CallNode, number])[]): string {
  const sums = new Map<CallNode, number>();
  for (const [node, weight] of weights) sums.set(node, (sums.get(node) ?? 0) + weight);
  const lines = [...sums].map(([node, weight]) => `${node.parent === null ? "(root)" : pathOf(node).map((place) => placeText(place).replaceAll(";", ",")).join(";")} ${Math.round(weight)}`);
  return lines.sort().map((line) => `${line}\n`).join("");
}
