import { expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

test("check reports every file and runs none", () => {
  const good = file("good.hml", 'print("not run");'), bad = file("bad.hml", "let x = ;");
  expect(boxelder(["check", good])).toEqual({ code: 0, out: "", error: "" });
  const { code, out, error } = boxelder(["check", bad, good, "missing.hml"]);
  expect([code, out]).toEqual([1, ""]);
  expect(error).toContain("bad.hml:1:9");
  expect(error).toContain("missing.hml");
});

test("dis shows bytecode, IR and syntax tree", () => {
  const script = file("sum.hml", "let a = 1; print(a + 2);");
  for (const words of [[], ["--ir"], ["--ast"]]) {
    const { code, out } = boxelder(["dis", ...words, script]);
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(10);
  }
});

test("batch runs each line in a world of its own and survives malformed ones", () => {
  const request = (id: number, source: string): string => JSON.stringify({ id, source });
  const input = [request(1, 'x = 1; print("a");'), request(2, "print(2);"), "nonsense", '{"id": 4}', request(5, "let = ;"), request(6, "print(6);")].join("\n");
  const { code, out } = boxelder(["batch", "--language", "hemlock"], { input });
  expect(code).toBe(0);
  const rows = out.trim().split("\n").map((line) => JSON.parse(line) as { id: unknown; output: string; error: { message: string } | null });
  expect(rows.map((row) => row.id)).toEqual([1, 2, null, 4, 5, 6]);
  expect(rows.map((row) => row.output)).toEqual(["", "2\n", "", "", "", "6\n"]);
  expect(rows.map((row) => row.error === null)).toEqual([false, true, false, false, false, true]);
});

test("repl: values, unfinished input, errors, commands", () => {
  const input = ["let n = 20;", "n + 1;", "fn f(x) {", "  return x * 2;", "}", "f(n);", 'throw "oops";', "n;", ".nonsense", ".heap", ".gc", ".exit", "print(1);"].join("\n");
  const { code, out, error } = boxelder(["repl"], { input });
  expect(code).toBe(0);
  const lines = out.split("\n");
  expect(lines.slice(0, 3)).toEqual(["21", "40", "20"]);
  expect(error).toContain("Uncaught exception: oops");
  expect(out).toContain(".help lists them");
  expect(lines).not.toContain("1");
});

test("stats go to standard error", () => {
  const { out, error } = boxelder(["run", "--stats", "-e", "print(1);"]);
  expect(out).toBe("1\n");
  expect(error).toMatch(/^\w+: \d+$/m);
});
