// Every program of a language under every configuration. One test file for each language runs them: files run side by side.

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

export function runPrograms(language: "hemlock" | "lisp"): void {
  describe.each(CONFIGURATIONS)("$name", (configuration) => {
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
