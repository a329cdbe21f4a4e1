// The names of the globals of modules begin with the number of the module, which counts within a program. A VM gives modules
// numbers of its own: here a program's functions get them.

import type { CompiledFunction, Constant } from "../bytecode/code.ts";

/** Numbers of modules in the VM, by their numbers in the program. */
export type ModuleIds = ReadonlyMap<number, number>;

const OF_MODULE = /^(\d+):/, BODY = /^module:(\d+)$/;

/** The global's name in the VM. */
export function renamed(name: string, ids: ModuleIds): string {
  const found = OF_MODULE.exec(name) ?? BODY.exec(name), id = found === null ? undefined : ids.get(Number(found[1]));
  return id === undefined ? name : name.replace(/\d+/, String(id));
}

/** The function and those within, with the VM's names; the same object where nothing changes. */
export function renameFunction(code: CompiledFunction, ids: ModuleIds, done = new Map<CompiledFunction, CompiledFunction>()): CompiledFunction {
  if ([...ids].every(([from, to]) => from === to)) return code;
  const order = [code];
  // Inner functions come behind those that hold them, so going backwards each finds its own done.
  for (let i = 0; i < order.length; i++) for (const constant of order[i]!.constants) if (constant.type === "code" && !done.has(constant.function)) order.push(constant.function);
  for (const each of order.reverse()) if (!done.has(each)) done.set(each, { ...each, constants: each.constants.map((constant) => rename(constant, ids, done)) });
  return done.get(code)!;
}

function rename(constant: Constant, ids: ModuleIds, done: ReadonlyMap<CompiledFunction, CompiledFunction>): Constant {
  if (constant.type === "global") return { type: "global", name: renamed(constant.name, ids) };
  return constant.type === "code" ? { type: "code", function: done.get(constant.function)! } : constant;
}
