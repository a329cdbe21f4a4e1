// Functions of the host: how scripts call them, what is checked, what becomes of errors on either side.

import { describe, expect, test } from "vitest";
import { createVM, hostFunction, restoreVM, VmBusyError, type BoxelderVm, type HostFunctions, type RunFailure, type VmOptions } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";
import { ScriptError } from "../../src/embed/results.ts";

const withFunctions = (functions: HostFunctions, more: VmOptions = {}): BoxelderVm => createVM({ functions, languages: [lisp], ...more });

describe.each(["hemlock", "lisp"] as const)("a host function in %s", (language) => {
  const isLisp = language === "lisp";
  const call = (hemlock: string, lisp: string): string => (isLisp ? lisp : hemlock);

  test("takes and gives numbers", () => {
    const vm = withFunctions({ add: (a: number, b: number) => a + b });
    expect(vm.eval(call("add(1, 2)", "(add 1 2)"), { language })).toBe(3);
    expect(vm.eval(call("add(1.5, 2)", "(add 1.5 2)"), { language })).toBe(3.5);
    expect(vm.eval(call("add(2147483647, 1)", "(add 2147483647 1)"), { language })).toBe(2147483648);
  });

  test("takes and gives data", () => {
    const seen: unknown[] = [];
    const vm = withFunctions({ echo: (value: unknown) => { seen.push(value); return value; } });
    expect(vm.eval(call('echo({ a: [1, "x", null, true], b: 2.5 })', '(echo {:a (list 1 "x" nil #t) :b 2.5})'), { language })).toEqual({ a: [1, "x", null, true], b: 2.5 });
    expect(seen).toEqual([{ a: [1, "x", null, true], b: 2.5 }]);
  });

  test("is a value like any other", () => {
    const vm = withFunctions({ twice: (x: number) => 2 * x });
    expect(vm.eval(call("let f = twice; [f(4), apply(twice, [5])]", "(let ((f twice)) (list (f 4) (apply twice (list 5))))"), { language })).toEqual([8, 10]);
    if (isLisp) expect(vm.eval("(map twice (list 1 2))", { language })).toEqual([2, 4]);
  });

  test("has its arguments counted and checked", () => {
    const vm = withFunctions({ read: hostFunction({ params: ["path: string", "limit?: integer"], returns: "string" }, (path: string, limit?: number) => `${path}:${limit ?? "-"}`) });
    const message = (text: string): string => (vm.run(text, { language }) as RunFailure).message;
    expect(vm.eval(call('read("a")', '(read "a")'), { language })).toBe("a:-");
    expect(vm.eval(call('read("a", 5)', '(read "a" 5)'), { language })).toBe("a:5");
    expect(vm.eval(call('read("a", null)', '(read "a" nil)'), { language })).toBe("a:-");
    expect(message(call("read();", "(read)"))).toBe(call("read() expects 1-2 arguments", "Arity error: read expects 1 or 2 arguments, got 0"));
    expect(message(call("read(5);", "(read 5)"))).toBe(call("read() expects a string as argument 1 (path), got i32", "Type error: read argument 1 expected a string, got int"));
    expect(message(call('read("a", 1.5);', '(read "a" 1.5)'))).toBe(call("read() expects an integer as argument 2 (limit), got f64", "Type error: read argument 2 expected an integer, got float"));
  });

  test("fails as an exception that has the message only", () => {
    const error = new TypeError("no such thing");
    const vm = withFunctions({ fail() { throw error; } });
    expect(vm.eval(call('let r = ""; try { fail(); } catch (e) { r = e; } r', "(try (fail) (catch e (:message e)))"), { language })).toBe("no such thing");
    const failure = vm.run(call("fail();", "(fail)"), { language }) as RunFailure;
    expect(failure).toMatchObject({ status: "error", kind: "uncaught", cause: error, span: { file: "<script>", line: 1, column: 1 } });
    expect(failure.message).toMatch(/no such thing$/);
    expect(JSON.stringify(failure.exception)).not.toMatch(/\.ts/);
  });

  test("that throws what is no error at all still gives a message", () => {
    for (const [thrown, message] of [[undefined, "the host function failed"], ["text", "text"], [{ get message(): string { throw new Error("trap"); } }, "the host function failed"], [null, "the host function failed"]] as const) {
      const vm = withFunctions({ fail() { throw thrown; } });
      expect((vm.run(call("fail();", "(fail)"), { language }) as RunFailure).message).toMatch(new RegExp(`${message}$`));
    }
  });

  test("cannot run the VM that called it", () => {
    const vm: BoxelderVm = withFunctions({ again: () => vm.run("1"), callBack: (f: { call(): unknown }) => f.call() });
    expect((vm.run(call("again();", "(again)"), { language }) as RunFailure).cause).toBeInstanceOf(VmBusyError);
    expect((vm.run(call("callBack(fn() { return 1; });", "(callBack (lambda () 1))"), { language }) as RunFailure).cause).toBeInstanceOf(VmBusyError);
    expect(vm.eval(call("1 + 1", "(+ 1 1)"), { language })).toBe(2);
  });

  test("belongs to a name space", () => {
    const vm = withFunctions({ files: { read: (path: string) => `text of ${path}`, deep: { er: () => 7 } } });
    expect(vm.eval(call('files.read("a") + files.deep.er()', '(list (files/read "a") (files/deep/er))'), { language })).toEqual(isLisp ? ["text of a", 7] : "text of a7");
  });

  test("breaks its promise about the result", () => {
    const vm = withFunctions({ wrong: hostFunction({ params: [], returns: "string" }, () => 5), worse: () => () => 1 });
    expect((vm.run(call("wrong();", "(wrong)"), { language }) as RunFailure).message).toMatch(/host function 'wrong' returned number where it promises a string$/);
    expect((vm.run(call("worse();", "(worse)"), { language }) as RunFailure).message).toMatch(/a function cannot be copied/);
  });

  test("works on both loops", () => {
    for (const loop of ["js", "wasm"] as const) {
      const vm = withFunctions({ next: (x: number) => x + 1 }, { loop });
      expect(vm.eval(call("let s = 0; for (let i = 0; i < 1000; i++) { s = next(s); } s", "(let loop ((i 0) (s 0)) (if (= i 1000) s (loop (+ i 1) (next s))))"), { language })).toBe(1000);
    }
  });
});

