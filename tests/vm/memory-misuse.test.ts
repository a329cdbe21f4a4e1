// Checked memory, kind by kind of misuse: each is an error that says what happened, stands where it happened, can be caught,
// and comes with what to do about it. On both engines, and while the heap is collected all the time.

import { describe, expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";

const WAYS: readonly (readonly [string, VmOptions])[] = [
  ["vm", {}], ["compiled loop", { loop: "wasm" }], ["collecting at every allocation", { gcStress: 1, poison: true }], ["tree", { engine: library.tree }],
];
const WIDTHS: { readonly [type: string]: number } = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, f32: 4, f64: 8, ptr: 8 };
const plural = (bytes: number): string => (bytes === 1 ? "1 byte" : `${bytes} bytes`);

/** What is done, in one line behind three others; what is said; what to do begins so. */
type Case = readonly [text: string, message: string, hint: string];
const SIZES = "sizes are in bytes", ALIVE = "a pointer means nothing once", NULL = "give the pointer memory first";
const BEFORE = "let p = alloc(16); memset(p, 7, 16);\nlet gone = alloc(24); free(gone);\nlet b = buffer(10);\n";

const widths = Object.entries(WIDTHS).flatMap(([type, bytes]): Case[] => {
  const value = type === "ptr" ? "null" : "1";
  const at = (pointer: string, said: string, hint: string): Case[] => [[`ptr_deref_${type}(${pointer});`, said, hint], [`ptr_write_${type}(${pointer}, ${value});`, said, hint]];
  return [
    ...at("ptr_offset(p, 16, 1)", `out of bounds: ${plural(bytes)} at offset 16 of a region of 16 bytes`, SIZES),
    ...at("gone", `use after free: ${plural(bytes)} at 0x10020, freed region of 24 bytes`, ALIVE),
    ...at("ptr_offset(p, -1, 1)", `out of bounds: ${plural(bytes)} at 0xffff, which was never allocated`, SIZES),
    ...(bytes === 1 ? [] : at(`ptr_offset(p, ${17 - bytes}, 1)`, `out of bounds: ${plural(bytes)} at offset ${17 - bytes} of a region of 16 bytes`, SIZES)),
  ];
});

const OTHERS: readonly Case[] = [
  ["p[16];", "out of bounds: 1 byte at offset 16 of a region of 16 bytes", SIZES],
  ["p[16] = 1;", "out of bounds: 1 byte at offset 16 of a region of 16 bytes", SIZES],
  ["(p + 16)[0];", "out of bounds: 1 byte at offset 16 of a region of 16 bytes", SIZES],
  ["(p - 1)[0] = 1;", "out of bounds: 1 byte at 0xffff, which was never allocated", SIZES],
  ["(gone + 3)[0];", "use after free: 1 byte at 0x10023, freed region of 24 bytes", ALIVE],
  ["buffer_ptr(b)[10];", "out of bounds: 1 byte at offset 10 of a region of 10 bytes", SIZES],
  ["memset(p, 0, 17);", "out of bounds: 17 bytes at offset 0 of a region of 16 bytes", SIZES],
  ["memset(gone, 0, 1);", "use after free: 1 byte at 0x10020, freed region of 24 bytes", ALIVE],
  ["memset(ptr_null(), 0, 1);", "null pointer access", NULL],
  ["memcpy(p, buffer_ptr(b), 11);", "out of bounds: 11 bytes at offset 0 of a region of 10 bytes", SIZES],
  ["memcpy(buffer_ptr(b), p, 11);", "out of bounds: 11 bytes at offset 0 of a region of 10 bytes", SIZES],
  ["memcpy(p, gone, 4);", "use after free: 4 bytes at 0x10020, freed region of 24 bytes", ALIVE],
  ["memcpy(ptr_null(), p, 4);", "null pointer access", NULL],
  ["ptr_to_buffer(p, 17);", "out of bounds: 17 bytes at offset 0 of a region of 16 bytes", SIZES],
  ["atomic_add_i64(ptr_offset(p, 9, 1), 1);", "out of bounds: 8 bytes at offset 9 of a region of 16 bytes", SIZES],
  ["__read_u64(gone);", "use after free: 8 bytes at 0x10020, freed region of 24 bytes", ALIVE],
  ["__cstr_to_string(p);", "out of bounds: 1 byte at offset 16 of a region of 16 bytes", SIZES],
  ["realloc(gone, 4);", "realloc of 0x10020, which is freed", "only what alloc()"],
  ["realloc(p + 16, 4);", "realloc of 0x10010, which is not the start of its region", "realloc() takes what alloc() gave"],
  ["realloc(p + 4, 4);", "realloc of 0x10004, which is not the start of its region", "realloc() takes what alloc() gave"],
  ["free(gone);", "double free of pointer 0x10020", "one owner should free"],
  ["free(gone + 16);", "free of 0x10030, inside a freed region", "only what alloc()"],
  ["free(ptr_offset(alloc(40), 1, 16));", "free of 0x10060, which is not the start of its region", "free() takes what alloc() gave"],
  ["free(p + 3);", "free of 0x10003, which is not the start of its region", "free() takes what alloc() gave"],
  ["free(ptr_offset(ptr_null(), 5, 1));", "free of 0x5, which was never allocated", "only what alloc()"],
  ["let q = realloc(p, 64); free(q); q[0];", "use after free: 1 byte at 0x10050, freed region of 64 bytes", ALIVE],
];

