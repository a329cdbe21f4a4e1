// Calls: natives known by name, methods, type constructors, optional calls, and arguments passed by reference.
//
// Whether an argument goes by reference depends on the function that is called, so where some function takes a
// parameter by reference at that position, the call asks: if IsRefParam(callee, i) then a reference, else the value.
// A call of a function known by name skips the question where that function takes a value. Where it takes a reference
// the question stays, because a reference must never reach a parameter that does not expect one, and another program in
// the same world may assign the name. In a call with named arguments only the callee knows where each one lands.

import * as b from "../../ir/builder.ts";
import type { Argument, Node, Variable } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";
import type { Arg, CallExpr, Expr, FieldExpr, FunctionExpr, IndexExpr, NameExpr } from "./ast.ts";
import { isPlain } from "./lower-assignments.ts";
import type { Lowering } from "./lowering.ts";
import type { Candidate } from "./names.ts";
import { knownFunction, makeRef, read, resolve } from "./names.ts";
import { TYPE_WORDS } from "./tokens.ts";

/** Methods of builtin kinds. They never take references, so calls by these names pass values only. */
const BUILTIN_METHODS: ReadonlySet<string> = new Set([
  "substr", "slice", "find", "contains", "starts_with", "ends_with", "split", "trim", "to_upper", "to_lower", "replace",
  "replace_all", "repeat", "char_at", "byte_at", "chars", "bytes", "to_bytes", "deserialize", "push", "pop", "shift",
  "unshift", "insert", "remove", "join", "concat", "reverse", "first", "last", "clear", "map", "filter", "reduce",
  "serialize", "keys", "has", "delete", "to_string", "send", "recv", "close", "read", "write",
]);

export function lowerCall(lw: Lowering, call: CallExpr): Node {
  const { callee, span } = call;
  if (callee.kind === "TypeWord" && !isLibraryName(lw, callee.word)) return lowerConstruct(lw, call, callee.word);
  if (callee.kind === "Field" && !call.optional) return lowerMethodCall(lw, call, callee);
  const name = callee.kind === "Name" ? callee.name : callee.kind === "TypeWord" ? callee.word : null;
  if (name === APPLY && lw.options.library) return lowerApply(lw, call);
  const candidates = name === null ? null : resolve(lw, name, callee.span);
  const library = candidates?.[0]?.at === "library" ? candidates[0].value() : null;
  if (library !== null && !call.optional) {
    const args = lowerArguments(lw, call.args);
    // Natives do not know argument names.
    if (library.kind === "Const" && library.value.type === "native") return b.callNative(library.value.value, args.map((arg) => arg.value), span);
    return b.call(library, args, span);
  }
  const value = candidates === null ? lw.expression(callee) : read(candidates, callee.span);
  const known = name === null ? null : knownFunction(lw, name, candidates!);
  const refs = library === null && passesPlaces(lw, call.args, known);
  if (!refs && !call.optional) return b.call(value, lowerArguments(lw, call.args), span);
  // The temporary is named like the callee, for the message when it is not a function.
  const held = b.variable(name ?? (callee.kind === "Field" ? callee.name : ""));
  const made = b.call(b.local(held, callee.span), lowerArguments(lw, call.args, refs ? held : null), span);
  const isNull = b.binary("StrictEq", b.local(held, callee.span), b.nullNode(span), span);
  const result = call.optional ? b.ifNode(isNull, b.nullNode(span), made, span) : made;
  return b.scope([held], b.block([b.letNode(held, value, callee.span), result], span), span);
}

/** How library code calls a function with the elements of an array. */
const APPLY = "$apply_array";

function lowerApply(lw: Lowering, call: CallExpr): Node {
  const [callee, args] = call.args.map((arg) => lw.expression(arg.value));
  return b.apply(callee!, args!, false, call.span);
}

/** `buffer` is a type word and a function of the library. */
export const isLibraryName = (lw: Lowering, word: string): boolean => lw.options.isBuiltin(word) || lw.options.libraryGlobal(word) !== null;

function lowerConstruct(lw: Lowering, call: CallExpr, word: string): Node {
  const { span } = call, type = TYPE_WORDS.get(word)!;
  // Only scalar types are values; calling another type word is calling null.
  if (!type.value) return b.call(b.nullNode(call.callee.span), lowerArguments(lw, call.args), span);
  const args = call.args.map((arg) => lw.expression(arg.value));
  if (args.length === 1) return b.callNative("$construct", [b.constant({ type: "type", value: type.code }, call.callee.span), args[0]!], span);
  return b.block([...args, b.fail("Type constructor expects exactly 1 argument", false, span)], span);
}

