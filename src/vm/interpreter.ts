// The interpreter loop: one function, one switch, everything hot inline and everything else one call away.
//
// Rules for this file
// 1. `base` is the i32 index of register 0 (2 × slot), `kb` the i32 index of constant 0. Register x of operand A, B, C is
//    base + (w >>> 7 & 510), base + (w >>> 15 & 510), base + (w >>> 23 & 510); its slot is that index >> 1.
// 2. Before any call that can throw or collect: vm.fp = base >> 1; vm.pc = pc. Fuel, frames left and the stack's end are words
//    of the world's header (engine-words.ts), so they are always up to date.
//    vm.pc is then past the first word of the running instruction, and past all of it in a call.
// 3. After any such call: re-read i32 and f64 (the world may have been replaced). After anything that may enter or leave
//    a frame or grow the stack: re-read base, pc and kb as well.
// 4. Slots are copied as two i32 words, never through f64: an engine may canonicalise a NaN it loads.
// 5. A destination is written last and may be the same register as a source.
// 6. Never keep a cell address across a call that may collect unless a live register holds the cell.
// 7. No closures, no destructuring, no try in the loop: guest exceptions unwind in `run` (run.ts) and re-enter at the handler.
// 8. `break` leaves a Lisp primitive to the code after the switch; every other case ends in `continue` or `return`.
// 9. Register 0 of a frame lies two slots above the callee (see bytecode/opcodes.ts); slots above the stack limit by
//    STACK_RESERVE may be used without a check by natives.

import { Closure, Code, Global, Obj, Arr, Slots, Box, Str, GlobalFlag, Pair, ParamFlag, Cell, Shape, Vector } from "../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import { Op } from "../bytecode/opcodes.ts";
import { TypeCode } from "../ir/types.ts";
import { nativeIndex, NATIVES } from "../library/registry.ts";
import * as arithmetic from "./arithmetic.ts";
import * as calls from "./calls.ts";
import { equal, less, lessEqual, strictEqual, truthy } from "./compare.ts";
import { convertScalar } from "./convert.ts";
import { Engine } from "./engine-words.ts";
import { Status } from "./errors.ts";
import { forNext, forPrep, getFieldOptional, getIndex, setIndex } from "./indexing.ts";
import { Outcome } from "./outcome.ts";
import { SCRATCH_SLOTS } from "./native.ts";
import { perform, quickEq } from "./primitives.ts";
import * as slow from "./slow-paths.ts";
import type { Vm } from "./vm.ts";

const ARRAY_PUSH = nativeIndex("array.push");

