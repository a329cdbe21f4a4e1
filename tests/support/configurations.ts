// The ways every program is run, and the exceptions. Each way must give the same output.

import { debug, library, type Library, type VmOptions } from "./library.ts";

export interface Configuration {
  readonly name: string;
  readonly build: Library;
  readonly options: VmOptions;
  /** Stop after so many steps, and go on, again and again. */
  readonly refuel?: number;
  /** With `refuel`: freeze the VM at about every so many stops, and go on in another one that was restored from its image. */
  readonly freeze?: number;
  /** Compile the program in another VM, and run the bytes of that. */
  readonly compiled?: boolean;
  /** So much extra work that programs marked slow are left out. */
  readonly heavy?: boolean;
}

const MEMORY = 256 * 1024 * 1024;

export const CONFIGURATIONS: readonly Configuration[] = [
  { name: "vm", build: library, options: { engine: "vm", memory: MEMORY } },
  { name: "vm, JavaScript loop only", build: library, options: { engine: "vm", memory: MEMORY, loop: "js" } },
  { name: "vm, compiled loop from the start", build: library, options: { engine: "vm", memory: MEMORY, loop: "wasm" } },
  { name: "vm, compiled loop with assertions", build: debug, options: { engine: "vm", memory: MEMORY, loop: "wasm", verifyHeap: true } },
  { name: "vm, compiled loop, collecting at every 3rd allocation", build: library, heavy: true, options: { engine: "vm", memory: MEMORY, loop: "wasm", gcStress: 3, poison: true } },
  { name: "vm, compiled loop, collecting now and then", build: debug, heavy: true, options: { engine: "vm", memory: MEMORY, loop: "wasm", gcStressRate: 0.02, poison: true, verifyHeap: true } },
  { name: "vm, compiled loop, marking in small steps", build: library, heavy: true, options: { engine: "vm", memory: MEMORY, loop: "wasm", gcStep: 60, poison: true } },
  { name: "vm, compiled loop, marking in small steps with checks", build: debug, heavy: true, options: { engine: "vm", memory: MEMORY, loop: "wasm", gcStep: 25, poison: true, verifyHeap: true } },
  { name: "vm, compiled loop in a small heap", build: library, heavy: true, options: { engine: "vm", memory: 4 * 1024 * 1024, initialMemory: 1, loop: "wasm" } },
  { name: "vm, compiled loop, paused at every 50th step", build: library, options: { engine: "vm", memory: MEMORY, loop: "wasm" }, refuel: 50 },
  { name: "vm with assertions", build: debug, options: { engine: "vm", memory: MEMORY, verifyHeap: true } },
  { name: "vm, collecting at every allocation", build: library, heavy: true, options: { engine: "vm", memory: MEMORY, gcStress: 1, poison: true } },
  { name: "vm, checking the heap at every 13th allocation", build: debug, heavy: true, options: { engine: "vm", memory: MEMORY, gcStress: 13, poison: true, verifyHeap: true } },
  { name: "vm, marking in small steps", build: library, heavy: true, options: { engine: "vm", memory: MEMORY, gcStep: 50, poison: true } },
  { name: "vm, marking in small steps with checks", build: debug, heavy: true, options: { engine: "vm", memory: MEMORY, gcStep: 40, poison: true, verifyHeap: true } },
  { name: "vm in a small heap", build: library, heavy: true, options: { engine: "vm", memory: 4 * 1024 * 1024, initialMemory: 1 } },
  { name: "vm without peephole", build: library, options: { engine: "vm", memory: MEMORY, peephole: false } },
  { name: "vm without optimisation", build: library, options: { engine: "vm", memory: MEMORY, peephole: false, optimise: 0 } },
  { name: "vm, paused at every 50th step", build: library, options: { engine: "vm", memory: MEMORY }, refuel: 50 },
  { name: "vm, frozen and restored at stops", build: library, options: { engine: "vm", memory: MEMORY }, refuel: 300, freeze: 4 },
  { name: "vm, compiled loop, frozen and restored at stops", build: library, options: { engine: "vm", memory: MEMORY, loop: "wasm" }, refuel: 1000, freeze: 2 },
  { name: "vm with assertions, frozen and restored at stops", build: debug, heavy: true, options: { engine: "vm", memory: MEMORY, verifyHeap: true, poison: true, gcStressRate: 0.002 }, refuel: 2000, freeze: 2 },
  { name: "vm, from bytecode", build: library, options: { engine: "vm", memory: MEMORY }, compiled: true },
  { name: "vm with assertions, from bytecode", build: debug, options: { engine: "vm", memory: MEMORY, verifyHeap: true, gcStressRate: 0.01, poison: true }, compiled: true, heavy: true },
  { name: "tree", build: library, options: { engine: library.tree, memory: MEMORY } },
  { name: "tree, marking in small steps", build: debug, heavy: true, options: { engine: debug.tree, memory: MEMORY, gcStep: 30, poison: true, verifyHeap: true } },
  { name: "tree, collecting at every allocation", build: library, heavy: true, options: { engine: library.tree, memory: MEMORY, gcStress: 1, poison: true } },
];

