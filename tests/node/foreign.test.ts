// Functions of native libraries. Those of libc and libm are there on any Linux; a library of our own needs a C compiler.

import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OUTSIDE_LATER } from "../../src/library/unavailable.ts";
import type { SystemGrant } from "../../src/node.ts";
import { library, type VmOptions } from "../support/library.ts";

const { nodeSystem } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");

const OPTIONS: readonly (readonly [string, VmOptions])[] = [["vm", {}], ["vm, collecting at every allocation", { gcStress: 1, poison: true }], ["vm, compiled loop", { loop: "wasm" }], ["vm, always marking", { gcStep: 1, verifyHeap: true }]];
const hasKoffi = ((): boolean => { try { return createRequire(import.meta.url)("koffi") !== null; } catch { return false; } })();
const canCall = process.platform === "linux" && hasKoffi, canBuild = canCall && spawnSync("gcc", ["--version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "boxelder-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(text: string, options: VmOptions = {}, grants: readonly SystemGrant[] = ["foreign", "clock"]): Promise<string> {
  let output = "";
  const system = nodeSystem(grants, { folder });
  const vm = library.createVM({ ...options, system, host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
  try {
    const result = await vm.runAsync(text);
    vm.verifyHeap();
    return result.status === "done" ? output : `${output}${result.kind}: ${result.message}`;
  } finally {
    system.close!();
  }
}
const attempts = (...calls: string[]): string => calls.map((call) => `try { print(${call}); } catch (e) { print(e); }`).join("\n");

describe.runIf(canCall).each(OPTIONS)("functions of libc and libm with %s", (_, options) => {
  test("numbers and texts", async () => {
    expect(await run(`import "libm.so.6"; extern fn cbrt(x: f64): f64; extern fn fabsf(x: f32): f32; import "libc.so.6"; extern fn abs(n: i32): i32; extern fn strlen(s: string): size_t; extern fn llabs(n: i64): i64;
      extern fn getenv(name: string): string; extern fn toupper(c: i32): i32; extern fn srand(seed: u32);
      print([cbrt(27), fabsf(-1.5), abs(-7), strlen("h\\u{e9}"), typeof(strlen("")), llabs(-9000000000), toupper(97), getenv("no such variable"), srand(1), typeof(abs)]);`, options)).toBe(
      "[3, 1.5, 7, 3, u64, 9000000000, 65, null, null, builtin]\n");
  });

  test("memory of the script is lent for the call", async () => {
    expect(await run(`import "libc.so.6"; extern fn memset(p: ptr, c: i32, n: usize): ptr; extern fn memchr(p: ptr, c: i32, n: usize): ptr; extern fn strtol(s: string, end: ptr, base: i32): i64; extern fn memcmp(a: ptr, b: ptr, n: usize): i32;
      let p = alloc(8); print(memset(p + 2, 7, 3) == p + 2); print([ptr_deref_u8(p), ptr_deref_u8(p + 2), ptr_deref_u8(p + 4), ptr_deref_u8(p + 5)]); ptr_write_u8(p + 6, 9); print(memchr(p, 9, 8) == p + 6); print(memchr(p, 99, 8) == null);
      let b = buffer(4); memset(b, 65, 3); print(b.to_string().byte_length); print(memcmp(b, "AAA", 3)); memset(buffer_ptr(b), 66, 2); print([b[0], b[2]]); print(strtol("12x", null, 10)); free(p); ${attempts("memset(p, 0, 1)", "memset(5, 0, 1)")}`, options)).toBe(
      "true\n[0, 7, 7, 0]\ntrue\ntrue\n3\n0\n[66, 65]\n12\nuse after free: 1 byte at 0x10000, freed region of 8 bytes\nargument 1 of FFI function 'memset' must be a ptr, a buffer, a string or null\n");
  });

  test("memory of libraries is read and written where there is any", async () => {
    expect(await run(`import "libc.so.6"; extern fn strdup(s: string): ptr; extern fn strlen(p: ptr): i32; let give_back = ffi_bind(ffi_open("libc.so.6"), "free", ["ptr"]);
      let p = strdup("hello"); print(__cstr_to_string(p)); ptr_write_u8(p, 72); p[1] = 69; print([p[0], ptr_deref_u8(ptr_offset(p, 4, 1)), strlen(p + 2)]); print(ptr_to_buffer(p, 5).to_string());
      let q = alloc(8); memcpy(q, p, 6); print(__cstr_to_string(q)); memset(q, 120, 2); memcpy(p, q, 2); print(__cstr_to_string(p)); ptr_write_ptr(q, p + 1); memset(p, 65, 1);
      ${attempts("ptr_deref_i32(ptr_offset(p, 1 << 30, 4096))", "ptr_write_i64(ptr_offset(p, 1 << 30, 4096), 1)", "free(p)")} give_back(p);`, options)).toMatch(
      /^hello\n\[72, 111, 3\]\nHEllo\nHEllo\nxxllo\nout of bounds: 4 bytes at 0x\w+, which no library has\nout of bounds: 8 bytes at 0x\w+, which no library has\nfree of 0x8\w+, which was never allocated\n$/);
  });

  test("callbacks", async () => {
    expect(await run(`import "libc.so.6"; extern fn qsort(base: ptr, n: usize, size: usize, f: ptr); extern fn bsearch(key: ptr, base: ptr, n: usize, size: usize, f: ptr): ptr;
      let calls = 0; fn compare(a: ptr, b: ptr): i32 { calls = calls + 1; return ptr_deref_i32(a) - ptr_deref_i32(b); }
      let f = callback(compare, ["ptr", "ptr"], "i32"); let p = alloc(40); for (let i = 0; i < 10; i++) { ptr_write_i32(p + 4 * i, (i * 7) % 10); }
      qsort(p, 10, 4, f); let all = []; for (let i = 0; i < 10; i++) { all.push(ptr_deref_i32(p + 4 * i)); } print(all); print(calls > 9);
      let key = alloc(4); ptr_write_i32(key, 4); print(bsearch(key, p, 10, 4, f) == p + 16);
      async fn sort(x) { let q = alloc(8); ptr_write_i32(q, x); ptr_write_i32(q + 4, 1); qsort(q, 2, 4, f); return ptr_deref_i32(q + 4); } let a = spawn(sort, 5); let b = spawn(sort, 6); print([join(a), join(b)]);
      callback_free(f); ${attempts("callback_free(f)")}`, options)).toBe("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\ntrue\ntrue\n[5, 6]\ncallback_free(): pointer is not a valid callback\n");
  });
});

describe.runIf(canCall)("what goes wrong in a callback", () => {
  const start = (body: string, type = ": i32"): string => `import "libc.so.6"; extern fn bsearch(key: ptr, base: ptr, n: usize, size: usize, f: ptr): ptr; let p = alloc(8);
    fn f(a: ptr, b: ptr)${type} { ${body} } let c = callback(f, ["ptr", "ptr"], "i32"); try { bsearch(p, p, 2, 4, c); print("no"); } catch (e) { print(e); } print("on");`;

  test.each([
    ["an exception", `throw "so it is";`, "so it is\non\n"],
    ["waiting", "let ch = channel(1); ch.recv(); return 1;", "a callback must not wait: its answer is needed at once\non\n"],
    ["a result of another kind", `return "x";`, "the result of a callback must be an integer\non\n", ""],
    ["the end of the program", `panic("over");`, "panic: over"],
    ["a script that never ends", "loop { } return 1;", "outOfFuel: the script used up its fuel: cancelled at its step limit"],
  ])("%s", async (_, body, expected, type?: string) => {
    expect(await run(start(body, type), { fuel: 100_000 })).toBe(expected);
  });
});

test.runIf(canCall)("wrong uses are refused by name", async () => {
  expect(await run(`${attempts(`ffi_bind(null, "f", [])`, `ffi_open("no-such-library.so")`, `ffi_open("../x.so")`, `ffi_open("")`, `ffi_close(77)`, `callback()`, `callback(1, [])`, `callback(print, [])`)}
    import "libc.so.6"; extern fn abs(n: i32): i32; extern fn no_such_function(); extern fn odd(x: array): i32; extern fn typed(x: Nothing): i32; define Loose { x } extern fn loose(x: Loose): i32; define Pair { x: i32, y: i32 } extern fn pair(x: Pair): i32;
    fn f(x) { return x; }
    ${attempts(`abs()`, `abs(1, 2)`, `abs("1")`, `no_such_function()`, `odd([])`, `typed(1)`, `loose(1)`, `ffi_bind(5, "f", [])`, `ffi_bind(null, 1, [])`, `ffi_bind(null, "f", 1)`, `ffi_bind(null, "f", [1])`, `ffi_bind(null, "f", [], 1)`, `ffi_bind()`,
    `callback(f)`, `callback(f, 1)`, `callback(f, [1])`, `callback(f, [], 1)`, `callback(f, ["nothing"])`, `callback_free()`, `callback_free(1)`, `callback_free(alloc(4))`)}`)).toMatchInlineSnapshot(`
      "No library imported before extern declaration
      Failed to load library 'no-such-library.so': Failed to load shared library: cannot open shared object file: No such file or directory
      FFI security error: Library path contains directory traversal (..) (path: ../x.so)
      FFI security error: Empty library path (path: )
      ffi_close() argument must be a library that ffi_open() gave
      callback() expects 2-3 arguments (fn, param_types, [return_type])
      callback() first argument must be a function
      callback() first argument must be a function
      FFI function 'abs' expects 1 arguments, got 0
      FFI function 'abs' expects 1 arguments, got 2
      argument 1 of FFI function 'abs' must be an integer
      FFI function 'no_such_function' not found in 'libc.so.6': Cannot find function 'no_such_function' in shared library
      parameter 1 of FFI function 'odd' has the type 'array', which C does not have: there are i8 … u64, f32, f64, bool, ptr, string, size_t, void and types of define with typed fields
      parameter 1 of FFI function 'typed' has the type 'Nothing', which C does not have: there are i8 … u64, f32, f64, bool, ptr, string, size_t, void and types of define with typed fields
      parameter 1 of FFI function 'loose' has the type 'Loose', which C does not have: there are i8 … u64, f32, f64, bool, ptr, string, size_t, void and types of define with typed fields
      ffi_bind() first argument must be a library that ffi_open() gave
      ffi_bind() name must be a string
      ffi_bind() param_types must be an array of type names
      ffi_bind() param_types must be an array of type names
      ffi_bind() return_type must be a type name
      ffi_bind() expects 3-4 arguments (library, name, param_types, return_type?)
      callback() expects 2-3 arguments (fn, param_types, [return_type])
      callback() second argument must be an array of type names
      callback() param_types must contain type name strings
      callback() return_type must be a type name string
      callback() parameter 1 has the type 'nothing', which C does not have: there are i8 … u64, f32, f64, bool, ptr, string, size_t, void and types of define with typed fields
      callback_free() expects 1 argument (ptr)
      callback_free() argument must be a ptr returned by callback()
      callback_free(): pointer is not a valid callback
      "
    `);
});

test.runIf(canBuild).each(OPTIONS)("structures by value, in a library of our own, with %s", async (name, options) => {
  writeFileSync(join(folder, "pairs.c"), `
    typedef struct { double x, y; } Point; typedef struct { signed char a; short b; int c; long long d; float e; _Bool f; } Mixed; typedef struct { Point from, to; const char *label; } Line;
    Point add(Point a, Point b) { return (Point){ a.x + b.x, a.y + b.y }; }
    long long sum(Mixed m) { return m.a + m.b + m.c + m.d + (int)m.e + m.f; }
    Mixed mixed(int n) { return (Mixed){ -n, -n, n, n * 10000000000LL, n + 0.5f, 1 }; }
    Line reversed(Line l) { return (Line){ l.to, l.from, l.label }; }
    int twice(int (*f)(int, const char *), int x) { return f(f(x, "first"), "second"); }
    Point moved(Point (*f)(Point), Point p) { return f(p); }
    void fill(int *p, int n) { for (int i = 0; i < n; i++) p[i] = i * i; }
    static int kept[4] = { 1, 2, 3, 4 }; int *table(void) { return kept; } unsigned char octet(void) { return 200; } unsigned long long big(void) { return ~0ULL; }`);
  execFileSync("gcc", ["-shared", "-fPIC", "-o", join(folder, `pairs-${OPTIONS.findIndex(([each]) => each === name)}.so`), join(folder, "pairs.c")]);
  expect(await run(`define Point { x: f64, y: f64 } define Mixed { a: i8, b: i16, c: i32, d: i64, e: f32, f: bool } define Line { from: Point, to: Point, label: string }
    import "./pairs-${OPTIONS.findIndex(([each]) => each === name)}.so"; extern fn add(a: Point, b: Point): Point; extern fn sum(m: Mixed): i64; extern fn mixed(n: i32): Mixed; extern fn reversed(l: Line): Line; extern fn twice(f: ptr, x: i32): i32;
    extern fn moved(f: ptr, p: Point): Point; extern fn fill(p: ptr, n: i32); extern fn table(): ptr; extern fn octet(): u8; extern fn big(): u64;
    let p = add({ x: 1, y: 2.5 }, { x: 3, y: 4, extra: 1 }); print([p.x, p.y, typeof(p)]); let m = mixed(3); print([m.a, m.b, m.c, m.d, m.e, m.f, typeof(m.a), typeof(m.d)]); print(sum(m));
    let l = reversed({ from: { x: 1, y: 2 }, to: { x: 3, y: 4 }, label: "ab" }); print([l.from.x, l.to.y]); ${attempts("add({ x: 1 }, p)", "add(1, p)", `sum({ a: "x", b: 1, c: 1, d: 1, e: 1, f: true })`)}
    fn g(n: i32, s: string): i32 { print(s); return n * 3; } let c = callback(g, ["i32", "string"], "i32"); print(twice(c, 5)); callback_free(c);
    fn h(p) { return { x: p.y, y: p.x }; } let d = callback(h, ["Point"], "Point"); print(moved(d, { x: 1, y: 2 }).x); callback_free(d);
    let b = buffer(16); fill(b, 4); print(ptr_deref_i32(buffer_ptr(b) + 12)); let t = table(); print(ptr_deref_i32(t + 8)); ptr_write_i32(t + 8, 33); print(ptr_deref_i32(table() + 8)); print([octet(), big()]);`, options)).toBe(
    "[4, 6.5, Point]\n[-3, -3, 3, 30000000000, 3.5, true, i8, i64]\n30000000001\n[3, 2]\nFFI struct 'Point' missing required field 'y'\nFFI struct conversion requires an object\nfield 'a' of 'Mixed' must be an integer\nfirst\nsecond\n45\n2\n9\n3\n33\n[200, 18446744073709551615]\n");
});

test("without the capability there are none, and the core refuses addresses that are not its own", async () => {
  for (const [capability, names] of Object.entries(OUTSIDE_LATER)) {
    for (const name of names.split(" ").filter((each) => !each.startsWith("$"))) expect(await run(`${name}();`, {}, [])).toBe(`uncaught: '${name}' needs the ${capability} capability, which this VM was not given`);
  }
  expect(await run(`import "libc.so.6";`, {}, [])).toBe("uncaught: 'ffi_open' needs the foreign function capability, which this VM was not given");
  expect(await run(`extern fn f();`, {}, [])).toBe("uncaught: 'ffi_bind' needs the foreign function capability, which this VM was not given");
  expect(await run(`let p = ptr_offset(ptr_null(), 1 << 24, 1 << 23); ${attempts("ptr_deref_i32(p)", "ptr_write_u8(p, 1)")}`, {}, [])).toMatch(/^(?:out of bounds: 0x8\w+ was never allocated\n){2}$/);
});

test.runIf(canCall)("a program that goes on from an image has to bind its functions again", async () => {
  const system = nodeSystem(["foreign"]), vm = library.createVM({ system });
  expect(vm.run(`import "libc.so.6"; extern fn abs(n: i32): i32; abs(-1);`, { repl: true })).toEqual({ status: "done", value: "1" });
  const second = library.restoreVM(vm.snapshot(), { system: nodeSystem(["foreign"]) });
  expect(second.run("abs(-1);")).toMatchObject({ kind: "uncaught", message: "this FFI function belongs to a program that went on from an image: bind it again" });
});

test.runIf(canCall)("a program that imports a library can be kept as bytecode, and goes on from an image", () => {
  const text = 'import "libc.so.6"; extern fn abs(n: i32): i32; let n = abs(-7); let i = 0; while (i < 100) { i++; } n + i;';
  const system = nodeSystem(["foreign", "clock"], { folder });
  try {
    const bytes = library.createVM({ system }).compile(text).toBytes(), vm = library.createVM({ system, fuel: 50 });
    expect(vm.run(vm.load(bytes))).toMatchObject({ kind: "outOfFuel" });
    expect(library.restoreVM(vm.snapshot(), { system }).resume(1000)).toEqual({ status: "done", value: "107" });
  } finally {
    system.close!();
  }
});
