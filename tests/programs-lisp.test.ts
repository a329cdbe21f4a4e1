import { runPrograms } from "./support/program-suite.ts";

runPrograms("lisp", [0, 2]);
