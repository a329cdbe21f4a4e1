// Raw memory that remembers: leaks, where things come from in errors, bytes that were never written.

import { describe, expect, test } from "vitest";
import { library, type BoxelderVm, type VmOptions } from "../support/library.ts";

const machine = (options: VmOptions = {}): BoxelderVm => library.createVM({ checkLeaks: true, ...options });
const messageOf = (vm: BoxelderVm, text: string): string => {
  const result = vm.run(text, { name: "m.hml" });
  return result.status === "error" ? result.message : `value ${result.value}`;
};

describe("leaks", () => {
  const TEXT = "fn make(n) {\n  return alloc(n);\n}\nlet kept = [make(16), make(8)];\nlet b = buffer(4);\nlet freed = make(100); free(freed); free(b);\nfn lose() { buffer(50); }\nlose(); lose();\nlet again = realloc(kept[1], 24);";

  test.each<[string, VmOptions]>([["plain", {}], ["collecting all the time", { gcStress: 1 }], ["compiled loop", { loop: "wasm" }], ["tree", { engine: library.tree }]])("%s", (_, options) => {
    const vm = machine(options);
    expect(vm.run(TEXT, { name: "m.hml" }).status).toBe("done");
    vm.collect();
    const found = vm.rawLeaks().map(({ regions, bytes, trace }) => [regions, bytes, ...trace.map(({ name, line }) => `${name}:${line}`)]);
    expect(found).toEqual([[1, 50, "lose:7", "<main>:8"], [1, 50, "lose:7", "<main>:8"], [1, 24, "<main>:9"], [1, 16, "make:2", "<main>:4"]]);
  });

  test("none without the option", () => {
    const vm = library.createVM();
    vm.run(TEXT);
    expect(vm.rawLeaks()).toEqual([]);
  });

  test("a VM that goes on from an image knows what was there, not where it came from", () => {
    const vm = machine();
    vm.run("let p = alloc(10);");
    const later = library.restoreVM(vm.snapshot(), { checkLeaks: true, checkUninitialised: true });
    expect(later.rawLeaks()).toEqual([{ regions: 1, bytes: 10, trace: [] }]);
    expect(messageOf(later, "ptr_deref_i32(ptr_offset(p, 2, 4));")).toBe("out of bounds: 4 bytes at offset 8 of a region of 10 bytes (allocated before this VM went on)");
    expect(messageOf(later, "let z = ptr_deref_i32(p); z;")).toBe("value 0");
    later.run("free(p);");
    expect(later.rawLeaks()).toEqual([]);
  });
});

describe("errors say where memory was allocated and freed", () => {
  test.each([
    ["let p = alloc(4);\nfree(p);\nptr_deref_i32(p);", "use after free: 4 bytes at 0x10000, freed region of 4 bytes (allocated at m.hml:1:9 in <main>, freed at m.hml:2:1 in <main>)"],
    ["let p = alloc(4);\nfree(p);\nfree(p);", "double free of pointer 0x10000 (allocated at m.hml:1:9 in <main>, freed at m.hml:2:1 in <main>)"],
    ["let p = alloc(4);\nptr_write_i64(p, 1);", "out of bounds: 8 bytes at offset 0 of a region of 4 bytes (allocated at m.hml:1:9 in <main>)"],
    ["let b = buffer(4);\nfree(b);\nfree(b);", "double free detected on buffer (allocated at m.hml:1:9 in <main>, freed at m.hml:2:1 in <main>)"],
    ["free(ptr_offset(alloc(40), 1, 16));", "free of 0x10010, which is not the start of its region (allocated at m.hml:1:17 in <main>)"],
    ["ptr_deref_i32(ptr_offset(ptr_null(), 99, 99));", "out of bounds: 4 bytes at 0x2649, which was never allocated"],
  ])("%j", (text, message) => { expect(messageOf(machine(), text)).toBe(message); });
});

describe("bytes that were never written", () => {
  const run = (text: string, sites = false): string => messageOf(library.createVM({ checkUninitialised: true, checkLeaks: sites }), text);

  test("are an error to read, with the place", () => {
    expect(run("let p = alloc(8);\nptr_write_i32(p, 1);\nptr_deref_i64(p);")).toBe("uninitialised read: the byte at offset 4 of a region of 8 bytes was never written");
    expect(run("let p = alloc(8);\nptr_deref_u8(p);", true)).toBe("uninitialised read: the byte at offset 0 of a region of 8 bytes was never written (allocated at m.hml:1:9 in <main>)");
    expect(run("let p = alloc(3); __cstr_to_string(p);")).toContain("uninitialised read");
    expect(run("let p = alloc(3); p[1];")).toContain("uninitialised read: the byte at offset 1");
  });

  test("stay so where they are copied to, and in a region that is used again", () => {
    expect(run("let p = alloc(8); let q = alloc(8); ptr_write_i32(p, 7); memcpy(q, p, 8); ptr_deref_i32(q);")).toBe("value 7");
    expect(run("let p = alloc(8); let q = alloc(8); memset(q, 1, 8); memcpy(q, p, 8); ptr_deref_i32(q);")).toContain("uninitialised read");
    expect(run("let p = alloc(4); ptr_write_i32(p, 7); let q = realloc(p, 8); ptr_deref_i32(q);")).toBe("value 7");
    expect(run("let p = alloc(4); ptr_write_i32(p, 7); let q = realloc(p, 8); ptr_deref_i32(ptr_offset(q, 1, 4));")).toContain("uninitialised read: the byte at offset 4 of a region of 8 bytes");
    expect(run("for (let i = 0; i < 100; i++) { let p = alloc(60000); memset(p, 1, 60000); free(p); } let q = alloc(60000); q[0];")).toContain("uninitialised read");
  });

  test("buffers, texts and what was set are written", () => {
    expect(run("let b = buffer(8); b[3];")).toBe("value 0");
    expect(run("let p = alloc(8); memset(p, 3, 8); ptr_deref_u8(p);")).toBe("value 3");
    expect(run("__cstr_to_string(__string_to_cstr(\"text\"));")).toBe("value text");
    expect(run("let b = buffer(4); ptr_to_buffer(buffer_ptr(b), 4)[1];")).toBe("value 0");
  });
});
