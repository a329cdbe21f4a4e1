// What crossing the border costs: calls of a host function with a number in and a number out, and rows in and out in bulk.
//
//   npm run build && npx tsx bench/border.ts
//
// Medians of rounds in one process, after as many to warm up: V8 takes some fifty rounds over the rows to settle. Beside each
// row stands the same in plain JavaScript (JSON for the rows), so that figures of different machines can be compared.

import { library } from "../tests/support/library.ts";

const { createVM, lisp } = library;
const CALLS = 200_000, ROUNDS = 101;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Median milliseconds of a step, after as many rounds to warm up. */
function measure(step: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const start = performance.now();
    step();
    if (round >= ROUNDS) times.push(performance.now() - start);
  }
  return median(times);
}

const print = (name: string, figure: number, unit: string): void => console.log(`${name.padEnd(44)} ${figure.toFixed(unit === "ns" ? 0 : 3)} ${unit}`);

const rows = Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `name ${i}`, value: i * 1.5 }));

for (const loop of ["js", "wasm"] as const) {
  const vm = createVM({ loop, languages: [lisp], functions: { next: (x: number) => x + 1, rows: () => rows, take: (_: unknown) => null } });
  vm.run(`fn calls() { let s = 0; for (let i = 0; i < ${CALLS}; i++) { s = next(s); } return s; } fn empty() { let s = 0; for (let i = 0; i < ${CALLS}; i++) { s = s + 1; } return s; } fn same(rows) { return rows; }`);
  vm.run(`(define (calls n) (let loop ((i 0) (s 0)) (if (= i n) s (loop (+ i 1) (next s))))) (define (same rows) rows)`, { language: "lisp" });
  const calls = vm.globals.handle("calls"), empty = vm.globals.handle("empty"), inLisp = vm.globalsOf("lisp").handle("calls");
  const overhead = measure(() => void empty.call());
  print(`host call, Hemlock, ${loop} loop`, (measure(() => void calls.call()) - overhead) / CALLS * 1e6, "ns");
  print(`host call, Lisp, ${loop} loop`, measure(() => void inLisp.call(CALLS)) / CALLS * 1e6, "ns");
  const same = vm.globals.handle("same"), sameInLisp = vm.globalsOf("lisp").handle("same");
  print(`1000 rows in and out, Hemlock, ${loop} loop`, measure(() => void same.call(rows)), "ms");
  print(`1000 rows in and out, Lisp, ${loop} loop`, measure(() => void sameInLisp.call(rows)), "ms");
  print(`1 MiB of bytes in and out, ${loop} loop`, measure(() => void same.call(new Uint8Array(1 << 20))), "ms");
}
print("1000 rows through JSON", measure(() => void JSON.parse(JSON.stringify(rows))), "ms");
print("1000 rows through structuredClone", measure(() => void structuredClone(rows)), "ms");
