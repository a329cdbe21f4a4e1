// Runs the programs the page sends.

import { runProgram } from "/tests/browser/run-program.js";

addEventListener("message", ({ data }) => postMessage(runProgram(data)));
