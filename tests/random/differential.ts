// One random program, every engine: all must write the same and end the same way.

import { library, type VmOptions } from "../support/library.ts";
import { execute, type Execution } from "../support/programs.ts";
import { Random } from "../support/random.ts";
import type { Finding } from "./finding.ts";
import { generateProgram } from "./generate-hemlock.ts";

interface Way { readonly name: string; readonly options: VmOptions; readonly refuel?: number }

// The generator bounds the work; fuel is for the case that it is wrong.
const LIMITS: VmOptions = { memory: 64 * 1024 * 1024, fuel: 20_000_000 };
export const REFERENCE: Way = { name: "tree", options: { ...LIMITS, engine: "tree" } };
export const QUICK: readonly Way[] = [
  { name: "vm", options: { ...LIMITS, engine: "vm" } },
  { name: "compiled loop", options: { ...LIMITS, engine: "vm", loop: "wasm" } },
  { name: "vm without optimisation", options: { ...LIMITS, engine: "vm", peephole: false, optimise: 0 } },
  { name: "vm paused at every 37th step", options: { ...LIMITS, engine: "vm" }, refuel: 37 },
  { name: "compiled loop paused at every 41st step", options: { ...LIMITS, engine: "vm", loop: "wasm" }, refuel: 41 },
];
/** Each adds a collection every few allocations. */
export const STRESSED: readonly Way[] = [
  { name: "vm under gc stress", options: { ...LIMITS, engine: "vm", gcStress: 7, poison: true } },
  { name: "compiled loop under gc stress", options: { ...LIMITS, engine: "vm", loop: "wasm", gcStress: 7, poison: true } },
  { name: "tree under gc stress", options: { ...LIMITS, engine: "tree", gcStress: 7, poison: true } },
];

function outcome(source: string, way: Way): string {
  let execution: Execution;
  try {
    execution = execute(library, { source, language: "hemlock", name: "random.hml", args: [], input: [] }, way.options, way.refuel);
  } catch (error) {
    return `broke the VM: ${error instanceof Error ? error.stack : error}`;
  }
  const { result, output } = execution;
  return `${output}\n[${result.status === "done" ? "done" : `${result.kind}: ${result.message}`}]`;
}

/** A random program in a world where allocations fail: it may end in any way of its own, but the VM stays sound. */
export function unsoundness(seed: number): Finding | null {
  const random = new Random(seed), source = generateProgram(seed);
  const options: VmOptions = { ...LIMITS, engine: "vm", loop: seed % 2 === 0 ? "js" : "wasm", failAllocationAt: 100 + random.below(2_000), gcStress: 1 + random.below(50), poison: true, verifyHeap: true };
  const ended = outcome(source, { name: "failing", options });
  return ended.includes("broke the VM") ? { seed, what: `allocation ${options.failAllocationAt} fails, a collection at every ${options.gcStress}th: ${ended}`, program: source } : null;
}

/** Where two texts part, with some of each. */
function difference(a: string, b: string): string {
  const left = a.split("\n"), right = b.split("\n");
  const at = left.findIndex((line, i) => line !== right[i]);
  return `line ${at + 1}: ${JSON.stringify(left[at] ?? "<end>")} and ${JSON.stringify(right.slice(at, at + 6).join("\n"))}`;
}

/** Null when all agree, else what differs. */
export function disagreement(seed: number, ways: readonly Way[]): Finding | null {
  const source = generateProgram(seed), expected = outcome(source, REFERENCE);
  const finding = (what: string): Finding => ({ seed, what, program: source });
  if (expected.includes("broke the VM")) return finding(`${REFERENCE.name} ${expected.slice(expected.indexOf("broke the VM"))}`);
  if (expected.includes("[syntax:")) return finding(`not a valid program: ${expected}`);
  for (const way of ways) {
    const got = outcome(source, way);
    if (got !== expected) return finding(`${REFERENCE.name} and ${way.name} differ at ${difference(expected, got)}`);
  }
  return null;
}
