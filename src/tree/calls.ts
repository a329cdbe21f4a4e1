// Calls: windows, frames and what a function does before its body.
//
// A call window is callee, link, arguments (see frames.ts); the result replaces the callee. A proper tail call comes back
// as a completion and is run by the loop in `callWindow`, so it uses neither guest nor JavaScript stack.

import { fieldSlot, shapeOf } from "../../heap/cells/object.ts";
import { assert } from "../../heap/debug.ts";
import { Closure, Code } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { findField } from "../../heap/shapes.ts";
import { CellHi, Hi, Tag } from "../../heap/value.ts";
import type {
  ApplyNode, Argument, CallMethodNode, CallNativeNode, CallNode, FunctionNode, GlobalNode, IsRefParamNode, Node, Parameter, PrimitiveNode,
} from "../ir/nodes.ts";
import { primitive } from "../ir/primitives.ts";
import { nativeIndex } from "../library/registry.ts";
import { bindArguments } from "../vm/arguments.ts";
import { redirect } from "../vm/callables.ts";
import { UnsupportedByEngine } from "../vm/errors.ts";
import { skipsOptionalCall } from "../vm/indexing.ts";
import { methodOf, noSuchMethod } from "../vm/methods.ts";
import { libraryNative } from "../vm/primitives.ts";
import { copySequence, countArguments } from "../vm/sequences.ts";
import { runsLisp } from "../vm/stack.ts";
import { checkRef, isRefParam, newBox } from "../vm/slow-paths.ts";
import { type FrameLayout, frameLayout } from "./frames.ts";
import { callBuiltin, callNative, signalOrThrow } from "./natives.ts";
import { Completion, type TreeState } from "./state.ts";
import { setVariable, valueSlot } from "./variables.ts";

/** JavaScript steps that a guest call takes besides the evaluation of its nodes. */
const CALL_STEPS = 2;
/** The same for the evaluation of arguments and of defaults. */
const ARGUMENT_STEPS = 1, DEFAULT_STEPS = 2;

function evalArguments(state: TreeState, args: readonly Argument[], first: number): Completion {
  state.depth += ARGUMENT_STEPS;
  for (let i = 0; i < args.length; i++) {
    const completion = state.eval(args[i]!.value, first + i);
    if (completion !== Completion.Normal) return completion;
  }
  state.depth -= ARGUMENT_STEPS;
  return Completion.Normal;
}

/** In Lisp a global that is called is read after its arguments have been evaluated, and may be found missing only then. */
export const isLateGlobal = (state: TreeState, callee: Node): callee is GlobalNode => callee.kind === "Global" && callee.onHole === null && runsLisp(state.vm);

/** The callee is in dst already. */
export function finishCall(state: TreeState, node: CallNode, dst: number): Completion {
  const { heap } = state;
  const { args } = node;
  const window = state.alloc(2 + args.length);
  heap.copySlot(window, dst);
  const completion = evalArguments(state, args, window + 2);
  if (completion !== Completion.Normal) return completion;
  if (isLateGlobal(state, node.callee)) heap.copySlot(window, state.world.globalSlot(node.callee.name));
  const names = state.world.constants.argumentNames(args, window + 1);
  return finishWindow(state, node, window, args.length, names, dst);
}

/** Calls the function in the window, or leaves the call to the loop that runs the current frame. */
function finishWindow(state: TreeState, node: CallNode | ApplyNode | PrimitiveNode, window: number, argc: number, names: number, dst: number): Completion {
  // A native needs no frame of its own, and its error shall tell where it was called.
  if (node.tail && state.heap.hi(window) !== Hi.Native) {
    const { tail } = state;
    tail.window = window;
    tail.argc = argc;
    tail.names = names;
    tail.site = node;
    return Completion.TailCall;
  }
  state.heap.setHole(state.heap.rootSlot(Root.Receiver));
  callWindow(state, window, argc, names, node);
  state.heap.copySlot(dst, window);
  state.top = window;
  return Completion.Normal;
}

