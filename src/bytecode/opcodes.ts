// The one list of opcodes. Encoder, disassembler, verifier, manual (README.md here) and the interpreter's exhaustiveness
// check are all driven by it.
//
// An instruction is one 32-bit word, plus `extra` words for operands that need the room:
//
//   bits 0-7   8-15  16-23  24-31
//   ┌────────┬──────┬──────┬──────┐
//   │ opcode │  A   │  B   │  C   │      Bx: bits 16-31 as one unsigned field, sBx: the same signed
//   └────────┴──────┴──────┴──────┘      sC: bits 24-31 signed, sJ: bits 8-31 signed
//   │ D: first extra word, 32 bits │      E: second extra word; words that are no operand hold a cache, 0 at first
//
// R[x] is slot fp + x of the guest stack. K[x] is constant x of the running code. Jump distances count words from the
// word *after* the whole instruction. Inline caches occupy constants: see `cache` below.
//
// Frames: a call places the callee in R[a], leaves R[a+1] for the frame link and the arguments from R[a+2] on; the
// callee's register 0 is the caller's R[a+2], and the result replaces R[a].
//
// Primitives of Lisp do a library function's work themselves while its global holds what the library put there. The words
// after the first of such an instruction are themselves an instruction, the resume tail: the work was done by a call in the
// window W after all, and the tail puts its value where the instruction would have. What is done inline skips the tail.
//
//   │ op A B C │ Move A W code │                                     W: first register above all in use
//   │ op A B   │ D │ JumpIfNotNil (or JumpIfNil) W code │ D │        code: Resume, which primitive, and how its arguments lie

/** Order is the encoding. Append only; a test pins the last value. */
export const enum Op {
  Nop, Halt,
  // moves and constants
  Move, LoadNull, LoadBool, LoadInt, LoadHole, LoadK, LoadKX, LoadString, LoadStringX, MoveFromX, MoveToX,
  // globals, captures, boxes
  GetGlobal, GetGlobalOrHole, SetGlobal, DefineGlobal, GetCapture, NewBox, GetBox, SetBox, GetCaptureBox, SetCaptureBox, CheckHole, LoadSelf, Closure,
  // arithmetic
  Add, Sub, Mul, Div, Mod, AddI, SubI, AddK, SubK, MulK, DivK, ModK, Neg, Inc, Dec,
  // bits
  BitAnd, BitOr, BitXor, Shl, Shr, BitNot,
  // comparison to a value
  Eq, Ne, Lt, Le, StrictEq, Not, Truthy,
  // jumps
  Jump, Loop, JumpIfTrue, JumpIfFalse, JumpIfNull, JumpIfNotNull, JumpIfHole, JumpIfNotHole,
  JumpIfLess, JumpIfNotLess, JumpIfLessEq, JumpIfNotLessEq, JumpIfEq, JumpIfNotEq, JumpIfStrictEq, JumpIfNotStrictEq,
  JumpIfLessI, JumpIfNotLessI, JumpIfLessEqI, JumpIfNotLessEqI, JumpIfGreaterI, JumpIfNotGreaterI, JumpIfGreaterEqI, JumpIfNotGreaterEqI, JumpIfEqI, JumpIfNotEqI,
  LoopIfTrue, LoopIfLess, LoopIfLessEq, LoopIfLessI, LoopIfLessEqI, LoopIfGreaterI, LoopIfGreaterEqI, LoopIfNotEqI,
  JumpTable,
  // objects, arrays, strings
  NewObject, NewObjectFrom, ObjectSpread, InitField, GetField, GetFieldOpt, SetField, GetIndex, GetIndexOpt, SetIndex, GetLength,
  NewArray, ArrayAppend, Interpolate, ForPrep, ForNext, Slice,
  // calls
  Call, CallX, CallMethod, CallMethodOpt, CallNative, CallNamed, CallMethodNamed, TailCall, Apply, TailApply, Return, ReturnNull,
  IsRefParam, NewRef, GetRef, SetRef, CheckRef,
  // exceptions, types, tasks
  Throw, Fail, Convert, Await,
  // fused
  CallGlobal,
  // jumps and stores with a constant
  JumpIfLessK, JumpIfNotLessK, JumpIfLessEqK, JumpIfNotLessEqK, JumpIfGreaterK, JumpIfNotGreaterK, JumpIfGreaterEqK, JumpIfNotGreaterEqK,
  LoopIfLessK, LoopIfLessEqK, LoopIfGreaterK, LoopIfGreaterEqK, SetIndexK,
  // Lisp: truth
  IsTrue, JumpIfNotNil, JumpIfNil,
  // Lisp: primitives (see below)
  Primitive, Primitive3, LispAdd, LispSub, LispMul, LispDiv, LispAddI, LispSubI, LispQuotient, LispRemainder, LispModulo,
  LispLess, LispLessEq, LispNumEq, LispNot, LispEq, IsEmpty, IsPair, Car, Cdr, Cons, VectorRef, VectorSet,
  PrimitiveJump, PrimitiveJumpNot, JumpIfLispNotLess, JumpIfLispNotLessEq, JumpIfLispNotNumEq,
  JumpIfLispNotLessI, JumpIfLispNotLessEqI, JumpIfLispNotGreaterI,
  JumpIfLispNotGreaterEqI, JumpIfLispNotNumEqI, JumpIfLispNotEq,
  JumpIfEmpty, JumpIfNotEmpty, JumpIfPair, JumpIfNotPair,
  // Lisp: calls
  TailCallGlobal,
  Last = TailCallGlobal,
}

