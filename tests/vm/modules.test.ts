// Modules of Hemlock over a loader in memory, on both engines.

import { describe, expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";

const FILES: { readonly [path: string]: string } = {
  "/counter": `print("counter runs"); let count = 0; export fn next() { count += 1; return count; } export const step = 1; let hidden = "seen";`,
  "/shapes": `
    import { next as following } from "/counter";
    export define Point { x: i32, y: i32 }
    export enum Side { Left, Right }
    export fn point(x) { let p: Point = { x: x, y: following() }; return p; }
    export { step as stride } from "/counter";
    let local = 5;
    export { local };`,
  "/ref": `export fn bump(ref n) { n = n + 1; }`,
  "/throws": `export let a = 1; throw "halfway";`,
  "/late": `import { b } from "/early"; export fn a() { return b; }`,
  "/early": `import { a } from "/late"; export let b = 1;`,
  "/wrong": `let = ;`,
  "/shadow": `let print = 3; export fn get() { return print; }`,
  "/names": `export fn missing() { return nowhere; } export fn fails() { return missing(); }`,
};

function run(text: string, options: VmOptions = {}, files = FILES): { readonly output: string; readonly error: string } {
  let output = "";
  const vm = library.createVM({
    ...options, host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } },
    modules: { resolve: (request) => (request in files ? request : null), read: (path) => files[path] ?? null },
  });
  const result = vm.run(text, { name: "/main" });
  vm.verifyHeap();
  const first = result.status === "error" ? result.diagnostics[0] : undefined;
  return { output, error: result.status === "done" ? "" : first === undefined ? result.message : `${first.source.name}: ${first.message}` };
}

const OPTIONS: readonly VmOptions[] = [{}, { loop: "wasm" }, { gcStress: 1, poison: true }, { engine: library.tree }, { optimise: 0, peephole: false }];

describe.each(OPTIONS.map((options) => [JSON.stringify(options), options] as const))("modules with %s", (_, options) => {
  const outputOf = (text: string): string => {
    const { output, error } = run(text, options);
    expect(error).toBe("");
    return output;
  };

  test("run once, dependencies first, before the first statement", () => {
    expect(outputOf(`print("main"); import { point } from "/shapes"; import { next } from "/counter"; print(next());`)).toBe("counter runs\nmain\n1\n");
  });

  test("named imports, also under other names, and names that are not exported", () => {
    expect(outputOf(`import { next, next as other, hidden } from "/counter"; next(); print(other()); print(hidden);`)).toBe("counter runs\n2\nseen\n");
  });

  test("everything, as names or as an object", () => {
    expect(outputOf(`import * from "/shapes"; print(point(7).y); print(stride); print(local); print(Side.Right);`)).toBe("counter runs\n1\n1\n5\n1\n");
    expect(outputOf(`import * as s from "/shapes"; print(s.point(7).x); print(s.keys());`)).toBe("counter runs\n7\n[Side, point, stride, local]\n");
  });

  test("types need no import and may be named in one", () => {
    expect(outputOf(`import { point, Point } from "/shapes"; let p: Point = { x: 1, y: 2 }; print(typeof(p)); print(typeof(point(1)));`)).toBe("counter runs\nPoint\nPoint\n");
  });

  test("names of modules do not clash with those of others or of the library", () => {
    expect(outputOf(`import { get } from "/shadow"; let count = 50; let hidden = 1; print(get()); print(count);`)).toBe("3\n50\n");
  });

  test("by-reference parameters across files", () => {
    expect(outputOf(`import { bump } from "/ref"; let n = 1; bump(n); print(n);`)).toBe("2\n");
  });

  test("imported names are constants, copies of the value at the import", () => {
    expect(run(`import { step } from "/counter"; step = 2;`, options).error).toBe("Cannot assign to const variable 'step'");
    expect(run(`import { step } from "/counter"; import { stride as step } from "/shapes";`, options).error).toBe("Variable 'step' already defined in this scope");
  });

  test("names that are not there", () => {
    expect(run(`print("main"); import { nothing } from "/counter";`, options)).toEqual({ output: "counter runs\nmain\n", error: "Undefined variable 'nothing'" });
    expect(run(`import { fails } from "/names"; fails();`, options).error).toBe("Undefined variable 'nowhere'");
  });

  test("a module that fails fails the program", () => {
    expect(run(`import { a } from "/throws"; print(a);`, options)).toEqual({ output: "", error: "halfway" });
  });
});

describe("what cannot be loaded runs nothing", () => {
  test.each([
    [`print(1); import { a } from "/nowhere";`, "/main: cannot find the module '/nowhere'"],
    [`print(1); import { a } from "/late";`, "/early: circular import: /late -> /early -> /late"],
    [`print(1); import { a } from "/wrong";`, "/wrong: expected a variable name"],
  ])("%s", (text, error) => {
    expect(run(text)).toMatchObject({ output: "", error: expect.stringContaining(error) as string });
  });

  test("a module that asks for the script that asked for it", () => {
    expect(run(`import { a } from "/b";`, {}, { "/b": `import { c } from "/main";`, "/main": `import { a } from "/b";` }).error).toContain("circular import: /main -> /b -> /main");
  });

  test("without a loader", () => {
    const result = library.createVM().run(`import { a } from "/b";`);
    expect(result).toMatchObject({ status: "error", kind: "syntax", message: "cannot find the module '/b'" });
  });

  test("a long chain of files", () => {
    const resolve = (request: string): string => request, read = (path: string): string => `import { a } from "${path}x";`;
    expect(library.createVM({ modules: { resolve, read } }).run(`import { a } from "x";`)).toMatchObject({ status: "error", kind: "syntax", message: "modules are nested too deeply" });
  });
});

test("a session loads a module once, and again after it failed", () => {
  let broken = true, reads = 0, output = "";
  const vm = library.createVM({
    host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } },
    modules: { resolve: (request) => request, read: (path) => { reads++; return path === "ok" ? `export let n = 1;` : broken ? `print("tries"); throw "no";` : `export let m = 2;`; } },
  });
  const input = (text: string): string => vm.run(text, { repl: true }).status;
  expect([input(`import { n } from "ok";`), input(`import { n as again } from "ok";`), input("print(n + again);")]).toEqual(["done", "done", "done"]);
  expect(reads).toBe(1);
  expect([input(`import { m } from "bad";`), input(`import { m } from "bad";`)]).toEqual(["error", "error"]);
  broken = false;
  expect([input(`import { m } from "bad";`), input("print(m);")]).toEqual(["done", "done"]);
  expect(output).toBe("2\ntries\ntries\n2\n");
});
