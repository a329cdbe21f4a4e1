// Takes the definitions of functions out of a part of the library: what is left has to run when a world is made, the functions
// can wait until somebody names them. Names of one function stay together, so that they go on being the same.

import { Bug } from "../heap/debug.ts";
import { type CompiledFunction, nestedFunctions } from "./bytecode/code.ts";
import { toBytecode, type CompileSettings } from "./engines.ts";
import type { FunctionNode, Node, Program } from "./ir/nodes.ts";

/** A function, and the globals that hold it: its own first. */
export interface Definition { readonly names: readonly string[]; readonly compiled: CompiledFunction }

/** The global of Lisp that a node does nothing but define. */
function definedBy(node: Node): { readonly name: string; readonly value: Node } | null {
  const [symbol, value] = node.kind === "CallNative" && node.native === "lisp:%define" ? node.args : [];
  return symbol?.kind === "Const" && symbol.value.type === "symbol" && value !== undefined ? { name: `lisp:${symbol.value.value}`, value } : null;
}

/** The functions that an optimised program defines, compiled as parts of it, and the program without them. */
export function takeFunctions(program: Program, settings: CompileSettings): { readonly functions: readonly Definition[]; readonly rest: Program } {
  const { main } = program, nodes = main.body.kind === "Block" ? main.body.body : [main.body], found = new Map<string, { readonly names: string[]; readonly node: FunctionNode }>();
  const rest = nodes.filter((node) => {
    const definition = definedBy(node), value = definition?.value;
    if (definition === null || found.has(definition.name)) return true;
    const known = value?.kind === "Function" && value.captures.length === 0 ? { names: [], node: value } : value?.kind === "Global" ? found.get(value.name) : undefined;
    if (known === undefined) return true;
    known.names.push(definition.name);
    found.set(definition.name, known);
    return false;
  });
  const codes = nestedFunctions(toBytecode(program, settings));
  const functions = [...new Set(found.values())].map(({ names, node }) => {
    const named = codes.filter(({ name }) => name === node.name);
    if (named.length !== 1) throw new Bug(`${named.length} functions of the library are called ${node.name}`);
    return { names, compiled: named[0]! };
  });
  return { functions, rest: { ...program, main: { ...main, body: { kind: "Block", span: main.body.span, body: rest } } } };
}
