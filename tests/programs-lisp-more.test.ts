import { runPrograms } from "./support/program-suite.ts";

runPrograms("lisp", [1, 2]);
