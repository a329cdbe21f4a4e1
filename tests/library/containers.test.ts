// Array and object methods, and free() on containers.

import { describe, expect, test } from "vitest";
import { Rank } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { ScratchVm, f64, i32, num, rune, type Value } from "../vm/scratch-vm.ts";

const scratch = new ScratchVm();
const call = (name: string, ...values: readonly Value[]): unknown => scratch.call(name, ...values);

describe("arrays", () => {
  const abc: Value = ["a", "b", "c"];
  test.each<[string, readonly Value[], unknown]>([
    ["pop", [abc], "c"], ["pop", [[]], null], ["shift", [abc], "a"], ["shift", [[]], null], ["push", [abc, i32(1)], null], ["unshift", [abc, i32(1)], null],
    ["insert", [abc, i32(4), i32(1)], "throws insert index 4 out of bounds (length 3)"], ["insert", [abc, i32(3), i32(1)], null], ["insert", [abc, "x", i32(1)], "throws insert() index must be an integer"],
    ["remove", [abc, i32(1)], "b"], ["remove", [abc, i32(3)], "throws remove index 3 out of bounds (length 3)"], ["find", [abc, "b"], 1], ["find", [[i32(1)], f64(1)], -1],
    ["find", [[f64(1), i32(1)], i32(1)], 1], ["contains", [[rune("a")], rune("a")], true], ["contains", [[num(Rank.I64, 2n ** 60n)], num(Rank.I64, 2n ** 60n)], true], ["contains", [[null], null], true],
    ["slice", [abc, i32(1), i32(9)], ["b", "c"]], ["slice", [abc, i32(-5), i32(1)], ["a"]], ["slice", [abc, i32(2), i32(1)], []], ["slice", [abc, i32(2)], "throws slice() expects 2 arguments (start, end)"],
    ["join", [["a", i32(1), f64(2.5), null, true, [i32(1)], rune("a"), num(Rank.I64, 5n), num(Rank.U32, 4000000000)], "-"], "a-1-2.5-null-true-[object]-[object]-[object]-4000000000"],
    ["join", [[], ","], ""], ["join", [abc, i32(1)], "throws join() delimiter must be a string"], ["concat", [abc, ["d"]], ["a", "b", "c", "d"]], ["concat", [abc, i32(5)], "throws concat() argument must be an array"],
    ["reverse", [abc], null], ["first", [abc], "a"], ["last", [abc], "c"], ["first", [[]], null], ["last", [[]], null], ["clear", [abc], null], ["pop", [abc, i32(1)], "throws pop() expects no arguments"],
  ])("%s %#", (name, values, expected) => { expect(call(`array.${name}`, ...values)).toEqual(expected); });

  test("a random sequence of changes follows a JavaScript array", () => {
    const random = new Random(21), small = new ScratchVm({ gcStress: 7, verify: true }), { vm, base } = small, model: number[] = [];
    small.put(base, []);
    const run = (name: string, ...values: number[]): unknown => {
      vm.heap.copySlot(base + 2, base);
      return small.callOn(`array.${name}`, base + 2, values.map(i32));
    };
    for (let i = 0; i < 600; i++) {
      const at = random.below(model.length + 1), value = random.below(100);
      switch (random.below(7)) {
        case 0: case 1: run("push", value); model.push(value); break;
        case 2: expect(run("pop")).toBe(model.pop() ?? null); break;
        case 3: run("unshift", value); model.unshift(value); break;
        case 4: run("insert", at, value); model.splice(at, 0, value); break;
        case 5: if (at < model.length) expect(run("remove", at)).toBe(model.splice(at, 1)[0]); break;
        case 6: run("reverse"); model.reverse(); break;
      }
      expect(small.read(base)).toEqual(model);
    }
  });
});

describe("objects", () => {
  const object: Value = { fields: [["a", i32(1)], ["b", null]] };
  test.each<[string, readonly Value[], unknown]>([
    ["keys", [object], ["a", "b"]], ["keys", [{ fields: [] }], []], ["has", [object, "b"], true], ["has", [object, "never a key"], false], ["delete", [object, "a"], true], ["delete", [object, "z"], false],
    ["has", [object, i32(1)], "throws has() key must be a string"], ["delete", [object, i32(1)], "throws delete() key must be a string"], ["has", [object], "throws has() expects 1 argument (key)"],
  ])("%s %#", (name, values, expected) => { expect(call(`object.${name}`, ...values)).toEqual(expected); });

  test("free empties, and only once", () => {
    const { vm, base } = scratch;
    for (const [value, kind, empty] of [[["a"], "array", []], [object, "object", {}]] as const) {
      scratch.reset();
      scratch.put(base, value);
      const free = (): unknown => {
        vm.heap.copySlot(base + 4, base);
        return scratch.callOn("free", base + 2, [], 1);
      };
      expect(free()).toBe(null);
      expect(scratch.read(base)).toEqual(empty);
      expect(free()).toBe(`fatal double free detected on ${kind}`);
    }
  });
});