/** The receiver is in dst already. The method is looked up after the arguments have been evaluated. */
export function finishCallMethod(state: TreeState, node: CallMethodNode, dst: number): Completion {
  const { heap } = state;
  const { args } = node;
  if (node.optional && skipsOptionalCall(heap, dst, state.world.symbol(node.name))) {
    heap.setNull(dst);
    return Completion.Normal;
  }
  const window = state.alloc(2 + args.length);
  heap.copySlot(window, dst);
  const completion = evalArguments(state, args, window + 2);
  if (completion !== Completion.Normal) return completion;
  const names = state.world.constants.argumentNames(args, window + 1);
  state.at = node;
  const method = findMethod(state, node, window);
  if (typeof method === "number") callNative(state, method, window, args.length, node);
  else callWindow(state, window, args.length, names, node);
  heap.setHole(heap.rootSlot(Root.Receiver));
  heap.copySlot(dst, window);
  state.top = window;
  return Completion.Normal;
}

/**
 * Finds the method for the receiver in the window. A number is a native that takes the receiver there; null: the window now
 * holds a function and Root.Receiver the receiver.
 */
function findMethod(state: TreeState, node: CallMethodNode, window: number): number | null {
  const { vm, heap, world } = state;
  const symbol = world.symbol(node.name);
  const receiver = heap.rootSlot(Root.Receiver);
  if (heap.hi(window) === CellHi.Object) {
    const object = heap.lo(window);
    const index = findField(heap, shapeOf(heap, object), symbol);
    const field = index < 0 ? 0 : fieldSlot(heap, object, index);
    if (field !== 0 && isFunction(heap.hi(field))) {
      heap.copySlot(receiver, window);
      heap.copySlot(window, field);
      return null;
    }
  }
  const method = methodOf(vm, heap.hi(window), symbol);
  if (method === 0) noSuchMethod(vm, window, symbol);
  if (typeof method === "number") return method - 1;
  heap.copySlot(receiver, window);
  heap.copySlot(window, world.globalSlot(method));
  return null;
}

const isFunction = (hi: number): boolean => hi === CellHi.Closure || hi === Hi.Native;

export function evalCallNative(state: TreeState, node: CallNativeNode, dst: number): Completion {
  const argc = node.args.length;
  const window = state.alloc(2 + argc);
  for (let i = 0; i < argc; i++) {
    const completion = state.eval(node.args[i]!, window + 2 + i);
    if (completion !== Completion.Normal) return completion;
  }
  state.at = node;
  callNative(state, nativeIndex(node.native), window, argc, node);
  state.heap.copySlot(dst, window);
  state.top = window;
  return Completion.Normal;
}

/** Calls whatever the global of the operation holds, in the library's own functions what the library meant: this engine does nothing itself. */
export function evalPrimitive(state: TreeState, node: PrimitiveNode, dst: number): Completion {
  const argc = node.args.length;
  const window = state.alloc(2 + argc);
  for (let i = 0; i < argc; i++) {
    const completion = state.eval(node.args[i]!, window + 2 + i);
    if (completion !== Completion.Normal) return completion;
  }
  state.at = node;
  const native = state.layout.node.library ? libraryNative(node.op) : -1;
  if (native < 0) {
    state.heap.copySlot(window, state.world.globalSlot(primitive(node.op).global));
    return finishWindow(state, node, window, argc, 0, dst);
  }
  callNative(state, native, window, argc, node);
  state.heap.copySlot(dst, window);
  state.top = window;
  return Completion.Normal;
}

export function evalApply(state: TreeState, node: ApplyNode, dst: number): Completion {
  const { heap } = state;
  const window = state.alloc(2);
  const called = state.eval(node.callee, window);
  if (called !== Completion.Normal) return called;
  const listed = state.eval(node.args, dst);
  if (listed !== Completion.Normal) return listed;
  state.at = node;
  let argc: number;
  try {
    argc = countArguments(state.vm, dst);
  } catch (error) {
    signalOrThrow(state, error, window, node);
    heap.copySlot(dst, window);
    state.top = window;
    return Completion.Normal;
  }
  copySequence(heap, dst, state.alloc(argc), argc);
  return finishWindow(state, node, window, argc, 0, dst);
}

export function evalIsRefParam(state: TreeState, node: IsRefParamNode, dst: number): Completion {
  const completion = state.eval(node.callee, dst);
  if (completion !== Completion.Normal) return completion;
  state.heap.setBool(dst, isRefParam(state.heap, dst, node.index));
  return Completion.Normal;
}

