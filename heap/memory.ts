// Mem: the world's buffer and its typed views. A function that takes `Mem` cannot allocate, so it cannot collect or
// replace the buffer; one that takes `Heap` may do both.
//
// Marking may go on in small steps while the script runs. It marks all that was reachable when it began; so whoever
// overwrites or drops a reference in a cell that existed before says so first: `forget`, or `replace` for both in one. Fresh
// cells, the running stack and the root slots need no such call. What is found through a weak reference is to be kept: `keep`.

import { World, Header } from "./world-layout.ts";
import { Hi, Tag, nanHi, type CellKind } from "./value.ts";

/** Entries of the mark stack that one step of the marker may add. */
export const HEADROOM = 64;
/** What a reference overwritten while marking runs adds to the bytes that call for its next slice. */
const FORGET_BYTES = 64;

export class Mem {
  /** The world and views of all of it. Replaced when the world grows: never keep them across a call that may allocate. */
  buffer: ArrayBuffer;
  /** Size of the world. The buffer may be longer: some come in whole units of another size. */
  worldBytes: number;
  f64: Float64Array;
  i32: Int32Array;
  u32: Uint32Array;
  u16: Uint16Array;
  u8: Uint8Array;
  /** Cells that are marked and not looked into yet, and what else marker.ts puts there; `markTop` entries. */
  markStack = new Int32Array(0);
  markTop = 0;
  /** Work for the script's running on that marking has not been given yet, as bytes allocated. */
  forgotten = 0;

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.worldBytes = buffer.byteLength;
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  /** Makes the first `bytes` of the buffer the world. */
  protected adopt(buffer: ArrayBuffer, bytes: number): void {
    this.buffer = buffer;
    this.worldBytes = bytes;
    this.f64 = new Float64Array(buffer, 0, bytes >> 3);
    this.i32 = new Int32Array(buffer, 0, bytes >> 2);
    this.u32 = new Uint32Array(buffer, 0, bytes >> 2);
    this.u16 = new Uint16Array(buffer, 0, bytes >> 1);
    this.u8 = new Uint8Array(buffer, 0, bytes);
  }

  lo(slot: number): number { return this.i32[slot * 2]!; }
  hi(slot: number): number { return this.i32[slot * 2 + 1]!; }

  copySlot(dst: number, src: number): void {
    const i32 = this.i32;
    const lo = i32[src * 2]!, hi = i32[src * 2 + 1]!;
    i32[dst * 2] = lo;
    i32[dst * 2 + 1] = hi;
  }

  setSlot(slot: number, hi: number, lo: number): void {
    this.i32[slot * 2] = lo;
    this.i32[slot * 2 + 1] = hi;
  }

  setHole(slot: number): void { this.setSlot(slot, Hi.Hole, 0); }
  setNull(slot: number): void { this.setSlot(slot, Hi.Null, 0); }
  setBool(slot: number, value: boolean): void { this.setSlot(slot, Hi.Bool, value ? 1 : 0); }
  setI32(slot: number, value: number): void { this.setSlot(slot, Hi.I32, value); }

  /** Stores a double; any NaN becomes the positive quiet one, so that no payload can look like a tag. */
  setF64(slot: number, value: number): void {
    if (value === value) this.f64[slot] = value;
    else this.setSlot(slot, nanHi(false), 0);
  }

  setCell(slot: number, kind: CellKind, addr: number): void { this.setSlot(slot, Tag.Cell | kind, addr); }

  slotOf(byteAddress: number): number { return byteAddress >> 3; }

  /** Word at a byte offset of a cell or of the header. */
  word(addr: number): number { return this.i32[addr >> 2]!; }
  setWord(addr: number, value: number): void { this.i32[addr >> 2] = value; }

  /** A collection is under way: its marking began and has not ended. */
  get marking(): boolean { return this.i32[Header.Marking >> 2] !== 0; }

  /** Before the value in a slot of an existing cell is overwritten or dropped. The slot must hold a value. */
  forget(slot: number): void {
    if (this.i32[Header.Marking >> 2] !== 0) this.#forgetValue(slot);
  }

  #forgetValue(slot: number): void {
    if ((this.hi(slot) & Tag.Mask) !== Tag.Cell) return;
    this.forgotten += FORGET_BYTES;
    this.#shade(this.lo(slot));
  }

  /** The same for `count` slots. */
  forgetSlots(first: number, count: number): void {
    if (this.marking) for (let slot = first; slot < first + count; slot++) this.forget(slot);
  }

  /** The same for the address of a cell, or 0, in a field at this byte address. */
  forgetRef(at: number): void {
    if (this.marking && this.word(at) !== 0) this.#shade(this.word(at));
  }

  /** Overwrites a value in an existing cell with a copy of another. */
  replace(dst: number, src: number): void {
    this.forget(dst);
    this.copySlot(dst, src);
  }

  /** The same by a cell. */
  replaceCell(dst: number, kind: CellKind, addr: number): void {
    this.forget(dst);
    this.setCell(dst, kind, addr);
  }

  /** A cell that nothing but weak references may have led to is in use again. */
  keep(addr: number): void { if (this.marking) this.#shade(addr); }

  #shade(addr: number): void {
    const epoch = this.word(Header.Epoch);
    if (this.u8[addr + 1] === epoch) return;
    this.u8[addr + 1] = epoch;
    this.reserveMarks(1);
    this.markStack[this.markTop++] = addr;
  }

  /** Makes sure that so many entries fit on the mark stack, and what one step of the marker adds. */
  reserveMarks(count: number): void {
    const needed = this.markTop + count + HEADROOM;
    if (needed <= this.markStack.length) return;
    const larger = new Int32Array(Math.max(4096, 2 * this.markStack.length, needed));
    larger.set(this.markStack);
    this.markStack = larger;
  }

  rootSlot(root: number): number { return (Header.Roots >> 3) + root; }
  /** Address of the cell in a root slot, 0 when the slot holds no cell. */
  rootCell(root: number): number {
    const slot = this.rootSlot(root);
    return (this.hi(slot) & Tag.Mask) === Tag.Cell ? this.lo(slot) : 0;
  }

  get pageCount(): number { return this.worldBytes >> World.PageShift; }
}
