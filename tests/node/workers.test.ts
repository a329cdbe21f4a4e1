// Tasks in threads: whatever runs where, output, results and fuel are as in the VM alone.

import { spawnSync } from "node:child_process";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { library, root, type VmOptions } from "../support/library.ts";
import { closeAll, keepOpen, machine, nodeWorkers, ran, same } from "../support/worker-runs.ts";

afterEach(closeAll);

const PRIME = `fn is_prime(n) { if (n < 2) { return false; } let i = 2; while (i * i <= n) { if (n % i == 0) { return false; } i = i + 1; } return true; }
async fn primes(from, to) { let count = 0; for (let i = from; i < to; i++) { if (is_prime(i)) { count++; } } return count; }\n`;
const OPTIONS: readonly (readonly [string, VmOptions])[] = [
  ["plain", {}], ["every heap verified, collecting at every 50th allocation", { gcStress: 50, verifyHeap: true, poison: true }], ["the compiled loop", { loop: "wasm" }],
];

describe.each(OPTIONS)("tasks that only compute: %s", (_, options) => {
  test("their results, in the order of joining", async () => {
    const { output, sent } = await same(`${PRIME} let tasks = []; for (let i = 0; i < 6; i++) { tasks.push(spawn(primes, i * 2000, (i + 1) * 2000)); }
      for (t in tasks) { print(join(t)); }`, options);
    expect(output).toBe("303\n247\n233\n224\n222\n209\n");
    expect(sent).toBe(6);
  });

  test("values of every kind go there and come back", async () => {
    const { output, sent } = await same(`
      async fn echo(v) { return v; }
      define Point { x: i32, y: i32 }
      let ring = { name: "ring" }; ring.me = ring;
      let typed: array<u8> = [1, 2, 3];
      let bytes = buffer(3); bytes[0] = 255; bytes[2] = 7;
      let big: i64 = 9000000000000000000; let wide: u64 = 18000000000000000000; let small: i8 = -3; let single: f32 = 1.5;
      for (v in [null, true, 'x', "text ü", 1, 2.5, big, wide, small, single, [1, [2, "three"]], { a: 1, b: { c: [] } }, typed]) {
        let r = await spawn(echo, v); print(r); print(typeof(r));
      }
      let r = join(spawn(echo, ring)); print([r.name, r.me.me.name]);
      let b = join(spawn(echo, bytes)); print([b.length, b[0], b[1], b[2]]);
      let t = join(spawn(echo, typed)); print(t);
      let s = "shared"; let both = join(spawn(echo, [s, s])); both[0][0] = 'S'; print(both[1]);`, options);
    expect(output).toContain("9000000000000000000");
    expect(output).toContain("[ring, ring]");
    expect(sent).toBe(17);
  });

  test("exceptions cross join, and are values", async () => {
    const { output, sent } = await same(`
      async fn fails(what) { if (what == 0) { throw { code: 7, list: [1, 2] }; } if (what == 1) { let a = [1]; return a[5]; } if (what == 2) { return null.x; } fn deep(n) { return 1 + deep(n + 1); } return deep(0); }
      for (let i = 0; i < 4; i++) { try { join(spawn(fails, i)); print("no"); } catch (e) { print(e); } }
      let lost = spawn(fails, 0); detach(lost); print("on");`, options);
    expect(output).toContain("on\n");
    expect(sent).toBe(5);
  });
});