/** Calls the value at the start of the window; Root.Receiver holds the receiver or a hole. The result replaces it. */
export function callWindow(state: TreeState, window: number, argc: number, names: number, site: Node): void {
  const { heap } = state, from = site;
  state.at = from;
  for (;;) {
    while (heap.hi(window) !== CellHi.Closure) {
      const redirected = redirect(state.vm, window, argc);
      if (redirected < 0) return callBuiltin(state, window, argc, site, from);
      argc = redirected;
    }
    if (callFunction(state, window, argc, names, site, from) !== Completion.TailCall) return;
    const { tail } = state;
    ({ argc, names, site } = tail);
    for (let i = 0; i < argc + 2; i++) heap.copySlot(window + i, tail.window + i);
    heap.setHole(heap.rootSlot(Root.Receiver));
    // The frame that made the tail call is gone, and its source with it.
    state.at = from;
  }
}

/** Runs the closure at the start of the window. Answers Normal with the result in its place, or TailCall. `from`: the call in the frame below. */
function callFunction(state: TreeState, window: number, argc: number, names: number, site: Node, from: Node): Completion {
  const { vm, heap, fp, layout: outer } = state;
  const code = heap.word(heap.lo(window) + Closure.Code);
  const node = vm.treeFunctions[heap.word(code + Code.TreeId) - 1];
  if (node === undefined) throw new UnsupportedByEngine("tree", "call functions compiled to bytecode");
  state.useFuel();
  const base = window + 2, distance = base - fp;
  // The program itself is a frame here, and no call.
  try {
    if (vm.depth > vm.maxDepth || distance > MAX_DISTANCE || state.depth > state.callSteps) state.overflow();
    bindWindow(state, node, code, base, argc, names);
  } catch (error) {
    signalOrThrow(state, error, window, site);
    return Completion.Normal;
  }
  const layout = frameLayout(node);
  state.setTop(base + layout.size);
  vm.depth++;
  state.sites[vm.depth] = from;
  heap.setSlot(window + 1, Tag.Link | distance, vm.depth);
  state.fp = vm.fp = base;
  state.layout = layout;
  state.depth += CALL_STEPS;
  if (layout.hasPrologue) prepare(state, layout);
  const completion = state.eval(node.body, base + layout.value);
  state.depth -= CALL_STEPS;
  state.fp = vm.fp = fp;
  state.layout = outer;
  vm.depth--;
  if (completion === Completion.TailCall) return completion;
  assert(completion === Completion.Normal || completion === Completion.Return, `a jump left the function ${node.name}`);
  heap.copySlot(window, base + (completion === Completion.Return ? layout.completion : layout.value));
  return Completion.Normal;
}

/** Rearranges the arguments into parameters where the counts do not simply agree. */
function bindWindow(state: TreeState, node: FunctionNode, code: number, base: number, argc: number, names: number): void {
  if (names === 0 && state.heap.word(code + Code.ExactArgs) === argc) return;
  // Binding rearranges through as many slots again.
  state.setTop(base + 2 * argc + node.params.length + 2);
  bindArguments(state.vm, code, base, argc, names);
}

/** A link holds the distance to the caller's frame in 16 bits. */
const MAX_DISTANCE = 0xffff;

/** References are checked, all boxes made, then each parameter takes its default and conversion in turn. */
function prepare(state: TreeState, layout: FrameLayout): void {
  const { params, rest, self } = layout.node;
  state.at = layout.node;
  params.forEach(({ byRef }, i) => { if (byRef) checkRef(state.vm, state.fp + i); });
  params.forEach(({ variable }, i) => { if (variable.boxed) box(state, state.fp + i); });
  if (rest?.variable.boxed) box(state, state.fp + params.length);
  if (self?.boxed) box(state, state.fp + layout.bound - 1);
  for (const parameter of params) settle(state, parameter);
  if (rest !== null) settle(state, rest);
}

const box = (state: TreeState, slot: number): void => newBox(state.vm, slot, slot);

function settle(state: TreeState, parameter: Parameter): void {
  const { heap } = state;
  const { variable } = parameter;
  if (parameter.default !== null && heap.hi(valueSlot(state, variable)) === Hi.Hole) evalInto(state, parameter, parameter.default);
  if (parameter.convert !== null) evalInto(state, parameter, parameter.convert);
}

function evalInto(state: TreeState, { variable }: Parameter, value: Node): void {
  const slot = state.alloc(1);
  state.depth += DEFAULT_STEPS;
  const completion = state.eval(value, slot);
  state.depth -= DEFAULT_STEPS;
  assert(completion === Completion.Normal, `a jump left the parameter ${variable.name}`);
  setVariable(state, variable, slot);
  state.top = slot;
}
