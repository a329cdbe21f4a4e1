// Calls of the host that are answered later: parking, resuming, cancelling, any number at a time, and in images.

import { describe, expect, test } from "vitest";
import { createVM, hostFunction, restoreVM, VmBusyError, type BoxelderVm, type HostFunctions, type RunFailure, type VmOptions } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";

const later = async <T>(value: T, turns = 1): Promise<T> => {
  for (let i = 0; i < turns; i++) await Promise.resolve();
  return value;
};

const LANGUAGES = ["hemlock", "lisp"] as const;
const vmWith = (functions: HostFunctions, more: VmOptions = {}): BoxelderVm => createVM({ functions, languages: [lisp], ...more });
/** Functions whose answers the test gives. */
const ask = hostFunction({ params: ["...what: any"], deferred: true }, () => undefined);

describe.each(LANGUAGES)("a promise, in %s", (language) => {
  const text = (hemlock: string, inLisp: string): string => (language === "lisp" ? inLisp : hemlock);

  test("parks the script until it settles", async () => {
    const vm = vmWith({ fetch: async (x: number) => await later(x * 2, 5) });
    expect(await vm.evalAsync(text("fetch(20) + fetch(1)", "(+ (fetch 20) (fetch 1))"), { language })).toBe(42);
    expect(await vm.evalAsync(text("let s = 0; for (let i = 0; i < 50; i++) { s = s + fetch(i); } s", "(let loop ((i 0) (s 0)) (if (= i 50) s (loop (+ i 1) (+ s (fetch i)))))"), { language })).toBe(2450);
  });

  test("that is rejected is an exception, with the error as its cause", async () => {
    const error = new Error("no net"), vm = vmWith({ fetch: async () => { throw await later(error); } });
    expect(await vm.evalAsync(text('let r = ""; try { fetch(); } catch (e) { r = e; } r', "(try (fetch) (catch e (:message e)))"), { language })).toBe("no net");
    expect(await vm.runAsync(text("fetch();", "(fetch)"), { language })).toMatchObject({ kind: "uncaught", cause: error });
  });

  test("may be in tail position, deep in calls, and in callbacks of the library", async () => {
    const vm = vmWith({ fetch: async (x: number) => await later(x + 1) });
    expect(await vm.evalAsync(text("fn f(n) { return fetch(n); } fn g(n) { return f(n); } [1, 2, 3].map(fn(x) { return g(x); })", "(define (f n) (fetch n)) (map (lambda (x) (f x)) (list 1 2 3))"), { language })).toEqual([2, 3, 4]);
  });

  test("and many of them at once, answered in any order", async () => {
    const answers: ((value: unknown) => void)[] = [], asked: unknown[] = [];
    const vm = vmWith({ fetch: async (x: number) => await new Promise((resolve) => { asked.push(x); answers.push(resolve); }) });
    const run = vm.evalAsync(text(
      "async fn get(n) { let v = fetch(n); order.push(n); return v; } let order = []; let a = spawn(get, 1); let b = spawn(get, 2); let c = spawn(get, 3); [await a, await b, await c, order]",
      "(define order '()) (define (get n) (async/spawn (lambda () (let ((v (fetch n))) (set! order (cons n order)) v)))) (define a (get 1)) (define b (get 2)) (define c (get 3)) (list (await a) (await b) (await c) (reverse order))"), { language });
    await later(0, 20);
    expect(asked).toEqual([1, 2, 3]);
    answers[1]!("two");
    await later(0, 20);
    answers[2]!("three");
    await later(0, 20);
    answers[0]!("one");
    expect(await run).toEqual(["one", "two", "three", [2, 3, 1]]);
  });

  test("of a wrong type, or that cannot be copied, is an error of the script", async () => {
    const vm = vmWith({ text: hostFunction({ returns: "string" }, async () => await later(5)), odd: async () => await later(() => 1) });
    expect((await vm.runAsync(text("text();", "(text)"), { language }) as RunFailure).message).toMatch(/returned number where it promises a string$/);
    expect((await vm.runAsync(text("odd();", "(odd)"), { language }) as RunFailure).message).toMatch(/a function cannot be copied/);
  });

  test("that takes too long is an error", async () => {
    let fired: unknown;
    const wait = hostFunction({ params: [], signal: true, timeout: 5 }, async (signal: AbortSignal) => {
      signal.addEventListener("abort", () => { fired = signal.reason; });
      await new Promise(() => {});
    });
    const vm = vmWith({ wait });
    expect(await vm.evalAsync(text('let r = ""; try { wait(); } catch (e) { r = e; } r', "(try (wait) (catch e (:message e)))"), { language })).toBe("wait() took longer than 5 ms");
    expect(fired).toBeInstanceOf(Error);
  });

  test("waits under collection at every allocation, on both loops", async () => {
    for (const loop of ["js", "wasm"] as const) {
      const vm = vmWith({ fetch: async (x: unknown) => await later({ got: x }) }, { gcStress: 1, poison: true, loop });
      expect(await vm.evalAsync(text("let a = { x: [fetch({ a: 1 }), fetch(\"b\")] }; a", "(list (fetch {:a 1}) (fetch \"b\"))"), { language })).toEqual(
        text("", "x") === "x" ? [{ got: { a: 1 } }, { got: "b" }] : { x: [{ got: { a: 1 } }, { got: "b" }] });
    }
  });

  test("without promises: settle and resume", () => {
    const vm = vmWith({ ask });
    const first = vm.run(text('let a = ask("name", { n: 1 }); let b = ask("age"); a + b;', '(define a (ask "name" {:n 1})) (string-append a (ask "age"))'), { language });
    expect(first).toMatchObject({ kind: "pending", message: "the script waits for the host: ask" });
    const [call] = vm.pendingCalls();
    expect(call).toEqual({ id: 1, name: "ask", args: ["name", { n: 1 }] });
    expect(vm.resume()).toMatchObject({ kind: "pending" });
    vm.settle(call!.id, { value: "Ada" });
    expect(vm.pendingCalls()).toEqual([]);
    expect(() => vm.settle(call!.id, { value: 1 })).toThrow(RangeError);
    expect(vm.resume()).toMatchObject({ kind: "pending" });
    vm.settle(vm.pendingCalls()[0]!.id, { value: "36" });
    expect(vm.resume()).toMatchObject({ status: "done", value: text("Ada36", '"Ada36"') });
    expect(() => vm.resume()).toThrow(/nothing to resume/);
    vm.verifyHeap();
  });

  test("settled with an error", () => {
    const vm = vmWith({ ask });
    vm.run(text('let r = ""; try { ask(); } catch (e) { r = "caught " + e; } r;', '(try (ask) (catch e (string-append "caught " (:message e))))'), { language });
    vm.settle(1, { error: new Error("denied") });
    expect(vm.resume()).toMatchObject({ status: "done", value: text("caught denied", '"caught denied"') });
  });

  test("given up when something else runs", () => {
    let reason: unknown;
    const wait = hostFunction({ signal: true, deferred: true }, (signal: AbortSignal) => signal.addEventListener("abort", () => { reason = signal.reason; }));
    const vm = vmWith({ wait });
    expect(vm.run(text("wait(1);", "(wait 1)"), { language })).toMatchObject({ kind: "pending" });
    expect(vm.eval(text("1 + 1", "(+ 1 1)"), { language })).toBe(2);
    expect(reason).toBeInstanceOf(Error);
    expect(vm.pendingCalls()).toEqual([]);
    vm.verifyHeap();
  });

  test("frozen in the middle and settled in another VM", () => {
    const vm = vmWith({ ask });
    vm.run(text("fn step(n) { return ask(n) * 10; } let total = step(1) + step(2) + step(3); total;", "(define (step n) (* 10 (ask n))) (+ (step 1) (step 2) (step 3))"), { language });
    let image = vm.snapshot();
    for (let n = 1; ; n++) {
      const next = restoreVM(image, { functions: { ask }, languages: [lisp] }), [call] = next.pendingCalls();
      expect(call).toMatchObject({ name: "ask", args: [n] });
      next.settle(call!.id, { value: n });
      const result = next.resume();
      if (n === 3) {
        expect(result).toEqual({ status: "done", value: "60" });
        break;
      }
      expect(result).toMatchObject({ kind: "pending" });
      image = next.snapshot();
    }
  });
});

