// The interpreter loop: one function, one switch, with what is common of every instruction. What is not, slow-steps.ts does.
//
// Rules for this file
// 1. `base` is the i32 index of register 0 (2 × slot), `kb` the i32 index of constant 0. Register x of operand A, B, C is
//    base + (w >>> 7 & 510), base + (w >>> 15 & 510), base + (w >>> 23 & 510); its slot is that index >> 1.
// 2. Nothing in the inner loop calls, throws or collects: so i32 and f64 stay what they are, and V8 keeps pc, base and kb in
//    registers (as variables that every slow path reloads they cost 5-10 %: bench/README.md).
// 3. A case that cannot go on leaves by `break fast`, having written nothing, with pc past the first word of its instruction:
//    it is then done whole by slowStep. So words after the first are read from pc on, and passed by when all is decided.
// 4. Slots are copied as two i32 words, never through f64: an engine may canonicalise a NaN it loads.
// 5. A destination is written last and may be the same register as a source.
// 6. No closures, no destructuring, no try in the loop: guest exceptions unwind in `run` (run.ts) and re-enter at the handler.
// 7. What overwrites a value in a cell that may be old leaves when that refers to a cell and marking is under way, which must
//    hear of it. The flag is read first: the old value may not be in the cache. (The shapes that adding a field replaces live on in the tree of shapes anyhow.)
// 8. Register 0 of a frame lies two slots above the callee (see bytecode/opcodes.ts); slots above the stack limit by
//    STACK_RESERVE may be used without a check by natives.

import { Closure, Code, Global, Obj, Arr, Slots, Box, Str, GlobalFlag, Pair, ParamFlag, Cell, Shape, Vector } from "../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import { Op } from "../bytecode/opcodes.ts";
import { TypeCode } from "../ir/types.ts";
import { nativeIndex } from "../library/registry.ts";
import { Engine } from "./engine-words.ts";
import { Status } from "./errors.ts";
import { quickEq } from "./primitives.ts";
import { slowStep } from "./slow-steps.ts";
import type { Vm } from "./vm.ts";

const ARRAY_PUSH = nativeIndex("array.push");

