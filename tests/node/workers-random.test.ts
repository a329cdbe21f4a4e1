// Programs of tasks that do one thing and another at random - compute, write, use channels, sleep, draw numbers, fail, use memory - run the
// same way with workers as without: output, how they end, fuel. Without a clock of the host time is the VM's own, and deterministic.

import { expect, test } from "vitest";
import { library, type RunResult } from "../support/library.ts";
import { Random } from "../support/random.ts";

const { nodeWorkers } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");
const SEEDS = Number(process.env["SEEDS"] ?? 8), FIRST = Number(process.env["SEED"] ?? 1);

function program(seed: number): string {
  const random = new Random(seed), upTo = (n: number): number => random.below(n), channel = (): string => `c${upTo(3)}`;
  const ops: (() => string)[] = [
    () => `spin(${upTo(9) * upTo(9000)});`, () => `spin(${upTo(40000)});`, () => `print("${upTo(100)} of " + id);`, () => `log.push(${channel()}.recv());`, () => `${channel()}.send(id * 100 + ${upTo(100)});`,
    () => `log.push(${channel()}.recv_timeout(${upTo(20)}));`, () => `log.push(${channel()}.send_timeout(${upTo(100)}, ${upTo(20)}));`, () => `__sleep(0.00${upTo(10)});`,
    () => `log.push(select([c0, c1, c2], ${upTo(20)}) == null);`, () => `log.push(atomic_add_i32(p, ${upTo(9)}));`, () => `log.push(__rand_range(0, ${upTo(99)}));`,
    () => (upTo(4) === 0 ? `${channel()}.close();` : ""), () => (upTo(6) === 0 ? `${channel()}.send([id]);` : ""), () => (upTo(8) === 0 ? `throw log;` : ""), () => (upTo(20) === 0 ? `log.push([1][9]);` : ""),
  ];
  const body = (count: number): string => Array.from({ length: count }, () => ops[upTo(ops.length)]!()).join(" ");
  const kinds = Array.from({ length: 3 }, (_, i) => `async fn task${i}(id, rounds) { let log = []; for (let i = 0; i < rounds; i++) { ${body(4 + upTo(4))} } return [id, log]; }`);
  const tasks = Array.from({ length: 3 + upTo(6) }, (_, i) => `tasks.push(spawn(task${upTo(3)}, ${i}, ${1 + upTo(3)})); ${upTo(3) === 0 ? `spin(${upTo(50000)});` : ""}`);
  return `__seed(${seed}); let p = alloc(4); atomic_store_i32(p, 0); let c0 = channel(0); let c1 = channel(1); let c2 = channel(5); fn spin(n) { let i = 0; while (i < n) { i++; } }
    ${kinds.join("\n")}\nlet tasks = []; ${tasks.join(" ")}
    async fn feeder() { for (let i = 0; i < 40; i++) { c0.send_timeout(i, 3); c1.recv_timeout(3); c2.send_timeout(-i, 3); } return "fed"; } tasks.push(spawn(feeder));
    for (t in tasks) { try { print(join(t)); } catch (e) { print(e); } } print(atomic_load_i32(p)); free(p);`;
}

