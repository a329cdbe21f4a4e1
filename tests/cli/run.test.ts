import { expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

const hello = file("hello.hml", 'print("hello");');

test("a file, with and without the word run", () => {
  expect(boxelder(["run", hello])).toEqual({ code: 0, out: "hello\n", error: "" });
  expect(boxelder([hello])).toEqual({ code: 0, out: "hello\n", error: "" });
});

test("everything after the file goes to the script", () => {
  const script = file("args.hml", "for (a in args) { print(a); }");
  expect(boxelder([script, "--fuel", "-x", "--help"]).out).toBe(`${script}\n--fuel\n-x\n--help\n`);
});

test("code on the command line and on standard input", () => {
  expect(boxelder(["-e", "print(args.length);", "a", "b"]).out).toBe("3\n");
  expect(boxelder(["run", "-"], { input: "print(1 + 1);" }).out).toBe("2\n");
});

test("standard input belongs to the script", () => {
  expect(boxelder(["-e", "print(read_line()); print(read_line()); print(read_line());"], { input: "one\r\ntwo" }).out).toBe("one\ntwo\nnull\n");
});

test("an uncaught exception: message, place, calls, exit code 1", () => {
  const script = file("throws.hml", 'fn f() {\n  throw "boom";\n}\nprint("before");\nf();\n');
  const { code, out, error } = boxelder([script]);
  expect(code).toBe(1);
  expect(out).toBe("before\n");
  expect(error.split("\n")[0]).toBe("Uncaught exception: boom");
  expect(error).toContain("throws.hml:2:");
  expect(error).toContain('throw "boom";');
  expect(error).toMatch(/#0 {2}f .*\n.*#1/);
});

test("fatal errors and panics", () => {
  expect(boxelder(["-e", "let b: u8 = 256;"])).toMatchObject({ code: 1, error: expect.stringMatching(/^Runtime error: Value 256 out of range for u8 \[0, 255\]/) });
  expect(boxelder(["-e", 'panic("stop");'])).toMatchObject({ code: 1, error: expect.stringMatching(/^panic: stop/) });
});

test("a script's own exit code", () => {
  expect(boxelder(["-e", 'print("x"); __exit(7);'])).toEqual({ code: 7, out: "x\n", error: "" });
});

test("syntax errors: all of them, with place and caret", () => {
  const { code, error } = boxelder([file("bad.hml", "let = 1;\nlet y 2;\n")]);
  expect(code).toBe(1);
  expect(error).toMatch(/bad\.hml:1:5: error: /);
  expect(error).toMatch(/bad\.hml:2:7: error: /);
  expect(error).toContain("^");
});

test("errors as JSON lines", () => {
  const { error } = boxelder(["run", "--json-errors", "-e", "throw 5;"]);
  expect(JSON.parse(error)).toMatchObject({ kind: "uncaught", message: "5", exitCode: 1 });
});

test.each([
  ["a missing file", ["no-such.hml"], /cannot read 'no-such.hml': no such file/],
  ["a directory", [file("folder/x.hml", "").replace(/\/x\.hml$/, "")], /it is a directory/],
  ["bytes that are no text", [file("latin.hml", Uint8Array.of(97, 98, 0xff, 99))], /not UTF-8 text: the byte at offset 2 is wrong/],
  ["a mistyped flag", ["run", "--feul", "3", hello], /unknown option '--feul'[^]*--fuel/],
  ["an absurd size", ["run", "--memory", "lots", hello], /--memory: expected a size from .* got 'lots'/],
  ["a size out of range", ["run", "--memory", "10", hello], /--memory: expected a size from 256k to 1g/],
  ["no engine of that name", ["run", "--engine", "steam", hello], /--engine: expected vm or tree, got 'steam'/],
  ["no language of that name", ["run", "--language", "hemlok", hello], /unknown language 'hemlok' \(did you mean hemlock\?\)/],
  ["nothing to run", ["run"], /name a file, or use -e CODE/],
])("%s is refused with a message and exit code 1", (_what, words, message) => {
  const { code, error } = boxelder(words);
  expect(code).toBe(1);
  expect(error).toMatch(message);
  expect(error, "no stack trace of ours").not.toMatch(/\n\s+at .*\.js:/);
});

test("options from the environment, and the typo in one", () => {
  expect(boxelder(["-e", "loop { }"], { environment: { BOXELDER_FUEL: "1000" } })).toMatchObject({ code: 1, error: expect.stringContaining("Out of fuel") });
  expect(boxelder([hello], { environment: { BOXELDER_FEUL: "1" } })).toMatchObject({ code: 1, error: expect.stringContaining("BOXELDER_FUEL") });
});

test("much output, and a reader that goes away", () => {
  const { out } = boxelder(["-e", 'for (let i = 0; i < 20000; i++) { print("line " + i); }']);
  expect(out.split("\n")).toHaveLength(20_001);
});

test("the log of collections is JSON lines", () => {
  const { code, error } = boxelder(["run", "--gc-log", "-", "--gc-stress", "200", "-e", "let a = []; for (let i = 0; i < 2000; i++) { a = [a.length]; }"]);
  expect(code).toBe(0);
  const lines = error.trim().split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ reason: expect.any(String) as string, pauseMs: expect.any(Number) as number, freedPages: expect.any(Number) as number, fragmentation: expect.any(Number) as number });
});

test("help and version", () => {
  expect(boxelder(["--version"]).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(boxelder(["--help"]).out).toContain("boxelder run FILE");
  expect(boxelder(["run", "--help"]).out).toContain("--gc-stress <n>");
});

test("--check-leaks lists what was never freed, with the calls, and fails", () => {
  const script = file("leak.hml", "fn make() { return alloc(32); }\nlet a = make(); let b = make(); let c = alloc(5); free(c);\nprint(1);");
  expect(boxelder(["run", "--check-leaks", script])).toEqual({
    code: 1, out: "1\n", error: `leaks: 64 bytes in 2 regions of raw memory were never freed\n${[9, 25].map((column) => `  32 bytes in 1 region, allocated\n    at make (${script}:1:20)\n    at <main> (${script}:2:${column})\n`).join("")}`,
  });
  expect(boxelder(["run", script])).toEqual({ code: 0, out: "1\n", error: "" });
});
