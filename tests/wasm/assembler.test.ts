// The assembler: integers of variable length, jumps by nesting depth, and modules that an engine accepts and runs.

import { describe, expect, test } from "vitest";
import { block, encodeBody, F64, f64, get, i32, I32, i64, I64, jump, jumpIf, jumpTable, Label, loadF64, loadI32, loadI64, loadU8, loop, select, set, storeF64, storeI32, storeI64, tee, Type, when, type Code } from "../../src/wasm/assembler.ts";
import { signed, signed64, unsigned } from "../../src/wasm/leb128.ts";
import { encodeModule } from "../../src/wasm/module.ts";
import { platform } from "../../src/wasm/platform.ts";
import { Random } from "../support/random.ts";

/** Reads a LEB128 integer back, by its definition. */
function decode(bytes: readonly number[], isSigned: boolean): bigint {
  const value = bytes.reduce((sum, byte, i) => sum | (BigInt(byte & 127) << BigInt(7 * i)), 0n);
  return isSigned ? BigInt.asIntN(7 * bytes.length, value) : value;
}

describe("integers of variable length", () => {
  test("have the bytes of the specification's examples", () => {
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    expect([signed(63), signed(64), signed(-64), signed(-65)]).toEqual([[63], [0xc0, 0], [0x40], [0xbf, 0x7f]]);
  });

  test("can be read back", () => {
    const random = new Random(1);
    const edges = [0, 1, -1, 127, 128, -128, 2 ** 31 - 1, -(2 ** 31)];
    for (const value of [...edges, ...Array.from({ length: 200 }, () => random.below(2 ** 31) - 2 ** 30)]) {
      expect(decode(unsigned(value), false)).toBe(BigInt(value >>> 0));
      expect(decode(signed(value), true)).toBe(BigInt(value));
      const wide = BigInt(value) * 0x2345_6789n;
      expect(decode(signed64(wide), true)).toBe(wide);
    }
    expect(decode(signed64(-(2n ** 63n)), true)).toBe(-(2n ** 63n));
  });
});

/** The function with one i32 parameter that has this body, and the bytes of its memory. */
function build(body: Code, locals: readonly Type[] = []): { call: (x: number) => number; memory: Uint8Array } {
  const { Module, Memory, Instance } = platform()!;
  const memory = new Memory({ initial: 1 });
  const module = new Module(encodeModule([{ name: "f", params: [Type.I32], results: [Type.I32], locals, body }]));
  const { exports } = new Instance(module, { env: { memory } });
  return { call: (exports as { f: (x: number) => number }).f, memory: new Uint8Array(memory.buffer) };
}

describe("functions", () => {
  test("compute", () => {
    const { call } = build(I32.add(I32.mul(get(0), i32(3)), i32(-70_000)));
    expect([call(0), call(100_000), call(-1)]).toEqual([-70_000, 230_000, -70_003]);
  });

  test("jump out of blocks, by name", () => {
    const outer = new Label(), inner = new Label();
    const { call } = build([block(outer, block(inner, jumpIf(I32.eqz(get(0)), outer), jumpIf(I32.eq(get(0), i32(1)), inner), set(0, i32(30)), jump(outer)), set(0, i32(20))), get(0)]);
    expect([call(0), call(1), call(2)]).toEqual([0, 20, 30]);
  });

  test("jump within an if", () => {
    const out = new Label();
    const { call } = build([block(out, when(get(0), [set(0, i32(7)), jump(out)], set(0, i32(8))), set(0, I32.add(get(0), i32(1)))), get(0)]);
    expect([call(5), call(0)]).toEqual([7, 9]);
  });

  test("loop", () => {
    const again = new Label();
    const { call } = build([loop(again, set(1, I32.add(get(1), get(0))), jumpIf(tee(0, I32.sub(get(0), i32(1))), again)), get(1)], [Type.I32]);
    expect(call(100)).toBe(5050);
  });

  test("choose from a table", () => {
    const labels = [new Label(), new Label()], rest = new Label();
    const code = [block(rest, block(labels[1]!, block(labels[0]!, jumpTable(get(0), [labels[0]!, labels[1]!, labels[0]!], rest)), set(0, i32(100)), jump(rest)), set(0, i32(101))), get(0)];
    const { call } = build(code);
    expect([call(0), call(1), call(2), call(3), call(-1)]).toEqual([100, 101, 100, 3, -1]);
  });

  test("select", () => expect(build(select(i32(1), i32(2), get(0))).call(5)).toBe(1));

  test("read and write memory at an offset", () => {
    const { call, memory } = build([
      storeI32(get(0), 4, i32(0x01020304)), storeI64(get(0), 8, I64.or(I64.extendI32U(loadI32(get(0), 4)), i64(5n << 32n))),
      storeF64(get(0), 300, F64.sqrt(f64(2.25))), storeI32(get(0), 0, I32.eqz(F64.eq(loadF64(get(0), 300), f64(1.5)))),
      I32.add(loadU8(get(0), 5), I32.wrapI64(I64.shrU(loadI64(get(0), 8), i64(32n)))),
    ]);
    expect(call(16)).toBe(3 + 5);
    expect([...memory.subarray(16, 32)]).toEqual([0, 0, 0, 0, 4, 3, 2, 1, 4, 3, 2, 1, 5, 0, 0, 0]);
  });

  test("may contain pieces made on demand", () => expect(build(() => I32.add(get(0), () => i32(1))).call(1)).toBe(2));

  test("cannot jump to where they are not", () => expect(() => encodeBody(jump(new Label()))).toThrow(RangeError));
});
