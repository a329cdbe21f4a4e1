// Every builtin as the table in calls.txt says: with arguments that are right, with too few and too many, with a value of
// each kind it does not take, and in the ways it is known to fail. Nothing wrong may be accepted in silence or break anything,
// and each error says whose it is. What each call gives is a golden file, on which all ways of running must agree.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NATIVES, OWN_NATIVES, SELF_HOSTED_METHODS, builtinNames } from "../../src/library/registry.ts";
import { OUTSIDE, OUTSIDE_LATER } from "../../src/library/unavailable.ts";
import { callsOf, readCalls, type Signature } from "../support/calls.ts";
import { golden } from "../support/golden.ts";
import { library, type BoxelderVm, type VmOptions } from "../support/library.ts";

const { nodeSystem, SYSTEM_GRANTS } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");
const GROUPS = readCalls(), SIGNATURES = GROUPS.flatMap(({ signatures }) => signatures);
const OUTER = new Set(`${Object.values(OUTSIDE).join(" ")} ${Object.values(OUTSIDE_LATER).join(" ")}`.split(" "));

/** What needs the package for libraries of C, and is in foreign.test.ts; nothing of Node's. */
const APART: ReadonlySet<string> = new Set(["callback", "callback_free", "ffi_open", "ffi_close", "ffi_bind", "__dirent_name"]);

const HELPERS = `
fn the_text(value) {
  let t = typeof(value);
  if (t == "array" || t == "object") { try { return t + " " + value.serialize(); } catch (e) { return t; } }
  return ["null", "bool", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "rune", "string"].contains(t) ? t + " " + value : t;
}
fn freed() { let p = alloc(4); free(p); return p; }
fn written() { let p = alloc(16); memset(p, 1, 16); return p; }
fn pointing() { let p = alloc(8); ptr_write_ptr(p, written()); return p; }
fn ring() { let a = []; a.push(a); return a; }
fn looped() { let o = { a: null }; o.a = o; return o; }
fn closed_file() { let f = open("there"); f.close(); return f; }
fn socket() { return socket_create(AF_INET, SOCK_DGRAM, 0); }
fn closed_socket() { let s = socket(); s.close(); return s; }
fn stream() { return socket_create(AF_INET, SOCK_STREAM, 0); }
fn bound() { let s = stream(); s.bind("127.0.0.1", 0); return s; }
fn listening() { let s = bound(); s.listen(1); s.set_nonblocking(true); return s; }
fn connected() { let s = stream(); s.connect("127.0.0.1", PORT); return s; }
fn talking() { let a = socket(); a.bind("127.0.0.1", 0); socket().sendto("127.0.0.1", a.port, "x"); return a; }
fn ready() { let c = channel(2); c.send(1); return c; }
fn closed_channel() { let c = channel(1); c.close(); return c; }
fn joined() { let t = spawn(async fn() { return 1; }); join(t); return t; }
fn answer() { return { status: 200, headers: "", redirect: null, body: buffer(1) }; }
fn message() { return { type: 2, data: buffer(2) }; }
fn server() { return __lws_ws_server_create("127.0.0.1", 0); }
fn address() { return "ws://127.0.0.1:" + __lws_ws_server_port(server()); }
fn connection() { return __lws_ws_connect(address()); }
fn database() { return __sqlite_open(":memory:", 6); }
let made_rsa = null; fn rsa() { if (made_rsa == null) { made_rsa = __rsa_generate_key(1024); } return made_rsa; }
let made_ecdsa = null; fn ecdsa() { if (made_ecdsa == null) { made_ecdsa = __ecdsa_generate_key(); } return made_ecdsa; }
`;

const folder = mkdtempSync(join(tmpdir(), "boxelder-test-")), web = createServer((_, response) => response.end("x"));
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  ({ port } = web.address() as AddressInfo);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  web.closeAllConnections();
  web.close();
});

/** The folder as each call finds it. */
function tidy(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "folder"), { recursive: true });
  writeFileSync(join(folder, "there"), "text");
  symlinkSync(join(folder, "there"), join(folder, "link"));
}