describe("what a task may reach", () => {
  test("constants, functions, and globals that nobody assigns", async () => {
    const { output, sent } = await same(`const SCALE = 10; let offset = 2; let half = 0.5; let big: i64 = 9000000000000000000;
      fn twice(f, x) { return f(f(x)); } fn add(x) { return x + offset; }
      async fn work(x) { let list = [3, 1, 2].map(fn(e) { return e * x; }).filter(fn(e) { return e > x; }); return [twice(add, x) * SCALE, list, half, big, sqrt(16.0), apply(add, [1])]; }
      let f = spawn(work, 1); let g = spawn(work, 2); print(join(f)); print(join(g));`);
    expect(output).toBe("[50, [3, 2], 0.5, 9000000000000000000, 4, 3]\n[60, [6, 4], 0.5, 9000000000000000000, 4, 3]\n");
    expect(sent).toBe(2);
  });

  test("functions as arguments, with what they hold", async () => {
    const { sent, output } = await same(`fn adder(n) { return fn(x) { return x + n; }; } async fn use(f, x) { let o = { f: f }; return o.f(x); }
      print(join(spawn(use, adder(5), 6)));`);
    expect([sent, output]).toEqual([1, "11\n"]);
  });

  test.each([[{}], [{ gcStress: 20, verifyHeap: true, poison: true }]])("types of the program: nested, with parameters, with values of their own, again and again: %o", async (options) => {
    const { sent, stayed, output } = await same(`define Point { x: i32, y?: 5 }\ndefine Line { from: Point, to: Point, tags: array<string>, name?: "line" }\ndefine Pair<A, B> { a: A, b: B, next?: null }\ndefine Tree { left: Tree?, right: Tree?, v: i64 }\nenum Color { RED, GREEN }
      fn measure(l: Line): i64 { let p: Point = { x: l.to.x - l.from.x, y: l.to.y - l.from.y }; return p.x * 10 + p.y; }
      async fn f(n) { let l: Line = { from: { x: n }, to: { x: 2 * n, y: 9 }, tags: ["a"] }; let q: Pair<Point, array<i32>> = { a: { x: 1 }, b: [n] }; let c: Color = 1; print(typeof(l.from)); return [measure(l), l, q, c]; }
      async fn sum(t: Tree) { return t.v; } async fn wrong() { let l: Line = { from: { x: 1 } }; return l; } async fn worse(l: array<Point>) { return l; }
      for (let i = 0; i < 3; i++) { print(join(spawn(f, i))); } print(join(spawn(sum, { left: { left: null, right: null, v: 1 }, right: null, v: 3 }))); print(join(spawn(worse, [{ x: 3 }]))); join(spawn(wrong));`, options);
    expect([sent, stayed]).toEqual([6, []]);
    expect(output).toContain("[4, <object:Line>");
  });

  const STAYS: readonly (readonly [string, string, string])[] = [
    ["a global that is assigned", `let n = 1; async fn f() { return n; } let t = spawn(f); n = 2; print(join(t));`, "the global variable n, which may change"],
    ["a global that it assigns", `let n = 1; async fn f() { n = n + 1; return n; } print(join(spawn(f))); print(n);`, "the global variable n, which it sets"],
    ["a global that holds a list", `let list = [1]; async fn f() { return list.length; } let t = spawn(f); list.push(2); print(join(t));`, "a variable whose value others may change"],
    ["a global not defined yet", `async fn f() { return later; } let t = spawn(f); let later = 3; print(join(t));`, "the global variable later, which is not defined yet"],
    ["a variable that is assigned after it was captured", `fn make() { let n = 1; let f = async fn() { return n; }; n = 2; return f; } print(join(spawn(make())));`, "a variable whose value others may change"],
    ["a list that was captured", `fn make() { let l = [1]; return [l, async fn() { l.push(5); return l.length; }]; } let m = make(); print(join(spawn(m[1]))); print(m[0]);`, "a variable whose value others may change"],
    ["other tasks", `async fn g() { return 3; } async fn f() { return join(spawn(g)); } print(join(spawn(f)));`, "spawn()"],
    ["a task as an argument", `async fn g() { return 3; } async fn f(t) { return typeof(t); } let t = spawn(g); print(join(spawn(f, t)));`, "a value that belongs to its world"],
    ["text that could be written into", `let s = "abc"; async fn f() { return s; } let t = spawn(f); s[0] = 'X'; print(join(t));`, "a variable whose value others may change"],
    ["a type that is not defined yet", `async fn f() { try { let p: P = { x: 1 }; return p.x; } catch (e) { return e; } } let t = spawn(f); define P { x: i32 } print(join(t));`, "the type P, which is not defined yet"],
  ];
  test.each(STAYS)("stays with %s", async (_, text, reason) => {
    const { stayed } = await same(text);
    expect(stayed.some((each) => each === reason), stayed.join()).toBe(true);
  });

  const DONE_HERE: readonly (readonly [name: string, text: string])[] = [
    ["output", `async fn f(x) { print(x); let n = 0; while (n < 50000) { n++; } print([x, { a: x }, "text"]); eprint("no"); return x; } let a = spawn(f, 1); let b = spawn(f, 2); print("first"); print(join(b)); print(join(a));`],
    ["output through a value", `async fn f(g) { g(5); return 1; } print(join(spawn(f, print)));`],
    ["much output", `async fn f(n) { for (let i = 0; i < 20000; i++) { print("line " + i + " of " + n); } } let t = spawn(f, 1); let u = spawn(f, 2); join(t); join(u);`],
    ["random numbers", `__seed(5); async fn f(n) { let s = []; for (let i = 0; i < n; i++) { s.push(__rand_range(0, 10)); let k = 0; while (k < 9000) { k++; } } return s; } let t = spawn(f, 3); let u = spawn(f, 4); print(join(t)); print(join(u)); print(__rand());`],
    ["atomics", `let p = alloc(16); memset(p, 0, 16); let q = ptr_offset(p, 1, 8); async fn f(n) { let old = []; for (let i = 0; i < n; i++) { old.push(atomic_add_i32(p, i)); let k = 0; while (k < 7000) { k++; } atomic_add_i64(q, 5000000000); } return [old, atomic_cas_i32(p, 15, 99)]; }
      let t = spawn(f, 5); let u = spawn(f, 6); print(join(t)); print(join(u)); print(atomic_load_i32(p)); print(atomic_load_i64(q)); free(p); async fn g() { try { return atomic_load_i32(p); } catch (e) { return e; } } print(join(spawn(g)));`],
  ];
  test.each(DONE_HERE)("%s is done by the VM, in its turn", async (_, text) => {
    const { sent, stayed, result } = await same(text);
    expect([sent > 0, stayed, result.status]).toEqual([true, [], "done"]);
  });

  test("a task that comes back writes nothing twice, and draws no number twice", async () => {
    const { stayed, output } = await same(`__seed(1); async fn f(c) { print("a"); let r = __rand(); let n = 0; while (n < 60000) { n++; } print("b"); c.send([r]); print("c"); return r; }
      async fn other() { let n = 0; while (n < 90000) { n++; } print("other"); } let c = channel(1); let t = spawn(f, c); let u = spawn(other); print(c.recv()[0] == join(t)); join(u); print(__rand());`);
    expect([stayed, output.match(/^[abc]$/gm)]).toEqual([["it sends what others may change"], ["a", "b", "c"]]);
  });

  test("output has its limit", async () => {
    const { vm, output } = machine(2, {}), text = `async fn f() { for (let i = 0; i < 100; i++) { print("0123456789"); } } join(spawn(f));`;
    expect(await vm.runAsync(text, { outputLimit: 300 })).toMatchObject({ kind: "outputLimit" });
    expect(output().length).toBe(297);
    expect(await vm.resumeAsync({ outputLimit: 10000 })).toMatchObject({ status: "done" });
    expect(output().length).toBe(1100);
  });

  test("what comes back and cannot be moved makes the task run here, once more", async () => {
    const { output, sent } = await same(`async fn make(n) { let i = 0; while (i < 50000) { i++; } return fn(x) { return x + n; }; } async fn other(n) { return n; }
      let t = spawn(make, 5); let u = spawn(other, 1); print(join(t)(6)); print(join(u));`);
    expect([output, sent]).toEqual(["11\n1\n", 2]);
  });
});

