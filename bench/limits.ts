// Do the limits hold? Each probe tries to take more memory or time than it may have: 32 MiB, 200 ms. A table says when it was
// stopped, by what, what the world took, and whether the VM was whole and usable afterwards. Beside the time on the wall
// stands that of the processor: on a busy machine only that says something.
//
//   npm run build && npx tsx bench/limits.ts

import type { RunFailure } from "../src/index.ts";
import { library } from "../tests/support/library.ts";
import { PROBES } from "./probes.ts";

const { createVM, lisp } = library;

const MEMORY = 32 << 20, MILLISECONDS = 200;

/** What came of one probe, as a row of the table. */
function row(language: "hemlock" | "lisp", name: string, text: string, isTimed: boolean): string {
  const vm = createVM({ memory: MEMORY, languages: language === "lisp" ? [lisp] : [] }), limits = isTimed ? { timeLimit: MILLISECONDS } : {};
  const cpu = process.cpuUsage(), start = performance.now();
  const result = vm.run(text, { language, ...limits }), took = performance.now() - start, { user, system } = process.cpuUsage(cpu);
  const { worldBytes, rawBytes } = vm.stats(), failed = result.status === "error" ? result as RunFailure : null;
  let after = "usable";
  try {
    vm.verifyHeap();
    if (vm.eval(language === "lisp" ? "(+ 1 1)" : "1 + 1", { language }) !== 2) after = "wrong";
  } catch (error) {
    after = `broken: ${String(error).slice(0, 60)}`;
  }
  const stopped = failed === null ? `ran to its end: ${result.status === "done" ? result.value.slice(0, 20) : ""}` : failed.kind === "uncaught" ? failed.message.slice(0, 40) : failed.kind;
  return `| ${name} | ${language} | ${stopped} | ${took.toFixed(0)} ms | ${((user + system) / 1000).toFixed(0)} ms | ${((worldBytes + rawBytes) / (1 << 20)).toFixed(1)} MiB | ${after} |`;
}

console.log("| probe | language | stopped by | after | processor | memory | then |\n|---|---|---|---:|---:|---:|---|");
for (const { name, isMemory = false, hemlock, lisp: text } of PROBES) {
  // What fills memory is tried without a limit of time as well, so that it comes to the other one.
  for (const isTimed of isMemory ? [false, true] : [true]) {
    const title = isMemory && !isTimed ? `${name}, no limit of time` : name;
    console.log(row("hemlock", title, hemlock, isTimed));
    console.log(row("lisp", title, text, isTimed));
  }
}
