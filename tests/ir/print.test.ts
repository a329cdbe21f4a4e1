import { expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { printLiteral } from "../../src/ir/literals.ts";
import { printNode, printProgram } from "../../src/ir/print.ts";
import { golden } from "../support/golden.ts";
import { ackermann, everyKind, firstAbove, fizzbuzz, main } from "./samples.ts";

test.each([["ackermann", ackermann], ["fizzbuzz", fizzbuzz], ["first-above", firstAbove]] as const)("%s", (name, build) => {
  golden(`ir/${name}`, printProgram(optimise(build(), { level: 1 })));
});

test("every kind has a form", () => {
  golden("ir/every-kind", printProgram(optimise(everyKind(), { level: 0 })));
});

test("variables and labels of one name are told apart by order of appearance", () => {
  const x1 = b.variable("x"), x2 = b.variable("x"), l1 = b.label("l"), l2 = b.label("l");
  const body = b.loop(l1, null, b.scope([x1], b.loop(l2, null, b.scope([x2], b.block([b.local(x2), b.local(x1), b.breakNode(l2), b.breakNode(l1)])))));
  const text = printNode(body);
  expect(text).toContain("x.2\n");
  expect(text).toContain("(break :l.2)");
  expect(text).toContain("(break :l)");
});

test("flags of declarations", () => {
  const copied = b.variable("copied"), boxed = b.variable("boxed"), set = b.variable("set");
  const inner = b.functionNode("f", [], b.array([b.local(copied), b.local(boxed)]));
  const text = printProgram(optimise(main(b.scope([copied, boxed, set], b.block([
    b.letNode(copied, b.int(1)), b.letNode(boxed, b.int(2)), b.letNode(set, b.int(3)), b.setLocal(set, inner), b.setLocal(boxed, b.int(4)),
  ]))), { level: 1 }));
  expect(text).toContain("(scope (copied/captured boxed/boxed/set set/set)");
  expect(text).toContain("(captures copied boxed)");
});

test("literals", () => {
  expect(printLiteral({ type: "f64", value: 3 })).toBe("3.0");
  expect(printLiteral({ type: "f64", value: -0 })).toBe("-0.0");
  expect(printLiteral({ type: "f64", value: 1e21 })).toBe("1e+21");
  expect(printLiteral({ type: "f32", value: 1.5 })).toBe("1.5:f32");
  expect(printLiteral({ type: "u64", value: 2n ** 64n - 1n })).toBe("18446744073709551615:u64");
  expect(printLiteral({ type: "string", value: Uint8Array.of(0x61, 0xff, 0x22) })).toBe('"a\\xff\\x22"');
  expect(printLiteral({ type: "rune", value: 0x1f600 })).toBe("'\\u{1f600}'");
});
