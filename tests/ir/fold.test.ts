import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { BinaryOp, Literal, Node, UnaryOp } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { foldConstants } from "../../src/ir/passes/fold.ts";
import { printNode } from "../../src/ir/print.ts";
import { TypeCode } from "../../src/ir/types.ts";
import { main } from "./samples.ts";

const n = (type: string, value: number | bigint): Literal => ({ type, value }) as Literal;
const folded = (node: Node): string => printNode(foldConstants(main(node)).main.body);
const binary = (op: BinaryOp, left: Literal, right: Literal): string => folded(b.binary(op, b.constant(left), b.constant(right)));
const unary = (op: UnaryOp, value: Literal): string => folded(b.unary(op, b.constant(value)));
const X = b.global("x"), F = b.call(b.global("f"), []);

test.each<[BinaryOp, Literal, Literal, string]>([
  ["Add", n("i32", 2), n("i32", 3), "5"],
  ["Add", n("u8", 200), n("u8", 100), "44:u8"],
  ["Add", n("i8", 127), n("i8", 1), "-128:i8"],
  ["Add", n("i32", 2147483647), n("i32", 1), "-2147483648"],
  ["Add", n("i64", 2n ** 63n - 1n), n("i64", 1n), "-9223372036854775808:i64"],
  ["Add", n("i32", -10), n("u32", 5), "4294967291:u32"],
  ["Add", n("u32", 4000000000), n("i64", 1n), "4000000001:i64"],
  ["Add", n("i32", 1), n("f64", 0.5), "1.5"],
  ["Add", n("f32", 0.5), n("i32", 1), "1.5:f32"],
  ["Add", n("f32", 0.5), n("i64", 1n), "1.5"],
  ["Sub", n("u16", 0), n("u16", 1), "65535:u16"],
  ["Mul", n("i32", 65536), n("i32", 65536), "0"],
  ["Mul", n("u64", 2n ** 63n), n("u64", 2n), "0:u64"],
  ["Div", n("i32", 6), n("i32", 2), "3.0"],
  ["Div", n("f32", 1), n("f32", 3), `${Math.fround(1 / 3)}:f32`],
  ["Div", n("f32", 1), n("i32", 4), "0.25:f32"],
  ["Div", n("i32", -10), n("u32", 5), `${4294967286 / 5}`],
  ["Mod", n("i32", -7), n("i32", 3), "-1"],
  ["Mod", n("i32", -2147483648), n("i32", -1), "0"],
  ["Mod", n("f64", -4), n("f64", 2), "-0.0"],
  ["BitAnd", n("i32", 12), n("i64", 10n), "8:i64"],
  ["BitXor", n("u8", 255), n("u8", 1), "254:u8"],
  ["Shl", n("i32", 1), n("i32", -1), "-2147483648"],
  ["Shl", n("i32", 1), n("i32", 33), "2"],
  ["Shl", n("u8", 200), n("i32", 1), "400"],
  ["Shl", n("u8", 200), n("u8", 1), "144:u8"],
  ["Shr", n("i32", -8), n("i32", 1), "-4"],
  ["Shr", n("u32", 4294967288), n("u32", 1), "2147483644:u32"],
  ["Eq", n("i32", 1), n("f64", 1), "true"],
  ["Ne", n("f64", NaN), n("f64", NaN), "true"],
  ["Eq", n("i32", 1), { type: "bool", value: true }, "false"],
  ["Eq", { type: "null" }, { type: "null" }, "true"],
  ["StrictEq", n("i32", 1), n("i64", 1n), "false"],
  ["StrictEq", n("i32", 1), n("i32", 1), "true"],
  ["Lt", n("i64", -1n), n("u64", 5n), "false"],
  ["Lt", n("f64", NaN), n("f64", 1), "false"],
  ["Ge", { type: "rune", value: 98 }, { type: "rune", value: 97 }, "true"],
])("%s of %o and %o", (op, left, right, expected) => {
  expect(binary(op, left, right)).toBe(expected);
});