test("declarations are checked when they are made", () => {
  const declare = (params: readonly string[]) => () => hostFunction({ params }, function given() {});
  expect(declare(["x: nonsense"])).toThrow(/host function 'given': 'x: nonsense' is no parameter/);
  expect(declare(["a?: any", "b: any"])).toThrow(/may not come before/);
  expect(declare(["...a: any", "b: any"])).toThrow(/may not come before/);
  expect(declare(["a: number", "b?: string", "...c: any"])).not.toThrow();
  expect(() => createVM({ functions: { "a b": () => 1 } })).toThrow(/'a b' is no name/);
  expect(() => createVM({ functions: { x: 5 as never } })).toThrow(/'x' is neither a function nor an object/);
  expect(() => createVM({ functions: { get x(): () => number { return () => 1; } } })).toThrow(/accessor/);
});

test("a host function stands in front of the library's function of its name", () => {
  const vm = withFunctions({ print: (value: unknown) => `said ${String(value)}` });
  expect(vm.eval("print(1)")).toBe("said 1");
});

test("a script may define the name anew", () => {
  expect(withFunctions({ ask: () => 1 }).eval("fn ask() { return 2; } ask()")).toBe(2);
});

test("functions may be added later", () => {
  const vm = createVM();
  vm.globals.set("now", () => 12);
  expect(vm.eval("now()")).toBe(12);
  vm.globals.set("now", () => 13);
  expect(vm.eval("now()")).toBe(13);
});

test("eval throws a ScriptError with the failure and its cause", () => {
  const error = new Error("inner"), vm = withFunctions({ fail() { throw error; } });
  try {
    vm.eval("fail()", { name: "a.hml" });
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ScriptError);
    expect((thrown as ScriptError).cause).toBe(error);
    expect((thrown as ScriptError).message).toBe("inner (a.hml:1:1)");
    expect((thrown as ScriptError).failure.trace).toMatchObject([{ name: "<main>", line: 1 }]);
  }
});

test("a failure has the exception as data", () => {
  const vm = createVM();
  expect(vm.run("throw { code: 7, list: [1, 2] };")).toMatchObject({ kind: "uncaught", exception: { code: 7, list: [1, 2] }, cause: undefined });
  expect(vm.run("throw fn() { return 1; };")).toMatchObject({ kind: "uncaught", exception: undefined });
  expect(vm.handles.count).toBe(0);
  expect(vm.run("let x = ;", { name: "b.hml" })).toMatchObject({ kind: "syntax", span: { file: "b.hml", line: 1, column: 9 } });
});

describe("an image", () => {
  const PROGRAM = "let a = 1; fn f() { return twice(a) + files.size(); }", functions = { twice: (x: number) => 2 * x, files: { size: () => 5 } };

  test("finds the host's functions again by their names", () => {
    const vm = createVM({ functions });
    vm.run(PROGRAM);
    vm.globals.set("late", () => 1);
    const image = vm.snapshot(), more = { late: () => 3, unused: () => 0 };
    const restored = restoreVM(image, { functions: { ...more, files: { size: () => 50 }, twice: (x: number) => 20 * x } });
    expect(restored.call("f")).toBe(70);
    expect(restored.eval("late()")).toBe(3);
    expect(vm.fork().eval("f() + late()")).toBe(8);
  });

  test("says which are missing", () => {
    const vm = createVM({ functions });
    vm.run(PROGRAM);
    const image = vm.snapshot();
    try {
      restoreVM(image, { functions: { twice: functions.twice } });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "ImageError", code: "missing", names: ["files.size"] });
    }
  });
});