function lowerMethodCall(lw: Lowering, call: CallExpr, callee: FieldExpr): Node {
  const { span } = call, { name, optional } = callee;
  const receiver = lw.expression(callee.object);
  if (BUILTIN_METHODS.has(name) || !passesPlaces(lw, call.args)) {
    return b.callMethod(receiver, name, lowerArguments(lw, call.args), optional, span);
  }
  const object = b.variable("object"), method = b.variable(name);
  return b.scope([object, method], b.block([
    b.letNode(object, receiver, callee.object.span),
    b.letNode(method, b.getField(b.local(object, span), name, true, callee.span), callee.span),
    b.callMethod(b.local(object, span), name, lowerArguments(lw, call.args, method), optional, span),
  ], span), span);
}

/** `callee`: variable that holds the function, when arguments may have to go by reference. */
function lowerArguments(lw: Lowering, args: readonly Arg[], callee: Variable | null = null): Argument[] {
  const names = namesOf(args);
  return args.map((arg, index) => {
    const byRef = callee !== null && (names === null ? lw.isRefPosition(index) : lw.hasRefs);
    return { name: arg.name, value: byRef ? lowerPlaceArgument(lw, arg.value, callee, { index, names }) : lw.expression(arg.value) };
  });
}

/** The names of a call's arguments, "" for a positional one, joined by commas; null when all are positional. */
const namesOf = (args: readonly Arg[]): string | null =>
  args.every((arg) => arg.name === null) ? null : args.map((arg) => arg.name ?? "").join(",");

/** Is there an argument that could go by reference? */
function passesPlaces(lw: Lowering, args: readonly Arg[], known: FunctionExpr | null = null): boolean {
  if (namesOf(args) !== null) {
    return lw.hasRefs && (known === null || known.params.some((param) => param.byRef)) && args.some((arg) => isPlace(arg.value));
  }
  const wanted = (index: number): boolean => lw.isRefPosition(index) && (known === null || known.params[index]?.byRef === true);
  return args.some((arg, index) => wanted(index) && isPlace(arg.value));
}

/** Which argument of a call, and the names in it. */
interface Position { readonly index: number; readonly names: string | null }

/** Asks whether the parameter the argument lands on is by reference. */
function asksRef(callee: Variable, { index, names }: Position, span: Span): Node {
  if (names === null) return b.isRefParam(b.local(callee, span), index, span);
  const rest = [b.constant({ type: "i32", value: index }, span), b.text(names, span)];
  return b.callNative("$takes_ref", [b.local(callee, span), ...rest], span);
}

function isPlace(value: Expr): value is NameExpr | FieldExpr | IndexExpr {
  return value.kind === "Name" || ((value.kind === "Field" || value.kind === "Index") && !value.optional);
}

function lowerPlaceArgument(lw: Lowering, value: Expr, callee: Variable, at: Position): Node {
  if (!isPlace(value)) return lw.expression(value);
  const { span } = value;
  const either = (reference: Node, plain: Node): Node => b.ifNode(asksRef(callee, at, span), reference, plain, span);
  if (value.kind === "Name") {
    const candidates: Candidate[] = resolve(lw, value.name, span);
    const reference = makeRef(candidates, span);
    return reference === null ? read(candidates, span) : either(reference, read(candidates, span));
  }
  return withParts(lw, value, (place) => either(b.makeRef(place(), span), place()));
}

/** Evaluates object and index once, then builds with a constructor of the place. */
function withParts(lw: Lowering, value: FieldExpr | IndexExpr, build: (place: () => Node & { kind: "GetField" | "GetIndex" }) => Node): Node {
  const { span } = value;
  const parts = value.kind === "Field" ? [value.object] : [value.object, value.index];
  const plain = parts.every(isPlain);
  const held = plain ? [] : parts.map((_, i) => b.variable(i === 0 ? "object" : "index"));
  const lets = held.map((variable, i) => b.letNode(variable, lw.expression(parts[i]!), span));
  const part = (i: number): Node => (plain ? lw.expression(parts[i]!) : b.local(held[i]!, span));
  const built = build(() => (value.kind === "Field" ? b.getField(part(0), value.name, false, span) : b.getIndex(part(0), part(1), false, span)));
  return plain ? built : b.scope(held, b.block([...lets, built], span), span);
}
