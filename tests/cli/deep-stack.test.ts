// The tree engine runs on a thread with a large stack. For whoever calls the command nothing may be different.

import { expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

const TREE = ["run", "--engine", "tree"];
/** What both engines do; the tree engine's thread must not show. */
function alike(words: readonly string[], given: Parameters<typeof boxelder>[1] = {}): ReturnType<typeof boxelder> {
  const shown = boxelder([...TREE, ...words], given);
  expect(shown).toEqual(boxelder(["run", ...words], given));
  return shown;
}

test("calls nest as deep as on the other engine", () => {
  const script = file("deep.hml", `
fn sum(n) { if (n == 0) { return 0; } return n + sum(n - 1); }
print(sum(9000));
fn nested(n) {
  for (let i = 0; i < 1; i++) {
    try { switch (n % 1) { case 0: { if (n > 0) { let list = [{ value: nested(n - 1) }]; return list[0].value + 1; } } } } catch (e) { throw e; }
  }
  return 0;
}
print(nested(9000));
fn forever(n) { return forever(n + 1) + 1; }
try { forever(0); } catch (e) { print(e); }
`);
  expect(alike([script])).toEqual({ code: 0, out: "40504500\n9000\nMaximum call stack depth exceeded (infinite recursion?)\n", error: "" });
});

test("nesting of every kind ends in the script's own error", () => {
  const bodies = ["[f(n)]", "{ a: f(n) }", "`${f(n)}`", "-f(n)", "1 + (2 * (3 - f(n)))", "f(n) ? 1 : 2", "f(f(n))", "[1].map(fn(x) { return f(x); })", "null ?? f(n)"];
  const text = bodies.map((body, i) => `fn f${i}(n) { return ${body.replaceAll("f(", `f${i}(`)}; }\ntry { print(f${i}(1)); } catch (e) { print(e); }\n`).join("");
  const { code, out } = boxelder([...TREE, file("kinds.hml", text)]);
  expect([code, out]).toEqual([0, "Maximum call stack depth exceeded (infinite recursion?)\n".repeat(bodies.length)]);
});

test("streams, arguments and exit codes", () => {
  expect(alike(["-e", "print(read_line()); print(args); print(read_line());", "a", "b"], { input: "one\ntwo\n" }).out).toBe("one\n[<eval>, a, b]\ntwo\n");
  expect(alike(["-"], { input: "print(1);" }).out).toBe("1\n");
  expect(alike(["-e", 'print("x"); __exit(7);'])).toEqual({ code: 7, out: "x\n", error: "" });
  expect(alike(["-e", "fn f() { throw 5; } f();"]).code).toBe(1);
  expect(alike(["-e", "let x = ;"]).code).toBe(1);
  expect(alike(["no-such.hml"]).error).toBe("boxelder: cannot read 'no-such.hml': no such file\n");
  expect(alike(["--json-errors", "-e", "throw 5;"]).code).toBe(1);
  expect(boxelder(["-e", "print(1);"], { environment: { BOXELDER_ENGINE: "tree" } })).toEqual({ code: 0, out: "1\n", error: "" });
});

test("batch", () => {
  const input = '{"id": 1, "source": "fn f(n) { if (n == 0) { return 0; } return 1 + f(n - 1); } print(f(5000));"}\n{"id": 2, "source": "throw 1;"}\n';
  const shown = boxelder(["batch", "--engine", "tree"], { input });
  expect(shown).toEqual(boxelder(["batch"], { input }));
  expect(shown.out.split("\n")[0]).toContain('"output":"5000\\n"');
});

test("more output than a pipe holds", () => {
  expect(alike(["-e", 'for (let i = 0; i < 30000; i++) { print("line " + i); }']).out.split("\n")).toHaveLength(30_001);
});
