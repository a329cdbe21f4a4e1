// Handles, globals and calls of guest functions.

import { describe, expect, test } from "vitest";
import { createVM, HandleError, ScriptError, type GuestHandle } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";

describe("handles", () => {
  test("refer to a value that scripts go on changing", () => {
    const vm = createVM(), handle = vm.handle("let list = [1, 2]; list");
    vm.run("list.push(3);");
    expect(handle.toJS()).toEqual([1, 2, 3]);
    expect(handle.type).toBe("array");
    expect(handle.get(2)).toBe(3);
    expect(handle.get(3)).toBeUndefined();
    handle.set(0, { deep: true });
    expect(vm.eval("list[0].deep")).toBe(true);
    expect(() => handle.set(9, 1)).toThrow(RangeError);
    handle.release();
  });

  test("reach into objects and maps", () => {
    const vm = createVM({ languages: [lisp] }), object = vm.handle("let o = { a: 1 }; o"), map = vm.handle('(hash-map :a 1 "b" 2 3 4)', { language: "lisp" });
    object.set("b", [2]);
    expect([object.get("a"), object.get("b"), object.get("c"), object.get("__proto__")]).toEqual([1, [2], undefined, undefined]);
    expect([map.get("a"), map.get("b"), map.get(3), map.get("c")]).toEqual([1, 2, 4, undefined]);
    expect(() => map.set("a", 2)).toThrow(/no parts that can be changed of a value of type map/);
    expect(() => vm.handle("5").get("a")).toThrow(TypeError);
  });

  test("keep their values alive, and only as long", () => {
    const vm = createVM({ gcStress: 1, verifyHeap: true, poison: true }), handle = vm.handle("let a = [1, [2]]; a");
    vm.run("a = null;");
    vm.collect();
    expect(handle.toJS()).toEqual([1, [2]]);
    const before = vm.stats().liveBytes;
    handle.release();
    vm.collect();
    expect(vm.stats().liveBytes).toBeLessThan(before);
  });

  test("are of no use after release, in another VM, or when their place was taken", () => {
    const vm = createVM(), first = vm.handle("[1]"), other = createVM();
    first.release();
    first.release();
    expect(first.isLive).toBe(false);
    for (const use of [() => first.toJS(), () => first.get(0), () => first.set(0, 1), () => first.call(), () => first.type, () => vm.call(first), () => vm.globals.set("x", first)]) {
      expect(use).toThrow(HandleError);
      expect(use).toThrow("this handle was released");
    }
    const second = vm.handle("[2]");
    expect(() => first.toJS()).toThrow(HandleError);
    expect(second.toJS()).toEqual([2]);
    expect(() => other.globals.set("x", second)).toThrow("this handle belongs to another VM");
  });

  test("pass values back without a copy", () => {
    const vm = createVM(), list = vm.handle("let list = [1]; list");
    vm.globals.set("same", { inner: list });
    vm.run("same.inner.push(2);");
    expect(list.toJS()).toEqual([1, 2]);
  });

  test("are released with their scope", async () => {
    const vm = createVM();
    let kept: GuestHandle | null = null;
    expect(vm.scope(() => { kept = vm.handle("[1]"); vm.handle("(fn() { return 1; })"); return vm.handles.count; })).toBe(2);
    expect(vm.handles.count).toBe(0);
    expect(kept!.isLive).toBe(false);
    expect(() => vm.scope(() => { vm.handle("[1]"); throw new Error("out"); })).toThrow("out");
    await vm.scope(async () => { vm.handle("[1]"); await Promise.resolve(); expect(vm.handles.count).toBe(1); });
    expect(vm.handles.count).toBe(0);
  });

  test("have a report of leaks", () => {
    const vm = createVM({ trackHandles: true });
    vm.handle("[1]");
    vm.eval("(fn() { return 1; })");
    const [list, fn] = vm.handles.report();
    expect(list).toMatchObject({ type: "array" });
    expect(fn).toMatchObject({ type: "function" });
    expect(list!.site).toMatch(/handles\.test\.ts/);
    expect(createVM().handles.report()).toEqual([]);
  });

  test("dispose of themselves where the host can", () => {
    const dispose = (Symbol as { dispose?: symbol }).dispose;
    if (dispose === undefined) return;
    const vm = createVM(), handle = vm.handle("[1]");
    (handle as unknown as Record<symbol, () => void>)[dispose]!();
    expect(handle.isLive).toBe(false);
  });
});

