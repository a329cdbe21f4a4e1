// Tasks in threads that have raw memory in common. What orderly programs make of it - counters, loops that try again, pieces of work
// that are handed out, slices of one region - is as in the VM alone; misuse is found on both sides; nothing that a thread does to
// memory reaches what does not belong to it.

import { afterEach, describe, expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";
import { closeAll, machine, ran, same } from "../support/worker-runs.ts";

afterEach(closeAll);

const SPIN = `fn spin(n) { let i = 0; while (i < n) { i++; } return i; }\n`;
const OPTIONS: readonly (readonly [string, VmOptions])[] = [
  ["plain", {}], ["every heap verified, collecting at every 50th allocation", { gcStress: 50, verifyHeap: true, poison: true }], ["the compiled loop", { loop: "wasm" }],
];
const SUM = `async fn sum(at, n) { let p = at[0]; for (let i = 0; i < n; i++) { atomic_add_i32(p, i); atomic_sub_i64(ptr_offset(p, 1, 8), 5000000000); } return n; }`;
const TAKE = `fn add(p, v) { while (true) { let old = atomic_load_i64(p); if (atomic_cas_i64(p, old, old + v)) { return null; } } }`;

/** Programs that give the same whoever comes first: with the turns and fuel they take, or without. */
const ORDERLY: readonly (readonly [name: string, isExact: boolean, text: string])[] = [
  ["counters", true, `${SUM} let p = alloc(16); memset(p, 0, 16); let tasks = []; for (let i = 0; i < 4; i++) { tasks.push(spawn(sum, [p], 4000 + i)); }
    for (t in tasks) { print(join(t)); } print(atomic_load_i32(p)); print(atomic_load_i64(ptr_offset(p, 1, 8))); free(p);`],
  ["bits", true, `let p = alloc(8); memset(p, 0, 8); async fn set(bit) { atomic_or_i32(p, 1 << bit); for (let i = 0; i < 5001; i++) { atomic_xor_i32(ptr_offset(p, 1, 4), 1 << bit); } }
    let tasks = []; for (let i = 0; i < 9; i++) { tasks.push(spawn(set, i)); } for (t in tasks) { join(t); } print(ptr_deref_i32(p)); print(ptr_deref_i32(ptr_offset(p, 1, 4)));`],
  ["loops that try again", false, `${TAKE} let p = alloc(8); atomic_store_i64(p, 0); async fn work(n) { for (let i = 0; i < n; i++) { add(p, i); } return "done"; }
    let tasks = []; for (let i = 0; i < 4; i++) { tasks.push(spawn(work, 3000)); } for (t in tasks) { print(join(t)); } print(atomic_load_i64(p));`],
  ["slices", true, `async fn fill(at, from, to) { let p = at[0]; for (let i = from; i < to; i++) { ptr_write_f64(ptr_offset(p, i, 8), sqrt(i)); } } async fn bytes(at, from, to) { let p = at[0]; for (let i = from; i < to; i++) { p[i] = i * 7; } return p[from]; }
    let b = buffer(999); let p = alloc(8000); let q = buffer_ptr(b); let tasks = []; for (let i = 0; i < 4; i++) { tasks.push(spawn(fill, [p], i * 250, i * 250 + 250)); tasks.push(spawn(bytes, [q], i * 249, i * 249 + 249)); }
    for (t in tasks) { print(join(t)); } let sum = 0.0; for (let i = 0; i < 1000; i++) { sum += ptr_deref_f64(ptr_offset(p, i, 8)); } print(sum); print(b[5]); print(b[700]); print(b[998]); free(p);`],
  ["pieces of work that are handed out", false, `${SPIN} fn work(n) { let sum = 0; for (let i = 1; i <= n * 10; i++) { sum += n % i; } return sum; }
    let next = alloc(4); atomic_store_i32(next, 0); let out = talloc("i32", 200);
    async fn takes() { while (true) { let i = atomic_add_i32(next, 1); if (i >= 200) { return null; } ptr_write_i32(ptr_offset(out, i, 4), work(i)); } }
    let a = spawn(takes); let b = spawn(takes); let c = spawn(takes); join(a); join(b); join(c); let all = []; for (let i = 0; i < 200; i++) { all.push(ptr_deref_i32(ptr_offset(out, i, 4))); } print(all);`],
  ["a lock", false, `let p = alloc(8); memset(p, 0, 8); async fn work(n) { for (let i = 0; i < n; i++) { while (!atomic_cas_i32(p, 0, 1)) {} let q = ptr_offset(p, 1, 4); ptr_write_i32(q, ptr_deref_i32(q) + 1); atomic_store_i32(p, 0); } }
    let a = spawn(work, 1000); let b = spawn(work, 1500); join(a); join(b); print(ptr_deref_i32(ptr_offset(p, 1, 4)));`],
  ["what is written before the first turn is read", true, `let p = alloc(4); ptr_write_i32(p, 1); async fn f() { return ptr_deref_i32(p); } let t = spawn(f); let u = spawn(f); ptr_write_i32(p, 2); print(join(t)); print(join(u));`],
  ["pointers in memory, copies, texts", true, `async fn f(at) { let p = at[0]; let q = ptr_deref_ptr(p); memcpy(ptr_offset(q, 8, 1), q, 8); memset(ptr_offset(q, 4, 1), 0, 4); return [__cstr_to_string(q), q == ptr_deref_ptr(p), \`\${p}\` == \`\${p}\`]; }
    let q = alloc(24); memset(q, 97, 24); let p = alloc(8); ptr_write_ptr(p, q); print(join(spawn(f, [p]))); print(ptr_deref_u8(ptr_offset(q, 13, 1)));`],
  ["numbers that are not aligned", true, `let p = alloc(16); memset(p, 0, 16); async fn f() { for (let i = 0; i < 20; i++) { atomic_add_i32(ptr_offset(p, 3, 1), 1000000); atomic_add_i64(ptr_offset(p, 7, 1), 1); } }
    let a = spawn(f); let b = spawn(f); join(a); join(b); print(atomic_load_i32(ptr_offset(p, 3, 1)));`],
  ["output, exceptions", true, `let p = alloc(4); atomic_store_i32(p, 0); async fn f(n) { atomic_add_i32(p, n); print(n); if (n == 2) { throw { code: [n] }; } return ptr_null(); } for (let i = 1; i < 4; i++) { try { print(join(spawn(f, i))); } catch (e) { print(e.code); } } print(atomic_load_i32(p));`],
];

describe.each(OPTIONS)("memory in common: %s", (_, options) => {
  test.each(ORDERLY)("%s", async (_, isExact, text) => {
    const parallel = isExact ? await same(text, options) : await ran(text, 2, options), alone = await ran(text, 0, options);
    expect([parallel.output, parallel.result, parallel.stayed]).toEqual([alone.output, alone.result, []]);
    expect(parallel.sent).toBeGreaterThan(0);
    expect(parallel.result.status).toBe("done");
  });
});

describe("misuse", () => {
  const MISUSE: readonly (readonly [name: string, text: string])[] = [
    ["beyond the end", `async fn f(at) {\n  let p = at[0];\n  let i = 0;\n  while (true) { ptr_write_i32(ptr_offset(p, i, 4), i); i++; }\n}\nlet p = alloc(10);\n`],
    ["beyond the end, by index", `async fn f(at) {\n  let p = at[0];\n  return p[10];\n}\nlet p = alloc(10);\n`],
    ["beyond the end, atomically", `async fn f(at) {\n  let p = at[0];\n  atomic_add_i64(ptr_offset(p, 1, 8), 1);\n}\nlet p = alloc(12);\n`],
    ["after free", `async fn f(at) {\n  let p = at[0];\n  atomic_add_i32(p, 1);\n}\nlet p = alloc(4);\nfree(p);\n`],
    ["before the beginning", `async fn f(at) {\n  let p = at[0];\n  memset(ptr_offset(p, -1, 1), 0, 2);\n}\nlet p = alloc(4);\n`],
    ["null", `async fn f(at) {\n  let p = at[0];\n  memcpy(p, ptr_null(), 2);\n}\nlet p = alloc(4);\n`],
    ["never allocated", `async fn f(at) {\n  let p = at[0];\n  return ptr_deref_u8(ptr_offset(p, 100000000, 1));\n}\nlet p = alloc(4);\n`],
    ["not a pointer", `async fn f(at) {\n  let p = at[0];\n  atomic_add_i32(7, 1); ptr_deref_i32(p);\n}\nlet p = alloc(4);\n`],
  ];
  test.each(MISUSE)("%s: the same error at the same place", async (_, text) => {
    const caught = await same(`${text}try { join(spawn(f, [p])); print("no"); } catch (e) { print(e); }`), uncaught = await same(`${text}join(spawn(f, [p]));`);
    expect([caught.sent, caught.stayed, uncaught.sent]).toEqual([1, [], 1]);
    expect(caught.output).not.toBe("no\n");
    expect(uncaught.result).toMatchObject({ status: "error" });
  });

  test("a region that is freed while a task uses it is gone for both, and its bytes are nobody's", async () => {
    const { output, result, stayed } = await ran(`${SPIN} let p = alloc(4000); async fn writes(at) { let p = at[0]; let n = 0; while (true) { for (let i = 0; i < 1000; i++) { ptr_write_i32(ptr_offset(p, i, 4), -1); } n++; } }
      let t = spawn(writes, [p]); spin(300000); free(p); try { free(p); } catch (e) { print("twice"); } try { p[0] = 1; } catch (e) { print("freed"); }
      let mine = []; for (let i = 0; i < 300; i++) { let q = alloc(4000); memset(q, 7, 4000); mine.push(q); }
      try { join(t); } catch (e) { print(e); }
      let bad = 0; for (q in mine) { for (let i = 0; i < 4000; i += 16) { if (q[i] != 7) { bad++; } } } print(bad);`, 1);
    expect([result.status, stayed]).toEqual(["done", []]);
    expect(output).toMatch(/^twice\nfreed\nuse after free: 4 bytes at 0x[0-9a-f]+, freed region of 4000 bytes\n0\n$/);
  });

  test("memory grows under tasks that use it", async () => {
    const { output, sent } = await ran(`${SPIN} let p = alloc(8); memset(p, 0, 8); let q = ptr_offset(p, 1, 4); async fn waits() { while (atomic_load_i32(p) == 0) {} ptr_write_i32(ptr_deref_ptr(box), 99); atomic_store_i32(q, 1); }
      let box = alloc(8); let t = spawn(waits); spin(300000); let big = []; for (let i = 0; i < 40; i++) { big.push(alloc(100000)); } let last = big[39]; ptr_write_ptr(box, last); atomic_store_i32(p, 1);
      join(t); print(ptr_deref_i32(last)); print(atomic_load_i32(q));`, 1);
    expect([output, sent]).toEqual(["99\n1\n", 1]);
  });

  test("the limit of memory counts what is shared", async () => {
    const { output, sent } = await ran(`${SPIN} let p = alloc(500000); memset(p, 0, 8); async fn f() { atomic_add_i32(p, 1); return 1; } print(join(spawn(f))); let t = spawn(f); spin(300000); let n = 0; try { while (true) { alloc(500000); n++; } } catch (e) { print(e); } print(n < 9); join(t); print(atomic_load_i32(p));`, 2, { memory: 4 << 20 });
    expect([output, sent]).toEqual(["1\nout of memory\ntrue\n2\n", 2]);
  });
});

describe("who shares memory", () => {
  const STAYS: readonly (readonly [name: string, text: string, reason: string])[] = [
    ["with a channel", `let p = alloc(4); ptr_write_i32(p, 7); async fn f(c) { c.send(ptr_deref_i32(p)); } let c = channel(1); let t = spawn(f, c); print(c.recv()); join(t);`, "ptr_deref_i32(), and a channel"],
    ["with a buffer", `let p = alloc(4); ptr_write_i32(p, 7); async fn f(b) { return ptr_deref_i32(p) + b[0]; } print(join(spawn(f, buffer(2))));`, "ptr_deref_i32(), and a buffer"],
    ["with a function among its arguments", `let p = alloc(4); async fn f(g) { ptr_write_i32(p, g(2)); return g; } print(join(spawn(f, fn(x) { return x; }))(3));`, "ptr_write_i32(), and a function that is a value"],
    ["with a function that it makes", `let p = alloc(4); async fn f() { ptr_write_i32(p, 5); return fn() { return 6; }; } print(join(spawn(f))());`, "ptr_write_i32(), and a function that is a value"],
    ["with a function that it hands on", `let p = alloc(4); fn g() { return 6; } async fn f() { ptr_write_i32(p, 5); return g; } print(join(spawn(f))());`, "ptr_write_i32(), and a function that is a value"],
    ["when it shows what was there", `let p = alloc(8); memset(p, 0, 8); fn next() { return atomic_add_i32(p, 1); } async fn f() { let mine = []; for (let i = 0; i < 9; i++) { mine.push(next()); ptr_write_i32(ptr_offset(p, 1, 4), i); } return mine; } let t = spawn(f); print(join(spawn(f))); print(join(t));`, "ptr_offset(), and an answer of an atomic operation that it shows"],
    ["when it allocates", `async fn f() { let p = alloc(4); ptr_write_i32(p, 5); let v = ptr_deref_i32(p); free(p); return v; } print(join(spawn(f)));`, "alloc()"],
  ];
  test.each(STAYS)("none %s", async (_, text, reason) => {
    const { stayed, sent } = await same(text);
    expect([stayed[0], sent]).toEqual([reason, 0]);
  });

  const SHOWS: readonly (readonly [name: string, body: string])[] = [
    ["returned", `return atomic_add_i32(p, 1);`], ["thrown", `try { throw atomic_load_i32(p); } catch (e) { return e; }`], ["kept", `let o = { n: 1 }; o.n = atomic_add_i32(p, 1) * 2; return o;`],
    ["printed", `let n = atomic_sub_i32(p, 1); print(n);`], ["through a function", `let n = 1 + next(2); return twice(n);`], ["through a loop", `let n = 0; let last = 0; while (n < 3) { last = n + 0; n = n + 1 + atomic_and_i32(p, 0); } return last;`],
    ["in a text", `return "n = " + atomic_exchange_i32(p, 4);`], ["through a function that calls itself", `return down(3, 0);`], ["by an operation that is a value", `let a = atomic_add_i32; return a(p, 1);`],
  ];
  test.each(SHOWS)("an answer that is shown comes from the VM: %s", async (_, body) => {
    const { stayed, sent } = await same(`let p = alloc(4); atomic_store_i32(p, 0); fn next(n) { return atomic_add_i32(p, n); } fn twice(n) { return 2 * n; } fn down(n, v) { if (n == 0) { return v; } return down(n - 1, v + atomic_add_i32(p, 1)); }
      async fn f() { let k = 0; while (k < 30000) { k++; } ${body} } let a = spawn(f); let b = spawn(f); print(join(a)); print(join(b)); print(atomic_load_i32(p));`);
    expect([stayed, sent]).toEqual([[], 2]);
  });
});

describe("ends and limits", () => {
  const FOREVER = `${SPIN} let p = alloc(400); memset(p, 0, 400); async fn forever() { while (true) { for (let i = 0; i < 100; i++) { ptr_write_i32(ptr_offset(p, i, 4), 1); } } }\n`;

  test("a task that waits for another one, by looking again and again, does not keep it from running", async () => {
    const text = `${SPIN} let p = alloc(8); memset(p, 0, 8); async fn waits() { while (atomic_load_i32(p) < 3) {} atomic_add_i32(ptr_offset(p, 1, 4), 1); return "went on"; } async fn sets() { spin(1000); atomic_add_i32(p, 1); return "set"; }
      let tasks = [spawn(waits), spawn(waits), spawn(sets), spawn(sets)]; atomic_add_i32(p, 1); for (t in tasks) { print(join(t)); } print(atomic_load_i32(ptr_offset(p, 1, 4)));`;
    expect((await ran(text, 1)).output).toBe("went on\nwent on\nset\nset\n2\n");
  });

  test("the program itself may wait like that", async () => {
    const { output, sent } = await ran(`let p = alloc(4); atomic_store_i32(p, 0); async fn f(n) { for (let i = 0; i < n; i++) { atomic_add_i32(p, 1); } } let t = spawn(f, 5000); let u = spawn(f, 7000); while (atomic_load_i32(p) < 12000) {} print(atomic_load_i32(p)); join(t); join(u);`, 1);
    expect([output, sent]).toEqual(["12000\n", 2]);
  });

  test.each([["time", "timeLimit"], ["a signal", "aborted"]] as const)("%s stops it", async (_, kind) => {
    const { vm, workers, output } = machine(2, {}), stop = new AbortController(), limits = kind === "timeLimit" ? { timeLimit: 50 } : { signal: stop.signal };
    const watch = setInterval(() => { if (workers!.report().sent > 0) stop.abort("enough"); }, 20);
    let result = await vm.runAsync(`${FOREVER} let t = spawn(forever); join(t);`, limits);
    while (workers!.report().sent === 0) result = await vm.resumeAsync(limits);
    clearInterval(watch);
    expect(result).toMatchObject({ kind });
    // A run that was aborted is over.
    if (kind === "timeLimit") expect(() => vm.snapshot()).toThrow(/memory/);
    // A new program ends the old one: what its thread still writes is not this one's.
    expect(await vm.runAsync(`free(p); let mine = []; for (let i = 0; i < 200; i++) { let q = alloc(400); memset(q, 7, 400); mine.push(q); } spin(300000); let bad = 0; for (q in mine) { for (let i = 0; i < 400; i++) { if (q[i] != 7) { bad++; } } } print(bad);`)).toMatchObject({ status: "done" });
    expect(output()).toBe("0\n");
    vm.verifyHeap();
  });

  test("fuel stops it, and more lets it go on", async () => {
    const { vm, output } = machine(1, { fuel: 100_000 });
    let result = await vm.runAsync(`let p = alloc(4); atomic_store_i32(p, 0); async fn f() { for (let i = 0; i < 300000; i++) { atomic_add_i32(p, 1); } } join(spawn(f)); print(atomic_load_i32(p));`), helpings = 0;
    for (; result.status === "error" && result.kind === "outOfFuel" && helpings < 100; helpings++) result = await vm.resumeAsync({ fuel: 100_000 });
    expect([output(), helpings > 1]).toEqual(["300000\n", true]);
  });

  test("the program ends, whatever its tasks still write", async () => {
    const { vm, output } = machine(2, {});
    expect(await vm.runAsync(`${FOREVER} spawn(forever); spin(300000); print("over");`)).toMatchObject({ status: "done" });
    expect(await vm.runAsync(`memset(p, 5, 400); spin(300000); let bad = 0; for (let i = 0; i < 400; i++) { if (p[i] != 5) { bad++; } } print(bad);`)).toMatchObject({ status: "done" });
    expect(output()).toBe("over\n0\n");
  });

  test("an image can be taken when the tasks are done", async () => {
    const { vm } = machine(2, {});
    await vm.runAsync(`${SUM} let p = alloc(16); memset(p, 0, 16); let t = spawn(sum, [p], 1000); join(t);`);
    let output = "";
    const copy = library.BoxelderVm.restore(vm.snapshot(), { host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
    copy.run(`print(atomic_load_i32(p)); free(p);`);
    expect(output).toBe("499500\n");
  });

  test("a task whose thread dies cannot begin anew", async () => {
    const { vm, workers, output } = machine(1, {});
    const running = vm.runAsync(`let p = alloc(4); atomic_store_i32(p, 0); async fn forever() { while (true) { atomic_add_i32(p, 1); } } let t = spawn(forever); while (atomic_load_i32(p) == 0) {} print("on"); join(t);`);
    while (output() === "") await new Promise((go) => { setTimeout(go, 20); });
    workers!.close();
    expect(await running).toMatchObject({ status: "error", kind: "fatal", message: expect.stringMatching(/^a task that shares memory with others cannot begin anew/) as string });
  });

  test("one that has not begun runs here", async () => {
    const { vm, workers, output } = machine(1, {});
    workers!.close();
    expect(await vm.runAsync(`${SUM} let p = alloc(16); memset(p, 0, 16); join(spawn(sum, [p], 100)); print(atomic_load_i32(p));`)).toMatchObject({ status: "done" });
    expect(output()).toBe("4950\n");
  });

  test("memory that remembers is not shared", async () => {
    const { sent, stayed } = await same(`let p = alloc(4); async fn f() { ptr_write_i32(p, 1); } join(spawn(f)); free(p);`, { checkLeaks: true });
    expect([sent, stayed]).toEqual([0, ["ptr_write_i32(), and memory that no thread can share"]]);
  });
});