describe("the order of things", () => {
  const MIXED = `${PRIME} let log = [];
    async fn waits(name, task) { let v = join(task); log.push(name); print(name + " " + v); return v; }
    async fn talks(name, rounds) { for (let i = 0; i < rounds; i++) { let n = 0; while (n < 30000) { n++; } print(name + i); } }
    let all = [spawn(talks, "a", 5)];
    for (let i = 0; i < 8; i++) { all.push(spawn(waits, "w" + i, spawn(primes, 0, (8 - i) * 900))); }
    all.push(spawn(talks, "b", 7));
    let n = 0; while (n < 100000) { n++; } print("main");
    for (t in all) { join(t); } print(log);`;
  test.each([[1], [2], [3]])("is that of the VM alone, with %i workers", async (count) => {
    const { sent } = await same(MIXED, {}, count);
    expect(sent).toBeGreaterThan(8);
  });

  test("states of tasks are those they would have", async () => {
    await same(`${PRIME} let t = spawn(primes, 0, 3000); print(t); task_debug_info(t); let n = 0; while (n < 40000) { n++; } print(t); n = 0; while (n < 3000000) { n++; } print(t); task_debug_info(t); print(join(t));`);
  });

  test("a thousand tasks", async () => {
    const { sent, output } = await same(`${PRIME} let tasks = []; for (let i = 0; i < 1000; i++) { tasks.push(spawn(primes, i, i + 30)); } let sum = 0; for (t in tasks) { sum += join(t); } print(sum);`);
    expect(sent).toBe(1000);
    expect(Number(output)).toBeGreaterThan(4000);
  });

  test("timers and other waits go on as before", async () => {
    await same(`${PRIME} async fn naps() { __sleep(0.01); return "slept"; } let c = channel(1); async fn gets(c) { return c.recv(); }
      let a = spawn(primes, 0, 5000); let b = spawn(naps); let d = spawn(gets, c); print(join(a)); c.send(3); print(join(d)); print(join(b));`);
  });
});

