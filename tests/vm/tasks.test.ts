// Tasks as a host sees them: what is left behind when a run ends amid them, clocks, and limits.

import { describe, expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";

const WAITING = `async fn wait(c) { return c.recv(); } let c = channel(); let t = spawn(wait, c);`;

function session(options: VmOptions = {}): { readonly vm: ReturnType<typeof library.createVM>; readonly run: (text: string) => string; readonly output: () => string } {
  let output = "";
  const vm = library.createVM({ ...options, host: { ...options.host, write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
  return {
    vm, output: () => output,
    run: (text) => {
      const result = vm.run(text, { repl: true });
      vm.verifyHeap();
      return result.status === "done" ? result.value : `${result.kind}: ${result.message}`;
    },
  };
}

describe.each([["js"], ["wasm"]] as const)("with the %s loop", (loop) => {
  test("a deadlock says where every task waits, and leaves a VM that goes on", () => {
    const { run } = session({ loop });
    const message = run(`${WAITING}\njoin(t);`);
    expect(message.split("\n")).toEqual([
      "fatal: deadlock: every task waits for another one",
      "  task 1 waits to receive from a channel", "    in wait at <script>:1:27",
      "  the program waits for the end of a task", "    in <main> at <script>:2:1",
    ]);
    expect(run(`async fn two() { return 2; } join(spawn(two));`)).toBe("2");
  });

  test("the program ends, whatever its tasks do", () => {
    const { run } = session({ loop });
    expect(run(`${WAITING} async fn spin() { while (true) {} } spawn(spin); 5;`)).toBe("5");
    expect(run("6;")).toBe("6");
    expect(run(`async fn fails() { throw "inside"; } spawn(fails); __sleep(1); "lost";`)).toBe("lost");
    expect(run(`throw "after " + 1;`)).toBe("uncaught: after 1");
  });

  test("what stops amid a task goes on there", () => {
    const { vm } = session({ loop, fuel: 100 });
    let result = vm.run("async fn busy(n) { let sum = 0; for (let i = 0; i < n; i++) { sum += i; } return sum; } let a = spawn(busy, 3000); let b = spawn(busy, 5000); join(a) + join(b);");
    let stops = 0;
    for (; result.status === "error" && result.kind === "outOfFuel"; stops++) result = vm.resume(997);
    expect(result).toMatchObject({ status: "done", value: String(2999 * 1500 + 4999 * 2500) });
    expect(stops).toBeGreaterThan(7);
  });

  test("exceptions that are raised where another task goes on", () => {
    const { run } = session({ loop });
    expect(run(`async fn send(c) { try { c.send(1); } catch (e) { return "caught: " + e; } } let full = channel(); let s = spawn(send, full);
      async fn close(c) { c.close(); throw "closed it"; } let k = spawn(close, full);
      let seen = join(s); try { join(k); } catch (e) { seen = seen + ", " + e; } seen;`)).toBe("caught: cannot send to closed channel, closed it");
  });

  test("memory that runs out in a task is an error of that task", () => {
    const { run } = session({ loop, memory: 1024 * 1024 });
    expect(run(`async fn eat() { let all = []; while (true) { all.push("x".repeat(1000)); } } let t = spawn(eat); let e = null; try { join(t); } catch (x) { e = x; } e;`)).toBe("out of memory");
    expect(run(`async fn one() { return 1; } let tasks = []; try { while (true) { tasks.push(spawn(one)); } } catch (x) { tasks = null; } tasks;`)).toBe("null");
    expect(run("let u = spawn(one); join(u);")).toBe("1");
  });
});

test("time passes on the host's clock when it has one", () => {
  let time = 1000;
  const slept: number[] = [];
  const { run } = session({ host: { now: () => time, sleep: (milliseconds) => { slept.push(milliseconds); time += milliseconds; } } });
  expect(run(`async fn nap(s) { __sleep(s); return s; } let a = spawn(nap, 2); let b = spawn(nap, 0.5); join(a) + join(b);`)).toBe("2.5");
  expect(slept).toEqual([500, 1500]);
  expect(run("let c = channel(); c.recv_timeout(30);")).toBe("null");
  expect(slept).toEqual([500, 1500, 30]);
});

test("the tree engine says that it cannot", () => {
  const { vm } = session({ engine: library.tree });
  expect(vm.run("async fn f() {} spawn(f);")).toMatchObject({ kind: "fatal", message: "the tree engine cannot run tasks" });
  expect(vm.run("async fn g() { return 3; } await g();")).toMatchObject({ status: "done", value: "3" });
});
