// The command that starts from ready-made code, and the one that is loaded piece by piece: which of them runs must not show.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dist } from "../../src/build/entry-files.ts";
import { CODE, compile, SCRIPT } from "../../src/cli/compiled-command.ts";
import { boxelder, file } from "./command.ts";

test("the build leaves code that V8 takes", () => {
  expect(existsSync(dist + CODE)).toBe(true);
  expect(compile(dist + SCRIPT, readFileSync(dist + CODE)).cachedDataRejected).toBe(false);
});

describe("with the code and without it", () => {
  const hemlock = file("both.hml", "import { sha256 } from \"@stdlib/hash\"; print(sha256(\"a\")); print(args.length);"), wrong = file("wrong.hml", "let a = 1;\nprint(a.b.c);\n");
  const lisp = file("both.lisp", "(display (map (lambda (x) (* x x)) '(1 2 3)))");
  test.each([
    [[hemlock, "x"]], [[lisp]], [[wrong]], [["--engine", "tree", "-e", "print(1);"]], [["check", hemlock]], [["fmt", wrong]], [["dis", lisp]], [["stress", "--mode", "every", lisp]],
    [["--workers", "2", "-e", "async fn f(n) { return n * 2; } print(join(spawn(f, 4)));"]], [["--help"]], [["nothing.hml"]], [["--no-such-option"]],
  ])("%j", (words) => {
    const ready = boxelder(words), pieces = boxelder(words, { environment: { NODE_DISABLE_COMPILE_CACHE: "1" } }), steady = (text: string): string => text.replace(/in [\d.]+ s/g, "in … s");
    expect({ ...ready, out: steady(ready.out) }).toEqual({ ...pieces, out: steady(pieces.out) });
  });
});

