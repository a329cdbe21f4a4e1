// Small programs that are wrong, hostile or endless, one on each line of mistakes.txt, and what a person is shown of each:
// place, line, caret, a sentence that helps. The world is sound afterwards, and the tree engine says the same.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { failureText } from "../../../src/cli/report.ts";
import type { VmOptions } from "../../../src/index.ts";
import { PLAIN_STYLE } from "../../../src/text/diagnostics.ts";
import { golden } from "../../support/golden.ts";
import { library } from "../../support/library.ts";

const { createVM, lisp, tree } = library;
const PROGRAMS = readFileSync(fileURLToPath(new URL("mistakes.txt", import.meta.url)), "utf8").trimEnd().split("\n");

function report(program: string, engine?: VmOptions["engine"]): string {
  let output = "";
  const host = { write: (bytes: Uint8Array) => void (output += new TextDecoder().decode(bytes)), writeError() {}, readLine: () => null, args: [] };
  const vm = createVM({ languages: [lisp], engine, host, memory: 8 << 20, fuel: 200_000_000 }), result = vm.run(program, { language: "lisp", name: "m" });
  vm.verifyHeap();
  return `${output}${result.status === "done" ? `=> ${result.value}\n` : failureText(result, vm, PLAIN_STYLE)}`;
}

/** What happened and where. */
const gist = (text: string): string => text.split(/Stack trace|hint:/)[0]!;
/** Of what the tree engine cannot do, of what the size of a stack decides, and a wrong callee in tail position, which that engine finds in the caller. */
const OTHER_IN_TREE = /call\/cc|\(m x\)\) \(m 1\)|let f \(\(n 0\)\)|\(g\)|async|await|channel|forever|\(range 0|with-exception-handler \(lambda \(e\)/;

test("what is shown", () => golden("lisp-mistakes", PROGRAMS.map((program) => `${program}\n${report(program).replace(/^/gm, "    ").trimEnd()}\n`).join("")));
test("the tree engine says the same", () => {
  const shown = (engine?: VmOptions["engine"]): string[] => PROGRAMS.filter((each) => !OTHER_IN_TREE.test(each)).map((program) => `${program}\n${gist(report(program, engine))}`);
  expect(shown(tree)).toEqual(shown());
});
