import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { library } from "../support/library.ts";
import { boxelder, file } from "./command.ts";

const script = file("heap/sample.hml", 'let kept = []; for (let i = 0; i < 500; i++) { kept.push({ name: "n" + i, at: i }); }\nprint("ran " + args[1]);\n');
const folder = dirname(script), snapshot = join(folder, "out.heapsnapshot"), picture = join(folder, "map.svg");

test("heap runs the script, shows what it holds and writes files", () => {
  const { code, out, error } = boxelder(["heap", "--output", snapshot, "--svg", picture, "--top", "4", script, "word"]);
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(/^ran word\n/);
  expect(out).toMatch(/500 +\S+ KiB +\S+ KiB +Object\(name, at\)/);
  expect(out).toContain("globals › kept");
  const written = JSON.parse(readFileSync(snapshot, "utf8")) as { snapshot: { node_count: number }; nodes: number[] };
  expect(written.nodes).toHaveLength(7 * written.snapshot.node_count);
  expect(readFileSync(picture, "utf8")).toMatch(/^<svg /);
});

test("heap on the tree engine", () => {
  const { code, out } = boxelder(["heap", "--output", "none", "--engine", "tree", script, "word"]);
  expect(code).toBe(0);
  expect(out).toContain("globals › kept");
});

test("a script that fails is looked at all the same", () => {
  const failing = file("heap/failing.lisp", '(define kept (list "a" "b"))\n(throw "no")\n'), target = join(folder, "failing.heapsnapshot");
  const { code, out, error } = boxelder(["heap", "--output", target, failing]);
  expect(code).toBe(1);
  expect(error).toContain("Uncaught exception");
  expect(out).toContain("By kind");
  expect(existsSync(target)).toBe(true);
});

test("a file that cannot be written is an error that says so", () => {
  const { code, error } = boxelder(["heap", "--output", join(folder, "no", "such", "folder"), script, "word"]);
  expect(code).toBe(1);
  expect(error).toMatch(/cannot write '.*folder'/);
});

test("heap opens an image of a frozen VM", () => {
  const vm = library.createVM({ functions: { gone: () => 1 } });
  vm.run('let frozen = []; for (let i = 0; i < 300; i++) { frozen.push({ index: i }); } gone();');
  const image = file("heap/state.image", vm.snapshot());
  expect(boxelder(["heap", "--output", "none", image])).toMatchObject({ code: 0, error: "", out: expect.stringMatching(/300 .*Object\(index\)[^]*globals › frozen/) as string });
  expect(boxelder(["heap", file("heap/broken.image", vm.snapshot().slice(0, 5000))])).toMatchObject({ code: 1, error: expect.stringMatching(/^boxelder: cannot open '.*broken\.image': /) as string });
});
