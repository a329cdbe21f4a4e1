// Memory between a script and the libraries it calls.
//
// 1. No library ever gets an address in the VM: memory of the script that is passed on is lent, that is, copied to a block
//    of the host's for the call, and copied back afterwards. Addresses in a block mean the region it is the copy of.
// 2. Addresses that libraries give are foreign: they have a bit that no address of the script has. What they lead to is read
//    and written by the system, which knows what there is, so that a wild pointer is an error and not the end of the process.
// 3. While a call lasts, foreign addresses into a block reach the block itself: that is how callbacks see what is worked on.

import type { RawMemory } from "../../../heap/raw.ts";
import { FOREIGN, type ForeignMemory, RawError } from "../../../heap/raw-access.ts";
import { koffi } from "./koffi.ts";

/** Copy of a region for the time of a call. */
interface Block { readonly region: number; readonly bytes: Uint8Array; readonly at: bigint; readonly original: Uint8Array }

/** Smallest address that anybody has. */
const FIRST = 0x10000;
const PAGE = 4096;
/** Longest text without an end that is looked through, in bytes. */
const MAX_TEXT = 1 << 30;
const hex = (address: bigint): string => `0x${address.toString(16)}`;

/** On machines whose addresses have the bit themselves, those without it are the low ones. */
const HIGH = process.arch === "arm64", LOW_END = 2 ** 33;
/** A foreign address as scripts have it, and back. */
export const toGuest = (address: bigint): number => Number(address | BigInt(FOREIGN));
function toNative(address: number): bigint {
  const bare = address - FOREIGN;
  return BigInt(HIGH && bare >= LOW_END ? address : bare);
}
export const isForeign = (address: number): boolean => address >= FOREIGN;
export { toNative };

type Transfer = (process: number, local: BigUint64Array, locals: number, remote: BigUint64Array, remotes: number, flags: number) => number | bigint;
interface Transfers { readonly read: Transfer; readonly write: Transfer }

/** The system's own ways between address spaces, which fail where there is nothing; null where it has none. */
let transfers: Transfers | null | undefined;
function systemTransfers(): Transfers | null {
  if (transfers !== undefined) return transfers;
  if (process.platform !== "linux") return transfers = null;
  try {
    const all = koffi().load(null), types = ["int", "void *", "ulong", "void *", "ulong", "ulong"];
    return transfers = { read: all.func("process_vm_readv", "long", types) as Transfer, write: all.func("process_vm_writev", "long", types) as Transfer };
  } catch {
    return transfers = null;
  }
}

/** Bytes that went over, from the beginning on. */
function transfer(go: Transfer, local: Uint8Array, remote: bigint): number {
  const bytes = BigInt(local.length);
  return Math.max(0, Number(go(process.pid, BigUint64Array.of(koffi().address(local), bytes), 1, BigUint64Array.of(remote, bytes), 1, 0)));
}

export class LentMemory implements ForeignMemory {
  /** Those of all calls under way. */
  readonly #blocks = new Set<Block>();

  constructor(readonly raw: RawMemory) {
    raw.foreign = this;
  }