/** Forms of CallX. */
export const enum CallForm { Call, CallMethod, CallMethodOpt, CallNative, CallNamed, CallMethodNamed, Apply }

/** The code in a resume tail: index of the primitive, and flags. */
export const enum Resume {
  Index = 63,
  /** The arguments are those of the instruction in reverse. */
  Swapped = 64,
  /** The last operand of the instruction is a number, not a register. */
  Immediate = 128,
  /** Of a jump: it took over a call of the library's `not` around the test, by jumping the other way. */
  Negated = 256,
  /** Of a jump that was Negated until `not` was redefined: what decides is the value of that call. */
  ThroughNot = 512,
}

/** Arguments that a call through `not` has before those of the test. */
export const THROUGH_NOT_ARGUMENTS = 2;

/** Constants an inline cache takes: name, cached shape or type, cached place, and one the op may use (new shape, argument names). */
export const CACHE_CONSTANTS = 4;

/**
 * Operand kinds. dst/src: register written/read; both: read and written; window: first of a run of registers that the
 * instruction owns (a call's callee, link and arguments); resume: window and code of a resume tail, window + 256 code; const: index into K; cache: index of the first of the constants of
 * an inline cache; imm: number; jump: distance; count: number of registers or items; native: index of a native; code: see doc.
 */
export type OperandKind = "dst" | "src" | "both" | "window" | "const" | "cache" | "imm" | "jump" | "count" | "native" | "resume";
/** t: window and code in the tail of a value, u: in that of a jump, where the code has 10 bits; v: the A of a tail, where the first word has no room for it. */
export type OperandAt = "a" | "b" | "c" | "bx" | "sbx" | "sc" | "sj" | "d" | "e" | "t" | "u" | "v";
export interface Operand { readonly at: OperandAt; readonly kind: OperandKind }
export type Effect = "allocates" | "calls" | "throws" | "jumps" | "ends";
export interface OpInfo {
  readonly name: string;
  readonly operands: readonly Operand[];
  /** Words after the first; "counted": D words more than that (Closure, JumpTable). */
  readonly extra: 0 | 1 | 2 | 3;
  readonly counted: boolean;
  readonly effects: readonly Effect[];
  /** What a JIT does with it: emit code, call the slow path, or leave compiled code. */
  readonly jit: "inline" | "helper" | "bail";
  readonly doc: string;
  /** First operation of the resume tail. */
  readonly resume?: Op;
}
type OpTable = { readonly [K in Exclude<keyof typeof Op, "Last"> as K extends string ? (typeof Op)[K] : never]: OpInfo & { readonly name: K } };

const o = (text: string): readonly Operand[] => text === "" ? [] : text.split(" ").map((part) => {
  const [at, kind] = part.split(":");
  return { at: at as OperandAt, kind: kind as OperandKind };
});
const row = <N extends string>(name: N, operands: string, extra: 0 | 1 | 2 | 3, effects: string, jit: OpInfo["jit"], doc: string, counted = false) =>
  ({ name, operands: o(operands), extra, counted, effects: (effects === "" ? [] : effects.split(" ")) as readonly Effect[], jit, doc });

const prim = <N extends string>(name: N, operands: string, doc: string) => ({ ...row(name, `${operands} t:resume`, 1, "allocates calls throws", "inline", doc), resume: Op.Move });
const primJump = <N extends string>(name: N, operands: string, doc: string, resume: Op = Op.JumpIfNotNil) =>
  ({ ...row(name, `${operands} d:jump u:resume`, 3, "allocates calls throws jumps", "inline", doc), resume });
const primJumpNot = <N extends string>(name: N, operands: string, doc: string) => primJump(name, operands, doc, Op.JumpIfNil);

const ARITH = "a:dst b:src c:src", ARITH_K = "a:dst b:src c:const", JUMP_RR = "a:src b:src d:jump", JUMP_RI = "a:src sbx:imm d:jump", JUMP_RK = "a:src b:const d:jump";