/** Runs from vm.fp / vm.pc until the entry frame returns, an exception finds no handler, or the task parks. */
export function execute(vm: Vm): Status {
  for (;;) {
    const i32 = vm.heap.i32, f64 = vm.heap.f64;
    let base = vm.fp << 1, pc = vm.pc, kb = vm.constBase() << 1, w = 0;

    fast: for (;;) {
      w = i32[pc++]!;
      switch ((w & 255) as Op) {
        case Op.Nop: continue;

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
          const a = base + (w >>> 7 & 510), g = (i32[kb + (i32[pc]! << 1)]! + Global.Value) >> 2, h = i32[g + 1]!;
          if (h === Hi.Hole) break fast;
          i32[a] = i32[g]!; i32[a + 1] = h; pc++;
          continue;
        }
        case Op.GetGlobalOrHole: {
          const a = base + (w >>> 7 & 510), g = (i32[kb + (i32[pc++]! << 1)]! + Global.Value) >> 2;
          i32[a] = i32[g]!; i32[a + 1] = i32[g + 1]!;
          continue;
        }
        case Op.SetGlobal: {
          const a = base + (w >>> 7 & 510), cell = i32[kb + (i32[pc]! << 1)]!, g = (cell + Global.Value) >> 2;
          if (i32[g + 1] === Hi.Hole || (i32[cell >> 2]! >>> 16 & GlobalFlag.Const) !== 0 || (i32[Header.Marking >> 2] !== 0 && i32[g + 1]! >= Tag.Cell)) break fast;
          i32[g] = i32[a]!; i32[g + 1] = i32[a + 1]!; pc++;
          continue;
        }
        case Op.GetCapture: {
          const a = base + (w >>> 7 & 510), s = ((i32[base - 4]! + Closure.Captures) >> 2) + (w >>> 16 << 1);
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          continue;
        }
        case Op.GetBox: {
          const a = base + (w >>> 7 & 510), s = (i32[base + (w >>> 15 & 510)]! + Box.Value) >> 2;
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          continue;
        }
        case Op.SetBox: {
          const s = (i32[base + (w >>> 7 & 510)]! + Box.Value) >> 2, b = base + (w >>> 15 & 510);
          if (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell) break fast;
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
          if (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell) break fast;
          i32[s] = i32[a]!; i32[s + 1] = i32[a + 1]!;
          continue;
        }
        case Op.CheckHole: if (i32[base + (w >>> 7 & 510) + 1] === Hi.Hole) break fast; pc++; continue;
        case Op.LoadSelf: { const a = base + (w >>> 7 & 510); i32[a] = i32[base - 4]!; i32[a + 1] = CellHi.Closure; continue; }

        // ---- arithmetic
        case Op.Add: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! + i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; continue; }
          break fast;
        }
        case Op.Sub: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! - i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; continue; }
          break fast;
        }
        case Op.Mul: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = Math.imul(i32[b]!, i32[c]!); i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; continue; }
          break fast;
        }
        case Op.Div: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { f64[a >> 1] = i32[b]! / i32[c]!; continue; }
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! / f64[c >> 1]!; continue; }
          break fast;
        }
        case Op.Mod: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.AddI: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) { i32[a] = i32[b]! + (w >> 24) | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + (w >> 24); continue; }
          break fast;
        }
        case Op.SubI: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) { i32[a] = i32[b]! - (w >> 24) | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - (w >> 24); continue; }
          break fast;
        }
        case Op.AddK: {
          const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; continue; }
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! + i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.SubK: {
          const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; continue; }
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = i32[b]! - i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.MulK: {
          const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; continue; }
          if (hb === Hi.I32 && hc === Hi.I32) { i32[a] = Math.imul(i32[b]!, i32[c]!); i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.DivK: {
          const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! / f64[c >> 1]!; continue; }
          if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { f64[a >> 1] = i32[b]! / i32[c]!; continue; }
          break fast;
        }
        case Op.ModK: {
          const b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.Neg: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) { i32[a] = -i32[b]! | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First) { f64[a >> 1] = -f64[b >> 1]!; continue; }
          break fast;
        }
        case Op.Inc: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) { i32[a] = i32[b]! + 1 | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + 1; continue; }
          break fast;
        }
        case Op.Dec: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) { i32[a] = i32[b]! - 1 | 0; i32[a + 1] = Hi.I32; continue; }
          if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - 1; continue; }
          break fast;
        }

        // ---- bits
        case Op.BitAnd: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! & i32[c]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.BitOr: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! | i32[c]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.BitXor: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! ^ i32[c]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.Shl: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! << i32[c]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.Shr: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32) { i32[a] = i32[b]! >> i32[c]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }
        case Op.BitNot: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
          if (i32[b + 1] === Hi.I32) { i32[a] = ~i32[b]!; i32[a + 1] = Hi.I32; continue; }
          break fast;
        }

        // ---- comparison to a value
        case Op.Eq: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          const hb = i32[b + 1]!;
          // Immediates of one type, up to u32, are equal when their payloads are.
          if (hb !== i32[c + 1] || hb < Tag.First || hb > Hi.U32) break fast;
          i32[a] = i32[b] === i32[c] ? 1 : 0; i32[a + 1] = Hi.Bool;
          continue;
        }
        case Op.Ne: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), a = base + (w >>> 7 & 510);
          const hb = i32[b + 1]!;
          if (hb !== i32[c + 1] || hb < Tag.First || hb > Hi.U32) break fast;
          i32[a] = i32[b] === i32[c] ? 0 : 1; i32[a + 1] = Hi.Bool;
          continue;
        }
        case Op.Lt: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) i32[a] = i32[b]! < i32[c]! ? 1 : 0;
          else if (hb < Tag.First && hc < Tag.First) i32[a] = f64[b >> 1]! < f64[c >> 1]! ? 1 : 0;
          else break fast;
          i32[a + 1] = Hi.Bool;
          continue;
        }
        case Op.Le: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) i32[a] = i32[b]! <= i32[c]! ? 1 : 0;
          else if (hb < Tag.First && hc < Tag.First) i32[a] = f64[b >> 1]! <= f64[c >> 1]! ? 1 : 0;
          else break fast;
          i32[a + 1] = Hi.Bool;
          continue;
        }
        case Op.Not: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb !== Hi.Bool && hb !== Hi.Null && hb !== Hi.I32) break fast;
          i32[a] = i32[b] !== 0 ? 0 : 1; i32[a + 1] = Hi.Bool;
          continue;
        }
        case Op.Truthy: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb !== Hi.Bool && hb !== Hi.Null && hb !== Hi.I32) break fast;
          i32[a] = i32[b] !== 0 ? 1 : 0; i32[a + 1] = Hi.Bool;
          continue;
        }

        // ---- jumps
        case Op.Jump: pc += w >> 8; continue;
        case Op.Loop: {
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += w >> 8;
          continue;
        }
        case Op.JumpIfTrue: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha !== Hi.Bool && ha !== Hi.Null && ha !== Hi.I32) break fast;
          pc += i32[a] !== 0 ? 1 + i32[pc]! : 1;
          continue;
        }
        case Op.JumpIfFalse: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha !== Hi.Bool && ha !== Hi.Null && ha !== Hi.I32) break fast;
          pc += i32[a] === 0 ? 1 + i32[pc]! : 1;
          continue;
        }
        case Op.JumpIfNull: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] === Hi.Null) pc += d; continue; }
        case Op.JumpIfNotNull: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] !== Hi.Null) pc += d; continue; }
        case Op.JumpIfHole: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] === Hi.Hole) pc += d; continue; }
        case Op.JumpIfNotHole: { const d = i32[pc++]!; if (i32[base + (w >>> 7 & 510) + 1] !== Hi.Hole) pc += d; continue; }
        case Op.JumpIfLess: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! < i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! < f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLess: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! < i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! < f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfLessEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! <= i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! <= f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLessEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! <= i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! <= f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === hb && ha >= Tag.First && ha <= Hi.U32) pc += i32[a] === i32[b] ? 1 + i32[pc]! : 1;
          else if (hb === Hi.Null && ha < Tag.Pointer) pc += ha === Hi.Null ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === hb && ha >= Tag.First && ha <= Hi.U32) pc += i32[a] !== i32[b] ? 1 + i32[pc]! : 1;
          else if (hb === Hi.Null && ha < Tag.Pointer) pc += ha !== Hi.Null ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfLessI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += i32[a]! < w >> 16 ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += f64[a >> 1]! < w >> 16 ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLessI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += !(i32[a]! < w >> 16) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += !(f64[a >> 1]! < w >> 16) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfLessEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += i32[a]! <= w >> 16 ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += f64[a >> 1]! <= w >> 16 ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLessEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += !(i32[a]! <= w >> 16) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += !(f64[a >> 1]! <= w >> 16) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfGreaterI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += i32[a]! > w >> 16 ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += f64[a >> 1]! > w >> 16 ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotGreaterI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += !(i32[a]! > w >> 16) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += !(f64[a >> 1]! > w >> 16) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfGreaterEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += i32[a]! >= w >> 16 ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += f64[a >> 1]! >= w >> 16 ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotGreaterEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) pc += !(i32[a]! >= w >> 16) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First) pc += !(f64[a >> 1]! >= w >> 16) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfEqI: {
          const a = base + (w >>> 7 & 510);
          if (i32[a + 1] !== Hi.I32) break fast;
          pc += i32[a] === w >> 16 ? 1 + i32[pc]! : 1;
          continue;
        }
        case Op.JumpIfNotEqI: {
          const a = base + (w >>> 7 & 510);
          if (i32[a + 1] !== Hi.I32) break fast;
          pc += i32[a] !== w >> 16 ? 1 + i32[pc]! : 1;
          continue;
        }
        case Op.JumpIfLessK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! < i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! < f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLessK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! < i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! < f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfLessEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! <= i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! <= f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotLessEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! <= i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! <= f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfGreaterK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! > i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! > f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotGreaterK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! > i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! > f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfGreaterEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += i32[a]! >= i32[b]! ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += f64[a >> 1]! >= f64[b >> 1]! ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.JumpIfNotGreaterEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) pc += !(i32[a]! >= i32[b]!) ? 1 + i32[pc]! : 1;
          else if (ha < Tag.First && hb < Tag.First) pc += !(f64[a >> 1]! >= f64[b >> 1]!) ? 1 + i32[pc]! : 1;
          else break fast;
          continue;
        }
        case Op.LoopIfTrue: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha !== Hi.Bool && ha !== Hi.Null && ha !== Hi.I32) break fast;
          if (i32[a] === 0) { pc++; continue; }
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLess: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! >= i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! < f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLessEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! > i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! <= f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLessI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { if (i32[a]! >= w >> 16) { pc++; continue; } }
          else if (ha < Tag.First) { if (!(f64[a >> 1]! < w >> 16)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLessEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { if (i32[a]! > w >> 16) { pc++; continue; } }
          else if (ha < Tag.First) { if (!(f64[a >> 1]! <= w >> 16)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfGreaterI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { if (i32[a]! <= w >> 16) { pc++; continue; } }
          else if (ha < Tag.First) { if (!(f64[a >> 1]! > w >> 16)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfGreaterEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { if (i32[a]! < w >> 16) { pc++; continue; } }
          else if (ha < Tag.First) { if (!(f64[a >> 1]! >= w >> 16)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfNotEqI: {
          const a = base + (w >>> 7 & 510);
          if (i32[a + 1] !== Hi.I32) break fast;
          if (i32[a] === w >> 16) { pc++; continue; }
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLessK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! >= i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! < f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfLessEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! > i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! <= f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfGreaterK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! <= i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! > f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.LoopIfGreaterEqK: {
          const a = base + (w >>> 7 & 510), b = kb + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { if (i32[a]! < i32[b]!) { pc++; continue; } }
          else if (ha < Tag.First && hb < Tag.First) { if (!(f64[a >> 1]! >= f64[b >> 1]!)) { pc++; continue; } }
          else break fast;
          const fuel = i32[Engine.Fuel >> 2]!;
          if (fuel <= 0) break fast;
          i32[Engine.Fuel >> 2] = fuel - 1;
          pc += 1 + i32[pc]!;
          continue;
        }
        case Op.JumpTable: {
          const a = base + (w >>> 7 & 510), n = i32[pc]!, table = pc + 2;
          const index = i32[a]! - i32[pc + 1]!;
          pc = table + n;
          if (i32[a + 1] === Hi.I32 && index >= 0 && index < n) pc += i32[table + index]!;
          continue;
        }

        // ---- objects, arrays, strings
        case Op.NewObjectFrom: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), n = w >>> 24, shape = i32[kb + (i32[pc]! << 1)]!;
          const size = Obj.Inline + (i32[(shape + Shape.InlineCapacity) >> 2]! << 3), at = i32[Header.Cursor >> 2]!;
          if (at + size > i32[Header.Limit >> 2]!) break fast;
          const o = at >> 2, fields = o + (Obj.Inline >> 2), filled = fields + 2 * n, end = o + (size >> 2);
          i32[Header.Cursor >> 2] = at + size;
          i32[o] = CellKind.Object; i32[o + 1] = size; i32[o + 2] = shape; i32[o + 3] = 0;
          for (let s = b, f = fields; f < filled; s++, f++) i32[f] = i32[s]!;
          for (let f = filled; f < end; f += 2) { i32[f] = 0; i32[f + 1] = Hi.Null; }
          i32[a] = at; i32[a + 1] = CellHi.Object; pc++;
          continue;
        }
        case Op.GetField: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), obj = i32[b]!;
          if (i32[b + 1] !== CellHi.Object || i32[(obj + Obj.Shape) >> 2] !== i32[pc + 1]) break fast;
          const s = (obj + i32[pc + 2]!) >> 2;
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!; pc += 3;
          continue;
        }
        case Op.SetField: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), obj = i32[a]!;
          if (i32[a + 1] !== CellHi.Object || i32[(obj + Obj.Shape) >> 2] !== i32[pc + 1]) break fast;
          const place = i32[pc + 2]!, s = (obj + place) >> 2;
          if (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell) break fast;
          if (place & 1) i32[(obj + Obj.Shape) >> 2] = i32[kb + (i32[pc]! << 1) + 6]!;
          i32[s] = i32[b]!; i32[s + 1] = i32[b + 1]!; pc += 3;
          continue;
        }
        case Op.GetIndex: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          if (i32[b + 1] !== CellHi.Array || i32[c + 1] !== Hi.I32) break fast;
          const data = i32[(i32[b]! + Arr.Data) >> 2]!, index = i32[c]!, s = ((data + Slots.Data) >> 2) + (index << 1);
          if (index >>> 0 >= i32[(data + Slots.Count) >> 2]!) break fast;
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          continue;
        }
        case Op.GetIndexOpt: {
          const a = base + (w >>> 7 & 510);
          if (i32[base + (w >>> 15 & 510) + 1] !== Hi.Null) break fast;
          i32[a] = 0; i32[a + 1] = Hi.Null;
          continue;
        }
        case Op.SetIndex: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), arr = i32[a]!;
          if (i32[a + 1] !== CellHi.Array || i32[b + 1] !== Hi.I32 || i32[(arr + Arr.Element) >> 2] !== 0) break fast;
          const data = i32[(arr + Arr.Data) >> 2]!, index = i32[b]!, s = ((data + Slots.Data) >> 2) + (index << 1);
          if (index >>> 0 >= i32[(data + Slots.Count) >> 2]! || (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell)) break fast;
          i32[s] = i32[c]!; i32[s + 1] = i32[c + 1]!;
          continue;
        }
        case Op.SetIndexK: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = kb + (w >>> 23 & 510), arr = i32[a]!;
          if (i32[a + 1] !== CellHi.Array || i32[b + 1] !== Hi.I32 || i32[(arr + Arr.Element) >> 2] !== 0) break fast;
          const data = i32[(arr + Arr.Data) >> 2]!, index = i32[b]!, s = ((data + Slots.Data) >> 2) + (index << 1);
          if (index >>> 0 >= i32[(data + Slots.Count) >> 2]! || (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell)) break fast;
          i32[s] = i32[c]!; i32[s + 1] = i32[c + 1]!;
          continue;
        }
        case Op.GetLength: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          let count = -1;
          if (hb === CellHi.Array) count = i32[(i32[(i32[b]! + Arr.Data) >> 2]! + Slots.Count) >> 2]!;
          else if (hb === CellHi.String) count = i32[(i32[b]! + Str.CodePoints) >> 2]!;
          if (count < 0) break fast;
          i32[a] = count; i32[a + 1] = Hi.I32; pc++;
          continue;
        }
        case Op.ForNext: {
          const a = base + (w >>> 7 & 510);
          if (i32[a + 1] !== CellHi.Array) break fast;
          const data = i32[(i32[a]! + Arr.Data) >> 2]! >> 2, at = i32[a + 2]!;
          if (at >= i32[data + (Slots.Count >> 2)]!) { pc += 1 + i32[pc]!; continue; }
          const s = data + (Slots.Data >> 2) + (at << 1);
          i32[a + 2] = at + 1;
          i32[a + 6] = at; i32[a + 7] = Hi.I32;
          i32[a + 8] = i32[s]!; i32[a + 9] = i32[s + 1]!;
          pc++;
          continue;
        }

        // ---- calls
        case Op.Call: {
          const a = base + (w >>> 7 & 510), callee = a + 4;
          if (i32[a + 1] !== CellHi.Closure) break fast;
          const code = i32[(i32[a]! + Closure.Code) >> 2]! >> 2;
          const argc = w >>> 16 & 255, exact = i32[code + (Code.ExactArgs >> 2)]!;
          if ((exact !== argc && exact !== -2 - argc) || callee + (i32[code + (Code.FrameSize >> 2)]! << 1) > i32[Engine.StackEnd >> 2]!
            || i32[Engine.FramesLeft >> 2]! <= 0 || i32[Engine.Fuel >> 2]! <= 0) break fast;
          if (exact !== argc) { i32[callee + (argc << 1)] = 0; i32[callee + (argc << 1) + 1] = Hi.Empty; }
          i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
          i32[callee - 2] = pc; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
          base = callee; pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
          continue;
        }
        case Op.CallGlobal: {
          const a = base + (w >>> 7 & 510), callee = a + 4, g = (i32[kb + (i32[pc]! << 1)]! + Global.Value) >> 2, closure = i32[g]!;
          if (i32[g + 1] !== CellHi.Closure) break fast;
          const code = i32[(closure + Closure.Code) >> 2]! >> 2;
          const argc = w >>> 16 & 255, exact = i32[code + (Code.ExactArgs >> 2)]!;
          if ((exact !== argc && exact !== -2 - argc) || callee + (i32[code + (Code.FrameSize >> 2)]! << 1) > i32[Engine.StackEnd >> 2]!
            || i32[Engine.FramesLeft >> 2]! <= 0 || i32[Engine.Fuel >> 2]! <= 0) break fast;
          if (exact !== argc) { i32[callee + (argc << 1)] = 0; i32[callee + (argc << 1) + 1] = Hi.Empty; }
          i32[a] = closure; i32[a + 1] = CellHi.Closure;
          i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
          i32[callee - 2] = pc + 1; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
          base = callee; pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
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
          break fast;
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
          break fast;
        }
        case Op.CallMethod: {
          const a = base + (w >>> 7 & 510), callee = a + 4, d = kb + (i32[pc]! << 1), argc = w >>> 16 & 255;
          if (i32[a + 1] === CellHi.Object) {
            const obj = i32[a]!, place = i32[d + 4]!, s = (obj + place) >> 2;
            if (i32[(obj + Obj.Shape) >> 2] !== i32[d + 2] || i32[d + 3] !== CellHi.Shape || place < 0 || i32[s + 1] !== CellHi.Closure) break fast;
            const closure = i32[s]!;
            const code = i32[(closure + Closure.Code) >> 2]! >> 2, self = callee + (argc << 1);
            if (i32[code + (Code.ParamFlags >> 2)] !== ParamFlag.Self || i32[code + (Code.ParamCount >> 2)] !== argc
              || callee + (i32[code + (Code.FrameSize >> 2)]! << 1) > i32[Engine.StackEnd >> 2]!
              || i32[Engine.FramesLeft >> 2]! <= 0 || i32[Engine.Fuel >> 2]! <= 0) break fast;
            i32[self] = obj; i32[self + 1] = CellHi.Object;
            i32[a] = closure; i32[a + 1] = CellHi.Closure;
            i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! - 1; i32[Engine.Fuel >> 2] = i32[Engine.Fuel >> 2]! - 1;
            i32[callee - 2] = pc + 1; i32[callee - 1] = Tag.Link | (callee - base) >> 1;
            base = callee; pc = i32[code + (Code.EntryPc >> 2)]!; kb = i32[code + (Code.ConstBase >> 2)]! << 1;
            continue;
          }
          // The most common method by far, when there is room and any value fits.
          if (i32[a + 1] !== CellHi.Array || i32[d + 4] !== ARRAY_PUSH || i32[d + 2] !== CellHi.Array || i32[d + 3] !== Hi.I32) break fast;
          const data = i32[(i32[a]! + Arr.Data) >> 2]! >> 2, count = i32[data + (Slots.Count >> 2)]!;
          const s = data + (Slots.Data >> 2) + (count << 1);
          if (s >= data + (i32[data + (Cell.Size >> 2)]! >> 2) || i32[(i32[a]! + Arr.Element) >> 2] !== 0) break fast;
          i32[s] = i32[a + 4]!; i32[s + 1] = i32[a + 5]!;
          i32[data + (Slots.Count >> 2)] = count + 1;
          i32[a] = 0; i32[a + 1] = Hi.Null; pc++;
          continue;
        }
        case Op.Return: {
          const a = base + (w >>> 7 & 510), distance = i32[base - 1]! & 0xffff, lo = i32[a]!, hi = i32[a + 1]!;
          if (distance === 0) break fast;
          pc = i32[base - 2]!;
          i32[base - 4] = lo; i32[base - 3] = hi;
          base -= distance << 1; i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! + 1;
          kb = i32[(i32[(i32[base - 4]! + Closure.Code) >> 2]! + Code.ConstBase) >> 2]! << 1;
          continue;
        }
        case Op.ReturnNull: {
          const distance = i32[base - 1]! & 0xffff;
          if (distance === 0) break fast;
          pc = i32[base - 2]!;
          i32[base - 4] = 0; i32[base - 3] = Hi.Null;
          base -= distance << 1; i32[Engine.FramesLeft >> 2] = i32[Engine.FramesLeft >> 2]! + 1;
          kb = i32[(i32[(i32[base - 4]! + Closure.Code) >> 2]! + Code.ConstBase) >> 2]! << 1;
          continue;
        }

        // ---- exceptions, types, tasks
        case Op.Convert: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), code = w >>> 24, hb = i32[b + 1]!;
          if (hb === (Tag.First | code) || (code === TypeCode.F64 && hb < Tag.First)) { const lo = i32[b]!; i32[a] = lo; i32[a + 1] = hb; continue; }
          break fast;
        }
        case Op.Await: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === CellHi.Task) break fast;
          i32[a] = i32[b]!; i32[a + 1] = hb;
          continue;
        }

        // ---- Lisp: primitives. pc is at the tail, or at the distance before it; a case that did it all skips the tail.
        case Op.LispAdd: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) {
            const r = i32[b]! + i32[c]!;
            if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! + f64[c >> 1]!; pc++; continue; }
          break fast;
        }
        case Op.LispSub: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) {
            const r = i32[b]! - i32[c]!;
            if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! - f64[c >> 1]!; pc++; continue; }
          break fast;
        }
        case Op.LispMul: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          if (hb === Hi.I32 && hc === Hi.I32) {
            // A product of -0 is the integer 0, which | 0 makes of it.
            const r = i32[b]! * i32[c]!;
            if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          } else if (hb < Tag.First && hc < Tag.First) { f64[a >> 1] = f64[b >> 1]! * f64[c >> 1]!; pc++; continue; }
          break fast;
        }
        case Op.LispDiv: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          if (i32[b + 1]! < Tag.First && i32[c + 1]! < Tag.First) { f64[base + (w >>> 7 & 510) >> 1] = f64[b >> 1]! / f64[c >> 1]!; pc++; continue; }
          break fast;
        }
        case Op.LispAddI: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) {
            const r = i32[b]! + (w >> 24);
            if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          } else if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! + (w >> 24); pc++; continue; }
          break fast;
        }
        case Op.LispSubI: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), hb = i32[b + 1]!;
          if (hb === Hi.I32) {
            const r = i32[b]! - (w >> 24);
            if (r === (r | 0)) { i32[a] = r | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          } else if (hb < Tag.First) { f64[a >> 1] = f64[b >> 1]! - (w >> 24); pc++; continue; }
          break fast;
        }
        case Op.LispQuotient: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          // -2^31 / -1 needs 33 bits.
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c]! + 1 >>> 0 > 1) { i32[a] = i32[b]! / i32[c]! | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          break fast;
        }
        case Op.LispRemainder: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c] !== 0) { i32[a] = i32[b]! % i32[c]! | 0; i32[a + 1] = Hi.I32; pc++; continue; }
          break fast;
        }
        case Op.LispModulo: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          if (i32[b + 1] === Hi.I32 && i32[c + 1] === Hi.I32 && i32[c] !== 0) {
            const r = i32[b]! % i32[c]! | 0;
            i32[a] = r !== 0 && (r ^ i32[c]!) < 0 ? r + i32[c]! : r; i32[a + 1] = Hi.I32;
            pc++;
            continue;
          }
          break fast;
        }
        case Op.LispLess: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          let yes: boolean;
          if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! < i32[c]!;
          else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! < f64[c >> 1]!;
          else break fast;
          i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
          pc++;
          continue;
        }
        case Op.LispLessEq: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          let yes: boolean;
          if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! <= i32[c]!;
          else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! <= f64[c >> 1]!;
          else break fast;
          i32[a] = yes ? 1 : 0; i32[a + 1] = Hi.Bool;
          pc++;
          continue;
        }
        case Op.LispNumEq: {
          const b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), hb = i32[b + 1]!, hc = i32[c + 1]!, a = base + (w >>> 7 & 510);
          let yes: boolean;
          if (hb === Hi.I32 && hc === Hi.I32) yes = i32[b]! === i32[c]!;
          else if (hb < Tag.First && hc < Tag.First) yes = f64[b >> 1]! === f64[c >> 1]!;
          else break fast;
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
          if (same < 0) break fast;
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
          if (i32[b + 1] !== CellHi.Pair) break fast;
          const s = (i32[b]! + Pair.Car) >> 2;
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          pc++;
          continue;
        }
        case Op.Cdr: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510);
          if (i32[b + 1] !== CellHi.Pair) break fast;
          const s = (i32[b]! + Pair.Cdr) >> 2;
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          pc++;
          continue;
        }
        case Op.Cons: {
          const at = i32[Header.Cursor >> 2]!;
          if (at + Pair.Size > i32[Header.Limit >> 2]!) break fast;
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), o = at >> 2;
          if (i32[c + 1] === Hi.Null) break fast;
          i32[Header.Cursor >> 2] = at + Pair.Size;
          i32[o] = CellKind.Pair; i32[o + 1] = Pair.Size;
          i32[o + 2] = i32[b]!; i32[o + 3] = i32[b + 1]!; i32[o + 4] = i32[c]!; i32[o + 5] = i32[c + 1]!;
          i32[a] = at; i32[a + 1] = CellHi.Pair;
          pc++;
          continue;
        }
        case Op.VectorRef: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510), vector = i32[b]!, index = i32[c]!;
          if (i32[c + 1] !== Hi.I32 || i32[b + 1] !== CellHi.Vector || index >>> 0 >= i32[(vector + Vector.Count) >> 2]!) break fast;
          const s = ((vector + Vector.Data) >> 2) + (index << 1);
          i32[a] = i32[s]!; i32[a + 1] = i32[s + 1]!;
          pc++;
          continue;
        }
        case Op.VectorSet: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), c = base + (w >>> 23 & 510);
          if (i32[b + 1] !== Hi.I32 || i32[a + 1] !== CellHi.Vector || i32[(i32[a]! + Vector.Constant) >> 2] !== 0) break fast;
          const data = i32[a]!, index = i32[b]!;
          if (index >>> 0 >= i32[(data + Vector.Count) >> 2]!) break fast;
          const s = ((data + Vector.Data) >> 2) + (index << 1);
          if (i32[Header.Marking >> 2] !== 0 && i32[s + 1]! >= Tag.Cell) break fast;
          const to = base + (i32[pc++]! >>> 7 & 510);
          i32[s] = i32[c]!; i32[s + 1] = i32[c + 1]!;
          i32[to] = 0; i32[to + 1] = Hi.Null;
          continue;
        }
        case Op.JumpIfLispNotLess: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! < i32[b]!) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! < f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotLessEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! <= i32[b]!) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! <= f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotNumEq: {
          const a = base + (w >>> 7 & 510), b = base + (w >>> 15 & 510), ha = i32[a + 1]!, hb = i32[b + 1]!;
          if (ha === Hi.I32 && hb === Hi.I32) { pc += !(i32[a]! === i32[b]!) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First && hb < Tag.First) { pc += !(f64[a >> 1]! === f64[b >> 1]!) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotLessI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { pc += !(i32[a]! < w >> 16) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First) { pc += !(f64[a >> 1]! < w >> 16) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotLessEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { pc += !(i32[a]! <= w >> 16) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First) { pc += !(f64[a >> 1]! <= w >> 16) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotGreaterI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { pc += !(i32[a]! > w >> 16) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First) { pc += !(f64[a >> 1]! > w >> 16) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotGreaterEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { pc += !(i32[a]! >= w >> 16) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First) { pc += !(f64[a >> 1]! >= w >> 16) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotNumEqI: {
          const a = base + (w >>> 7 & 510), ha = i32[a + 1]!;
          if (ha === Hi.I32) { pc += !(i32[a] === w >> 16) ? i32[pc]! + 3 : 3; continue; }
          if (ha < Tag.First) { pc += !(f64[a >> 1] === w >> 16) ? i32[pc]! + 3 : 3; continue; }
          break fast;
        }
        case Op.JumpIfLispNotEq: {
          const same = quickEq(i32, base + (w >>> 7 & 510), base + (w >>> 15 & 510));
          if (same < 0) break fast;
          pc += same === 0 ? i32[pc]! + 3 : 3;
          continue;
        }
        case Op.JumpIfEmpty: { const ha = i32[base + (w >>> 7 & 510) + 1]!; pc += ha === Hi.Empty || ha === Hi.Null ? i32[pc]! + 3 : 3; continue; }
        case Op.JumpIfNotEmpty: { const ha = i32[base + (w >>> 7 & 510) + 1]!; pc += ha === Hi.Empty || ha === Hi.Null ? 3 : i32[pc]! + 3; continue; }
        case Op.JumpIfPair: pc += i32[base + (w >>> 7 & 510) + 1] === CellHi.Pair ? i32[pc]! + 3 : 3; continue;
        case Op.JumpIfNotPair: pc += i32[base + (w >>> 7 & 510) + 1] === CellHi.Pair ? 3 : i32[pc]! + 3; continue;

        default: break fast;
      }
    }

    vm.fp = base >> 1;
    vm.pc = pc;
    const status = slowStep(vm, w);
    if (status !== Status.Running) return status;
  }
}
