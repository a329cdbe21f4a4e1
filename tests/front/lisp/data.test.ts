// Front-end data to values of the world and back: everything survives, positions too, at any depth and under collection.

import { describe, expect, test } from "vitest";
import { Root } from "../../../heap/roots.ts";
import { type Datum, datumText, type ListDatum, Quoted } from "../../../src/front/lisp/datum.ts";
import { readAll } from "../../../src/front/lisp/reader.ts";
import { fromHeap, storeDatum, toHeap } from "../../../src/lisp-data.ts";
import { Source } from "../../../src/text/source.ts";
import { completeHost } from "../../../src/vm/host.ts";
import { Vm } from "../../../src/vm/vm.ts";
import { run } from "./support.ts";

function scratch(gcStress = 0): { vm: Vm; slot: number; id: number; read: (text: string) => Datum } {
  const vm = new Vm({ host: completeHost({}), heap: { gcStress } });
  const slot = vm.heap.rootSlot(Root.Temp2);
  const read = (text: string): Datum => {
    vm.sources[0] = new Source("t", text);
    return readAll(vm.sources[0]).forms[0]!;
  };
  return { vm, slot, id: 0, read };
}

const ALL = "(nil () #t #f 1 -5 12345678901234567890 -98765432109876543210 1/3 1.5 -0.0 1+2i 1/2-0.5i \"sé\\n\" #\\a sym :key [1 (2) []] {:a 1 :b {:c [2]}} #u8(1 255) (a . b) (a b . 5) 'q)";

describe("there and back", () => {
  test.each([0, 1])("all kinds of data, collecting at every allocation: %i", (gcStress) => {
    const { vm, slot, id, read } = scratch(gcStress), datum = read(ALL);
    toHeap(vm, datum, slot, id);
    expect(datumText(fromHeap(vm, slot)!)).toBe(datumText(datum));
    vm.heap.verify();
  });
  test("positions", () => {
    const { vm, slot, id, read } = scratch(), datum = read("\n(f (g 1) 'x)") as ListDatum;
    toHeap(vm, datum, slot, id);
    const again = fromHeap(vm, slot) as ListDatum;
    expect(again.span).toEqual(datum.span);
    expect(again.items.map(({ span, source }) => [span, source])).toEqual(datum.items.map(({ span }) => [span, 0]));
    expect((again.items[1] as ListDatum).items.map(({ span }) => span)).toEqual((datum.items[1] as ListDatum).items.map(({ span }) => span));
  });
  test("a list keeps its identity", () => {
    const { vm, slot, id, read } = scratch();
    toHeap(vm, read("(a (b c))"), slot, id);
    const other = vm.heap.rootSlot(Root.Temp3), datum = fromHeap(vm, slot) as ListDatum;
    storeDatum(vm, other, new Quoted(datum.items[1]!), id);
    expect(vm.heap.lo(other)).toBe((datum.items[1] as ListDatum).cell);
  });
  test("depth and length cost no JavaScript stack", () => {
    const { vm, slot } = scratch();
    const at = { span: { start: 0, end: 0 }, source: 0 };
    let deep: Datum = { kind: "nil", ...at };
    for (let i = 0; i < 50_000; i++) deep = i % 2 === 0 ? { kind: "list", items: [deep], tail: null, cell: 0, ...at } : { kind: "vector", items: [deep], ...at };
    toHeap(vm, deep, slot, 0);
    let depth = 0;
    for (let datum = fromHeap(vm, slot)!; datum.kind === "list" || datum.kind === "vector"; datum = datum.items[0]!) depth++;
    expect(depth).toBe(50_000);
  });
});

describe("data with cycles", () => {
  test("labels", () => {
    const { vm, slot, id, read } = scratch();
    toHeap(vm, read("#0=(a #0# . #0#)"), slot, id);
    expect(fromHeap(vm, slot)).toBeNull();
    expect(run("(let ((x '#0=(a b . #0#))) (list (car x) (cadr x) (caddr x)))")).toBe("(a b a)");
    expect(run("'(#0=(1 2) #0#)")).toBe("((1 2) (1 2))");
  });
  test("only quoted data may contain itself", () => {
    expect(run("(let ((x (list 1 2))) (set-cdr! (cdr x) x) (car (eval (list 'quote x))))")).toBe("1");
    expect(run("(let ((x (list 'list 2))) (set-cdr! (cdr x) x) (eval x))")).toContain("contain itself");
  });
  test("shared data is read once", () => {
    expect(run("(let loop ((x '(list 1)) (n 0)) (if (= n 100) 'built (loop (list 'list x x) (+ n 1))))")).toBe("built");
    expect(run("(eval (let loop ((x 1) (n 0)) (if (= n 8) x (loop (list '+ x x) (+ n 1)))))")).toBe("256");
  });
});

test("values without a text form are constants of evaluated code", () => {
  expect(run("(eval (list (lambda (x) (* x 2)) 21))")).toBe("42");
  expect(run("(let ((m (mutable-array/new))) (eval (list 'mutable-array/push! m 1)) (mutable-array/length m))")).toBe("1");
});