describe("channels", () => {
  const SPIN = `fn spin(n) { let i = 0; while (i < n) { i++; } return i; }\n`;
  const CHANNELS: readonly (readonly [name: string, text: string, sent: number])[] = [
    ["as arguments, unbuffered", `async fn double(jobs, results) { while (true) { let n = jobs.recv(); if (n == null) { break; } spin(n * 700); results.send(n * 2); } return "done"; }
      let jobs = channel(); let results = channel(100); let a = spawn(double, jobs, results); let b = spawn(double, jobs, results);
      for (let i = 1; i <= 20; i++) { jobs.send(i); } jobs.close(); print([join(a), join(b)]);
      for (let i = 0; i < 20; i++) { print(results.recv()); }`, 2],
    ["as globals, and as what functions hold", `let out = channel(2); async fn work(n) { spin(n * 3000); out.send(n); return n; }
      fn make(c) { return async fn(n) { spin(n); c.send(n + 0.5); }; } let t = spawn(make(out), 100000);
      let tasks = []; for (let i = 5; i > 0; i--) { tasks.push(spawn(work, i)); } for (let i = 0; i < 6; i++) { print(out.recv()); } join(t); for (u in tasks) { print(join(u)); }`, 6],
    ["full, with time limits", `async fn f(c) { let log = [c.send_timeout(1, 5), c.send_timeout(2, 5), c.recv(), c.recv_timeout(5)]; return log; }
      let c = channel(1); print(join(spawn(f, c)));`, 1],
    ["closed while a task waits", `async fn gets(c) { return [c.recv(), c.recv()]; } async fn puts(c) { try { c.send(1); return "no"; } catch (e) { return e; } }
      let c = channel(); let t = spawn(gets, c); c.send(4); c.close(); print(join(t)); let d = channel(); let u = spawn(puts, d); __sleep(0.001); d.close(); print(join(u)); print(join(spawn(puts, d)));`, 3],
    ["select", `async fn f(a, b) { let log = []; for (let i = 0; i < 3; i++) { let r = select([a, b], 50); log.push(r == null ? "none" : [r.channel == a, r.value]); } return log; }
      let a = channel(1); let b = channel(1); let t = spawn(f, a, b); b.send("text"); a.send(1); print(join(t));`, 1],
    ["sleep", `async fn f(n) { __sleep(n); return n; } let a = spawn(f, 0.02); let b = spawn(f, 0.01); print(join(a)); print(join(b));`, 2],
    ["between tasks elsewhere", `async fn ping(a, b, n) { for (let i = 0; i < n; i++) { a.send(i); b.recv(); } a.close(); return n; } async fn pong(a, b) { let sum = 0; while (true) { let v = a.recv(); if (v == null) { return sum; } sum += v; b.send(v); } }
      let a = channel(); let b = channel(); let t = spawn(ping, a, b, 100); let u = spawn(pong, a, b); print(join(t)); print(join(u));`, 2],
  ];
  test.each(CHANNELS)("%s", async (_, text, sent) => {
    for (const options of [{}, { gcStress: 20, verifyHeap: true, poison: true }]) {
      const parallel = await same(SPIN + text, options);
      expect(parallel.result.status).toBe("done");
      // How many find a worker is a matter of time.
      expect(parallel.sent).toBeGreaterThanOrEqual(Math.min(sent, 2));
    }
  });

  test("tasks that are spawned while answers come", async () => {
    await same(`${SPIN} async fn f(i, c) { c.send(i); spin(500); c.send(-i); return i; } let c = channel(); let sum = 0; let tasks = [];
      for (let i = 0; i < 100; i++) { tasks.push(spawn(f, i, c)); let v = c.recv(); sum += v * v; print(v); } for (let i = 0; i < 100; i++) { print(c.recv()); } for (t in tasks) { sum += join(t); } print(sum);`);
  });

  test("more tasks than workers, each waiting for the next", async () => {
    const { sent, stayed } = await same(`${SPIN} async fn link(from, to) { spin(5000); let v = from.recv(); spin(5000); to.send(v + 1); return v; }
      let first = channel(); let last = first; let tasks = []; for (let i = 0; i < 30; i++) { let next = channel(); tasks.push(spawn(link, last, next)); last = next; }
      first.send(0); print(last.recv()); for (t in tasks) { print(join(t)); }`);
    expect(sent).toBeGreaterThan(1);
    expect(stayed.filter((reason) => reason !== "all workers wait")).toEqual([]);
  });

  test("what others may change brings a task back, to where it was", async () => {
    const lists = await same(`${SPIN} async fn f(c, out) { spin(30000); let a = c.recv(); spin(30000); out.send(a); let l = [a]; out.send(l); l.push(9); spin(50000); let m = c.recv(); m.push(5); return [l, m]; }
      async fn other() { let s = 0; for (let i = 0; i < 9; i++) { s += spin(7000); } return s; }
      let c = channel(); let out = channel(); let t = spawn(f, c, out); let u = spawn(other); c.send(3); print(out.recv()); let l = out.recv(); print(l); let mine = [1]; c.send(mine); print(join(t)); print(l); print(mine); print(join(u));`);
    expect(lists.stayed).toEqual(["it sends what others may change"]);
    const comes = await same(`${SPIN} async fn f(c) { let n = c.recv(); spin(30000); let l = c.recv(); l.push(n); spin(30000); let k = c.recv(); return [l, k]; }
      let c = channel(); let t = spawn(f, c); c.send(3); let mine = [1]; c.send(mine); c.send("k"); print(join(t)); print(mine);`);
    expect(comes.stayed).toEqual(["what others may change comes to it"]);
    const shown = await same(`${SPIN} async fn f(c) { c.send(1); return \`\${c}\`; } let c = channel(3); c.send(0); print(join(spawn(f, c)));`);
    expect([shown.output, shown.stayed]).toEqual(["<channel capacity=3 count=2>\n", ["it shows a value that is another in each world"]]);
    const texts = await same(`async fn f(c) { c.send("abc"); return 1; } let c = channel(1); let t = spawn(f, c); let s = c.recv(); s[0] = 'X'; print(s); print(join(t));`);
    expect(texts.stayed).toEqual(["it sends what others may change"]);
  });

  test("a deadlock is reported with the places of tasks elsewhere", async () => {
    const { result } = await same(`async fn gets(c) {\n  return c.recv();\n}\nlet c = channel(); let t = spawn(gets, c);\njoin(t);`);
    expect(result).toMatchObject({ kind: "fatal", message: expect.stringContaining("task 1 waits to receive from a channel\n    in gets at <script>:2:10") as string });
  });

  test("no image while tasks that use channels are elsewhere", async () => {
    const { vm, output } = machine(2, {});
    let result = await vm.runAsync(`${SPIN} async fn f(c) { let n = c.recv(); spin(1000000000); return n; } let c = channel(); let t = spawn(f, c); c.send(1); print("taken"); join(t);`, { timeLimit: 50 });
    while (output() === "" && result.status === "error") result = await vm.resumeAsync({ timeLimit: 50 });
    expect(result).toMatchObject({ kind: "timeLimit" });
    expect(() => vm.snapshot()).toThrow(/channels/);
  });

  test("a worker that dies amid a conversation", async () => {
    const { vm, workers, output } = machine(2, {});
    const running = vm.runAsync(`${SPIN} async fn f(c, d) { let sum = 0; for (let i = 0; i < 30; i++) { sum += c.recv(); spin(20000); d.send(sum); } return sum; }
      let c = channel(); let d = channel(); let t = spawn(f, c, d); for (let i = 0; i < 30; i++) { c.send(i); print(d.recv()); } print(join(t));`);
    setTimeout(() => workers!.close(), 60);
    expect(await running).toMatchObject({ status: "done" });
    expect(output().split("\n").slice(28)).toEqual(["406", "435", "435", ""]);
  });
});

