// The border between host and guest: copies in either direction, with the limits of the VM, and handles for what cannot be
// copied. The simplest values take a short way: most calls carry a number or a text.

import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { runsLisp } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import type { CopyLimits } from "./copy-limits.ts";
import { CopyOut, type MakeHandle } from "./copy-out.ts";
import { GuestHandle, type Handles } from "./handles.ts";
import type { LanguageBorder } from "./language-border.ts";

export class Border {
  readonly #slotOf = (object: object): number => (object instanceof GuestHandle ? this.handles.slotOf(object) : -1);

  /** `languages`: Hemlock first, then the one with rules of calling of its own, if there is one. */
  constructor(readonly limits: CopyLimits, readonly handles: Handles, readonly languages: readonly LanguageBorder[]) {}

  /** The language whose function runs. */
  language(vm: Vm): LanguageBorder { return (runsLisp(vm) ? this.languages[1] : undefined) ?? this.languages[0]!; }

  /** The language that has the value in a slot, or `otherwise`. */
  ownerOf(vm: Vm, slot: number, otherwise = this.languages[0]!): LanguageBorder {
    return this.languages.find((each) => each.owns(vm, slot)) ?? otherwise;
  }

  /** A copy of the value in a slot that the collector sees; `stand`: what stands for a part that cannot be copied, a handle if not given. */
  read(vm: Vm, slot: number, limits = this.limits, stand: MakeHandle = (at) => this.handles.make(at)): unknown {
    const { heap } = vm;
    if (heap.hi(slot) === CellHi.String) return textOf(heap, heap.lo(slot));
    return new CopyOut(vm, limits, stand).read(slot);
  }

  /**
   * Makes a copy in a slot, as values of the language that runs, unless another is given. `scratch`: two slots. The collector
   * must see all three. Throws CopyError, or GUEST_THROW when memory runs out.
   */
  write(vm: Vm, dst: number, value: unknown, scratch: number, language = this.language(vm)): void {
    if (typeof value === "string") return vm.heap.setCell(dst, CellKind.String, newStringFromText(vm.heap, value));
    language.write(vm, dst, value, scratch, this.limits, this.#slotOf);
  }
}
