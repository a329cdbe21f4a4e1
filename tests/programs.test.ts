// Every program of tests/programs under every configuration.

import { describe, expect, test } from "vitest";
import { CONFIGURATIONS, exceptionFor, EXCEPTIONS, type Configuration } from "./support/configurations.ts";
import { allPrograms, execute, judge, type Program } from "./support/programs.ts";

const programs = allPrograms();

function problem(program: Program, configuration: Configuration): string | null {
  try {
    // A program about running out of fuel is not refuelled.
    const refuel = program.options.fuel === undefined ? configuration.refuel : 0;
    return judge(program, execute(configuration.build, program, { ...configuration.options, ...program.options }, refuel, configuration.freeze));
  } catch (error) {
    return `broke the VM: ${error instanceof Error ? error.stack : error}`;
  }
}

describe.each(CONFIGURATIONS)("$name", (configuration) => {
  const chosen = programs.filter((program) => !(program.slow && configuration.heavy === true));
  test.each(chosen)("$name", (program) => {
    const exception = exceptionFor(program.name, configuration.name);
    const found = problem(program, configuration);
    if (exception === undefined) expect(found).toBeNull();
    else expect(found, `passes now: take it off the list of exceptions (${exception.reason})`).not.toBeNull();
  });
});

test("exceptions name programs and configurations that exist", () => {
  for (const { program, configurations } of EXCEPTIONS) {
    expect(programs.map((each) => each.name)).toContain(program);
    expect(CONFIGURATIONS.some((each) => configurations.test(each.name))).toBe(true);
  }
});
