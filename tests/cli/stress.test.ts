// The command stress: what it says and exits with, and that the command it prints shows the fault again.

import { expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

test("a sound script", () => {
  const { code, out } = boxelder(["stress", "--stride", "40", "--runs", "20", file("sound.hml", 'let a = [args[1], "x"]; print(a.join("-"));'), "word"]);
  expect(out.replace(/ in [\d.]+ s\n$/, "\n")).toMatch(/^(?:ok {6}[a-z-]+ \([^)]*\): \d+ (?:acts|runs).*\n){10}nothing found\n$/);
  expect(code).toBe(0);
});

test("a fault is narrowed down, and seen again by the command that is printed", () => {
  const script = file("weak.lisp", "(define w (weak-ref (list 1 2)))\n(define kept (map (lambda (i) (str i)) (range 30)))\n(println (if (weak-ref-value w) 'there 'gone))");
  const { code, out } = boxelder(["stress", "--mode", "allocations", "--gc-stress-rate", "0.2", "--gc-seed", "3", script]);
  expect(code).toBe(1);
  expect(out).toContain('FAILED  allocations (collect at allocations, seed 3): the first that does harm is number');
  expect(out).toContain('line 1 of the output is "gone", and without stress "there"');
  const again = /again: boxelder (.*)/.exec(out)![1]!.split(" "), second = boxelder(again);
  expect(again).toContain("--only");
  expect(second).toMatchObject({ code: 1, error: "" });
  expect(second.out).toContain('line 1 of the output is "gone"');
});

test("what it cannot do", () => {
  expect(boxelder(["stress", "--mode", "alocations", file("any.hml", "1;")])).toMatchObject({ code: 1, error: expect.stringContaining("did you mean allocations?") as string });
  expect(boxelder(["stress", file("broken.hml", "let = ;")])).toMatchObject({ code: 1, error: expect.stringContaining("the program cannot run") as string });
  expect(boxelder(["stress", "missing.hml"])).toMatchObject({ code: 1, error: expect.stringContaining("no such file") as string });
});
