// Code of programs in an image names of the library's own what compiled programs may name, and nothing else.

import { expect, test } from "vitest";
import { Arr, Closure, Global } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { textOf } from "../../heap/cells/string.ts";
import { slotsCount, slotsItem } from "../../heap/cells/slots.ts";
import { NATIVES } from "../../src/library/registry.ts";
import { mayHold, mayName } from "../../src/library/internals.ts";
import type * as Profile from "../../src/profile.ts";
import { library, root } from "../support/library.ts";

const { worldOf } = await import(/* @vite-ignore */ `${root}dist/profile.js`) as typeof Profile;
const { createVM, restoreVM, lisp } = library;

/** Restores a program that reads the global `shared`, with the constant that refers to it replaced. */
function withConstant(change: (cells: ReadonlyMap<string, number>) => { readonly hi: number; readonly lo: number }): () => void {
  const vm = createVM({ languages: [lisp] });
  vm.run("(define shared 1) (define (f) shared)", { language: "lisp" });
  const { mem } = worldOf(vm), list = mem.rootCell(Root.Globals), cells = new Map<string, number>();
  for (let i = 0; i < slotsCount(mem, list); i++) {
    const cell = mem.lo(slotsItem(list, i));
    cells.set(textOf(mem, mem.word(cell + Global.Name)), cell);
  }
  const shared = cells.get("lisp:shared")!, { hi, lo } = change(cells), first = slotsItem(list, 0), end = slotsItem(list, slotsCount(mem, list));
  for (let slot = 0; slot < mem.worldBytes / 8; slot++) {
    if (mem.hi(slot) === CellHi.Global && mem.lo(slot) === shared && (slot < first || slot >= end)) mem.setSlot(slot, hi, lo);
  }
  const image = vm.snapshot();
  return () => void restoreVM(image, { languages: [lisp] });
}

test("as it was made, it is restored", () => expect(withConstant((cells) => ({ hi: CellHi.Global, lo: cells.get("lisp:shared")! }))).not.toThrow());

test("a global of the library's own is refused", () => {
  for (const name of ["lisp:%unwind-to", "lisp:%wind-to", "lisp:%with-exit"]) {
    expect(mayName(name)).toBe(false);
    expect(withConstant((cells) => ({ hi: CellHi.Global, lo: cells.get(name)! }))).toThrow(`code that names ${name}, which no program can`);
  }
});

test("a native of the library's own is refused as a value", () => {
  const id = NATIVES.findIndex(({ name }) => name === "$construct");
  expect(mayHold("$construct")).toBe(false);
  expect(withConstant(() => ({ hi: Hi.Native, lo: id }))).toThrow("code that holds $construct, which no program can");
});

test("what an array may hold does not depend on who else refers to its items", () => {
  for (const root of [null, Root.Exception, Root.Temp7]) {
    const vm = createVM();
    vm.run('let held = ["text"]; fn f() { return 1; }');
    const { mem } = worldOf(vm), list = mem.rootCell(Root.Globals), values = new Map<string, number>();
    for (let i = 0; i < slotsCount(mem, list); i++) values.set(textOf(mem, mem.word(mem.lo(slotsItem(list, i)) + Global.Name)), (mem.lo(slotsItem(list, i)) + Global.Value) >> 3);
    const items = mem.word(mem.lo(values.get("held")!) + Arr.Data), code = mem.word(mem.lo(values.get("f")!) + Closure.Code);
    mem.setCell(slotsItem(items, 0), CellKind.Code, code);
    if (root !== null) mem.setCell(mem.rootSlot(root), CellKind.Slots, items);
    expect(() => restoreVM(vm.snapshot())).toThrow(`a cell of kind ${CellKind.Code} where none may be`);
  }
});

test("an image of a program whose tasks all wait is whole", () => {
  const vm = createVM();
  vm.run("let ch = channel(); async fn wait(from) { return from.recv(); } let t = spawn(wait, ch); join(t);");
  const again = restoreVM(vm.snapshot());
  expect(again.eval("1 + 1")).toBe(2);
  expect(again.run("let c = channel(1); c.send(5); print(c.recv());").status).toBe("done");
  again.verifyHeap();
});