interface Way { readonly name: string; readonly options: VmOptions; /** Calls are made in VMs that were restored from the image of another. */ readonly restored?: boolean }
const MEMORY = 64 << 20, FUEL = 500_000_000;
const VM: Way = { name: "vm", options: { memory: MEMORY } };
const WAYS: readonly Way[] = [
  { name: "vm, from an image, collecting at every allocation", options: { memory: MEMORY, gcStress: 1, poison: true }, restored: true },
  { name: "vm, from an image, in a small heap, compiled loop", options: { memory: 3 << 20, loop: "wasm" }, restored: true },
  { name: "tree", options: { memory: MEMORY, engine: library.tree } },
];
/** What the tree engine says of tasks, and of all that waits, which would be one; its calls are compared but for these. */
const NOT_IN_TREES = /^fatal the tree engine cannot/;

function withHelpers(options: VmOptions): BoxelderVm {
  const vm = library.createVM(options);
  expect(vm.run(`${HELPERS} const PORT = ${port}; const PLACE = "http://127.0.0.1:${port}/";`).status).toBe("done");
  return vm;
}
let image: Uint8Array | null = null;

/** Makes calls one by one, in one VM as long as they leave it fit for more. */
class Caller {
  #vm: BoxelderVm | null = null;
  #close = (): void => {};
  #output = "";

  #unverified: BoxelderVm | null = null;

  constructor(readonly way: Way, /** Whether files may be touched. */ readonly isOuter: boolean) {}

  #create(): BoxelderVm {
    this.close();
    const system = nodeSystem(SYSTEM_GRANTS, { folder, variables: { HOME: "/here" }, writeError() {} });
    const write = (bytes: Uint8Array): void => { this.#output += new TextDecoder().decode(bytes); };
    const options = { ...this.way.options, fuel: FUEL, system, host: { write, writeError() {} } };
    this.#close = () => system.close?.();
    return this.way.restored === true ? library.restoreVM(image ??= withHelpers({}).snapshot(), options) : withHelpers(options);
  }

  /** What a call gives, throws, or ends the program with. */
  async outcome(call: string): Promise<string> {
    if (this.isOuter) tidy();
    const vm = this.#vm ??= this.#create();
    this.#output = "";
    const result = await vm.runAsync(`try { let given = ${call}; print("\\ngives " + the_text(given)); } catch (e) { print("\\nthrows " + the_text(e)); }`);
    if (result.status === "error" && result.kind !== "fatal" && result.kind !== "uncaught") this.#vm = null;
    this.#unverified = vm;
    const text = result.status === "done" ? this.#output.trimEnd().split("\n").at(-1)! : `${result.kind} ${result.message}`;
    // Where something lies in memory is nobody's business.
    return text.replace(/0x[0-9a-f]+/g, "0x…").replaceAll(String(port), "PORT");
  }

  close(): void {
    this.#unverified?.verifyHeap();
    this.#unverified = null;
    this.#close();
    this.#close = () => {};
    this.#vm = null;
  }
}

interface Outcome { readonly about: string; readonly text: string; readonly outcome: string; readonly isRight: boolean }
interface Made { readonly of: readonly (readonly [Signature, readonly Outcome[]])[]; readonly failures: readonly Outcome[] }

async function make(way: Way, { signatures, failures }: (typeof GROUPS)[number]): Promise<Made> {
  const isOuter = signatures.some(({ name }) => OUTER.has(name)), caller = new Caller(way, isOuter), of: [Signature, Outcome[]][] = [], failed: Outcome[] = [];
  tidy();
  for (const signature of signatures) {
    const outcomes: Outcome[] = [];
    for (const call of callsOf(signature).filter(({ about }, i) => way === VM || !/^\d/.test(about) || (i + WAYS.indexOf(way)) % 5 === 0)) {
      const outcome = await caller.outcome(call.text);
      outcomes.push({ ...call, outcome: signature.varies ? outcome.replace(/^(gives \w+) .*/, "$1") : outcome });
    }
    of.push([signature, outcomes]);
  }
  for (const text of failures) failed.push({ about: "failure", text, outcome: await caller.outcome(text), isRight: false });
  caller.close();
  return { of, failures: failed };
}
const known = new Map<(typeof GROUPS)[number], Promise<Made>>();
/** As make, on the plain VM, once. */
function plain(group: (typeof GROUPS)[number]): Promise<Made> {
  const found = known.get(group) ?? make(VM, group);
  known.set(group, found);
  return found;
}

