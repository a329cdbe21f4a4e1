// A set of values by `equal?` on the JS side, for natives that look for repetitions. It holds slots, which must stay as they
// are while it is in use.

import { equal } from "../../../../heap/equality.ts";
import { hashValue } from "../../../../heap/hashing.ts";
import type { Vm } from "../../../vm/vm.ts";

interface Member { readonly slot: number; /** Times the value was added. */ count: number }

export class ValueSet {
  readonly #vm: Vm;
  readonly #buckets = new Map<number, Member[]>();
  /** In the order of first addition. */
  readonly members: Member[] = [];

  constructor(vm: Vm) { this.#vm = vm; }

  find(slot: number): Member | null { return this.#search(slot, hashValue(this.#vm.heap, slot)); }

  #search(slot: number, hash: number): Member | null {
    const heap = this.#vm.heap;
    return this.#buckets.get(hash)?.find((member) => equal(heap, member.slot, slot)) ?? null;
  }

  /** Adds the value in the slot; answers how often it is in the set now. */
  add(slot: number): number {
    const hash = hashValue(this.#vm.heap, slot), known = this.#search(slot, hash);
    this.#vm.chargeFuel(16);
    if (known !== null) return ++known.count;
    const member = { slot, count: 1 }, bucket = this.#buckets.get(hash);
    if (bucket === undefined) this.#buckets.set(hash, [member]);
    else bucket.push(member);
    this.members.push(member);
    return 1;
  }
}

/** The set of the values in the slots. */
export function setOf(vm: Vm, slots: readonly number[]): ValueSet {
  const set = new ValueSet(vm);
  for (const slot of slots) set.add(slot);
  return set;
}
