// Types of C as scripts name them, and values on their way there and back. User types are structures, passed by value.

import { elementSlot, length } from "../../../heap/cells/array.ts";
import { bufferAddress } from "../../../heap/cells/buffer.ts";
import { findSlot, newObject, setField, stamp } from "../../../heap/cells/object.ts";
import { bytesOf, newString, textOf } from "../../../heap/cells/string.ts";
import { Root } from "../../../heap/roots.ts";
import { internText } from "../../../heap/symbols.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../../heap/value.ts";
import { addressOf, isPointer } from "../../library/arguments.ts";
import { TypeCode, TYPE_NAMES } from "../../ir/types.ts";
import { storePointer } from "../../vm/arithmetic.ts";
import { bigIntegerOf, storeBig } from "../../vm/integers64.ts";
import type { Store } from "../../vm/native.ts";
import { isInteger, numberOf, storeNumber } from "../../vm/numeric.ts";
import type { Vm } from "../../vm/vm.ts";
import { koffi, type NativeType } from "./koffi.ts";
import type { LentMemory, Loan } from "./memory.ts";

/** A value on its way: `where` is for messages. Throws the script's exceptions. */
export interface ForeignType {
  readonly name: string;
  /** As koffi knows it. */
  readonly native: string | NativeType;
  /** The value in a slot as koffi takes it. */
  readonly give: (vm: Vm, slot: number, loan: Loan, where: string) => unknown;
  /** What koffi gave, as a value; made at once, since what lies in a loan ends with it. */
  readonly take: (value: unknown, memory: LentMemory, loan: Loan | null) => Store;
}

const NUL = Uint8Array.of(0);
const integers: { readonly [name: string]: readonly [native: string, rank: number] } = {
  i8: ["int8_t", Rank.I8], u8: ["uint8_t", Rank.U8], i16: ["int16_t", Rank.I16], u16: ["uint16_t", Rank.U16], i32: ["int32_t", Rank.I32], u32: ["uint32_t", Rank.U32],
  i64: ["int64_t", Rank.I64], u64: ["uint64_t", Rank.U64], size_t: ["size_t", Rank.U64], usize: ["size_t", Rank.U64], isize: ["intptr_t", Rank.I64],
};
/** Bits, and whether there is a sign. */
const WIDTHS: { readonly [rank: number]: readonly [number, boolean] } = {
  [Rank.I8]: [8, true], [Rank.U8]: [8, false], [Rank.I16]: [16, true], [Rank.U16]: [16, false], [Rank.I32]: [32, true], [Rank.U32]: [32, false], [Rank.I64]: [64, true], [Rank.U64]: [64, false],
};

const integer = (name: string, native: string, rank: number): ForeignType => ({
  name, native,
  give: (vm, slot, _, where) => {
    if (vm.heap.hi(slot) === Hi.Bool) return vm.heap.lo(slot);
    if (!isInteger(numericRank(vm.heap.hi(slot)))) vm.throwError(`${where} must be an integer`);
    const [bits, hasSign] = WIDTHS[rank]!, value = hasSign ? BigInt.asIntN(bits, bigIntegerOf(vm.heap, slot)) : BigInt.asUintN(bits, bigIntegerOf(vm.heap, slot));
    return bits === 64 ? value : Number(value);
  },
  take: (value) => ({ heap }, slot) => (rank >= Rank.I64 ? storeBig(heap, slot, rank, BigInt(value as number | bigint)) : storeNumber(heap, slot, rank, value as number)),
});

const float = (name: string, native: string, rank: number): ForeignType => ({
  name, native,
  give: (vm, slot, _, where) => {
    const given = numericRank(vm.heap.hi(slot));
    return given === Rank.None ? vm.throwError(`${where} must be a number`) : numberOf(vm.heap, slot, given);
  },
  take: (value) => ({ heap }, slot) => storeNumber(heap, slot, rank, value as number),
});

const terminated = ({ heap }: Vm, slot: number): Uint8Array => Buffer.concat([bytesOf(heap, heap.lo(slot)), NUL]);

const string: ForeignType = {
  name: "string", native: "void *",
  give: (vm, slot, _, where) => {
    const hi = vm.heap.hi(slot);
    return hi === Hi.Null ? null : hi === CellHi.String ? terminated(vm, slot) : vm.throwError(`${where} must be a string`);
  },
  take: (value, memory) => {
    const bytes = value === null ? null : memory.text(value as bigint);
    return ({ heap }, slot) => (bytes === null ? heap.setNull(slot) : heap.setCell(slot, CellKind.String, newString(heap, bytes)));
  },
};

const pointer: ForeignType = {
  name: "ptr", native: "void *",
  give: (vm, slot, loan, where) => {
    const { heap } = vm, hi = heap.hi(slot);
    if (hi === Hi.Null) return null;
    if (hi === CellHi.String) return terminated(vm, slot);
    if (hi === CellHi.Buffer) return loan.lend(bufferAddress(heap, heap.lo(slot)));
    return isPointer(vm, slot) ? loan.lend(addressOf(vm, slot)) : vm.throwError(`${where} must be a ptr, a buffer, a string or null`);
  },
  take: (value, memory, loan) => {
    const address = value === null ? 0 : memory.addressOf(value as bigint, loan);
    return (vm, slot) => storePointer(vm, slot, address);
  },
};

