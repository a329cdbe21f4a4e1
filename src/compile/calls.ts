// Calls. A call owns a window at the top of the frame: callee (or receiver), link, arguments. The result replaces the
// callee, so a call whose destination is the topmost temporary starts its window right there and needs no move.

import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { ApplyNode, Argument, AwaitNode, CallMethodNode, CallNativeNode, CallNode, GlobalNode, Node } from "../ir/nodes.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { loadConstant } from "./expressions.ts";
import { LimitError, MAX_ARGUMENTS } from "./limits.ts";
import { callNative } from "./natives.ts";
import { arrayOf } from "./objects.ts";

/** First register of a call window whose result goes to `dest`. */
const openWindow = (c: FunctionCompiler, dest: number): number => (dest >= 0 && c.regs.isFreshTop(dest) ? dest : c.alloc());

/** The link's register and the arguments. */
function pushArguments(c: FunctionCompiler, args: readonly Node[]): void {
  c.alloc();
  c.run(args);
}

const valuesOf = (args: readonly Argument[]): Node[] => args.map(({ value }) => value);
/** Names of the arguments when any has one, else null. */
const namesOf = (args: readonly Argument[]): (string | null)[] | null =>
  args.some(({ name }) => name !== null) ? args.map(({ name }) => name) : null;

const canReplaceFrame = (c: FunctionCompiler, tail: boolean, dest: number): boolean => tail && dest === Dest.Result && c.guarded === 0;

function checkCount(args: readonly unknown[], node: Node): void {
  if (args.length > MAX_ARGUMENTS) throw new LimitError(`${args.length} arguments in one call (at most ${MAX_ARGUMENTS})`, node.span);
}

export function compileCall(c: FunctionCompiler, node: CallNode, dest: number): void {
  const names = namesOf(node.args);
  const window = openWindow(c, dest);
  if (names === null && isFused(c, node)) return callGlobal(c, node, window, dest);
  c.to(node.callee, window);
  if (names === null && node.args.length > MAX_ARGUMENTS) {
    c.alloc();
    arrayOf(c, valuesOf(node.args), c.alloc());
    c.emit(Op.Apply, window, 0);
    return c.finish(dest, window);
  }
  checkCount(node.args, node);
  pushArguments(c, valuesOf(node.args));
  if (names !== null) c.emit(Op.CallNamed, window, names.length, c.emitter.constants.names(names));
  else if (canReplaceFrame(c, node.tail, dest)) {
    c.emit(Op.TailCall, window, node.args.length);
    return;
  } else c.emit(Op.Call, window, node.args.length);
  c.finish(dest, window);
}

/** In Lisp the order of reading a global's value and evaluating the arguments is ours to choose. */
const isFused = (c: FunctionCompiler, { callee, args }: CallNode): boolean =>
  c.fn.language === "lisp" && c.emitter.scratch < 0 && callee.kind === "Global" && callee.onHole === null && args.length <= MAX_ARGUMENTS;

function callGlobal(c: FunctionCompiler, node: CallNode, window: number, dest: number): void {
  const place = c.emitter.constants.global((node.callee as GlobalNode).name), tail = canReplaceFrame(c, node.tail, dest);
  pushArguments(c, valuesOf(node.args));
  c.emit(tail ? Op.TailCallGlobal : Op.CallGlobal, window, node.args.length, place);
  if (!tail) c.finish(dest, window);
}

export function compileCallMethod(c: FunctionCompiler, node: CallMethodNode, dest: number): void {
  checkCount(node.args, node);
  const names = namesOf(node.args), values = valuesOf(node.args), done = c.label();
  const window = openWindow(c, dest);
  c.to(node.receiver, window);
  // CallMethodOpt looks after the arguments, which is only right when nobody can see them evaluated.
  const late = names === null && values.every((value) => c.isPassive(value));
  if (node.optional && !late) skipOptionalCall(c, window, node.name, done);
  pushArguments(c, values);
  const op = names !== null ? Op.CallMethodNamed : node.optional && late ? Op.CallMethodOpt : Op.CallMethod;
  c.emit(op, window, node.args.length, c.emitter.constants.cache(node.name, names));
  c.bind(done);
  c.finish(dest, window);
}

/** Jumps to `done` with null in the window, which holds the receiver, unless there is a method to call. */
function skipOptionalCall(c: FunctionCompiler, window: number, name: string, done: Label): void {
  const go = c.label(), mark = c.regs.top;
  const skips = callNative(c, "$skips_call", () => {
    c.emitter.move(c.alloc(), window);
    loadConstant(c, c.constant({ type: "symbol", value: name }), c.alloc());
  });
  c.emit(Op.JumpIfFalse, skips, go);
  c.emit(Op.LoadNull, window);
  c.emit(Op.Jump, done);
  c.bind(go);
  c.regs.release(mark);
}

export function compileCallNative(c: FunctionCompiler, node: CallNativeNode, dest: number): void {
  checkCount(node.args, node);
  const window = openWindow(c, dest);
  pushArguments(c, node.args);
  c.emit(Op.CallNative, window, node.args.length, c.options.nativeIndex(node.native));
  c.finish(dest, window);
}

export function compileApply(c: FunctionCompiler, node: ApplyNode, dest: number): void {
  const window = openWindow(c, dest);
  c.to(node.callee, window);
  pushArguments(c, [node.args]);
  if (canReplaceFrame(c, node.tail, dest)) {
    c.emit(Op.TailApply, window, 0);
    return;
  }
  c.emit(Op.Apply, window, 0);
  c.finish(dest, window);
}

export function compileAwait(c: FunctionCompiler, node: AwaitNode, dest: number): void {
  const dst = c.target(dest);
  c.emit(Op.Await, dst, c.operandIn(node.value, dst));
  c.finish(dest, dst);
}