describe("globals", () => {
  test.each(["hemlock", "lisp"] as const)("of %s", (language) => {
    const vm = createVM({ languages: [lisp], globals: { limit: 5, names: ["a"] } }), globals = vm.globalsOf(language), isLisp = language === "lisp";
    expect(vm.eval(isLisp ? "(list limit (car names))" : "[limit, names[0]]", { language })).toEqual([5, "a"]);
    expect(globals.has("limit")).toBe(true);
    globals.set("limit", 6);
    expect(vm.eval(isLisp ? "(+ limit 1)" : "limit + 1", { language })).toBe(7);
    expect(globals.names()).toContain("limit");
    expect(globals.names().filter((name) => /^[$%]|:/.test(name))).toEqual([]);
    expect(globals.delete("limit")).toBe(true);
    expect(globals.delete("limit")).toBe(false);
    expect(globals.get("limit")).toBeUndefined();
    expect(vm.run(isLisp ? "limit" : "limit;", { language }).status).toBe("error");
    expect(() => globals.handle("limit")).toThrow(RangeError);
  });

  test("of a program stay there to be read", () => {
    const vm = createVM();
    vm.run("let total = 0; fn add(n) { total = total + n; return total; }");
    expect(vm.call("add", 5)).toBe(5);
    expect(vm.call("add", 6)).toBe(11);
    expect(vm.globals.get("total")).toBe(11);
  });
});

describe("calls", () => {
  test("of functions of Hemlock, with optional and rest parameters", () => {
    const vm = createVM();
    vm.run("fn f(a, b?: 10, ...rest) { return [a, b, rest.length]; }");
    expect(vm.call("f", 1)).toEqual([1, 10, 0]);
    expect(vm.call("f", 1, 2, 3, 4)).toEqual([1, 2, 2]);
    expect(() => vm.call("f")).toThrow(ScriptError);
    expect(vm.handle("(fn(x) { return x * 2; })").call(21)).toBe(42);
  });

  test("of functions of Lisp, and of what else can be called there", () => {
    const vm = createVM({ languages: [lisp] }), globals = vm.globalsOf("lisp");
    vm.run("(define (f a . rest) (list a rest)) (define p (make-parameter 3))", { language: "lisp" });
    expect(vm.call(globals.handle("f"), 1, { a: 2 })).toEqual([1, [{ a: 2 }]]);
    expect(globals.handle("car").call([7])).toBe(7);
    expect(globals.handle("p").call()).toBe(3);
    expect(vm.handle(":a", { language: "lisp" }).call({ a: 9 })).toBe(9);
    vm.run("(define (waits) (await (async/spawn (lambda () (async/sleep 5) :done))))", { language: "lisp" });
    expect(globals.handle("waits").call()).toBe("done");
    expect(globals.handle("waits").call()).toBe("done");
  });

  test("of natives and of what is no function", () => {
    const vm = createVM();
    vm.globals.set("n", 5);
    expect(vm.handle("sqrt").call(16)).toBe(4);
    expect(() => vm.call("n")).toThrow(/must be a function/);
    expect(() => vm.call("missing")).toThrow(RangeError);
    expect(() => vm.handle("sqrt").call(...new Array<number>(300).fill(1))).toThrow(/at most 250 arguments/);
  });

  test("with what cannot be copied leave the VM as it was", () => {
    const vm = createVM();
    vm.run("fn f(x) { return x; }");
    expect(() => vm.call("f", [1, Symbol("x")])).toThrow(/value\[1\]: a symbol/);
    expect(vm.call("f", 3)).toBe(3);
    vm.verifyHeap();
  });

  test("under collection at every allocation", () => {
    const vm = createVM({ gcStress: 1, poison: true, languages: [lisp], functions: { echo: (x: unknown) => x } });
    vm.run("fn f(x, y) { return echo({ x: x, y: [y, echo(y)] }); }");
    expect(vm.call("f", { a: ["text"] }, new Uint8Array([1]))).toEqual({ x: { a: ["text"] }, y: [new Uint8Array([1]), new Uint8Array([1])] });
    vm.run("(define (g x) (echo {:x x :y (echo (list x \"t\"))}))", { language: "lisp" });
    expect(vm.globalsOf("lisp").handle("g").call([1, { k: "v" }])).toEqual({ x: [1, { k: "v" }], y: [[1, { k: "v" }], "t"] });
  });
});