describe.each(WAYS)("misuse, %s", (_, options) => {
  test.each([...widths, ...OTHERS])("%s", (text, message, hint) => {
    const vm = library.createVM(options), result = vm.run(`${BEFORE}${text}`, { name: "m.hml" });
    expect(result).toMatchObject({ status: "error", kind: "uncaught", message, hint: expect.stringMatching(`^${hint.replace(/[()]/g, "\\$&")}`), span: { file: "m.hml", line: 4 } });
    expect(library.createVM(options).run(`${BEFORE}let said = ""; try { ${text} } catch (e) { said = e; } said;`)).toMatchObject({ status: "done", value: message });
    vm.verifyHeap();
  });
});

test("buffers and arrays have bounds of their own, containers are freed once", () => {
  const said = (text: string): unknown => library.createVM().run(`${BEFORE}${text}`);
  expect(said("b[10];")).toMatchObject({ kind: "uncaught", message: "Buffer index 10 out of bounds (length 10)" });
  expect(said("b[-1] = 1;")).toMatchObject({ kind: "uncaught", message: "Buffer index -1 out of bounds (length 10)" });
  expect(said("free(b); b[0];")).toMatchObject({ status: "error" });
  for (const kind of ["[1]", "{ a: 1 }", "buffer(4)"]) expect(said(`let c = ${kind}; free(c); free(c);`)).toMatchObject({ kind: "fatal", message: expect.stringMatching(/^double free detected on (?:array|object|buffer)/) });
  expect(said("free(null); free(ptr_null());")).toMatchObject({ status: "done" });
});

test("with the option, the message has the places and the hint need not ask for them", () => {
  const run = (options: VmOptions, text: string): unknown => library.createVM(options).run(text, { name: "m.hml" });
  expect(run({}, "let p = alloc(4);\nfree(p);\np[0];")).toMatchObject({ hint: expect.stringContaining("run with --check-leaks") });
  const found = run({ checkLeaks: true }, "let p = alloc(4);\nfree(p);\np[0];");
  expect(found).toMatchObject({ message: expect.stringContaining("(allocated at m.hml:1:9 in <main>, freed at m.hml:2:1 in <main>)"), hint: expect.not.stringContaining("--check-leaks") });
  expect(run({ checkUninitialised: true }, "let p = alloc(4);\np[2];")).toMatchObject({ message: expect.stringContaining("uninitialised read: the byte at offset 2"), hint: expect.stringContaining("memset(p, 0, size)"), span: { line: 2 } });
});
