// node sema.mjs FILE ROUNDS: the npm build of Sema in the folder SEMA_WASM_DIR; prints "RESULT value ms ms …". Each round
// has an interpreter of its own, since one stops after a number of steps.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.SEMA_WASM_DIR, [, , file, rounds] = process.argv;
const { initSync, SemaInterpreter } = await import(pathToFileURL(join(folder, "sema_wasm.js")).href);
initSync({ module: new WebAssembly.Module(readFileSync(join(folder, "sema_wasm_bg.wasm"))) });
const source = readFileSync(file, "utf8"), times = [];
let value;
for (let i = 0; i <= Number(rounds); i++) {
  const interpreter = new SemaInterpreter();
  interpreter.evalGlobal(source);
  const start = performance.now(), result = interpreter.evalGlobal("(bench)");
  times.push(performance.now() - start);
  if (result.error) throw new Error(result.error);
  value = result.value;
}
console.log(["RESULT", value, ...times.slice(1)].join(" "));
