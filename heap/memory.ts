// Mem: the world's buffer and its typed views. A function that takes `Mem` cannot allocate, so it cannot collect or
// replace the buffer; one that takes `Heap` may do both.

import { World, Header } from "./world-layout.ts";
import { Hi, Tag, nanHi, type CellKind } from "./value.ts";

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

  rootSlot(root: number): number { return (Header.Roots >> 3) + root; }
  /** Address of the cell in a root slot, 0 when the slot holds no cell. */
  rootCell(root: number): number {
    const slot = this.rootSlot(root);
    return (this.hi(slot) & Tag.Mask) === Tag.Cell ? this.lo(slot) : 0;
  }

  get pageCount(): number { return this.worldBytes >> World.PageShift; }
}
