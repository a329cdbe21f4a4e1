// Other programs, and what this process is. A program is run to its end before the script goes on; Node cannot divide a
// process in two, so fork refuses, and only what ended is there to be waited for.

import type { SpawnSyncReturns } from "node:child_process";
import { constants } from "node:os";
import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { textOf } from "../../heap/cells/string.ts";
import { CellHi } from "../../heap/value.ts";
import { fatalInteger } from "../library/arguments.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import type { Variables } from "./environment.ts";
import type { Folder } from "./file-system.ts";
import { childProcesses } from "./modules.ts";
import { attempt, bytesText, i32, nothing, object, reason, returning, stringAt, text, type Store } from "./results.ts";

/** Output of a program that is kept; one that writes more is ended. */
const MAX_OUTPUT = 256 * 1024 * 1024;
/** What a shell makes something else of; a program given as one text is worth a warning when it has any. */
const SHELL_CHARACTERS = /[;|&$`\\"'<>(){}[\]!#]/;
const NOT_FOUND = 127;

export interface ProcessOptions { readonly folder: Folder; readonly variables: Variables; readonly writeError: (text: string) => void; readonly beforeProcess: () => void }

export function processNatives({ folder, variables, writeError, beforeProcess }: ProcessOptions): (readonly [string, Native])[] {
  const settings = (): { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly maxBuffer: number } =>
    ({ cwd: folder.current, env: Object.fromEntries(variables), maxBuffer: MAX_OUTPUT });
  const run = (vm: Vm, program: string, args: readonly string[], stdio: ("inherit" | "pipe")[]): SpawnSyncReturns<Buffer> => {
    if (program === "" || [program, ...args].some((word) => word.includes("\0"))) vm.throwError(`exec() failed: ${program === "" ? "the program has no name" : "the command has a NUL character"}`);
    beforeProcess();
    return attempt(vm, "exec() failed", () => childProcesses().spawnSync(program, args, { ...settings(), stdio }));
  };
  const direct = (vm: Vm, words: readonly string[]): Store => {
    if (words.length === 0) vm.fatal("exec_argv() array must not be empty");
    return finished(run(vm, words[0]!, words.slice(1), ["inherit", "pipe", "pipe"]));
  };
  const exec = (vm: Vm, base: number, argc: number): Store => {
    const command = stringAt(vm, base, "exec");
    if (argc === 2) return direct(vm, [command, ...words(vm, base + 1, "exec() second argument must be an array of strings")]);
    const found = SHELL_CHARACTERS.exec(command);
    if (found !== null) writeError(`Warning: exec() command contains shell metacharacter '${found[0]}'. Consider exec_argv(), which needs no shell.\n`);
    return finished(run(vm, "/bin/sh", ["-c", command], ["inherit", "pipe", "inherit"]));
  };
  const number = (name: string, value: (() => number) | undefined): readonly [string, Native] => returning(name, 0, 0, () => i32(value?.() ?? 0));
  return [
    ...["exec", "__exec"].map((name) => returning(name, 1, 2, exec)),
    returning("exec_argv", 1, 1, (vm, base) => direct(vm, words(vm, base, "exec_argv() argument must be an array of strings"))),
    number("get_pid", () => process.pid), number("__get_pid", () => process.pid), number("__getppid", () => process.ppid),
    number("__getuid", process.getuid), number("__geteuid", process.geteuid), number("__getgid", process.getgid), number("__getegid", process.getegid),
    returning("__kill", 2, 2, (vm, base) => {
      const id = fatalInteger(vm, base, "kill() arguments must be integers"), signal = fatalInteger(vm, base + 1, "kill() arguments must be integers");
      try {
        process.kill(id, signal);
      } catch (error) {
        vm.throwError(`kill(${id}, ${signal}) failed: ${reason(error)}`);
      }
      return nothing;
    }),
    returning("__fork", 0, 0, (vm) => vm.throwError("fork() failed: this host cannot divide its process; use exec(), or spawn() for a task")),
    returning("__wait", 0, 0, (vm) => vm.throwError("wait() failed: No child processes")),
    returning("__waitpid", 1, 2, (vm) => vm.throwError("waitpid() failed: No child processes")),
    returning("__abort", 0, 0, (vm) => vm.exit(128 + constants.signals.SIGABRT)),
  ];
}

/** The strings of the array argument. */
function words(vm: Vm, slot: number, error: string): string[] {
  const { heap } = vm;
  if (heap.hi(slot) !== CellHi.Array) vm.fatal(error);
  return Array.from({ length: arrayLength(heap, heap.lo(slot)) }, (_, i) => {
    const item = elementSlot(heap, heap.lo(slot), i);
    return heap.hi(item) === CellHi.String ? textOf(heap, heap.lo(item)) : vm.fatal(error);
  });
}

function finished({ stdout, stderr, status, error }: SpawnSyncReturns<Buffer>): Store {
  const failed = error !== undefined && status === null && (error as { code?: string }).code !== "ENOBUFS";
  return object([
    ["output", bytesText(stdout ?? new Uint8Array(0))], ["stderr", failed ? text(`${reason(error)}\n`) : bytesText(stderr ?? new Uint8Array(0))],
    ["exit_code", i32(failed ? NOT_FOUND : status ?? -1)],
  ]);
}
