// One random program, every engine: all must write the same and end the same way. The programs are of either language.

import { library, type VmOptions } from "../support/library.ts";
import { execute, type Execution } from "../support/programs.ts";
import { Random } from "../support/random.ts";
import type { Finding } from "./finding.ts";
import { generateProgram } from "./generate-hemlock.ts";
import { generateLisp } from "./generate-lisp.ts";

/** A random program, and whether the tree engine can run it. */
export interface Subject { readonly language: "hemlock" | "lisp"; readonly source: string; readonly tree: boolean }
export const hemlockProgram = (seed: number): Subject => ({ language: "hemlock", source: generateProgram(seed), tree: true });
/** Every third program captures continuations, so the tree engine has no part in it. */
export const lispProgram = (seed: number): Subject => {
  const continuations = seed % 3 === 0;
  return { language: "lisp", source: generateLisp(seed, { continuations }), tree: !continuations };
};

interface Way { readonly name: string; readonly options: VmOptions; readonly refuel?: number }

// The generator bounds the work; fuel is for the case that it is wrong.
const LIMITS: VmOptions = { memory: 64 * 1024 * 1024, fuel: 20_000_000 };
const TREE: Way = { name: "tree", options: { ...LIMITS, engine: library.tree } };
const LOOP: Way = { name: "JavaScript loop", options: { ...LIMITS, engine: "vm", loop: "js" } };
export const QUICK: readonly Way[] = [
  { name: "vm", options: { ...LIMITS, engine: "vm" } },
  { name: "compiled loop", options: { ...LIMITS, engine: "vm", loop: "wasm" } },
  { name: "vm without optimisation", options: { ...LIMITS, engine: "vm", peephole: false, optimise: 0 } },
  { name: "vm paused at every 37th step", options: { ...LIMITS, engine: "vm" }, refuel: 37 },
  { name: "compiled loop paused at every 41st step", options: { ...LIMITS, engine: "vm", loop: "wasm" }, refuel: 41 },
];
/** Each adds a collection every few allocations, or has one under way all the time. */
export const STRESSED: readonly Way[] = [
  { name: "vm under gc stress", options: { ...LIMITS, engine: "vm", gcStress: 7, poison: true } },
  { name: "compiled loop under gc stress", options: { ...LIMITS, engine: "vm", loop: "wasm", gcStress: 7, poison: true } },
  { name: "compiled loop, marking in small steps", options: { ...LIMITS, engine: "vm", loop: "wasm", gcStep: 20, poison: true } },
  { name: "tree under gc stress", options: { ...LIMITS, engine: library.tree, gcStress: 7, poison: true } },
];
/** The same, and the heap is checked after each collection; seldom enough for a world with the library of Lisp in it. */
export const VERIFIED: readonly Way[] = [
  { name: "vm under gc stress with checks", options: { ...LIMITS, engine: "vm", gcStress: 101, poison: true, verifyHeap: true } },
  { name: "compiled loop under gc stress with checks", options: { ...LIMITS, engine: "vm", loop: "wasm", gcStress: 97, poison: true, verifyHeap: true } },
  { name: "compiled loop, marking in small steps with checks", options: { ...LIMITS, engine: "vm", loop: "wasm", gcStep: 150, poison: true, verifyHeap: true } },
];

function outcome({ source, language }: Subject, way: Way): string {
  let execution: Execution;
  try {
    execution = execute(library, { source, language, name: "random", args: [], input: [] }, way.options, way);
  } catch (error) {
    return `broke the VM: ${error instanceof Error ? error.stack : error}`;
  }
  const { result, output } = execution;
  return `${output}\n[${result.status === "done" ? "done" : `${result.kind}: ${result.message}`}]`;
}

/** A random program in a world where allocations fail: it may end in any way of its own or say "out of memory", but the VM stays sound. */
export function unsoundness(seed: number, subject = hemlockProgram(seed)): Finding | null {
  const random = new Random(seed), lisp = subject.language === "lisp";
  // A Lisp program is compiled in its own world, which takes most of the allocations; and its library makes checks of the heap long.
  const failAllocationAt = 100 + random.below(lisp ? 4_500 : 2_000), gcStress = lisp ? 50 + random.below(200) : 1 + random.below(50);
  const options: VmOptions = { ...LIMITS, engine: "vm", loop: seed % 2 === 0 ? "js" : "wasm", failAllocationAt, gcStress, poison: true, verifyHeap: true };
  const ended = outcome(subject, { name: "failing", options });
  const sound = !ended.includes("broke the VM") && !/\[(?:fatal|panic|syntax): .*\]$/.test(ended);
  return sound ? null : { seed, what: `allocation ${failAllocationAt} fails, a collection at every ${gcStress}th: ${ended}`, program: subject.source };
}

/** Where two texts part, with some of each. */
function difference(a: string, b: string): string {
  const left = a.split("\n"), right = b.split("\n");
  const at = left.findIndex((line, i) => line !== right[i]);
  return `line ${at + 1}: ${JSON.stringify(left[at] ?? "<end>")} and ${JSON.stringify(right.slice(at, at + 6).join("\n"))}`;
}

/** Null when all agree, else what differs. */
export function disagreement(seed: number, ways: readonly Way[], subject = hemlockProgram(seed)): Finding | null {
  const reference = subject.tree ? TREE : LOOP, expected = outcome(subject, reference);
  const finding = (what: string): Finding => ({ seed, what, program: subject.source });
  if (expected.includes("broke the VM")) return finding(`${reference.name} ${expected.slice(expected.indexOf("broke the VM"))}`);
  if (expected.includes("[syntax:")) return finding(`not a valid program: ${expected}`);
  for (const way of ways.filter((each) => subject.tree || each.options.engine !== library.tree)) {
    const got = outcome(subject, way);
    if (got !== expected) return finding(`${reference.name} and ${way.name} differ at ${difference(expected, got)}`);
  }
  return null;
}