  /** What a call of a library borrows. */
  begin(): Loan { return new Loan(this.raw, this.#blocks); }

  /** A copy of so many bytes at a foreign address; throws RawError. */
  read(address: number, bytes: number): Uint8Array {
    const at = toNative(address), block = this.#blockAt(at, bytes);
    if (block !== null) return block.bytes.slice(Number(at - block.at), Number(at - block.at) + bytes);
    const copy = new Uint8Array(bytes);
    if (this.#readSome(at, copy) < bytes) throw new RawError(`out of bounds: ${bytes} bytes at ${hex(at)}, which no library has`);
    return copy;
  }

  #readSome(at: bigint, copy: Uint8Array): number {
    if (at < FIRST) return 0;
    const system = systemTransfers();
    if (system !== null) return transfer(system.read, copy, at);
    copy.set(new Uint8Array(koffi().view(at, copy.length)));
    return copy.length;
  }

  write(address: number, bytes: Uint8Array): void {
    const at = toNative(address), block = this.#blockAt(at, bytes.length);
    if (block !== null) return block.bytes.set(bytes, Number(at - block.at));
    if (this.#isOurs(at, bytes.length)) throw new RawError(`a pointer of a library leads into the VM's own memory: ${hex(at)}`);
    const system = systemTransfers();
    if (at >= FIRST && system === null) return new Uint8Array(koffi().view(at, bytes.length)).set(bytes);
    if (at < FIRST || transfer(system!.write, bytes, at) < bytes.length) throw new RawError(`out of bounds: ${bytes.length} bytes at ${hex(at)}, which no library has`);
  }

  #isOurs(at: bigint, bytes: number): boolean {
    const { u8 } = this.raw.heap, start = koffi().address(u8);
    return at < start + BigInt(u8.byteLength) && at + BigInt(bytes) > start;
  }

  /** The bytes of a text up to its NUL. */
  text(at: bigint): Uint8Array {
    const pieces: Uint8Array[] = [], block = this.#blockAt(at, 1);
    if (block !== null) {
      const rest = block.bytes.subarray(Number(at - block.at)), end = rest.indexOf(0);
      return rest.slice(0, end < 0 ? rest.length : end);
    }
    for (let from = at, total = 0; total < MAX_TEXT;) {
      // To the end of a page: what is behind it may not be there.
      const piece = new Uint8Array(PAGE - Number(from % BigInt(PAGE)));
      if (this.#readSome(from, piece) < piece.length) throw new RawError(`out of bounds: a text at ${hex(at)}, which no library has`);
      const end = piece.indexOf(0);
      pieces.push(end < 0 ? piece : piece.subarray(0, end));
      if (end >= 0) break;
      from += BigInt(piece.length);
      total += piece.length;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  #blockAt(at: bigint, bytes: number): Block | null {
    for (const block of this.#blocks) if (at >= block.at && at + BigInt(bytes) <= block.at + BigInt(block.bytes.length)) return block;
    return null;
  }

  /** The address as the script knows it: its own, where a lent block is meant. */
  addressOf(at: bigint, loan: Loan | null): number { return loan?.regionAddress(at) ?? toGuest(at); }
}

/** The blocks of one call. */
export class Loan {
  readonly #mine: Block[] = [];

  constructor(readonly raw: RawMemory, readonly blocks: Set<Block>) {}

  /** What stands for an address of the script in the call: a block from there on, or the foreign address. Throws RawError. */
  lend(address: number): Uint8Array | bigint | null {
    if (address === 0) return null;
    if (isForeign(address)) return toNative(address);
    const region = this.raw.regionOf(address);
    if (region === null) {
      this.raw.check(address, 1);
      throw new RawError(`0x${address.toString(16)} cannot be given to a library`);
    }
    const offset = address - region.address, known = this.#mine.find((block) => block.region === region.address);
    if (known !== undefined) return known.bytes.subarray(offset);
    const original = this.raw.lend(region.address, region.bytes).slice(), bytes = original.slice();
    // A block without bytes has no address, and an address at the end of a region is none in it.
    if (bytes.length === 0) return null;
    const block = { region: region.address, bytes, at: koffi().address(bytes), original };
    this.#mine.push(block);
    this.blocks.add(block);
    return bytes.subarray(offset);
  }

  /** The script's address of what lies in one of the blocks, its end included. */
  regionAddress(at: bigint): number | undefined {
    const block = this.#mine.find((each) => at >= each.at && at <= each.at + BigInt(each.bytes.length));
    return block === undefined ? undefined : block.region + Number(at - block.at);
  }

  /** The call has ended: what it changed is copied back, where the region is still there. */
  end(): void {
    for (const block of this.#mine) {
      this.blocks.delete(block);
      const { region, bytes, original } = block;
      if (!this.raw.isLive(region) || this.raw.sizeOf(region) !== bytes.length) continue;
      const target = this.raw.lend(region, bytes.length);
      // What the script itself changed meanwhile, in places the library left alone, stays.
      for (let i = 0; i < bytes.length; i++) if (bytes[i] !== original[i]) target[i] = bytes[i]!;
    }
    this.#mine.length = 0;
  }
}