test("what fails, gives NaN or concerns strings is left alone", () => {
  const left: [BinaryOp, Literal, Literal][] = [
    ["Div", n("i32", 1), n("i32", 0)], ["Div", n("f64", 1), n("f64", 0)], ["Mod", n("i32", 1), n("i32", 0)], ["Mod", n("f64", 1), n("f64", 0)],
    ["Sub", n("f64", Infinity), n("f64", Infinity)], ["Add", { type: "bool", value: true }, n("i32", 1)], ["BitOr", n("f64", 1), n("i32", 1)],
    ["Div", n("i64", 2n ** 60n), n("i64", 3n)], ["Lt", { type: "null" }, n("i32", 1)], ["Add", b.text("a").value, b.text("b").value], ["Eq", b.text("a").value, b.text("a").value],
  ];
  for (const [op, l, r] of left) expect(binary(op, l, r)).toMatch(/^\(/);
  expect(unary("Neg", n("u64", 2n ** 63n))).toMatch(/^\(/);
  expect(unary("Neg", { type: "null" })).toMatch(/^\(/);
  expect(unary("BitNot", n("f64", 1))).toMatch(/^\(/);
});

test("unary operators", () => {
  expect(unary("Neg", n("i8", -128))).toBe("-128:i8");
  expect(unary("Neg", n("u8", 200))).toBe("-200:i16");
  expect(unary("Neg", n("f64", 0))).toBe("-0.0");
  expect(unary("Neg", n("f32", 1.5))).toBe("-1.5");
  expect(unary("BitNot", n("u16", 0))).toBe("65535:u16");
  expect(unary("Inc", n("u8", 255))).toBe("0:u8");
  expect(unary("Dec", n("i64", -(2n ** 63n)))).toBe("9223372036854775807:i64");
  expect(unary("Not", n("i64", 2n ** 32n))).toBe("false");
  expect(unary("Truthy", n("f64", NaN))).toBe("true");
  expect(unary("Truthy", { type: "string", value: new Uint8Array() })).toBe("false");
  expect(folded(b.unary("Truthy", b.binary("Lt", X, b.int(1))))).toBe("(lt @x 1)");
});

test("conversions of integer constants", () => {
  expect(folded(b.convert(TypeCode.I64, b.int(5)))).toBe("5:i64");
  expect(folded(b.convert(TypeCode.F64, b.int(5)))).toBe("5.0");
  expect(folded(b.convert(TypeCode.I32, b.int(5)))).toBe("5");
  expect(folded(b.convert(TypeCode.U8, b.int(256)))).toBe("(convert u8 256)");
  expect(folded(b.convert(TypeCode.String, b.int(5)))).toBe("(convert string 5)");
  expect(folded(b.convert(TypeCode.I32, b.float(5.5)))).toBe("(convert i32 5.5)");
});

describe("control", () => {
  test("short circuits", () => {
    expect(folded(b.logic("And", b.bool(false), F))).toBe("false");
    expect(folded(b.logic("And", b.int(5), X))).toBe("(truthy @x)");
    expect(folded(b.logic("And", b.bool(true), b.int(5)))).toBe("true");
    expect(folded(b.logic("Or", X, b.int(0)))).toBe("(truthy @x)");
    expect(folded(b.logic("And", F, b.bool(false)))).toBe("(and (call @f) false)");
    expect(folded(b.logic("AndValue", b.int(0), F))).toBe("0");
    expect(folded(b.logic("OrValue", b.int(0), X))).toBe("@x");
    expect(folded(b.logic("Coalesce", b.nullNode(), X))).toBe("@x");
    expect(folded(b.logic("Coalesce", b.bool(false), X))).toBe("false");
  });

  test("branches and loops with a known test", () => {
    expect(folded(b.ifNode(b.int(0), F, X))).toBe("@x");
    expect(folded(b.ifNode(b.binary("Lt", b.int(1), b.int(2)), F, X))).toBe("(call @f)");
    expect(folded(b.ifNode(b.unary("Truthy", X), F))).toBe("(if @x (call @f) null)");
    expect(folded(b.loop(b.label("l"), b.bool(false), F))).toBe("null");
    expect(folded(b.loop(b.label("l"), b.bool(true), F))).toBe("(loop :l forever (call @f))");
  });

  test("blocks", () => {
    expect(folded(b.block([]))).toBe("null");
    expect(folded(b.block([b.int(1), b.block([b.int(2), F]), X]))).toBe("(block\n  (call @f)\n  @x)");
    expect(folded(b.block([F, b.block([])]))).toBe("(block\n  (call @f)\n  null)");
    expect(folded(b.block([b.returnNode(X), F, F]))).toBe("(return @x)");
    expect(folded(b.block([b.ifNode(X, b.throwNode(X), b.block([F, b.returnNode(X)])), F]))).toContain("(throw @x)");
    expect(folded(b.block([b.ifNode(X, b.throwNode(X), b.block([F, b.returnNode(X)])), b.global("dead")]))).not.toContain("@dead");
    expect(folded(b.block([b.ifNode(X, b.throwNode(X)), b.global("alive")]))).toContain("@alive");
    const l = b.label("l");
    expect(folded(b.loop(l, X, b.block([b.continueNode(l), b.global("dead")])))).toBe("(loop :l @x (continue :l))");
  });

  test("a variable that may be unset is still looked at", () => {
    const v = b.variable("v");
    expect(folded(b.scope([v], b.block([b.localOr(v, null), X])))).toContain("v?");
    expect(folded(b.scope([v], b.block([b.local(v), X])))).toBe("(scope (v) @x)");
  });
});

test("folding 20000 terms deep does not use up the stack, on either side of an operator nest", () => {
  const v = b.variable("v");
  let sum: Node = b.int(0), mixed: Node = b.local(v), calls: Node = b.local(v);
  for (let i = 0; i < 20_000; i++) {
    sum = b.binary("Add", sum, b.int(1));
    mixed = i % 3 === 0 ? b.logic("OrValue", mixed, b.int(i)) : b.binary(i % 2 === 0 ? "Add" : "Sub", mixed, b.int(i));
    calls = i % 2 === 0 ? b.callMethod(calls, "next", []) : b.getField(calls, "f");
  }
  expect(folded(sum)).toBe("20000");
  const program = main(b.scope([v], b.block([b.letNode(v, b.int(1)), mixed, calls])));
  expect(optimise(program, { level: 1 }).main.body.kind).toBe("Scope");
});
