// Every program of a language under every configuration. Files run side by side, so a language with many programs has two of
// them, each with every other configuration.

import { describe, expect, test } from "vitest";
import { CONFIGURATIONS, exceptionFor, EXCEPTIONS, type Configuration } from "./configurations.ts";
import { allPrograms, execute, judge, type Program } from "./programs.ts";

const programs = allPrograms();

function problem(program: Program, configuration: Configuration): string | null {
  try {
    // A program about running out of fuel is not refuelled.
    const refuel = program.options.fuel === undefined ? configuration.refuel ?? 0 : 0;
    return judge(program, execute(configuration.build, program, { ...configuration.options, ...program.options }, { ...configuration, refuel }));
  } catch (error) {
    return `broke the VM: ${error instanceof Error ? error.stack : error}`;
  }
}

/** `share`: this file's number, and how many files there are. */
export function runPrograms(language: "hemlock" | "lisp", [number, files]: readonly [number: number, files: number] = [0, 1]): void {
  describe.each(CONFIGURATIONS.filter((_, i) => i % files === number))("$name", (configuration) => {
    const chosen = programs.filter((program) => program.language === language && !(program.slow && configuration.heavy === true));
    test.each(chosen)("$name", (program) => {
      const exception = exceptionFor(program.name, configuration.name);
      const found = problem(program, configuration);
      if (exception === undefined) expect(found).toBeNull();
      else expect(found, `passes now: take it off the list of exceptions (${exception.reason})`).not.toBeNull();
    });
  });

  test("exceptions name programs and configurations that exist", () => {
    for (const { program, configurations } of EXCEPTIONS.filter((each) => each.program.startsWith(`${language}/`))) {
      expect(programs.map((each) => each.name)).toContain(program);
      expect(CONFIGURATIONS.some((each) => configurations.test(each.name))).toBe(true);
    }
  });
}
