// bundle and compile: one file that does what the script and its modules do.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

const elsewhere = mkdtempSync(join(tmpdir(), "boxelder-test-"));
file("one/lib/counter.hml", `export let count = 0;
export fn next() { count = count + 1; return count; }
export define Point { x: i32, y: i32 }
export enum Color { RED, GREEN = 5 }
export const LIMIT = 10;
fn hidden() { return "hidden"; }
print("counter runs");`);
file("one/lib/both.hml", `import { next } from "./counter";
export { next as following, count as seen } from "./counter";
import * as all from "./counter.hml";
export fn twice() { next(); return next(); }
export let made: Point = { x: 1, y: 2 };
twice(); print("both runs " + all.LIMIT);`);
file("one/lib/refs.hml", "export let total = 1; export fn add(ref to, n) { to = to + n; } export fn grow() { add(total, 5); return total; }");
const SCRIPTS: { readonly [name: string]: string } = {
  "re-exports, name spaces, private names, types": `import { twice, following, made, seen } from "./lib/both";
import { count, Color, LIMIT as MOST, hidden } from "./lib/counter";
import * as space from "./lib/counter";
print([count, seen, twice(), following(), Color.GREEN, MOST, hidden(), made.x + made.y, space.next(), space.count]);
let p: Point = { x: 4, y: 5 }; print(typeof(p));`,
  "modules of the standard library": "import { range, enumerate } from \"@stdlib/iter\"; import * as s from \"@stdlib/strings\"; print(range(0, 5)); print(s.pad_left(\"7\", 3));",
  "everything of a module, and parameters by reference": "import { grow, total, add } from \"./lib/refs\"; grow(); import { total as later } from \"./lib/refs\"; let mine = 2; add(mine, 3); print([total, later, mine]);",
  "names that the bundle would use": "import { next } from \"./lib/counter\"; let module_0 = 5; print(module_0 + next());",
  "no imports": "print(1 + 1); // nothing else",
};

describe.each(Object.entries(SCRIPTS))("%s", (name, text) => {
  const script = file(`one/${name.replace(/\W/g, "-")}.hml`, text), wanted = boxelder(["run", script]);
  test("runs at all", () => { expect(wanted).toMatchObject({ code: 0, error: "" }); });

  test("as a bundle", () => {
    const { code, out, error } = boxelder(["bundle", script]), bundled = join(elsewhere, "bundle.hml");
    expect([code, error]).toEqual([0, ""]);
    writeFileSync(bundled, out);
    expect(boxelder(["run", bundled])).toEqual(wanted);
  });

  test("as bytecode", () => {
    const compiled = join(elsewhere, "program.bc");
    expect(boxelder(["compile", script, "-o", compiled])).toEqual({ code: 0, out: "", error: "" });
    expect(boxelder(["run", compiled])).toEqual(wanted);
  });
});

test("a name that a module lacks is the same error in a bundle, when the import is reached", () => {
  file("one/lib/little.hml", "export fn yes() { return 1; } print(\"little runs\");");
  const script = file("one/lacks.hml", "import { yes, no as mine } from \"./lib/little\"; print(yes());"), bundled = join(elsewhere, "lacks.hml");
  const { code, out, error } = boxelder(["run", script]);
  expect([code, out]).toEqual([1, "little runs\n"]);
  expect(boxelder(["bundle", script, "-o", bundled]).code).toBe(0);
  expect(boxelder(["run", bundled])).toMatchObject({ code, out });
  expect(boxelder(["run", bundled]).error.split("\n")[0]).toBe(error.split("\n")[0]);
});

test("Lisp is compiled, not bundled", () => {
  const script = file("one/x.lisp", "(defmacro twice (x) `(* 2 ,x)) (println (twice 21))"), compiled = join(elsewhere, "x.bc");
  expect(boxelder(["compile", script, "-o", compiled]).code).toBe(0);
  expect(boxelder([compiled, "argument"])).toEqual({ code: 0, out: "42\n", error: "" });
  expect(boxelder(["bundle", script])).toMatchObject({ code: 1, error: expect.stringContaining("there is nothing to bundle") });
});

test("modules that import each other are refused as ever", () => {
  file("ring/a.hml", "import { b } from \"./b\"; export const a = 1;");
  file("ring/b.hml", "import { a } from \"./a\"; export const b = 1;");
  const script = file("ring/main.hml", "import { a } from \"./a\"; print(a);");
  for (const words of [["run", script], ["bundle", script], ["compile", script, "-o", join(elsewhere, "ring.bc")]]) expect(boxelder(words)).toMatchObject({ out: "", error: expect.stringContaining("E306") });
});

test("bytecode that is not fit to run is refused by name, and errors show the script", () => {
  const script = file("one/fails.hml", "let x = 1;\nthrow \"no\";"), compiled = join(elsewhere, "fails.bc");
  boxelder(["compile", script, "-o", compiled]);
  const { code, error } = boxelder(["run", compiled]);
  expect(code).toBe(1);
  expect(error).toContain("fails.hml:2:1");
  expect(error).toContain("throw \"no\";");
  const bytes = readFileSync(compiled);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(compiled, bytes);
  expect(boxelder(["run", compiled])).toMatchObject({ code: 1, error: expect.stringContaining("fails.bc: the compiled program is not as it was written") });
});