/** The outcomes of a builtin, those that are the same together. */
function printed([{ name }, outcomes]: Made["of"][number]): string {
  const by = new Map<string, string[]>();
  for (const { about, outcome } of outcomes) by.set(outcome, [...by.get(outcome) ?? [], about]);
  return `${name}\n${[...by].map(([outcome, about]) => `  ${about.join(", ")}: ${outcome}\n`).join("")}`;
}

test("every builtin is in the table", () => {
  const names = [...NATIVES.slice(0, OWN_NATIVES).map(({ name }) => name).filter((name) => /^\w/.test(name)), ...builtinNames(), ...SELF_HOSTED_METHODS.map(({ kind, method }) => `${kind}.${method}`)];
  const listed = SIGNATURES.map(({ name }) => name);
  expect([...new Set(names)].filter((name) => !APART.has(name) && !listed.includes(name))).toEqual([]);
  expect(listed.filter((name, i) => !names.includes(name) || listed.indexOf(name) !== i)).toEqual([]);
});

const named = GROUPS.map((group) => [group.signatures.map(({ name }) => name).join(" "), group] as const);

describe("right and wrong arguments", () => {
  test.each(named)("%s", async (_, group) => {
    const { of, failures } = await plain(group);
    const problems = of.flatMap(([{ name }, outcomes]) => outcomes.filter((each) => !isGood(name, each)));
    expect([...problems, ...failures.filter(({ outcome }) => !FAILED.test(outcome) || BROKEN.test(outcome))].map(({ text, outcome }) => `${text}: ${outcome}`)).toEqual([]);
  }, 60_000);

  test("give what they gave", async () => {
    const texts: string[] = [];
    for (const group of GROUPS) {
      const { of, failures } = await plain(group);
      texts.push(...of.map(printed), ...failures.map(({ text, outcome }) => `${text}\n  ${outcome}\n`));
    }
    golden("calls", texts.join(""));
  }, 120_000);
});

/** Texts of the host's, and of what nobody told the program. */
const BROKEN = /undefined|\[object|TypeError|RangeError|Bug|deadlock|pending/;
const FAILED = /^(?:throws string|fatal) /;
/** Those whose right calls end the program, or that always refuse. */
const ENDING: ReadonlySet<string> = new Set(["__exit", "panic", "__abort", "__fork", "__wait", "__waitpid"]);

/** Right arguments give a value, others an error that names the builtin. */
function isGood(name: string, { outcome, isRight }: Outcome): boolean {
  if (BROKEN.test(outcome)) return false;
  if (isRight) return outcome.startsWith("gives ") !== ENDING.has(name);
  return FAILED.test(outcome) && outcome.includes(name.slice(name.indexOf(".") + 1).replace(/^__(?:lws_)?/, ""));
}

/** Of the wrong kinds of arguments every fifth is tried, each way others. */
describe.each(WAYS)("the same $name", (way) => {
  test.each(named)("%s", async (_, group) => {
    const [expected, found] = [await plain(group), await make(way, group)];
    const lines = ({ of, failures }: Made): (readonly [string, string])[] => [...of.flatMap(([, outcomes]) => outcomes), ...failures].map(({ text, outcome }) => [text, outcome]);
    const wanted = new Map(lines(expected)), got = lines(found).filter(([, outcome]) => way.name !== "tree" || !NOT_IN_TREES.test(outcome));
    expect(got).toEqual(got.map(([text]) => [text, wanted.get(text)]));
  }, 120_000);
});