export interface Exception { readonly program: string; /** Matches the names of configurations. */ readonly configurations: RegExp; readonly reason: string }

/** Programs known to fail under a configuration. One that passes must leave the list: its test then fails. */
export const EXCEPTIONS: readonly Exception[] = [
  { program: "hemlock/limits/deep-recursion.hml", configurations: /^tree/, reason: "the tree engine recurses in JavaScript, whose stack is small" },
  { program: "hemlock/limits/set-stack-limit.hml", configurations: /^tree/, reason: "the tree engine recurses in JavaScript, whose stack is small" },
  { program: "hemlock/programs/tour.hml", configurations: /^tree/, reason: "the tree engine recurses in JavaScript, whose stack is small" },
  { program: "hemlock/limits/deep-unwinding.hml", configurations: /^tree/, reason: "the tree engine recurses in JavaScript, whose stack is small" },
  { program: "hemlock/regressions/fuel-of-places-in-text.hml", configurations: /^tree/, reason: "the tree engine cannot pause: it ends the run with a fatal error that says so" },
  { program: "hemlock/limits/out-of-fuel.hml", configurations: /^tree/, reason: "the tree engine cannot pause: it ends the run with a fatal error that says so" },
  { program: "hemlock/limits/out-of-fuel-in-calls.hml", configurations: /^tree/, reason: "the tree engine cannot pause: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/spawn.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/channels.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/turns.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/deadlock.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/fatal-in-task.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/bad-conversion.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "hemlock/tasks/shown.hml", configurations: /^tree/, reason: "the tree engine cannot run tasks: it ends the run with a fatal error that says so" },
  { program: "lisp/control/continuations.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/memory-in-handlers.lisp", configurations: /^tree$/, reason: "the tree engine asks handlers about failing calls only" },
  { program: "lisp/control/parameters-reentry.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/tasks.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/winds-reentry.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/error-objects.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/parameters-and-tasks.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/puzzles.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/restarts-nested.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/control/winds-puzzles.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations" },
  { program: "lisp/limits/deep-loops.lisp", configurations: /^tree/, reason: "the tree engine recurses in JavaScript, whose stack is small" },
  { program: "lisp/collections/re-entrant-map.lisp", configurations: /^tree/, reason: "the tree engine cannot capture continuations: it ends the run with a fatal error that says so" },
  { program: "lisp/macros/local-defmacro.lisp", configurations: /from bytecode$/, reason: "an expander that fails is found when the program is compiled, before anything runs" },
  { program: "lisp/reader/literals.lisp", configurations: /from bytecode$/, reason: "quoted data that contains itself has no written form" },
];

export const exceptionFor = (program: string, configuration: string): Exception | undefined =>
  EXCEPTIONS.find((each) => each.program === program && each.configurations.test(configuration));
