// Runs the program of the page, here and in the worker, at once and whenever the button is pressed.

import { runProgram } from "/tests/browser/run-program.js";

const byId = (id) => document.getElementById(id);
const worker = new Worker("/tests/browser/worker.js", { type: "module" });
worker.addEventListener("message", ({ data }) => { byId("worker").textContent = data; });
worker.addEventListener("error", ({ message }) => { byId("worker").textContent = `the worker did not start: ${message}`; });

function run() {
  const text = byId("program").value;
  byId("page").textContent = runProgram(text);
  worker.postMessage(text);
}

byId("run").addEventListener("click", run);
run();