/** Runs from vm.fp / vm.pc until the entry frame returns, an exception finds no handler, or the task parks. */
export function execute(vm: Vm): Status {
  const heap = vm.heap;
  let i32 = heap.i32, f64 = heap.f64;
  let base = vm.fp << 1, pc = vm.pc, kb = vm.constBase() << 1;

  for (;;) {
    const w = i32[pc++]!;
    switch ((w & 255) as Op) {
      case Op.Nop: continue;
      case Op.Halt: return slow.halted(vm);

      // ---- moves and constants
      case Op.Move: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        i32[a] = i32[b]!; i32[a + 1] = i32[b + 1]!;
        continue;
      }
      case Op.LoadNull: { const a = base + (w >>> 7 & 510); i32[a] = 0; i32[a + 1] = Hi.Null; continue; }
      case Op.LoadBool: { const a = base + (w >>> 7 & 510); i32[a] = w >>> 16 & 1; i32[a + 1] = Hi.Bool; continue; }
      case Op.LoadInt: { const a = base + (w >>> 7 & 510); i32[a] = w >> 16; i32[a + 1] = Hi.I32; continue; }
      case Op.LoadHole: { const a = base + (w >>> 7 & 510); i32[a] = 0; i32[a + 1] = Hi.Hole; continue; }
      case Op.LoadK: {
        const a = base + (w >>> 7 & 510), k = kb + (w >>> 16 << 1);
        i32[a] = i32[k]!; i32[a + 1] = i32[k + 1]!;
        continue;
      }
      case Op.LoadKX: {
        const a = base + (w >>> 7 & 510), k = kb + (i32[pc++]! << 1);
        i32[a] = i32[k]!; i32[a + 1] = i32[k + 1]!;
        continue;
      }
      case Op.LoadString: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.loadString(vm, base + (w >>> 7 & 510) >> 1, (kb >> 1) + (w >>> 16));
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.LoadStringX: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.loadString(vm, base + (w >>> 7 & 510) >> 1, (kb >> 1) + i32[pc++]!);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.MoveFromX: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 16 << 1);
        i32[a] = i32[b]!; i32[a + 1] = i32[b + 1]!;
        continue;
      }
      case Op.MoveToX: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 16 << 1);
        i32[b] = i32[a]!; i32[b + 1] = i32[a + 1]!;
        continue;
      }

      // ---- globals, captures, boxes
      case Op.GetGlobal: {
        const a = base + (w >>> 7 & 510), k = kb + (i32[pc++]! << 1), g = (i32[k]! + Global.Value) >> 2, h = i32[g + 1]!;
        if (h !== Hi.Hole) { i32[a] = i32[g]!; i32[a + 1] = h; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        return slow.undefinedGlobal(vm, i32[k]!);
      }
      case Op.GetGlobalOrHole: {
        const a = base + (w >>> 7 & 510), g = (i32[kb + (i32[pc++]! << 1)]! + Global.Value) >> 2;
        i32[a] = i32[g]!; i32[a + 1] = i32[g + 1]!;
        continue;
      }
      case Op.SetGlobal: {
        const a = base + (w >>> 7 & 510), cell = i32[kb + (i32[pc++]! << 1)]!, g = (cell + Global.Value) >> 2;
        if (i32[g + 1] !== Hi.Hole && (i32[cell >> 2]! >>> 16 & GlobalFlag.Const) === 0) { i32[g] = i32[a]!; i32[g + 1] = i32[a + 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        return slow.badGlobalStore(vm, cell);
      }
      case Op.DefineGlobal: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.defineGlobal(vm, i32[kb + (i32[pc++]! << 1)]!, base + (w >>> 7 & 510) >> 1, (w >>> 16 & 255) !== 0);
        continue;
      }
      case Op.GetCapture: {
        const a = base + (w >>> 7 & 510), s = ((i32[base - 4]! + Closure.Captures) >> 2) + (w >>> 16 << 1);
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        continue;
      }
      case Op.NewBox: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.newBox(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetBox: {
        const a = base + (w >>> 7 & 510), s = (i32[base + (w >>> 15 & 510)]! + Box.Value) >> 2;
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        continue;
      }
      case Op.SetBox: {
        const s = (i32[base + (w >>> 7 & 510)]! + Box.Value) >> 2, b = base + (w >>> 15 & 510);
        i32[s] = i32[b]!; i32[s + 1] = i32[b + 1]!;
        continue;
      }
      case Op.GetCaptureBox: {
        const a = base + (w >>> 7 & 510);
        const s = (i32[((i32[base - 4]! + Closure.Captures) >> 2) + (w >>> 16 << 1)]! + Box.Value) >> 2;
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        continue;
      }
      case Op.SetCaptureBox: {
        const a = base + (w >>> 7 & 510);
        const s = (i32[((i32[base - 4]! + Closure.Captures) >> 2) + (w >>> 16 << 1)]! + Box.Value) >> 2;
        i32[s] = i32[a]!; i32[s + 1] = i32[a + 1]!;
        continue;
      }
      case Op.CheckHole: {
        const k = i32[pc++]!;
        if (i32[base + (w >>> 7 & 510) + 1] !== Hi.Hole) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return slow.undefinedVariable(vm, (kb >> 1) + k);
      }
      case Op.LoadSelf: { const a = base + (w >>> 7 & 510); i32[a] = i32[base - 4]!; i32[a + 1] = CellHi.Closure; continue; }
      case Op.Closure: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.newClosure(vm, base + (w >>> 7 & 510) >> 1, (kb >> 1) + i32[pc + 1]!, pc + 2, i32[pc]!);
        i32 = heap.i32; f64 = heap.f64;
        pc += 2 + i32[pc]!;
        continue;
      }

      // ---- arithmetic
      case Op.Add: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! + i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.add(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Sub: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! - i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.sub(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Mul: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = Math.imul(i32[b]!, i32[c]!); i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.mul(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Div: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { f64[a >> 1] = i32[b]! / i32[c]!; continue; }
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! / f64[c >> 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.div(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Mod: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.mod(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.AddI: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) { i32[a] = i32[b]! + (w >> 24) | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + (w >> 24); continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.add(vm, a >> 1, b >> 1, slow.immediate(vm, w >> 24)); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.SubI: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) { i32[a] = i32[b]! - (w >> 24) | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - (w >> 24); continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.sub(vm, a >> 1, b >> 1, slow.immediate(vm, w >> 24)); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.AddK: {
        const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; continue; }
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! + i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.add(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.SubK: {
        const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; continue; }
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! - i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.sub(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.MulK: {
        const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; continue; }
        if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = Math.imul(i32[b]!, i32[c]!); i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.mul(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.DivK: {
        const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! / f64[c >> 1]!; continue; }
        if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { f64[a >> 1] = i32[b]! / i32[c]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.div(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.ModK: {
        const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.mod(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Neg: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) { i32[a] = -i32[b]! | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First) { f64[a >> 1] = -f64[b >> 1]!; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.neg(vm, a >> 1, b >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Inc: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) { i32[a] = i32[b]! + 1 | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + 1; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.inc(vm, a >> 1, b >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Dec: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) { i32[a] = i32[b]! - 1 | 0; i32[a + 1] = Hi.I32; continue; }
        if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - 1; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.dec(vm, a >> 1, b >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }

      // ---- bits
      case Op.BitAnd: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! & i32[c]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.bitAnd(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.BitOr: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! | i32[c]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.bitOr(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.BitXor: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! ^ i32[c]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.bitXor(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Shl: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! << i32[c]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.shl(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Shr: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! >> i32[c]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.shr(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.BitNot: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        if (i32[b + 1] === Hi.I32) { i32[a] = ~i32[b]!; i32[a + 1] = Hi.I32; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        arithmetic.bitNot(vm, a >> 1, b >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }

      // ---- comparison to a value
      case Op.Eq: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) yes = i32[b] === i32[c];
        else { vm.fp = base >> 1; vm.pc = pc; yes = equal(vm, b >> 1, c >> 1); }
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.Ne: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) yes = i32[b] === i32[c];
        else { vm.fp = base >> 1; vm.pc = pc; yes = equal(vm, b >> 1, c >> 1); }
        i32[a] = yes ? 0 : 1; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.Lt: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! < i32[c]!;
        else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! < f64[c >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = less(vm, b >> 1, c >> 1); }
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.Le: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! <= i32[c]!;
        else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! <= f64[c >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = lessEqual(vm, b >> 1, c >> 1); }
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.StrictEq: {
        const a = base + (w >>> 7 & 510);
        vm.fp = base >> 1; vm.pc = pc;
        const yes = strictEqual(vm, base + (w >>> 15 & 510) >> 1, base + (w >>> 23 & 510) >> 1);
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.Not: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        const yes = i32[b + 1] === Hi.Bool ? i32[b] !== 0 : truthy(heap, b >> 1);
        i32[a] = yes ? 0 : 1; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.Truthy: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        const yes = i32[b + 1] === Hi.Bool ? i32[b] !== 0 : truthy(heap, b >> 1);
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }

      // ---- jumps
      case Op.Jump: pc += w >> 8; continue;
      case Op.Loop: {
        pc += w >> 8;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.JumpIfTrue: {
        const a = base + (w >>> 7 & 510), d = i32[pc++]!;
        if (i32[a + 1] === Hi.Bool ? i32[a] !== 0 : truthy(heap, a >> 1)) pc += d;
        continue;
      }
      case Op.JumpIfFalse: {
        const a = base + (w >>> 7 & 510), d = i32[pc++]!;
        if (!(i32[a + 1] === Hi.Bool ? i32[a] !== 0 : truthy(heap, a >> 1))) pc += d;
        continue;
      }
      case Op.JumpIfNull: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] === Hi.Null) pc += d; continue; }
      case Op.JumpIfNotNull: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] !== Hi.Null) pc += d; continue; }
      case Op.JumpIfHole: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] === Hi.Hole) pc += d; continue; }
      case Op.JumpIfNotHole: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] !== Hi.Hole) pc += d; continue; }
      case Op.JumpIfLess: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        let yes: boolean;
        if (ha === Hi.I32 && hb === Hi.I32) yes = i32[a]! < i32[b]!;
        else if (ha < Tag.First && hb < Tag.First) yes = f64[a >> 1]! < f64[b >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = less(vm, a >> 1, b >> 1); }
        if (yes) pc += d;
        continue;
      }
      case Op.JumpIfNotLess: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        let yes: boolean;
        if (ha === Hi.I32 && hb === Hi.I32) yes = i32[a]! < i32[b]!;
        else if (ha < Tag.First && hb < Tag.First) yes = f64[a >> 1]! < f64[b >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = less(vm, a >> 1, b >> 1); }
        if (!yes) pc += d;
        continue;
      }
      case Op.JumpIfLessEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        let yes: boolean;
        if (ha === Hi.I32 && hb === Hi.I32) yes = i32[a]! <= i32[b]!;
        else if (ha < Tag.First && hb < Tag.First) yes = f64[a >> 1]! <= f64[b >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = lessEqual(vm, a >> 1, b >> 1); }
        if (yes) pc += d;
        continue;
      }
      case Op.JumpIfNotLessEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        let yes: boolean;
        if (ha === Hi.I32 && hb === Hi.I32) yes = i32[a]! <= i32[b]!;
        else if (ha < Tag.First && hb < Tag.First) yes = f64[a >> 1]! <= f64[b >> 1]!;
        else { vm.fp = base >> 1; vm.pc = pc; yes = lessEqual(vm, a >> 1, b >> 1); }
        if (!yes) pc += d;
        continue;
      }
      case Op.JumpIfEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), d = i32[pc++]!;
        if (i32[a + 1] === Hi.I32 && i32[b + 1] === Hi.I32) { if (i32[a] === i32[b]) pc += d; continue; }
        if (i32[b + 1] === Hi.Null && i32[a + 1]! < Tag.Pointer) { if (i32[a + 1] === Hi.Null) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (equal(vm, a >> 1, b >> 1)) pc += d;
       
        continue;
      }
      case Op.JumpIfNotEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), d = i32[pc++]!;
        if (i32[a + 1] === Hi.I32 && i32[b + 1] === Hi.I32) { if (i32[a] !== i32[b]) pc += d; continue; }
        if (i32[b + 1] === Hi.Null && i32[a + 1]! < Tag.Pointer) { if (i32[a + 1] !== Hi.Null) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!equal(vm, a >> 1, b >> 1)) pc += d;
       
        continue;
      }
      case Op.JumpIfStrictEq: {
        const d = i32[pc++]!;
        vm.fp = base >> 1; vm.pc = pc;
        if (strictEqual(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1)) pc += d;
       
        continue;
      }
      case Op.JumpIfNotStrictEq: {
        const d = i32[pc++]!;
        vm.fp = base >> 1; vm.pc = pc;
        if (!strictEqual(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1)) pc += d;
       
        continue;
      }
      case Op.JumpIfLessI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! < w >> 16) pc += d; continue; }
        if (ha < Tag.First) { if (f64[a >> 1]! < w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (less(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.JumpIfNotLessI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (!(i32[a]! < w >> 16)) pc += d; continue; }
        if (ha < Tag.First) { if (!(f64[a >> 1]! < w >> 16)) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!less(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.JumpIfLessEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! <= w >> 16) pc += d; continue; }
        if (ha < Tag.First) { if (f64[a >> 1]! <= w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (lessEqual(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.JumpIfNotLessEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (!(i32[a]! <= w >> 16)) pc += d; continue; }
        if (ha < Tag.First) { if (!(f64[a >> 1]! <= w >> 16)) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!lessEqual(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.JumpIfGreaterI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! > w >> 16) pc += d; continue; }
        if (ha < Tag.First) { if (f64[a >> 1]! > w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (less(vm, slow.immediate(vm, w >> 16), a >> 1)) pc += d;
        continue;
      }
      case Op.JumpIfNotGreaterI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (!(i32[a]! > w >> 16)) pc += d; continue; }
        if (ha < Tag.First) { if (!(f64[a >> 1]! > w >> 16)) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!less(vm, slow.immediate(vm, w >> 16), a >> 1)) pc += d;
        continue;
      }
      case Op.JumpIfGreaterEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! >= w >> 16) pc += d; continue; }
        if (ha < Tag.First) { if (f64[a >> 1]! >= w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (lessEqual(vm, slow.immediate(vm, w >> 16), a >> 1)) pc += d;
        continue;
      }
      case Op.JumpIfNotGreaterEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (!(i32[a]! >= w >> 16)) pc += d; continue; }
        if (ha < Tag.First) { if (!(f64[a >> 1]! >= w >> 16)) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!lessEqual(vm, slow.immediate(vm, w >> 16), a >> 1)) pc += d;
        continue;
      }
      case Op.JumpIfEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a] === w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (equal(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.JumpIfNotEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a] !== w >> 16) pc += d; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        if (!equal(vm, a >> 1, slow.immediate(vm, w >> 16))) pc += d;
        continue;
      }
      case Op.LoopIfTrue: {
        const a = base + (w >>> 7 & 510), d = i32[pc++]!;
        if (!(i32[a + 1] === Hi.Bool ? i32[a] !== 0 : truthy(heap, a >> 1))) continue;
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfLess: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! >= i32[b]!) continue; }
        else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! < f64[b >> 1]!)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!less(vm, a >> 1, b >> 1)) { continue; }
         
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfLessEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! > i32[b]!) continue; }
        else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! <= f64[b >> 1]!)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!lessEqual(vm, a >> 1, b >> 1)) { continue; }
         
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfLessI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! >= w >> 16) continue; }
        else if (ha < Tag.First) { if (!(f64[a >> 1]! < w >> 16)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!less(vm, a >> 1, slow.immediate(vm, w >> 16))) continue;
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfLessEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! > w >> 16) continue; }
        else if (ha < Tag.First) { if (!(f64[a >> 1]! <= w >> 16)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!lessEqual(vm, a >> 1, slow.immediate(vm, w >> 16))) continue;
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfGreaterI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! <= w >> 16) continue; }
        else if (ha < Tag.First) { if (!(f64[a >> 1]! > w >> 16)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!less(vm, slow.immediate(vm, w >> 16), a >> 1)) continue;
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfGreaterEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a]! < w >> 16) continue; }
        else if (ha < Tag.First) { if (!(f64[a >> 1]! >= w >> 16)) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (!lessEqual(vm, slow.immediate(vm, w >> 16), a >> 1)) continue;
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.LoopIfNotEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!, d = i32[pc++]!;
        if (ha === Hi.I32) { if (i32[a] === w >> 16) continue; }
        else {
          vm.fp = base >> 1; vm.pc = pc;
          if (equal(vm, a >> 1, slow.immediate(vm, w >> 16))) continue;
        }
        pc += d;
        if ((i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1) >= 0) continue;
        vm.fp = base >> 1; vm.pc = pc;
        return calls.refuel(vm);
      }
      case Op.JumpTable: {
        const a = base + (w >>> 7 & 510), n = i32[pc]!, table = pc + 2;
        const index = i32[a]! - i32[pc + 1]!;
        pc = table + n;
        if (i32[a + 1] === Hi.I32 && index >= 0 && index < n) pc += i32[table + index]!;
        continue;
      }

      // ---- objects, arrays, strings
      case Op.NewObject: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.newObjectOf(vm, base + (w >>> 7 & 510) >> 1, w >>> 16 & 255);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.NewObjectFrom: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), n = w >>> 24, shape = i32[kb + (i32[pc++]! << 1)]!;
        const size = Obj.Inline + (i32[(shape + Shape.InlineCapacity) >> 2]! << 3), at = i32[Header.Cursor >> 2]!;
        if (at + size <= i32[Header.Limit >> 2]!) {
          const o = at >> 2, fields = o + (Obj.Inline >> 2), filled = fields + 2 * n, end = o + (size >> 2);
          i32[Header.Cursor >> 2] = at + size;
          i32[o] = CellKind.Object; i32[o + 1] = size; i32[o + 2] = shape; i32[o + 3] = 0;
          for (let s = b, f = fields; f < filled; s++, f++) i32[f] = i32[s]!;
          for (let f = filled; f < end; f += 2) { i32[f] = 0; i32[f + 1] = Hi.Null; }
          i32[a] = at; i32[a + 1] = CellHi.Object;
          continue;
        }
        vm.fp = base >> 1; vm.pc = pc;
        const obj = slow.newObjectShell(vm, shape);
        i32 = heap.i32; f64 = heap.f64;
        const to = (obj + Obj.Inline) >> 2;
        for (let i = 0; i < n; i++) { i32[to + 2 * i] = i32[b + 2 * i]!; i32[to + 2 * i + 1] = i32[b + 2 * i + 1]!; }
        i32[a] = obj; i32[a + 1] = CellHi.Object;
        continue;
      }
      case Op.ObjectSpread: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.objectSpread(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.InitField: {
        const k = i32[pc++]!;
        vm.fp = base >> 1; vm.pc = pc;
        slow.initField(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, (kb >> 1) + k);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetField: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), cache = pc;
        pc += 3;
        if (i32[b + 1] === CellHi.Object) {
          const obj = i32[b]!;
          if (i32[(obj + Obj.Shape) >> 2] === i32[cache + 1]) {
            const s = (obj + i32[cache + 2]!) >> 2;
            i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        slow.getFieldCached(vm, a >> 1, b >> 1, (kb >> 1) + i32[cache]!, cache + 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetFieldOpt: {
        const d = kb + (i32[pc++]! << 1);
        vm.fp = base >> 1; vm.pc = pc;
        getFieldOptional(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, i32[d]!);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.SetField: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), cache = pc;
        pc += 3;
        if (i32[a + 1] === CellHi.Object) {
          const obj = i32[a]!, place = i32[cache + 2]!;
          if (i32[(obj + Obj.Shape) >> 2] === i32[cache + 1]) {
            if (place & 1) i32[(obj + Obj.Shape) >> 2] = i32[kb + (i32[cache]! << 1) + 6]!;
            const s = (obj + place) >> 2;
            i32[s] = i32[b]!; i32[s + 1] = i32[b + 1]!;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        slow.setFieldCached(vm, a >> 1, b >> 1, (kb >> 1) + i32[cache]!, cache + 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetIndex: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[b + 1] === CellHi.Array && i32[c + 1] === Hi.I32) {
          const data = i32[(i32[b]! + Arr.Data) >> 2]!, index = i32[c]!;
          if (index >>> 0 < i32[(data + Slots.Count) >> 2]!) {
            const s = ((data + Slots.Data) >> 2) + (index << 1);
            i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        getIndex(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetIndexOpt: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        if (i32[b + 1] === Hi.Null) { i32[a] = 0; i32[a + 1] = Hi.Null; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        getIndex(vm, a >> 1, b >> 1, base + (w >>> 23 & 510) >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.SetIndex: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[a + 1] === CellHi.Array && i32[b + 1] === Hi.I32) {
          const arr = i32[a]!, data = i32[(arr + Arr.Data) >> 2]!, index = i32[b]!;
          if (index >>> 0 < i32[(data + Slots.Count) >> 2]! && i32[(arr + Arr.Element) >> 2] === 0) {
            const s = ((data + Slots.Data) >> 2) + (index << 1);
            i32[s] = i32[c]!; i32[s + 1] = i32[c + 1]!;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        setIndex(vm, a >> 1, b >> 1, c >> 1); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetLength: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), d = kb + (i32[pc++]! << 1), hb = i32[b + 1]!;
        if (hb === CellHi.Array) { i32[a] = i32[(i32[(i32[b]! + Arr.Data) >> 2]! + Slots.Count) >> 2]!; i32[a + 1] = Hi.I32; continue; }
        if (hb === CellHi.String) {
          const count = i32[(i32[b]! + Str.CodePoints) >> 2]!;
          if (count >= 0) { i32[a] = count; i32[a + 1] = Hi.I32; continue; }
        }
        vm.fp = base >> 1; vm.pc = pc;
        slow.getFieldCached(vm, a >> 1, b >> 1, d >> 1, 0);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.NewArray: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.newArrayFrom(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, w >>> 24);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.ArrayAppend: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.arrayAppend(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Interpolate: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.interpolate(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, w >>> 24);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.ForPrep: {
        vm.fp = base >> 1; vm.pc = pc;
        forPrep(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.ForNext: {
        const d = i32[pc++]!;
        vm.fp = base >> 1; vm.pc = pc;
        if (!forNext(vm, base + (w >>> 7 & 510) >> 1)) pc += d;
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Slice: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.sliceFrom(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, w >>> 24);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }

      // ---- calls
      case Op.Call: {
        const a = base + (w >>> 7 & 510);
        if (i32[a + 1] === CellHi.Closure) {
          const code = i32[(i32[a]! + Closure.Code) >> 2]! >> 2;
          const callee = a + 4;
          if (i32[code + (Code.ExactArgs >> 2)] === (w >>> 16 & 255) && callee + (i32[code + (Code.FrameSize >> 2)]! << 1) <= i32[Engine.StackEnd >> 2]!
            && i32[Engine.FramesLeft >> 2]! > 0 && i32[Engine.Fuel >> 2]! > 0) {
            i32[callee - 2] = pc; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
            i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
            base = callee;
            pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        if (calls.call(vm, a >> 1, w >>> 16 & 255)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.CallGlobal: {
        const a = base + (w >>> 7 & 510), cell = i32[kb + (i32[pc++]! << 1)]!, g = (cell + Global.Value) >> 2;
        if (i32[g + 1] === CellHi.Closure) {
          const closure = i32[g]!, code = i32[(closure + Closure.Code) >> 2]! >> 2, callee = a + 4;
          if (i32[code + (Code.ExactArgs >> 2)] === (w >>> 16 & 255) && callee + (i32[code + (Code.FrameSize >> 2)]! << 1) <= i32[Engine.StackEnd >> 2]!
            && i32[Engine.FramesLeft >> 2]! > 0 && i32[Engine.Fuel >> 2]! > 0) {
            i32[a] = closure; i32[a + 1] = CellHi.Closure;
            i32[callee - 2] = pc; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
            i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
            base = callee;
            pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        if (i32[g + 1] === Hi.Native) {
          const outcome = calls.runNative(vm, i32[g]!, (a >> 1) + 2, w >>> 16 & 255);
          i32 = heap.i32; f64 = heap.f64;
          if (outcome === undefined || outcome === Outcome.Value) continue;
          if (outcome !== Outcome.Jumped) return calls.stopIn(vm, outcome);
          base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
          continue;
        }
        if (calls.callGlobal(vm, a >> 1, w >>> 16 & 255, cell)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.IsTrue: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        i32[a] = hb !== Hi.Null && (hb !== Hi.Bool || i32[b] !== 0) ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.JumpIfNotNil: {
        const a = base + (w >>> 7 & 510), d = i32[pc++]!, ha = i32[a + 1]!;
        if (ha !== Hi.Null && (ha !== Hi.Bool || i32[a] !== 0)) pc += d;
        continue;
      }
      case Op.JumpIfNil: {
        const a = base + (w >>> 7 & 510), d = i32[pc++]!, ha = i32[a + 1]!;
        if (ha === Hi.Null || (ha === Hi.Bool && i32[a] === 0)) pc += d;
        continue;
      }
      case Op.TailCall: {
        const a = base + (w >>> 7 & 510), argc = w >>> 16 & 255;
        if (i32[a + 1] === CellHi.Closure) {
          const closure = i32[a]!, code = i32[(closure + Closure.Code) >> 2]! >> 2;
          if (i32[code + (Code.ExactArgs >> 2)] === argc && base + (i32[code + (Code.FrameSize >> 2)]! << 1) <= i32[Engine.StackEnd >> 2]! && i32[Engine.Fuel >> 2]! > 0) {
            for (let from = a + 4, to = base, end = base + (argc << 1); to < end; from++, to++) i32[to] = i32[from]!;
            i32[base - 4] = closure;
            i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
            pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        if (calls.callOther(vm, w, kb >> 1)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.TailCallGlobal: {
        const a = base + (w >>> 7 & 510), argc = w >>> 16 & 255, g = (i32[kb + (i32[pc]! << 1)]! + Global.Value) >> 2;
        if (i32[g + 1] === CellHi.Closure) {
          const closure = i32[g]!, code = i32[(closure + Closure.Code) >> 2]! >> 2;
          if (i32[code + (Code.ExactArgs >> 2)] === argc && base + (i32[code + (Code.FrameSize >> 2)]! << 1) <= i32[Engine.StackEnd >> 2]! && i32[Engine.Fuel >> 2]! > 0) {
            for (let from = a + 4, to = base, end = base + (argc << 1); to < end; from++, to++) i32[to] = i32[from]!;
            i32[base - 4] = closure;
            i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
            pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
            continue;
          }
        }
        vm.fp = base >> 1; vm.pc = pc;
        if (calls.callOther(vm, w, kb >> 1)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.CallMethod: {
        const a = base + (w >>> 7 & 510), d = kb + (i32[pc++]! << 1), argc = w >>> 16 & 255, ha = i32[a + 1]!;
        if (ha === CellHi.Object) {
          const obj = i32[a]!, place = i32[d + 4]!;
          if (i32[(obj + Obj.Shape) >> 2] === i32[d + 2] && i32[d + 3] === CellHi.Shape && place >= 0) {
            const s = (obj + place) >> 2, closure = i32[s]!;
            if (i32[s + 1] === CellHi.Closure) {
              const code = i32[(closure + Closure.Code) >> 2]! >> 2, callee = a + 4;
              if (i32[code + (Code.ParamFlags >> 2)] === ParamFlag.Self && i32[code + (Code.ParamCount >> 2)] === argc
                && callee + (i32[code + (Code.FrameSize >> 2)]! << 1) <= i32[Engine.StackEnd >> 2]!
                && i32[Engine.FramesLeft >> 2]! > 0 && i32[Engine.Fuel >> 2]! > 0) {
                const self = callee + (argc << 1);
                i32[self] = obj; i32[self + 1] = CellHi.Object;
                i32[a] = closure; i32[a + 1] = CellHi.Closure;
                i32[callee - 2] = pc; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
                i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
                base = callee;
                pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
                continue;
              }
            }
          }
        } else if (i32[d + 3] === Hi.I32 && i32[d + 2] === ha) {
          const id = i32[d + 4]!;
          if (id === ARRAY_PUSH) {
            // The most common method by far, when there is room and any value fits.
            const data = i32[(i32[a]! + Arr.Data) >> 2]! >> 2, count = i32[data + (Slots.Count >> 2)]!;
            const s = data + (Slots.Data >> 2) + (count << 1);
            if (s < data + (i32[data + (Cell.Size >> 2)]! >> 2) && i32[(i32[a]! + Arr.Element) >> 2] === 0) {
              i32[s] = i32[a + 4]!; i32[s + 1] = i32[a + 5]!;
              i32[data + (Slots.Count >> 2)] = count + 1;
              i32[a] = 0; i32[a + 1] = Hi.Null;
              continue;
            }
          }
          const first = (a >> 1) + 2;
          vm.fp = base >> 1; vm.pc = pc;
          vm.nativeTop = first + argc + SCRATCH_SLOTS;
          if (NATIVES[id]!.run(vm, first, argc) === Outcome.Pending) return calls.stopIn(vm, Outcome.Pending);
          vm.nativeTop = 0;
          i32 = heap.i32; f64 = heap.f64;
          continue;
        }
        vm.fp = base >> 1; vm.pc = pc;
        if (calls.callMethod(vm, a >> 1, argc, d >> 1, false)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.CallNative: {
        const first = (base + (w >>> 7 & 510) >> 1) + 2, id = i32[pc++]!, argc = w >>> 16 & 255;
        vm.fp = base >> 1; vm.pc = pc;
        const outcome = calls.runNative(vm, id, first, argc);
        i32 = heap.i32; f64 = heap.f64;
        if (outcome === undefined || outcome === Outcome.Value) continue;
        if (outcome !== Outcome.Jumped) return calls.stopIn(vm, outcome);
        base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.CallMethodOpt: case Op.CallNamed: case Op.CallMethodNamed: case Op.Apply: case Op.TailApply: case Op.CallX: {
        vm.fp = base >> 1; vm.pc = pc;
        if (calls.callOther(vm, w, kb >> 1)) return vm.parkedAs;
        i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.Return: {
        const a = base + (w >>> 7 & 510), distance = i32[base - 1]! & 0xffff;
        const lo = i32[a]!, hi = i32[a + 1]!;
        pc = i32[base - 2]!;
        i32[base - 4] = lo; i32[base - 3] = hi;
        if (distance === 0) return calls.leave(vm, base >> 1);
        base -= distance << 1; i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! + 1;
        kb = i32[(i32[(i32[base - 4]! + Closure.Code) >> 2]! + Code.ConstBase) >> 2]! << 1;
        continue;
      }
      case Op.ReturnNull: {
        const distance = i32[base - 1]! & 0xffff;
        pc = i32[base - 2]!;
        i32[base - 4] = 0; i32[base - 3] = Hi.Null;
        if (distance === 0) return calls.leave(vm, base >> 1);
        base -= distance << 1; i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! + 1;
        kb = i32[(i32[(i32[base - 4]! + Closure.Code) >> 2]! + Code.ConstBase) >> 2]! << 1;
        continue;
      }
      case Op.IsRefParam: {
        const a = base + (w >>> 7 & 510);
        i32[a] = slow.isRefParam(heap, base + (w >>> 15 & 510) >> 1, w >>> 24) ? 1 : 0; i32[a + 1] = Hi.Bool;
        continue;
      }
      case Op.NewRef: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.makeRef(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1, base + (w >>> 23 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.GetRef: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.getRef(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.SetRef: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.setRef(vm, base + (w >>> 7 & 510) >> 1, base + (w >>> 15 & 510) >> 1);
        i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.CheckRef: {
        vm.fp = base >> 1; vm.pc = pc;
        slow.checkRef(vm, base + (w >>> 7 & 510) >> 1);
        continue;
      }

      // ---- exceptions, types, tasks
      case Op.Throw: {
        vm.fp = base >> 1; vm.pc = pc;
        if (!calls.throwValue(vm, base + (w >>> 7 & 510) >> 1)) return Status.Uncaught;
        base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
        continue;
      }
      case Op.Fail: {
        vm.fp = base >> 1; vm.pc = pc;
        return slow.fail(vm, (kb >> 1) + i32[pc]!, (w >>> 16 & 255) !== 0);
      }
      case Op.Convert: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), code = w >>> 24, hb = i32[b + 1]!;
        if (hb === (Tag.First | code) || (code === TypeCode.F64 && hb < Tag.First)) { const lo = i32[b]!; i32[a] = lo; i32[a + 1] = hb; continue; }
        vm.fp = base >> 1; vm.pc = pc;
        convertScalar(vm, a >> 1, b >> 1, code); i32 = heap.i32; f64 = heap.f64;
        continue;
      }
      case Op.Await: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        i32[a] = i32[b]!; i32[a + 1] = i32[b + 1]!;
        continue;
      }
      // ---- Lisp: primitives. What their cases do not do, `break` hands to the code after the switch; pc is at the tail, or at the
      // distance before it. A case that did it skips the tail.
      case Op.LispAdd: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) {
          const r = i32[b]! + i32[c]!;
          if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; pc++; continue; }
        break;
      }
      case Op.LispSub: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) {
          const r = i32[b]! - i32[c]!;
          if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; pc++; continue; }
        break;
      }
      case Op.LispMul: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        if (hb === Hi.I32 && hc === Hi.I32) {
          // A product of -0 is the integer 0, which | 0 makes of it.
          const r = i32[b]! * i32[c]!;
          if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; pc++; continue; }
        break;
      }
      case Op.LispDiv: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[b + 1]! < Tag.First && i32[c + 1]! < Tag.First) { f64[base + (w >>> 7 & 510) >> 1] = f64[b >> 1]! / f64[c >> 1]!; pc++; continue; }
        break;
      }
      case Op.LispAddI: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) {
          const r = i32[b]! + (w >> 24);
          if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        } else if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + (w >> 24); pc++; continue; }
        break;
      }
      case Op.LispSubI: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        if (hb === Hi.I32) {
          const r = i32[b]! - (w >> 24);
          if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        } else if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - (w >> 24); pc++; continue; }
        break;
      }
      case Op.LispQuotient: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        // -2^31 / -1 needs 33 bits.
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c]! + 1 >>> 0 > 1) { i32[a] = i32[b]! / i32[c]! | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        break;
      }
      case Op.LispRemainder: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; pc++; continue; }
        break;
      }
      case Op.LispModulo: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c] !== 0) {
          const r = i32[b]! % i32[c]! | 0;
          i32[a] = r !== 0 && (r ^ i32[c]!) < 0 ? r + i32[c]! : r; i32[a + 1] = Hi.I32;
          pc++;
          continue;
        }
        break;
      }
      case Op.LispLess: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! < i32[c]!;
        else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! < f64[c >> 1]!;
        else break;
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.LispLessEq: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! <= i32[c]!;
        else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! <= f64[c >> 1]!;
        else break;
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.LispNumEq: {
        const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
        let yes: boolean;
        if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! === i32[c]!;
        else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! === f64[c >> 1]!;
        else break;
        i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.LispNot: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
        i32[a] = hb !== Hi.Null && (hb !== Hi.Bool || i32[b] !== 0) ? 0 : 1; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.LispEq: {
        const a = base + (w >>> 7 & 510), same = quickEq(i32, base + (w >>> 15 & 510), base + (w >>> 23 & 510));
        if (same < 0) break;
        i32[a] = same; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.IsEmpty: {
        const a = base + (w >>> 7 & 510), hb = i32[base + (w >>> 15 & 510) + 1]!;
        i32[a] = hb === Hi.Empty || hb === Hi.Null ? 1 : 0; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.IsPair: {
        const a = base + (w >>> 7 & 510);
        i32[a] = i32[base + (w >>> 15 & 510) + 1] === CellHi.Pair ? 1 : 0; i32[a + 1] = Hi.Bool;
        pc++;
        continue;
      }
      case Op.Car: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        if (i32[b + 1] !== CellHi.Pair) break;
        const s = (i32[b]! + Pair.Car) >> 2;
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        pc++;
        continue;
      }
      case Op.Cdr: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
        if (i32[b + 1] !== CellHi.Pair) break;
        const s = (i32[b]! + Pair.Cdr) >> 2;
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        pc++;
        continue;
      }
      case Op.Cons: {
        const at = i32[Header.Cursor >> 2]!;
        if (at + Pair.Size > i32[Header.Limit >> 2]!) break;
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), o = at >> 2;
        if (i32[c + 1] === Hi.Null) break;
        i32[Header.Cursor >> 2] = at + Pair.Size;
        i32[o] = CellKind.Pair; i32[o + 1] = Pair.Size;
        i32[o + 2] = i32[b]!; i32[o + 3] = i32[b + 1]!; i32[o + 4] = i32[c]!; i32[o + 5] = i32[c + 1]!;
        i32[a] = at; i32[a + 1] = CellHi.Pair;
        pc++;
        continue;
      }
      case Op.VectorRef: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), vector = i32[b]!, index = i32[c]!;
        if (i32[c + 1] !== Hi.I32 || i32[b + 1] !== CellHi.Vector || index >>> 0 >= i32[(vector + Vector.Count) >> 2]!) break;
        const s = ((vector + Vector.Data) >> 2) + (index << 1);
        i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
        pc++;
        continue;
      }
      case Op.VectorSet: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
        if (i32[b + 1] !== Hi.I32 || i32[a + 1] !== CellHi.Vector || i32[(i32[a]! + Vector.Constant) >> 2] !== 0) break;
        const data = i32[a]!, index = i32[b]!;
        if (index >>> 0 >= i32[(data + Vector.Count) >> 2]!) break;
        const s = ((data + Vector.Data) >> 2) + (index << 1), to = base + (i32[pc++]! >>> 7 & 510);
        i32[s] = i32[c]!; i32[s + 1] = i32[c + 1]!;
        i32[to] = 0; i32[to + 1] = Hi.Null;
        continue;
      }
      case Op.Primitive: case Op.Primitive3: case Op.PrimitiveJump: case Op.PrimitiveJumpNot: break;
      case Op.JumpIfLispNotLess: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
        if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! < i32[b]!) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! < f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotLessEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
        if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! <= i32[b]!) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! <= f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotNumEq: {
        const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
        if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! === i32[b]!) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! === f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotLessI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
        if (ha === Hi.I32) { pc += !(i32[a]! < w >> 16) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First) { pc += !(f64[a >> 1]! < w >> 16) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotLessEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
        if (ha === Hi.I32) { pc += !(i32[a]! <= w >> 16) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First) { pc += !(f64[a >> 1]! <= w >> 16) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotGreaterI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
        if (ha === Hi.I32) { pc += !(i32[a]! > w >> 16) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First) { pc += !(f64[a >> 1]! > w >> 16) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotGreaterEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
        if (ha === Hi.I32) { pc += !(i32[a]! >= w >> 16) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First) { pc += !(f64[a >> 1]! >= w >> 16) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotNumEqI: {
        const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
        if (ha === Hi.I32) { pc += !(i32[a] === w >> 16) ? i32[pc]! + 3 : 3; continue; }
        if (ha < Tag.First) { pc += !(f64[a >> 1] === w >> 16) ? i32[pc]! + 3 : 3; continue; }
        break;
      }
      case Op.JumpIfLispNotEq: {
        const same = quickEq(i32, base + (w >>> 7 & 510), base + (w >>> 15 & 510));
        if (same < 0) break;
        pc += same === 0 ? i32[pc]! + 3 : 3;
        continue;
      }
      case Op.JumpIfEmpty: { const ha = i32[base + (w >>> 7 & 510) + 1]!; pc += ha === Hi.Empty || ha === Hi.Null ? i32[pc]! + 3 : 3; continue; }
      case Op.JumpIfNotEmpty: { const ha = i32[base + (w >>> 7 & 510) + 1]!; pc += ha === Hi.Empty || ha === Hi.Null ? 3 : i32[pc]! + 3; continue; }
      case Op.JumpIfPair: pc += i32[base + (w >>> 7 & 510) + 1] === CellHi.Pair ? i32[pc]! + 3 : 3; continue;
      case Op.JumpIfNotPair: pc += i32[base + (w >>> 7 & 510) + 1] === CellHi.Pair ? 3 : i32[pc]! + 3; continue;

      default: return slow.unknownOpcode((w & 255) as never);
    }
    // A primitive whose case gave up.
    vm.fp = base >> 1; vm.pc = pc;
    if (perform(vm, w)) return vm.parkedAs;
    i32 = heap.i32; f64 = heap.f64; base = vm.fp << 1; pc = vm.pc; kb = vm.constBase() << 1;
  }
}
