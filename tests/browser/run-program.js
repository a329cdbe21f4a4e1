// Runs a program in a VM that may compute, write and nothing else.

import { createVM } from "/dist/index.js";

/** What it writes, and how it failed. */
export function runProgram(text) {
  let out = "";
  const decoder = new TextDecoder();
  const vm = createVM({ memory: 16 << 20, fuel: 50_000_000, host: { write(bytes) { out += decoder.decode(bytes, { stream: true }); } } });
  const result = vm.run(text, { name: "page.hml" });
  return result.status === "done" ? out : `${out}${result.kind}: ${result.message}\n`;
}
