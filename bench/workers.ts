// What workers bring: a program of tasks that only compute, run by the VM alone and with workers, in turns. Prints the time of each
// run and the median of the ratios of pairs; output and fuel must agree. Where the machine has other work to do the processor time of the
// busiest thread says more (Linux only): what the run would take if each thread had a processor for itself.
//
//   npm run build && npx tsx bench/workers.ts [workers = 2] [pairs = 5] [program = bench/parallel/primes.hml]

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { library } from "../tests/support/library.ts";

const { nodeWorkers } = await import("../dist/node.js" as string) as typeof import("../src/node.ts");
const [count = "2", pairs = "5", file = "bench/parallel/primes.hml"] = process.argv.slice(2), text = readFileSync(file, "utf8");

interface Run { readonly milliseconds: number; readonly busiest: number; readonly seen: string }

const THREADS = "/proc/self/task", MILLISECONDS_PER_TICK = 10;

/** Processor time of each thread of this process so far, in milliseconds. */
function processorTimes(): Map<string, number> {
  return new Map((existsSync(THREADS) ? readdirSync(THREADS) : []).map((thread) => {
    const text = readFileSync(`${THREADS}/${thread}/stat`, "utf8"), [user, system] = text.slice(text.lastIndexOf(")") + 2).split(" ").slice(11, 13);
    return [thread, (Number(user) + Number(system)) * MILLISECONDS_PER_TICK];
  }));
}

/** The thread that starts counts: a VM with workers pays for theirs. */
async function run(workers: number): Promise<Run> {
  const part = workers === 0 ? null : nodeWorkers(workers), started = performance.now(), before = processorTimes();
  let output = "";
  const vm = library.createVM({ fuel: 1e15, ...(part === null ? {} : { workers: part }), host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
  const result = await vm.runAsync(text), milliseconds = performance.now() - started;
  const busiest = Math.max(0, ...[...processorTimes()].map(([thread, time]) => time - (before.get(thread) ?? 0)));
  part?.close();
  return { milliseconds, busiest, seen: `${output}${result.status} ${1e15 - vm.fuel}` };
}

const ratios: number[] = [], shares: number[] = [], median = (list: number[]): string => list.sort((a, b) => a - b)[list.length >> 1]!.toFixed(2);
for (let i = 0; i < Number(pairs); i++) {
  const alone = await run(0), together = await run(Number(count));
  if (alone.seen !== together.seen) throw new Error(`not the same: ${alone.seen} and ${together.seen}`);
  ratios.push(alone.milliseconds / together.milliseconds);
  shares.push(alone.busiest / together.busiest);
  console.log(`alone ${alone.milliseconds.toFixed(0)} ms, with ${count} workers ${together.milliseconds.toFixed(0)} ms: ${ratios.at(-1)!.toFixed(2)}x; busiest thread ${alone.busiest} ms and ${together.busiest} ms on a processor, load ${loadavg()[0]!.toFixed(1)}`);
}
console.log(`median ${median(ratios)}x, of the busiest thread ${median(shares)}x`);
