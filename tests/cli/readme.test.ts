import { expect, test } from "vitest";
import { read } from "../support/sources.ts";
import { boxelder, file } from "./command.ts";

test("the first example of README.md does what it shows", () => {
  const [, program, shown] = /```c\n([^]*?)```\n\n```\n\$ npx boxelder greet\.hml\n([^]*?)```/.exec(read("README.md"))!;
  const script = file("readme/greet.hml", program!);
  const { code, out, error } = boxelder([script]);
  expect((out + error).replaceAll(script, "greet.hml")).toBe(shown);
  expect(code).toBe(1);
});