export const OPS = {
  [Op.Nop]: row("Nop", "", 0, "", "inline", "nothing"),
  [Op.Halt]: row("Halt", "", 0, "ends", "bail", "unreachable filler; stops with an internal error"),
  [Op.Move]: row("Move", "a:dst b:src", 0, "", "inline", "R[a] = R[b]"),
  [Op.LoadNull]: row("LoadNull", "a:dst", 0, "", "inline", "R[a] = null"),
  [Op.LoadBool]: row("LoadBool", "a:dst b:imm", 0, "", "inline", "R[a] = b != 0"),
  [Op.LoadInt]: row("LoadInt", "a:dst sbx:imm", 0, "", "inline", "R[a] = i32 sBx"),
  [Op.LoadHole]: row("LoadHole", "a:dst", 0, "", "inline", "R[a] = hole (unset variable)"),
  [Op.LoadK]: row("LoadK", "a:dst bx:const", 0, "", "inline", "R[a] = K[bx]"),
  [Op.LoadKX]: row("LoadKX", "a:dst d:const", 1, "", "inline", "R[a] = K[d], for more than 65536 constants"),
  [Op.LoadString]: row("LoadString", "a:dst bx:const", 0, "allocates throws", "helper", "R[a] = a new string sharing the bytes of K[bx]"),
  [Op.LoadStringX]: row("LoadStringX", "a:dst d:const", 1, "allocates throws", "helper", "R[a] = a new string sharing the bytes of K[d]"),
  [Op.MoveFromX]: row("MoveFromX", "a:dst bx:src", 0, "", "inline", "R[a] = R[bx], for registers beyond 255"),
  [Op.MoveToX]: row("MoveToX", "a:src bx:dst", 0, "", "inline", "R[bx] = R[a]"),
  [Op.GetGlobal]: row("GetGlobal", "a:dst d:const", 1, "throws", "inline", "R[a] = value of the global K[d]; throws when undefined"),
  [Op.GetGlobalOrHole]: row("GetGlobalOrHole", "a:dst d:const", 1, "", "inline", "R[a] = value of the global K[d], hole when undefined"),
  [Op.SetGlobal]: row("SetGlobal", "a:src d:const", 1, "throws", "inline", "global K[d] = R[a]; throws when undefined or const"),
  [Op.DefineGlobal]: row("DefineGlobal", "a:src b:imm d:const", 1, "throws", "helper", "define global K[d] as R[a], const when b = 1; throws when already defined"),
  [Op.GetCapture]: row("GetCapture", "a:dst bx:imm", 0, "", "inline", "R[a] = capture bx of the running closure"),
  [Op.NewBox]: row("NewBox", "a:dst b:src", 0, "allocates throws", "helper", "R[a] = a new box holding R[b]"),
  [Op.GetBox]: row("GetBox", "a:dst b:src", 0, "", "inline", "R[a] = value in the box R[b]"),
  [Op.SetBox]: row("SetBox", "a:src b:src", 0, "", "inline", "value in the box R[a] = R[b]"),
  [Op.GetCaptureBox]: row("GetCaptureBox", "a:dst bx:imm", 0, "", "inline", "R[a] = value in the box that is capture bx"),
  [Op.SetCaptureBox]: row("SetCaptureBox", "a:src bx:imm", 0, "", "inline", "value in the box that is capture bx = R[a]"),
  [Op.CheckHole]: row("CheckHole", "a:src d:const", 1, "throws", "inline", "throws \"Undefined variable\" with the name K[d] when R[a] is a hole"),
  [Op.LoadSelf]: row("LoadSelf", "a:dst", 0, "", "inline", "R[a] = the running closure"),
  [Op.Closure]: row("Closure", "a:dst d:count e:const", 2, "allocates throws", "helper", "R[a] = closure of the code K[e] with d captures; D more words follow, each a register (bit 16 clear) or a capture of the running closure (bit 16 set)", true),
  [Op.Add]: row("Add", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] + R[c]"),
  [Op.Sub]: row("Sub", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] - R[c]"),
  [Op.Mul]: row("Mul", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] * R[c]"),
  [Op.Div]: row("Div", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] / R[c], floating"),
  [Op.Mod]: row("Mod", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] % R[c]"),
  [Op.AddI]: row("AddI", "a:dst b:src sc:imm", 0, "allocates throws", "inline", "R[a] = R[b] + i32 sC"),
  [Op.SubI]: row("SubI", "a:dst b:src sc:imm", 0, "allocates throws", "inline", "R[a] = R[b] - i32 sC"),
  [Op.AddK]: row("AddK", ARITH_K, 0, "allocates throws", "inline", "R[a] = R[b] + K[c], K[c] a number"),
  [Op.SubK]: row("SubK", ARITH_K, 0, "allocates throws", "inline", "R[a] = R[b] - K[c], K[c] a number"),
  [Op.MulK]: row("MulK", ARITH_K, 0, "allocates throws", "inline", "R[a] = R[b] * K[c], K[c] a number"),
  [Op.DivK]: row("DivK", ARITH_K, 0, "allocates throws", "inline", "R[a] = R[b] / K[c], K[c] a number"),
  [Op.ModK]: row("ModK", ARITH_K, 0, "allocates throws", "inline", "R[a] = R[b] % K[c], K[c] a number"),
  [Op.Neg]: row("Neg", "a:dst b:src", 0, "allocates throws", "inline", "R[a] = -R[b]"),
  [Op.Inc]: row("Inc", "a:dst b:src", 0, "allocates throws", "inline", "R[a] = R[b] + 1 of the same type"),
  [Op.Dec]: row("Dec", "a:dst b:src", 0, "allocates throws", "inline", "R[a] = R[b] - 1 of the same type"),
  [Op.BitAnd]: row("BitAnd", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] & R[c]"),
  [Op.BitOr]: row("BitOr", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] | R[c]"),
  [Op.BitXor]: row("BitXor", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] ^ R[c]"),
  [Op.Shl]: row("Shl", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] << R[c]"),
  [Op.Shr]: row("Shr", ARITH, 0, "allocates throws", "inline", "R[a] = R[b] >> R[c]"),
  [Op.BitNot]: row("BitNot", "a:dst b:src", 0, "allocates throws", "inline", "R[a] = ~R[b]"),
  [Op.Eq]: row("Eq", ARITH, 0, "throws", "inline", "R[a] = R[b] == R[c]"),
  [Op.Ne]: row("Ne", ARITH, 0, "throws", "inline", "R[a] = R[b] != R[c]"),
  [Op.Lt]: row("Lt", ARITH, 0, "throws", "inline", "R[a] = R[b] < R[c]"),
  [Op.Le]: row("Le", ARITH, 0, "throws", "inline", "R[a] = R[b] <= R[c]"),
  [Op.StrictEq]: row("StrictEq", ARITH, 0, "", "helper", "R[a] = same type tag and same value"),
  [Op.Not]: row("Not", "a:dst b:src", 0, "", "inline", "R[a] = not truth of R[b]"),
  [Op.Truthy]: row("Truthy", "a:dst b:src", 0, "", "inline", "R[a] = truth of R[b]"),
  [Op.Jump]: row("Jump", "sj:jump", 0, "jumps ends", "inline", "pc += sJ (forward or backward, no fuel)"),
  [Op.Loop]: row("Loop", "sj:jump", 0, "jumps ends", "inline", "back edge: pc += sJ, costs fuel"),
  [Op.JumpIfTrue]: row("JumpIfTrue", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is truthy"),
  [Op.JumpIfFalse]: row("JumpIfFalse", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is falsy"),
  [Op.JumpIfNull]: row("JumpIfNull", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is null"),
  [Op.JumpIfNotNull]: row("JumpIfNotNull", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is not null"),
  [Op.JumpIfHole]: row("JumpIfHole", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is a hole"),
  [Op.JumpIfNotHole]: row("JumpIfNotHole", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is not a hole"),
  [Op.JumpIfLess]: row("JumpIfLess", JUMP_RR, 1, "jumps throws", "inline", "jump if R[a] < R[b]"),
  [Op.JumpIfNotLess]: row("JumpIfNotLess", JUMP_RR, 1, "jumps throws", "inline", "jump unless R[a] < R[b]"),
  [Op.JumpIfLessEq]: row("JumpIfLessEq", JUMP_RR, 1, "jumps throws", "inline", "jump if R[a] <= R[b]"),
  [Op.JumpIfNotLessEq]: row("JumpIfNotLessEq", JUMP_RR, 1, "jumps throws", "inline", "jump unless R[a] <= R[b]"),
  [Op.JumpIfEq]: row("JumpIfEq", JUMP_RR, 1, "jumps", "inline", "jump if R[a] == R[b]"),
  [Op.JumpIfNotEq]: row("JumpIfNotEq", JUMP_RR, 1, "jumps", "inline", "jump unless R[a] == R[b]"),
  [Op.JumpIfStrictEq]: row("JumpIfStrictEq", JUMP_RR, 1, "jumps", "helper", "jump if StrictEq"),
  [Op.JumpIfNotStrictEq]: row("JumpIfNotStrictEq", JUMP_RR, 1, "jumps", "helper", "jump unless StrictEq"),
  [Op.JumpIfLessI]: row("JumpIfLessI", JUMP_RI, 1, "jumps throws", "inline", "jump if R[a] < i32 sBx"),
  [Op.JumpIfNotLessI]: row("JumpIfNotLessI", JUMP_RI, 1, "jumps throws", "inline", "jump unless R[a] < i32 sBx"),
  [Op.JumpIfLessEqI]: row("JumpIfLessEqI", JUMP_RI, 1, "jumps throws", "inline", "jump if R[a] <= i32 sBx"),
  [Op.JumpIfNotLessEqI]: row("JumpIfNotLessEqI", JUMP_RI, 1, "jumps throws", "inline", "jump unless R[a] <= i32 sBx"),
  [Op.JumpIfGreaterI]: row("JumpIfGreaterI", JUMP_RI, 1, "jumps throws", "inline", "jump if R[a] > i32 sBx"),
  [Op.JumpIfNotGreaterI]: row("JumpIfNotGreaterI", JUMP_RI, 1, "jumps throws", "inline", "jump unless R[a] > i32 sBx"),
  [Op.JumpIfGreaterEqI]: row("JumpIfGreaterEqI", JUMP_RI, 1, "jumps throws", "inline", "jump if R[a] >= i32 sBx"),
  [Op.JumpIfNotGreaterEqI]: row("JumpIfNotGreaterEqI", JUMP_RI, 1, "jumps throws", "inline", "jump unless R[a] >= i32 sBx"),
  [Op.JumpIfEqI]: row("JumpIfEqI", JUMP_RI, 1, "jumps", "inline", "jump if R[a] == i32 sBx"),
  [Op.JumpIfNotEqI]: row("JumpIfNotEqI", JUMP_RI, 1, "jumps", "inline", "jump unless R[a] == i32 sBx"),
  [Op.LoopIfTrue]: row("LoopIfTrue", "a:src d:jump", 1, "jumps", "inline", "back edge if R[a] is truthy, costs fuel when taken"),
  [Op.LoopIfLess]: row("LoopIfLess", JUMP_RR, 1, "jumps throws", "inline", "back edge if R[a] < R[b]"),
  [Op.LoopIfLessEq]: row("LoopIfLessEq", JUMP_RR, 1, "jumps throws", "inline", "back edge if R[a] <= R[b]"),
  [Op.LoopIfLessI]: row("LoopIfLessI", JUMP_RI, 1, "jumps throws", "inline", "back edge if R[a] < i32 sBx"),
  [Op.LoopIfLessEqI]: row("LoopIfLessEqI", JUMP_RI, 1, "jumps throws", "inline", "back edge if R[a] <= i32 sBx"),
  [Op.LoopIfGreaterI]: row("LoopIfGreaterI", JUMP_RI, 1, "jumps throws", "inline", "back edge if R[a] > i32 sBx"),
  [Op.LoopIfGreaterEqI]: row("LoopIfGreaterEqI", JUMP_RI, 1, "jumps throws", "inline", "back edge if R[a] >= i32 sBx"),
  [Op.LoopIfNotEqI]: row("LoopIfNotEqI", JUMP_RI, 1, "jumps", "inline", "back edge unless R[a] == i32 sBx"),
  [Op.JumpTable]: row("JumpTable", "a:src d:count e:imm", 2, "jumps", "helper", "R[a] an i32: jump by the distance in word R[a] - e of the D words that follow; falls through past them when out of range or not an i32; distances count from the end of the whole instruction", true),
  [Op.NewObject]: row("NewObject", "a:dst b:imm", 0, "allocates throws", "helper", "R[a] = empty object with room for b inline fields"),
  [Op.NewObjectFrom]: row("NewObjectFrom", "a:dst b:src c:count d:const", 1, "allocates throws", "helper", "R[a] = object of shape K[d] with its c fields from R[b] on"),
  [Op.ObjectSpread]: row("ObjectSpread", "a:src b:src", 0, "allocates throws", "helper", "copy the fields of object R[b] into object R[a]"),
  [Op.InitField]: row("InitField", "a:src b:src d:const", 1, "allocates throws", "helper", "field K[d] of the object literal R[a] = R[b]"),
  [Op.GetField]: row("GetField", "a:dst b:src d:cache", 3, "allocates throws", "inline", "R[a] = field of R[b]; K[d] name, K[d+1] cached shape (which keeps it alive); the other two words are the cache itself: shape address and byte offset of the field"),
  [Op.GetFieldOpt]: row("GetFieldOpt", "a:dst b:src d:cache", 1, "allocates throws", "helper", "as GetField, but null when R[b] is null or lacks the field"),
  [Op.SetField]: row("SetField", "a:src b:src d:cache", 3, "allocates throws", "inline", "field of R[a] = R[b]; cache as GetField; bit 0 of the offset set: adds the field, new shape in K[d+3]"),
  [Op.GetIndex]: row("GetIndex", ARITH, 0, "allocates throws", "inline", "R[a] = R[b][R[c]]"),
  [Op.GetIndexOpt]: row("GetIndexOpt", ARITH, 0, "allocates throws", "helper", "R[a] = R[b]?.[R[c]]"),
  [Op.SetIndex]: row("SetIndex", "a:src b:src c:src", 0, "allocates throws", "inline", "R[a][R[b]] = R[c]"),
  [Op.GetLength]: row("GetLength", "a:dst b:src d:cache", 1, "allocates throws", "inline", "R[a] = R[b].length; inline for arrays, else as GetField"),
  [Op.NewArray]: row("NewArray", "a:dst b:src c:count", 0, "allocates throws", "helper", "R[a] = array of R[b] … R[b+c-1]"),
  [Op.ArrayAppend]: row("ArrayAppend", "a:src b:src", 0, "allocates throws", "helper", "append R[b] to the array literal R[a]"),
  [Op.Interpolate]: row("Interpolate", "a:dst b:src c:count", 0, "allocates throws", "helper", "R[a] = display texts of R[b] … R[b+c-1] joined"),
  [Op.ForPrep]: row("ForPrep", "a:dst b:src", 0, "allocates throws", "helper", "R[a] … R[a+2] = iteration state over R[b]; throws when not iterable"),
  [Op.ForNext]: row("ForNext", "a:both d:jump", 1, "allocates throws jumps", "inline", "R[a+3] = key, R[a+4] = value of the next entry; jump when there is none"),
  [Op.Slice]: row("Slice", "a:dst b:src c:imm", 0, "allocates throws", "helper", "R[a] = array of the elements of array R[b] from index c on"),
  [Op.Call]: row("Call", "a:window b:count", 0, "allocates calls throws", "inline", "R[a] = R[a](R[a+2] … R[a+1+b])"),
  [Op.CallX]: row("CallX", "b:count c:imm d:window e:imm", 2, "allocates calls throws", "helper", "a call whose window d lies beyond register 255; c is the form (CallForm), e what that form has as d"),
  [Op.CallMethod]: row("CallMethod", "a:window b:count d:cache", 1, "allocates calls throws", "inline", "R[a] = method of receiver R[a], arguments as Call; K[d] name, K[d+1] cached shape or type, K[d+2] cached place or method"),
  [Op.CallMethodOpt]: row("CallMethodOpt", "a:window b:count d:cache", 1, "allocates calls throws", "helper", "as CallMethod for a receiver with optional chaining: null when the field is missing"),
  [Op.CallNative]: row("CallNative", "a:window b:count d:native", 1, "allocates calls throws", "helper", "R[a] = native d of R[a+2] … R[a+1+b]"),
  [Op.CallNamed]: row("CallNamed", "a:window b:count d:const", 1, "allocates calls throws", "helper", "as Call; K[d] is an array of b entries: the argument's name or null"),
  [Op.CallMethodNamed]: row("CallMethodNamed", "a:window b:count d:cache", 1, "allocates calls throws", "helper", "as CallMethod; K[d+3] is an array of b entries: the argument's name or null"),
  [Op.TailCall]: row("TailCall", "a:window b:count", 0, "allocates calls throws ends", "helper", "return R[a](…) reusing the frame"),
  [Op.Apply]: row("Apply", "a:window b:imm", 0, "allocates calls throws", "helper", "R[a] = R[a](…elements of array R[a+2]); b = 1: R[a+3] is the receiver"),
  [Op.TailApply]: row("TailApply", "a:window b:imm", 0, "allocates calls throws ends", "helper", "return R[a](…elements of array R[a+2]) reusing the frame"),
  [Op.Return]: row("Return", "a:src", 0, "ends", "inline", "return R[a]"),
  [Op.ReturnNull]: row("ReturnNull", "", 0, "ends", "inline", "return null"),
  [Op.IsRefParam]: row("IsRefParam", "a:dst b:src c:imm", 0, "", "helper", "R[a] = R[b] is a function whose parameter c is by reference"),
  [Op.NewRef]: row("NewRef", "a:dst b:src c:src", 0, "allocates throws", "helper", "R[a] = reference to element or field R[c] of R[b]"),
  [Op.GetRef]: row("GetRef", "a:dst b:src", 0, "allocates throws", "helper", "R[a] = value at the reference R[b] (a box, global or reference cell)"),
  [Op.SetRef]: row("SetRef", "a:src b:src", 0, "allocates throws", "helper", "value at the reference R[a] = R[b]"),
  [Op.CheckRef]: row("CheckRef", "a:src", 0, "throws", "helper", "throws when the argument R[a] is not a reference"),
  [Op.Throw]: row("Throw", "a:src", 0, "throws ends", "bail", "throw R[a]"),
  [Op.Fail]: row("Fail", "b:imm d:const", 1, "throws ends", "bail", "raise the error text K[d]; b = 1: fatal"),
  [Op.Convert]: row("Convert", "a:dst b:src c:imm", 0, "allocates throws", "inline", "R[a] = R[b] converted to scalar type code c"),
  [Op.Await]: row("Await", "a:dst b:src", 0, "calls throws", "bail", "R[a] = result of the task R[b], or R[b] itself when it is not a task"),
  [Op.CallGlobal]: row("CallGlobal", "a:window b:count d:const", 1, "allocates calls throws", "inline", "R[a] = value of the global K[d], called with R[a+2] … R[a+1+b]; throws when undefined"),
  [Op.JumpIfLessK]: row("JumpIfLessK", JUMP_RK, 1, "jumps throws", "inline", "jump if R[a] < K[b], K[b] a number"),
  [Op.JumpIfNotLessK]: row("JumpIfNotLessK", JUMP_RK, 1, "jumps throws", "inline", "jump unless R[a] < K[b], K[b] a number"),
  [Op.JumpIfLessEqK]: row("JumpIfLessEqK", JUMP_RK, 1, "jumps throws", "inline", "jump if R[a] <= K[b], K[b] a number"),
  [Op.JumpIfNotLessEqK]: row("JumpIfNotLessEqK", JUMP_RK, 1, "jumps throws", "inline", "jump unless R[a] <= K[b], K[b] a number"),
  [Op.JumpIfGreaterK]: row("JumpIfGreaterK", JUMP_RK, 1, "jumps throws", "inline", "jump if R[a] > K[b], K[b] a number"),
  [Op.JumpIfNotGreaterK]: row("JumpIfNotGreaterK", JUMP_RK, 1, "jumps throws", "inline", "jump unless R[a] > K[b], K[b] a number"),
  [Op.JumpIfGreaterEqK]: row("JumpIfGreaterEqK", JUMP_RK, 1, "jumps throws", "inline", "jump if R[a] >= K[b], K[b] a number"),
  [Op.JumpIfNotGreaterEqK]: row("JumpIfNotGreaterEqK", JUMP_RK, 1, "jumps throws", "inline", "jump unless R[a] >= K[b], K[b] a number"),
  [Op.LoopIfLessK]: row("LoopIfLessK", JUMP_RK, 1, "jumps throws", "inline", "back edge if R[a] < K[b], K[b] a number"),
  [Op.LoopIfLessEqK]: row("LoopIfLessEqK", JUMP_RK, 1, "jumps throws", "inline", "back edge if R[a] <= K[b], K[b] a number"),
  [Op.LoopIfGreaterK]: row("LoopIfGreaterK", JUMP_RK, 1, "jumps throws", "inline", "back edge if R[a] > K[b], K[b] a number"),
  [Op.LoopIfGreaterEqK]: row("LoopIfGreaterEqK", JUMP_RK, 1, "jumps throws", "inline", "back edge if R[a] >= K[b], K[b] a number"),
  [Op.SetIndexK]: row("SetIndexK", "a:src b:src c:const", 0, "allocates throws", "inline", "R[a][R[b]] = K[c]"),
  [Op.IsTrue]: row("IsTrue", "a:dst b:src", 0, "", "inline", "R[a] = R[b] is neither null nor false"),
  [Op.JumpIfNotNil]: row("JumpIfNotNil", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is neither null nor false"),
  [Op.JumpIfNil]: row("JumpIfNil", "a:src d:jump", 1, "jumps", "inline", "jump if R[a] is null or false"),
  [Op.Primitive]: prim("Primitive", "a:dst b:src c:src", "R[a] = the primitive of the tail, of R[b] and (when it has two arguments) R[c]; also what others become once their global is redefined"),
  [Op.Primitive3]: prim("Primitive3", "a:src b:src c:src v:dst", "R[v] = the primitive of the tail, of R[a], R[b], R[c]"),
  [Op.LispAdd]: prim("LispAdd", ARITH, "R[a] = (+ R[b] R[c])"),
  [Op.LispSub]: prim("LispSub", ARITH, "R[a] = (- R[b] R[c])"),
  [Op.LispMul]: prim("LispMul", ARITH, "R[a] = (* R[b] R[c])"),
  [Op.LispDiv]: prim("LispDiv", ARITH, "R[a] = (/ R[b] R[c])"),
  [Op.LispAddI]: prim("LispAddI", "a:dst b:src sc:imm", "R[a] = (+ R[b] sC)"),
  [Op.LispSubI]: prim("LispSubI", "a:dst b:src sc:imm", "R[a] = (- R[b] sC)"),
  [Op.LispQuotient]: prim("LispQuotient", ARITH, "R[a] = (quotient R[b] R[c])"),
  [Op.LispRemainder]: prim("LispRemainder", ARITH, "R[a] = (remainder R[b] R[c])"),
  [Op.LispModulo]: prim("LispModulo", ARITH, "R[a] = (modulo R[b] R[c])"),
  [Op.LispLess]: prim("LispLess", ARITH, "R[a] = (< R[b] R[c])"),
  [Op.LispLessEq]: prim("LispLessEq", ARITH, "R[a] = (<= R[b] R[c])"),
  [Op.LispNumEq]: prim("LispNumEq", ARITH, "R[a] = (= R[b] R[c])"),
  [Op.LispNot]: prim("LispNot", "a:dst b:src", "R[a] = (not R[b])"),
  [Op.LispEq]: prim("LispEq", ARITH, "R[a] = (eq? R[b] R[c])"),
  [Op.IsEmpty]: prim("IsEmpty", "a:dst b:src", "R[a] = (null? R[b])"),
  [Op.IsPair]: prim("IsPair", "a:dst b:src", "R[a] = (pair? R[b])"),
  [Op.Car]: prim("Car", "a:dst b:src", "R[a] = (car R[b])"),
  [Op.Cdr]: prim("Cdr", "a:dst b:src", "R[a] = (cdr R[b])"),
  [Op.Cons]: prim("Cons", ARITH, "R[a] = (cons R[b] R[c])"),
  [Op.VectorRef]: prim("VectorRef", ARITH, "R[a] = (vector-ref R[b] R[c])"),
  [Op.VectorSet]: prim("VectorSet", "a:src b:src c:src v:dst", "R[v] = (vector-set! R[a] R[b] R[c])"),
  [Op.PrimitiveJump]: primJump("PrimitiveJump", "a:src b:src", "jump if the primitive of the tail, of R[a] and (when it has two arguments) R[b] or the immediate, is true"),
  [Op.PrimitiveJumpNot]: primJumpNot("PrimitiveJumpNot", "a:src b:src", "the opposite of PrimitiveJump"),
  [Op.JumpIfLispNotLess]: primJumpNot("JumpIfLispNotLess", "a:src b:src", "jump unless (< R[a] R[b])"),
  [Op.JumpIfLispNotLessEq]: primJumpNot("JumpIfLispNotLessEq", "a:src b:src", "jump unless (<= R[a] R[b])"),
  [Op.JumpIfLispNotNumEq]: primJumpNot("JumpIfLispNotNumEq", "a:src b:src", "jump unless (= R[a] R[b])"),
  [Op.JumpIfLispNotLessI]: primJumpNot("JumpIfLispNotLessI", "a:src sbx:imm", "jump unless (< R[a] sBx)"),
  [Op.JumpIfLispNotLessEqI]: primJumpNot("JumpIfLispNotLessEqI", "a:src sbx:imm", "jump unless (<= R[a] sBx)"),
  [Op.JumpIfLispNotGreaterI]: primJumpNot("JumpIfLispNotGreaterI", "a:src sbx:imm", "jump unless (> R[a] sBx)"),
  [Op.JumpIfLispNotGreaterEqI]: primJumpNot("JumpIfLispNotGreaterEqI", "a:src sbx:imm", "jump unless (>= R[a] sBx)"),
  [Op.JumpIfLispNotNumEqI]: primJumpNot("JumpIfLispNotNumEqI", "a:src sbx:imm", "jump unless (= R[a] sBx)"),
  [Op.JumpIfLispNotEq]: primJumpNot("JumpIfLispNotEq", "a:src b:src", "jump unless (eq? R[a] R[b])"),
  [Op.JumpIfEmpty]: primJump("JumpIfEmpty", "a:src", "jump if (null? R[a])"),
  [Op.JumpIfNotEmpty]: primJumpNot("JumpIfNotEmpty", "a:src", "jump unless (null? R[a])"),
  [Op.JumpIfPair]: primJump("JumpIfPair", "a:src", "jump if (pair? R[a])"),
  [Op.JumpIfNotPair]: primJumpNot("JumpIfNotPair", "a:src", "jump unless (pair? R[a])"),
  [Op.TailCallGlobal]: row("TailCallGlobal", "a:window b:count d:const", 1, "allocates calls throws ends", "inline", "return the value of the global K[d], called with R[a+2] … R[a+1+b], reusing the frame; throws when undefined"),
} as const satisfies OpTable;


/** Conditional jumps outside of the runs in which neighbours are opposites. */
const OPPOSITES: readonly (readonly [Op, Op])[] = [
  [Op.JumpIfNotNil, Op.JumpIfNil], [Op.PrimitiveJump, Op.PrimitiveJumpNot], [Op.JumpIfEmpty, Op.JumpIfNotEmpty], [Op.JumpIfPair, Op.JumpIfNotPair],
];
const OPPOSITE_OF: ReadonlyMap<Op, Op> = new Map(OPPOSITES.flatMap(([a, b]) => [[a, b], [b, a]] as const));

/** The conditional jump that is taken when this one is not; undefined when there is none. */
export const opposite = (op: Op): Op | undefined => ((op >= Op.JumpIfTrue && op <= Op.JumpIfNotEqI) || (op >= Op.JumpIfLessK && op <= Op.JumpIfNotGreaterEqK) ? op ^ 1 : OPPOSITE_OF.get(op));

export const opInfo = (op: number): OpInfo | undefined => (OPS as { readonly [op: number]: OpInfo })[op];
export type OpsWhere<T> = { [K in keyof typeof OPS]: (typeof OPS)[K] extends T ? K : never }[keyof typeof OPS];
