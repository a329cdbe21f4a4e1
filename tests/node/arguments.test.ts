// Every builtin against wrong arguments: counts and kinds nobody would give. A builtin may give a value, throw, or end the
// script with a text that names it; it may not break the VM, hang, or touch what is outside of its world. And every builtin
// has to be used by a test, so that a new one does not come without.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { NATIVES, OWN_NATIVES } from "../../src/library/registry.ts";
import { library, root, type BoxelderVm, type VmOptions } from "../support/library.ts";

const { nodeSystem, SYSTEM_GRANTS } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");
const folder = mkdtempSync(join(tmpdir(), "boxelder-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Not called: they end or divide this process or wait for one, and their own tests are in system.test.ts. */
const APART: ReadonlySet<string> = new Set(["__abort", "__kill", "__fork", "__wait", "__waitpid", "exec", "__exec", "exec_argv", "panic", "__sleep", "read_line", "raise", "__raise"]);
const names = NATIVES.slice(0, OWN_NATIVES).map(({ name }) => name).filter((name) => /^\w/.test(name));

/** Arguments, as texts of Hemlock: none, one of each kind, and more than anything takes. */
const KINDS = ["null", "true", "-1", "1.5", "9223372036854775807", "0.0 / 0.0", "'r'", `""`, `"\\u{1F600}x"`, "[]", "[null]", "{}", "{ a: 1 }", "buffer(2)", "ptr_null()", "alloc(4)", "channel(1)", "fn(x) { return x; }", "print", "i32"];
const LISTS = ["", ...KINDS, ...KINDS.map((kind) => `${kind}, ${kind}`), ...["-1", `""`, "null", "{}"].map((kind) => `"x", ${kind}`), ...["-1", "null", "ptr_null()"].map((kind) => `${kind}, 1, ${kind}`), Array.from({ length: 20 }, () => "null").join(", ")];
/** What methods are called on, by the first part of their names. */
const RECEIVERS: { readonly [kind: string]: string } = {
  string: `"abc"`, array: "[1, 2]", object: "{ a: 1 }", buffer: "buffer(3)", channel: "channel(1)", file: `open("f", "w+")`, socket: "socket_create(AF_INET, SOCK_DGRAM, 0)",
};

function callOf(name: string): string {
  const [kind, method] = name.split(".");
  return method === undefined ? name : `(${RECEIVERS[kind!]!}).${method}`;
}

/** What is right while the heap is collected all the time is right without. */
const OPTIONS: VmOptions = { gcStress: 1, poison: true, fuel: 500_000_000, memory: 16 * 1024 * 1024 };

describe("wrong arguments, collecting at every allocation", () => {
  test.each(names.filter((name) => !APART.has(name) && name !== "socket.accept" && !name.startsWith("socket.recv")))("%s", (name) => {
    const create = (): BoxelderVm => library.createVM({ ...OPTIONS, system: nodeSystem(SYSTEM_GRANTS, { folder, variables: {} }), host: { write() {}, writeError() {} } });
    let vm = create();
    for (const list of LISTS) {
      // A call of a channel nobody sends to is a deadlock; one that waits for the host is left to wait.
      const call = `${callOf(name)}(${list})`, result = vm.run(`try { ${call}; } catch (e) { if (typeof(e) != "string" && typeof(e) != "null") { throw "odd"; } }`);
      if (result.status === "error") {
        expect(["fatal", "uncaught", "outOfMemory", "deadlock", "exit", "pending"], `${call}: ${result.kind}: ${result.message}`).toContain(result.kind);
        if (result.kind === "pending") vm = create();
        expect(result.message, call).not.toMatch(/undefined|\[object|NaN\b|TypeError|RangeError|Bug/);
      }
    }
    vm.verifyHeap();
  }, 60_000);
});

/** The C library of the reference has them, programs get them through modules that use others; that they refuse is a test of the table. */
const UNUSED: ReadonlySet<string> = new Set(["__dirent_name", "__ecdsa_free_key", "__lws_http_get", "__lws_http_post", "__lws_response_free", "__lws_response_redirect", "__lws_ws_is_closed", "__lws_msg_len", "__lws_msg_free"]);

const EXTENSIONS = [".hml", ".txt", ".test.ts"];
const textsBelow = (at: string): string[] => readdirSync(at, { recursive: true, encoding: "utf8" })
  .filter((each) => EXTENSIONS.some((extension) => each.endsWith(extension)) && !each.endsWith("arguments.test.ts")).map((each) => readFileSync(join(at, each), "utf8"));

test("every builtin is in a test", () => {
  const texts = [...textsBelow(join(root, "tests")), ...textsBelow(join(root, "src", "stdlib"))].join("\n"), words = new Set(texts.match(/\w+/g));
  expect(names.filter((name) => !UNUSED.has(name) && !words.has(name.slice(name.indexOf(".") + 1)))).toEqual([]);
});
