// Lets each allocation of a program fail in turn. The script sees "out of memory", or caught it, or never noticed; the
// VM stays sound whatever happens.

import { expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";
import { allPrograms, execute, judge, type Program } from "../support/programs.ts";

const TOPICS = /^hemlock\/(?:arrays|closures|defer|functions|json|objects|strings|switch|try|types)\//;
const programs = allPrograms().filter((program) => TOPICS.test(program.name) && program.ending === null);
const OPTIONS: VmOptions = { memory: 32 * 1024 * 1024, verifyHeap: true, poison: true };
const OUT_OF_MEMORY = "out of memory";
/**
 * What is uncaught is the failed allocation itself, except where a script catches that in place of what it meant to throw and
 * takes it for such: then it is what that script does with the text "out of memory". By program, each of which must get there.
 */
const EXPLAINED: { readonly [program: string]: string } = {
  "hemlock/try/values.hml": "Unknown property 'code' for string",
};
const met = new Set<string>(), ran = new Set<string>();
/** The first allocation that is the script's and not the making of its VM. */
const FIRST = firstAllocation();

function firstAllocation(): number {
  for (let n = 1; ; n++) {
    try {
      library.createVM({ ...OPTIONS, failAllocationAt: n, host: { args: ["script"] } });
      return n;
    } catch (error) {
      expect(error).not.toBeInstanceOf(TypeError);
    }
  }
}

/** Runs with the n-th allocation of the script failing; true when there was no n-th. */
function survives(program: Program, n: number): boolean {
  const execution = execute(library, program, { ...OPTIONS, failAllocationAt: FIRST + n });
  const { result } = execution;
  if (result.status === "error") {
    expect(result.kind).toBe("uncaught");
    if (result.message !== OUT_OF_MEMORY) {
      expect(result.message).toBe(EXPLAINED[program.name] ?? OUT_OF_MEMORY);
      met.add(program.name);
    }
    return false;
  }
  return judge(program, execution) === null;
}

test.each(programs)("$name", (program) => {
  // Steps grow, so that long programs take a bounded number of runs; the first allocations are all tried.
  let n = 0, calm = 0;
  ran.add(program.name);
  while (calm < 3 && n < 20_000) {
    calm = survives(program, n) ? calm + 1 : 0;
    n += 1 + (n >> 4);
  }
  expect(calm, "the program ends well once no allocation fails").toBe(3);
});

test("every explained error was met", () => expect([...met]).toEqual(Object.keys(EXPLAINED).filter((name) => ran.has(name))));
