// Advice for uncaught conditions.

import { expect, test } from "vitest";
import { Root } from "../../../heap/roots.ts";
import { conditionText } from "../../../src/library/lisp/conditions.ts";
import { hintOf } from "../../../src/library/lisp/hints.ts";
import { MiniLisp } from "../../vm/mini-lisp.ts";

/** Text and hint of the condition the program ends with. */
function uncaught(text: string): [string | null, string | null] {
  const machine = new MiniLisp();
  expect(machine.run(text)).toMatch(/^throws/);
  const slot = machine.vm.heap.rootSlot(Root.Exception);
  return [conditionText(machine.vm, slot), hintOf(machine.vm, slot)];
}

test.each([
  ["(5)", "Eval error: not callable: 5 (int)", "expected a function, lambda, or keyword"],
  ["(consx 1 2)", "Unbound variable: consx", "Did you mean 'cons'?"],
  ["(setq 1 2)", "Unbound variable: setq", "use set!"],
  ["(zzzzzzzzzzzz)", "Unbound variable: zzzzzzzzzzzz", null],
  ["(quotient 1 0)", "Eval error: quotient: division by zero", "test the divisor first, or divide by a float to get inf"],
  ["(+ 1 \"a\")", "Type error: expected number or string, got int and string", "use str to make text of several values"],
  ["(:a '(1))", "Type error: expected map or hashmap, got list", "use nth for elements of lists and vectors"],
  ["(car 5)", "Type error: expected list or vector, got int", null],
])("%s", (text, shown, hint) => expect(uncaught(text)).toEqual([shown, hint]));

test("a value that is no condition has neither", () => {
  const machine = new MiniLisp();
  machine.run("(%throw 5)");
  expect(hintOf(machine.vm, machine.vm.heap.rootSlot(Root.Exception))).toBe(null);
  expect(conditionText(machine.vm, machine.vm.heap.rootSlot(Root.Exception))).toBe(null);
});
