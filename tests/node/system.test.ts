// What Hemlock's builtins for the system do with Node's, and that each refuses when it was not given.

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OUTSIDE } from "../../src/library/unavailable.ts";
import type { NodeSystemOptions, SystemGrant } from "../../src/node.ts";
import { library, type VmOptions } from "../support/library.ts";

const { nodeSystem, SYSTEM_GRANTS } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");
const folder = mkdtempSync(join(tmpdir(), "boxelder-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS: readonly (readonly [string, VmOptions])[] = [["vm", {}], ["vm, collecting at every allocation", { gcStress: 1, poison: true }], ["vm, compiled loop", { loop: "wasm" }]];

/** Runs a script in the folder; answers what it printed, or how it failed. */
function run(text: string, options: VmOptions = {}, grants: readonly SystemGrant[] = SYSTEM_GRANTS, system: NodeSystemOptions = {}): string {
  let output = "";
  const vm = library.createVM({
    ...options, system: nodeSystem(grants, { folder, variables: { HOME: "/here", EMPTY: "" }, ...system }), host: { write: (bytes) => { output += new TextDecoder().decode(bytes); } },
  });
  const result = vm.run(text);
  vm.verifyHeap();
  return result.status === "done" ? output : `${output}${result.kind}: ${result.message}`;
}
const attempts = (...calls: string[]): string => calls.map((call) => `try { print(${call}); } catch (e) { print(e); }`).join("\n");

describe.each(OPTIONS)("files with %s", (_, options) => {
  test("whole files", () => {
    expect(run(`
      __write_file("a.txt", "one\\n"); __append_file("a.txt", "two"); print(__read_file("a.txt"));
      __copy_file("a.txt", "b.txt"); __rename("b.txt", "c.txt"); print([__exists("b.txt"), __is_file("c.txt"), __is_dir(".")]);
      let b = buffer(3); b[0] = 255; b[1] = 0; b[2] = 65; __write_file("bytes", b); print(__read_file("bytes").byte_length);
      let s = __file_stat("c.txt"); print(s.keys()); print([s.size, s.is_file, s.is_dir, typeof(s.size), typeof(s.mode)]);
      __remove_file("c.txt"); print(__exists("c.txt"));`, options)).toBe(
      "one\ntwo\n[false, true, true]\n3\n[size, atime, mtime, ctime, mode, is_file, is_dir]\n[7, true, false, i64, u32]\nfalse\n");
  });

  test("folders", () => {
    expect(run(`__make_dir("d"); __make_dir("d/e", 448); __write_file("d/f", ""); let l = __list_dir("d"); print(l.length);
      __chdir("d"); print(__exists("f")); print(__cwd() == __absolute_path(".")); __remove_file("f"); __remove_dir("e"); __chdir(".."); __remove_dir("d"); print(__exists("d"));`, options))
      .toBe("2\ntrue\ntrue\nfalse\n");
  });

  test("open files", () => {
    expect(run(`let f = open("o.txt", "w+"); print(f.write("hello world")); print(f.tell()); print(f.seek(6)); print(f.read(3)); print(f.read()); print(f.read() == "");
      print([typeof(f), f.path, f.mode, f.closed]); print([f]); f.close(); f.close(); print(f.closed); print(f);
      let r = open("o.txt"); let b = r.read_bytes(5); print([b.length, b[4]]); r.close();
      let a = open("o.txt", "a"); a.write("!"); a.close(); print(__read_file("o.txt"));
      let w = open("w.txt", "w"); print(w.write_bytes(b)); w.close(); print(__read_file("w.txt"));`, options)).toBe(
      "11\n11\n6\nwor\nld\ntrue\n[file, o.txt, w+, false]\n[<file 'o.txt' mode='w+'>]\ntrue\n<file (closed)>\n[5, 111]\nhello world!\n5\nhello\n");
  });
});

test("what goes wrong with files is an exception with the system's words", () => {
  symlinkSync(join(folder, "target"), join(folder, "link"));
  writeFileSync(join(folder, "there"), "x");
  expect(run(`${attempts(
    `__read_file("no")`, `__write_file("no/no", "x")`, `__read_file("link")`, `__list_dir("no")`, `__remove_file("no")`, `__remove_dir("no")`, `__make_dir("there")`, `__rename("no", "x")`,
    `__copy_file("no", "x")`, `__copy_file("there", "no/x")`, `__file_stat("no")`, `__chdir("no")`, `__chdir("there")`, `__absolute_path("no")`, `open("no")`, `open("there", "x")`,
  )} let f = open("there"); ${attempts(`f.write("x")`, `f.write(1)`, `f.seek(-1)`, `f.read("x")`, `f.nothing()`, `f.nothing`)} f.close(); ${attempts(`f.read()`, `f.write("x")`)}`).trimEnd().split("\n")).toEqual([
    "Failed to open 'no': No such file or directory", "Failed to open 'no/no': No such file or directory", "Cannot read 'link': symbolic links not allowed",
    "Failed to open directory 'no': No such file or directory", "Failed to remove file 'no': No such file or directory", "Failed to remove directory 'no': No such file or directory",
    "Failed to create directory 'there': File exists", "Failed to rename 'no' to 'x': No such file or directory", "Failed to open source file 'no': No such file or directory",
    "Failed to open destination file 'no/x': No such file or directory", "Failed to stat 'no': No such file or directory", "Failed to change directory to 'no': No such file or directory",
    "Failed to change directory to 'there': Not a directory", "Failed to resolve path 'no': No such file or directory", "Failed to open 'no' with mode 'r': No such file or directory",
    "Failed to open 'there' with mode 'x': Invalid argument", "Cannot write to file 'there' opened in read-only mode", "write() expects string argument",
    "Seek error on file 'there': Invalid argument", "read() size must be integer", "File has no method 'nothing'", "Unknown property 'nothing' for file",
    "Cannot read from closed file 'there'", "Cannot write to closed file 'there'",
  ]);
});

test("a file that does not fit the script's memory is an error of the script", () => {
  writeFileSync(join(folder, "large"), new Uint8Array(8 << 20));
  expect(run(attempts(`__read_file("large")`, `open("large").read()`, `1`), { memory: 2 << 20 })).toBe("out of memory\nout of memory\n1\n");
});

test("the environment is a copy", () => {
  expect(run(`print(getenv("HOME")); print(getenv("EMPTY") == ""); print(getenv("NOT_THERE")); setenv("NEW", "v"); print(__getenv("NEW")); unsetenv("HOME"); print(getenv("HOME"));
    print(exec_argv(["/usr/bin/env"]).output.contains("NEW=v")); ${attempts(`setenv("a=b", "c")`)}`)).toBe("/here\ntrue\nnull\nv\nnull\ntrue\nsetenv() failed: Invalid argument\n");
  expect(process.env.NEW).toBeUndefined();
});

test("other programs", () => {
  let held = "";
  expect(run(`let r = exec("echo out"); print(r.keys()); print([r.output, r.exit_code]); let e = exec_argv(["sh", "-c", "echo err >&2; exit 3"]); print([e.stderr, e.exit_code]);
    print(exec("cat", ["no-such-file"]).exit_code != 0); print(exec_argv(["no-such-program"]).exit_code); print(get_pid() == __get_pid()); ${attempts("__fork()", "__kill(99999999, 0)")}`,
    {}, SYSTEM_GRANTS, { writeError: (text) => { held += text; } })).toBe(
    "[output, stderr, exit_code]\n[out\n, 0]\n[err\n, 3]\ntrue\n127\ntrue\nfork() failed: this host cannot divide its process; use exec(), or spawn() for a task\nkill(99999999, 0) failed: No such process\n");
  run(`exec("echo a; echo b");`, {}, SYSTEM_GRANTS, { writeError: (text) => { held += text; } });
  expect(held).toContain("shell metacharacter ';'");
});

test.each([
  ["__mktime({ year: 2000 })", "mktime() requires year, month, and day fields"], ["exec_argv([])", "exec_argv() array must not be empty"], [`exec_argv("ls")`, "exec_argv() argument must be an array of strings"],
  ["exec_argv([1])", "exec_argv() argument must be an array of strings"], [`exec("ls", 1)`, "exec() second argument must be an array of strings"],
  [`__kill("x", 0)`, "kill() arguments must be integers"], ["__kill(1, null)", "kill() arguments must be integers"], ["__kill(1.5, 0)", "kill() arguments must be integers"],
])("%s is fatal", (call, message) => {
  expect(run(`try { ${call}; } catch (e) { print(e); }`)).toBe(`fatal: ${message}`);
});

test("calendars", () => {
  expect(run(`let t = __gmtime(951782400); print(t.keys()); print([t.year, t.month, t.day, t.hour, t.weekday, t.yearday, t.isdst]);
    print(__strftime("%Y-%m-%d %H:%M:%S|%a %A %b %B|%j %U %W %V %G %u %w|%I %p|%e|%%|%y %C|%F %T %D %R", t));
    let l = __localtime(951782400); print(__mktime(l)); print(__now() > 1700000000); print(typeof(__time_ms())); print(__clock() >= 0.0);`)).toBe(
    "[year, month, day, hour, minute, second, weekday, yearday, isdst]\n[2000, 2, 29, 0, 2, 60, false]\n2000-02-29 00:00:00|Tue Tuesday Feb February|060 09 09 09 2000 2 2|12 AM|29|%|00 20|2000-02-29 00:00:00 02/29/00 00:00\n" +
    "951782400\ntrue\ni64\ntrue\n");
});

test("digests and compression", () => {
  expect(run(`print(__md5("abc")); print(__sha256("").substr(0, 8)); print(__sha512("abc").length);
    let b = buffer(3); b[0] = 97; b[1] = 98; b[2] = 99; print([__crc32(b), __adler32(b)]);
    let z = __zlib_compress("a".repeat(1000), 9); print(z.length < 50); print(__zlib_decompress(z, 2000).length); print(__gzip_decompress(__gzip_compress("text", 6), 100));
    ${attempts(`__zlib_decompress(z, 10)`, `__zlib_decompress(b, 10)`, `__zlib_compress("x", 99)`, `__sha256(5)`)} print(__zlib_compress_bound(1000) > 1000);`)).toBe(
    "900150983cd24fb0d6963f7d28e17f72\ne3b0c442\n128\n[891568578, 38600999]\ntrue\n1000\ntext\nzlib_decompress() failed: decompressed data exceeds the limit\nzlib_decompress() failed: invalid data\n" +
    "zlib_compress() level must be between -1 and 9\nsha256() requires string or buffer argument\ntrue\n");
});

test("the machine", () => {
  expect(run(`for (f in [__platform, __arch, __os_name, __os_version, __hostname, __username, __homedir, __tmpdir]) { if (typeof(f()) != "string") { print("no"); } }
    print([__cpu_count() > 0, __total_memory() > __free_memory(), typeof(__uptime())]);`)).toBe("[true, true, i64]\n");
});

describe("what was not given is refused by name", () => {
  const GRANTED: { readonly [capability: string]: SystemGrant } = { "file system": "files", process: "processes", environment: "environment", clock: "clock", "system information": "system", digest: "digests", cryptography: "cryptography", network: "network", database: "databases" };
  const functions = (names: string): string[] => names.split(" ").filter((name) => !name.includes("."));

  test.each(Object.entries(OUTSIDE))("%s", (capability, names) => {
    for (const name of functions(names)) expect(run(`${name}();`, {}, [])).toBe(`uncaught: '${name}' needs the ${capability} capability, which this VM was not given`);
  });

  test.each(Object.entries(GRANTED))("%s alone", (capability, grant) => {
    for (const [other, names] of Object.entries(OUTSIDE)) if (other !== capability) expect(run(`${functions(names)[0]!}();`, {}, [grant])).toContain(`needs the ${other} capability`);
    expect(run(`${functions(OUTSIDE[capability]!)[0]!}();`, {}, [grant])).not.toContain("capability");
  });
});

test("two VMs do not share folders", () => {
  writeFileSync(join(folder, "mark"), "1");
  const system = nodeSystem(["files"], { folder });
  const vm = library.createVM({ system });
  expect(vm.run(`__make_dir("inner"); __chdir("inner");`).status).toBe("done");
  expect(run(`print(__exists("mark"));`)).toBe("true\n");
  expect(readFileSync(join(folder, "mark"), "utf8")).toBe("1");
});