/** Tasks that only have memory in common: counters, loops that try again, a lock, slices of their own. What comes of it is the same whoever is first; turns and fuel may be others where somebody tries again. */
function memoryProgram(seed: number): { readonly text: string; readonly isExact: boolean } {
  const random = new Random(seed), upTo = (n: number): number => random.below(n), word = (): string => `ptr_offset(p, ${upTo(4)}, 8)`, mine = (): string => `ptr_offset(own, id * 16 + ${upTo(16)}, 4)`;
  let isExact = true;
  const retrying = (text: string): string => { isExact = isExact && text === ""; return text; };
  const ops: (() => string)[] = [
    () => `spin(${upTo(5000)});`, () => `atomic_add_i32(${word()}, ${upTo(99)});`, () => `atomic_sub_i64(ptr_offset(p, ${4 + upTo(4)}, 8), ${upTo(9)}000000000);`, () => `atomic_xor_i32(ptr_offset(p, 8, 8), ${upTo(999)});`,
    () => `atomic_or_i64(ptr_offset(p, 9, 8), 1 << ${upTo(30)});`, () => `ptr_write_i32(${mine()}, i + ${upTo(99)});`, () => `let q${upTo(9)} = ${mine()}; atomic_store_i32(${mine()}, id);`,
    () => `{ let q = ${mine()}; ptr_write_i32(q, ptr_deref_i32(q) * 3 + 1); mine = mine + ptr_deref_i32(q) % 7; }`, () => `memset(${mine()}, ${upTo(256)}, 4);`, () => `bytes[id * 8 + ${upTo(8)}] = i;`,
    () => (upTo(3) === 0 ? retrying(`add(ptr_offset(p, 10, 8), ${upTo(50)});`) : ""), () => (upTo(4) === 0 ? retrying(`while (!atomic_cas_i32(lock, 0, 1)) {} { let q = ptr_offset(p, 11, 8); ptr_write_i32(q, ptr_deref_i32(q) + 2); } atomic_store_i32(lock, 0);`) : ""),
    () => (upTo(9) === 0 ? `print("round " + i + " of " + id);` : ""), () => (upTo(15) === 0 ? `if (i == ${upTo(9)}) { throw [id, mine]; }` : ""), () => (upTo(20) === 0 ? `if (i == 3) { ptr_deref_i32(ptr_offset(p, 96, 1)); }` : ""),
  ];
  const body = (count: number): string => Array.from({ length: count }, () => ops[upTo(ops.length)]!()).join(" ");
  const kinds = Array.from({ length: 3 }, (_, i) => `async fn task${i}(id, rounds) { let mine = 0; for (let i = 0; i < rounds; i++) { ${body(4 + upTo(6))} } return [id, mine]; }`);
  const tasks = Array.from({ length: 3 + upTo(6) }, (_, i) => `tasks.push(spawn(task${upTo(3)}, ${i}, ${1 + upTo(40)})); ${upTo(3) === 0 ? `spin(${upTo(50000)});` : ""} ${upTo(4) === 0 ? `free(alloc(${1 + upTo(3000)}));` : ""}`);
  const text = `fn spin(n) { let i = 0; while (i < n) { i++; } } fn add(p, v) { while (true) { let old = atomic_load_i32(p); if (atomic_cas_i32(p, old, old + v)) { return null; } } }
    let p = alloc(96); memset(p, 0, 96); let own = talloc("i32", 160); memset(own, 0, 640); let lock = alloc(4); atomic_store_i32(lock, 0); let bytes = buffer_ptr(room); ${kinds.join("\n")}
    let tasks = []; ${tasks.join(" ")} for (t in tasks) { try { print(join(t)); } catch (e) { print(e); } }
    for (let i = 0; i < 12; i++) { print(atomic_load_i64(ptr_offset(p, i, 8))); } let sum = 0; for (let i = 0; i < 160; i++) { sum = (sum * 31 + ptr_deref_i32(ptr_offset(own, i, 4))) % 1000003; } print(sum); for (let i = 0; i < 80; i++) { sum = (sum * 31 + room[i]) % 1000003; } print(sum);`;
  return { text: `let room = buffer(80); ${text}`, isExact };
}

async function ran(text: string, count: number): Promise<{ readonly output: string; readonly result: RunResult; readonly used: number; readonly where: string }> {
  let output = "";
  const workers = count === 0 ? null : nodeWorkers(count, { world: { verifyHeap: true } });
  const vm = library.createVM({ fuel: 1e12, ...(workers === null ? {} : { workers }), host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
  const result = await vm.runAsync(text), used = 1e12 - vm.fuel;
  vm.verifyHeap();
  workers?.close();
  return { output, result, used, where: workers === null ? "" : JSON.stringify([workers.report().sent, [...workers.report().stayed]]) };
}

test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("program %i", async (seed) => {
  const text = program(seed), alone = await ran(text, 0), { where, ...together } = await ran(text, 1 + seed % 3);
  expect(where).not.toContain("the worker ended");
  expect(together, where).toEqual({ output: alone.output, result: alone.result, used: alone.used });
});

test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("program %i with memory in common", async (seed) => {
  const { text, isExact } = memoryProgram(seed), alone = await ran(text, 0), { where, ...together } = await ran(text, 1 + seed % 3);
  expect(where).toMatch(/^\[[1-9]\d*,\[\]\]$/);
  const lines = (text: string): string => (isExact ? text : text.split("\n").sort().join("\n"));
  expect({ ...together, output: lines(together.output) }, where).toEqual({ output: lines(alone.output), result: alone.result, used: isExact ? alone.used : together.used });
});