test("calls of guest functions wait as well", async () => {
  const vm = vmWith({ fetch: async (x: number) => await later(x + 1) });
  vm.run("fn twice(x) { return fetch(fetch(x)); }");
  expect(await vm.callAsync("twice", 1)).toBe(3);
  vm.run("(define (thrice x) (fetch (fetch (fetch x))))", { language: "lisp" });
  expect(await vm.callAsync(vm.globalsOf("lisp").handle("thrice"), 1)).toBe(4);
  expect(() => vm.call("twice", 1)).toThrow(/waits for the host: fetch/);
});

test("one asynchronous run at a time", async () => {
  const vm = vmWith({ fetch: async () => await later(1, 3) }), run = vm.runAsync("fetch();");
  expect(() => vm.run("1;")).toThrow(VmBusyError);
  expect((await run).status).toBe("done");
  expect(vm.run("1;").status).toBe("done");
});

test("a signal ends a run that waits", async () => {
  const controller = new AbortController(), vm = vmWith({ ask }), run = vm.runAsync("ask(1);", { signal: controller.signal });
  controller.abort("enough");
  expect(await run).toMatchObject({ kind: "aborted", cause: "enough" });
  expect(vm.eval("1 + 1")).toBe(2);
});

test("an asynchronous run takes answers that are settled by hand, and cancelled calls", async () => {
  const vm = vmWith({ ask }), run = vm.evalAsync('let a = ask(1); let b = ""; try { ask(2); } catch (e) { b = e; } [a, b]');
  vm.settle(vm.pendingCalls()[0]!.id, { value: "one" });
  await later(0, 5);
  vm.cancel(vm.pendingCalls()[0]!.id);
  expect(await run).toEqual(["one", "the call was cancelled"]);
});

test("tasks with timers go on after the host has answered", async () => {
  const vm = vmWith({ fetch: async (x: number) => await later(x, 10) });
  expect(await vm.evalAsync("(define p (async/spawn (lambda () (async/sleep 1000) :slept))) (list (fetch 1) (await p))", { language: "lisp" })).toEqual([1, "slept"]);
});

test("the tree engine says that it cannot wait", async () => {
  const { tree } = await import("../../src/tree.ts");
  expect(createVM({ engine: tree, functions: { ask } }).run("ask(1);")).toMatchObject({ kind: "fatal", message: "the tree engine cannot pause in a host function" });
});

test("an image may come from a file", () => {
  const vm = vmWith({ ask });
  vm.run("ask(1);");
  // As Node reads files: a subclass whose slice does not copy, at any address.
  const image = Buffer.concat([Buffer.from([0, 0, 0]), vm.snapshot()]).subarray(3), before = Uint8Array.from(image);
  for (let i = 0; i < 2; i++) expect(restoreVM(image, { functions: { ask }, languages: [lisp] }).pendingCalls()).toHaveLength(1);
  expect(Uint8Array.from(image)).toEqual(before);
});
