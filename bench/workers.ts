// What workers bring: a program of tasks that only compute, run by the VM alone and with workers, in turns. Prints the time of each
// run and the median of the ratios of pairs; output and fuel must agree.
//
//   npm run build && npx tsx bench/workers.ts [workers = 2] [pairs = 5] [program = bench/parallel/primes.hml]

import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { library } from "../tests/support/library.ts";

const { nodeWorkers } = await import("../dist/node.js" as string) as typeof import("../src/node.ts");
const [count = "2", pairs = "5", file = "bench/parallel/primes.hml"] = process.argv.slice(2), text = readFileSync(file, "utf8");

interface Run { readonly milliseconds: number; readonly seen: string }

/** The thread that starts counts: a VM with workers pays for theirs. */
async function run(workers: number): Promise<Run> {
  const part = workers === 0 ? null : nodeWorkers(workers), started = performance.now();
  let output = "";
  const vm = library.createVM({ fuel: 1e15, ...(part === null ? {} : { workers: part }), host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } } });
  const result = await vm.runAsync(text), milliseconds = performance.now() - started;
  part?.close();
  return { milliseconds, seen: `${output}${result.status} ${1e15 - vm.fuel}` };
}

const ratios: number[] = [];
for (let i = 0; i < Number(pairs); i++) {
  const alone = await run(0), together = await run(Number(count));
  if (alone.seen !== together.seen) throw new Error(`not the same: ${alone.seen} and ${together.seen}`);
  ratios.push(alone.milliseconds / together.milliseconds);
  console.log(`alone ${alone.milliseconds.toFixed(0)} ms, with ${count} workers ${together.milliseconds.toFixed(0)} ms: ${ratios.at(-1)!.toFixed(2)}x, load ${loadavg()[0]!.toFixed(1)}`);
}
console.log(`median ${ratios.sort((a, b) => a - b)[ratios.length >> 1]!.toFixed(2)}x`);