describe("ends and limits", () => {
  test("a fatal error in a task ends the program, with its trace", async () => {
    const { result, sent } = await same(`fn inner(x) { return div(x); }\nasync fn f(x) {\n  let n = 0; while (n < 50000) { n++; }\n  return inner(x);\n}\nlet t = spawn(f, 1); print("before"); join(t); print("after");`);
    expect(result).toMatchObject({ status: "error", kind: "fatal" });
    expect(sent).toBe(1);
    const panic = await same(`async fn f() { panic("no more"); } join(spawn(f));`);
    expect(panic.result).toMatchObject({ kind: "panic", message: "no more" });
  });

  test("the program ends, whatever its tasks still do", async () => {
    const { vm, output } = machine(2, {});
    expect(await vm.runAsync(`async fn spin() { while (true) {} } spawn(spin); spawn(spin); print("over");`)).toMatchObject({ status: "done" });
    expect(output()).toBe("over\n");
    expect(await vm.runAsync(`${PRIME} print(join(spawn(primes, 0, 100)));`)).toMatchObject({ status: "done" });
    expect(output()).toBe("over\n25\n");
  });

  test("fuel of tasks elsewhere counts, and a run goes on with more", async () => {
    const { vm, output } = machine(2, { fuel: 200_000 });
    let result = await vm.runAsync(`${PRIME} let t = spawn(primes, 0, 30000); let u = spawn(primes, 0, 20000); print(join(t)); print(join(u));`), helpings = 0;
    for (; result.status === "error" && result.kind === "outOfFuel" && helpings < 100; helpings++) result = await vm.resumeAsync({ fuel: 200_000 });
    expect(result).toMatchObject({ status: "done" });
    expect(output()).toBe("3245\n2262\n");
    expect(helpings).toBeGreaterThan(3);
    vm.verifyHeap();
  });

  test("time limits and signals stop what waits for workers", async () => {
    const spin = `async fn spin() { while (true) {} } join(spawn(spin));`;
    expect(await machine(2, {}).vm.runAsync(spin, { timeLimit: 100 })).toMatchObject({ kind: "timeLimit" });
    const stop = new AbortController();
    setTimeout(() => stop.abort("enough"), 50);
    expect(await machine(2, {}).vm.runAsync(spin, { signal: stop.signal })).toMatchObject({ kind: "aborted" });
  });

  test("each world has the memory limit", async () => {
    const { output, sent } = await ran(`async fn grow() { let l = []; while (true) { l.push("x" + l.length); } } try { join(spawn(grow)); } catch (e) { print(e); }`, 2, { memory: 4 << 20 });
    expect([output, sent]).toEqual(["out of memory\n", 1]);
  });

  test("a run that nobody waits for keeps its tasks", () => {
    const { vm, workers, output } = machine(2, {});
    expect(vm.run(`${PRIME} print(join(spawn(primes, 0, 100)));`)).toMatchObject({ status: "done" });
    expect([output(), workers!.report().sent]).toEqual(["25\n", 0]);
  });

  test("when the workers are gone, tasks run here", async () => {
    const { vm, workers, output } = machine(2, {});
    const running = vm.runAsync(`${PRIME} let t = spawn(primes, 0, 200000); print("sent"); print(join(t));`);
    setTimeout(() => workers!.close(), 30);
    expect(await running).toMatchObject({ status: "done" });
    expect(output()).toBe("sent\n17984\n");
  });

  test("an image taken meanwhile goes on without workers", async () => {
    const { vm, output } = machine(2, {});
    const stopped = await vm.runAsync(`${PRIME} let t = spawn(primes, 0, 60000); print("sent"); print(join(t));`, { timeLimit: 1 });
    expect(stopped.status).toBe("error");
    let printed = "";
    const copy = library.BoxelderVm.restore(vm.snapshot(), { host: { write: (bytes) => { printed += new TextDecoder().decode(bytes); } } });
    expect(copy.resume()).toMatchObject({ status: "done" });
    expect(`${output()}${printed}`.replace(/^sent\nsent/, "sent")).toBe("sent\n6057\n");
    copy.verifyHeap();
  });

  test("one set of workers serves one VM", () => {
    const workers = nodeWorkers(1);
    keepOpen(workers);
    library.createVM({ workers });
    expect(() => library.createVM({ workers })).toThrow(/each VM/);
    expect(() => nodeWorkers(0)).toThrow(RangeError);
  });
});

describe("the command line", () => {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-test-")), file = join(folder, "tasks.hml");
  const boxelder = (...args: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], { encoding: "utf8" });
    return { stdout, stderr, status };
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("says what ran in workers", () => {
    writeFileSync(file, `${PRIME}async fn talks() { return alloc(4); } let a = spawn(primes, 0, 1000); let b = spawn(talks); print(join(a)); free(join(b));`);
    const alone = boxelder(file), { stdout, stderr, status } = boxelder("--workers", "2", "--stats", file);
    expect([stdout, status]).toEqual([alone.stdout, 0]);
    expect(stderr).toMatch(/tasks in workers: 1\n1 stayed: alloc\(\)\n$/);
    expect(boxelder("--workers", "2", "--engine", "tree", file)).toMatchObject({ status: 1, stderr: expect.stringContaining("--workers: the tree engine cannot run tasks") as string });
  });
});