const bool: ForeignType = {
  name: "bool", native: "bool",
  give: (vm, slot, _, where) => (vm.heap.hi(slot) === Hi.Bool ? vm.heap.lo(slot) !== 0 : isInteger(numericRank(vm.heap.hi(slot))) ? bigIntegerOf(vm.heap, slot) !== 0n : vm.throwError(`${where} must be a bool`)),
  take: (value) => ({ heap }, slot) => heap.setBool(slot, value === true),
};

export const VOID: ForeignType = { name: "void", native: "void", give: () => undefined, take: () => ({ heap }, slot) => heap.setNull(slot) };

const PLAIN: { readonly [name: string]: ForeignType } = {
  ...Object.fromEntries(Object.entries(integers).map(([name, [native, rank]]) => [name, integer(name, native, rank)])),
  f32: float("f32", "float", Rank.F32), f64: float("f64", "double", Rank.F64), bool, string, ptr: pointer, buffer: { ...pointer, name: "buffer" }, void: VOID, null: VOID,
};

/** Structures within structures, at most: a type that holds itself has no end. */
const MAX_DEPTH = 16;

/** The types of one VM by name. */
export class ForeignTypes {
  readonly #structures = new Map<string, ForeignType>();

  /** Throws the script's exception for a name that is no type of C. */
  find(vm: Vm, name: string, where: string, depth = 0): ForeignType {
    if (Object.hasOwn(PLAIN, name)) return PLAIN[name]!;
    return this.#structures.get(name) ?? this.#define(vm, name, where, depth);
  }

  #define(vm: Vm, name: string, where: string, depth: number): ForeignType {
    const fields = depth < MAX_DEPTH ? fieldsOf(vm, name) : null;
    if (fields === null || fields.length === 0) vm.throwError(`${where} has the type '${name}', which C does not have: there are i8 … u64, f32, f64, bool, ptr, string, size_t, void and types of define with typed fields`);
    const members = fields.map(({ key, type }) => ({ key, type: this.find(vm, type, `field '${key}' of '${name}'`, depth + 1) }));
    const native = koffi().struct(Object.fromEntries(members.map(({ key, type }) => [key, type.native])));
    const made: ForeignType = { name, native, give: giveStructure(name, members), take: takeStructure(name, members) };
    this.#structures.set(name, made);
    return made;
  }
}

interface Member { readonly key: string; readonly type: ForeignType }

const giveStructure = (name: string, members: readonly Member[]): ForeignType["give"] => (vm, slot, loan) => {
  const { heap } = vm;
  if (heap.hi(slot) !== CellHi.Object) vm.throwError("FFI struct conversion requires an object");
  return Object.fromEntries(members.map(({ key, type }) => {
    const field = findSlot(heap, heap.lo(slot), internText(heap, key));
    if (field === 0) vm.throwError(`FFI struct '${name}' missing required field '${key}'`);
    return [key, type.give(vm, field, loan, `field '${key}' of '${name}'`)];
  }));
};

const takeStructure = (name: string, members: readonly Member[]): ForeignType["take"] => (value, memory, loan) => {
  const stores = members.map(({ key, type }) => [key, type.take((value as { readonly [key: string]: unknown })[key], memory, loan)] as const);
  return (vm, slot) => {
    const { heap } = vm;
    heap.setCell(slot, CellKind.Object, newObject(heap, stores.length));
    for (const [key, store] of stores) {
      store(vm, slot + 1);
      setField(heap, heap.lo(slot), internText(heap, key), slot + 1);
    }
    stamp(heap, heap.lo(slot), internText(heap, name));
  };
};

/** Names and types of the fields of a user type; null when there is none, or a field has no type. See $define_type. */
function fieldsOf({ heap }: Vm, name: string): { readonly key: string; readonly type: string }[] | null {
  const types = heap.rootSlot(Root.Types), found = heap.hi(types) === CellHi.Object ? findSlot(heap, heap.lo(types), internText(heap, name)) : 0;
  const list = found === 0 ? 0 : findSlot(heap, heap.lo(found), internText(heap, "fields"));
  if (list === 0) return null;
  const fields = Array.from({ length: length(heap, heap.lo(list)) }, (_, i) => {
    const field = heap.lo(elementSlot(heap, heap.lo(list), i)), key = textOf(heap, heap.lo(elementSlot(heap, field, 0))), type = elementSlot(heap, field, 1);
    const isNamed = heap.hi(type) === CellHi.Array && heap.lo(elementSlot(heap, heap.lo(type), 0)) === TypeCode.Named;
    return { key, type: heap.hi(type) === Hi.I32 ? TYPE_NAMES[heap.lo(type)] ?? "" : isNamed ? textOf(heap, heap.lo(elementSlot(heap, heap.lo(type), 1))) : "" };
  });
  return fields.every(({ type }) => type !== "") ? fields : null;
}
