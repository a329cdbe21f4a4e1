// Checkpoints: whenever the process dies, what is in the file is whole, and going on from it loses at most the last interval.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { library, root } from "../support/library.ts";
import { Random } from "../support/random.ts";
import { boxelder, file } from "./command.ts";

const COUNT = 400;
/** Prints a number for every few thousand units of fuel. */
const script = file("counting.hml", `
  let seen = {};
  for (let n = 1; n <= ${COUNT}; n++) { let sum = 0; for (let i = 0; i < 20000; i++) { sum = sum + i % 7; } seen["k" + n] = [n, sum]; print(n); }
  print("done");
`);
const numbers = (text: string): number[] => text.split("\n").filter((line) => /^\d+$/.test(line)).map(Number);

/** Starts the command, kills it with the signal that cannot be caught so long after it first wrote something, and gives what it wrote. */
function killed(words: readonly string[], milliseconds: number): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...words], { stdio: ["ignore", "pipe", "inherit"] }), parts: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on("data", (part: Buffer) => {
      parts.push(part);
      if (milliseconds < Infinity) timer ??= setTimeout(() => child.kill("SIGKILL"), milliseconds);
    });
    child.on("close", () => {
      clearTimeout(timer);
      done(Buffer.concat(parts).toString("utf8"));
    });
  });
}

test("a script that is killed again and again comes to its end, with nothing lost and nothing torn", { timeout: 60_000 }, async () => {
  const path = join(dirname(script), "counting.image"), random = new Random(11), seen = new Set<number>();
  let words = ["run", "--checkpoint", path, "--every", "300000", script], last = 0, kills = 0, output = "";
  for (let round = 0; round < 12 && !output.includes("done"); round++) {
    output = await killed(words, round === 11 ? Infinity : random.below(120));
    const written = numbers(output);
    // From one to the next without a gap, beginning at most one interval before what was written last.
    written.forEach((n, i) => expect(i === 0 ? n <= last + 1 : n === written[i - 1]! + 1, `${n} after ${i === 0 ? last : written[i - 1]!}`).toBe(true));
    if (written.length > 0) expect(written[0]!).toBeGreaterThan(last - 20);
    for (const n of written) seen.add(n);
    last = Math.max(last, ...written);
    if (output.includes("done")) break;
    kills++;
    if (!existsSync(path)) continue;
    const shown = boxelder(["inspect", "--json", path]);
    expect(shown).toMatchObject({ code: 0, error: "" });
    expect(JSON.parse(shown.out)).toMatchObject({ parked: "fuel", languages: ["hemlock"] });
    words = ["resume", "--every", "300000", path];
  }
  expect(output).toContain("done");
  expect(seen.size).toBe(COUNT);
  expect(kills).toBeGreaterThan(0);
  expect(existsSync(path), "the file of a run that ended is gone").toBe(false);
});

test("a checkpoint, compressed or not, is gone on with from where it is", () => {
  for (const extra of [[], ["--compress"]]) {
    const path = join(dirname(script), `stopped${extra.length}.image`);
    const first = boxelder(["run", ...extra, "--checkpoint", path, "--every", "200000", "--fuel", "1000000", script]);
    expect(first).toMatchObject({ code: 1, error: expect.stringMatching(/^Out of fuel/) });
    const before = numbers(first.out), next = boxelder(["resume", path]);
    expect(next).toMatchObject({ code: 0, error: "" });
    const after = numbers(next.out);
    expect(after[0]!).toBeLessThanOrEqual(before.at(-1)! + 1);
    expect(after[0]!).toBeGreaterThan(before.at(-1)! - 15);
    expect(after.at(-1)).toBe(COUNT);
  }
});

test("inspect shows what is inside", () => {
  const vm = library.createVM({ fuel: 1000 }), path = file("shown.image", new Uint8Array(0));
  vm.run("let alpha = 1; fn inner() { while (true) {} } fn outer() { inner(); } outer();", { name: "shown.hml" });
  writeFileSync(path, vm.snapshot());
  const { code, out } = boxelder(["inspect", path]);
  expect(code).toBe(0);
  expect(out).toContain("parked: fuel");
  expect(out).toMatch(/#0 {2}inner \(shown\.hml:1:\d+\)\n {2}#1 {2}outer/);
  expect(out).toMatch(/globals: .*\n.*alpha/);
  expect(out).toMatch(/sections:\n {2}META \d+ bytes/);
});

test("files that are no checkpoints are refused with a reason", () => {
  const vm = library.createVM(), good = vm.snapshot(), bad = good.slice();
  bad[good.length - 5]! ^= 1;
  expect(boxelder(["resume", file("no.image", "print(1);")])).toMatchObject({ code: 1, error: expect.stringContaining("no image of a Boxelder VM") });
  expect(boxelder(["inspect", file("bad.image", bad)])).toMatchObject({ code: 1, error: expect.stringContaining("not as it was written") });
  expect(boxelder(["inspect", file("short.image", good.subarray(0, 5000))])).toMatchObject({ code: 1, error: expect.stringContaining("ends before its end") });
  expect(boxelder(["resume", file("idle.image", good)])).toMatchObject({ code: 1, error: expect.stringContaining("no run to go on with") });
  expect(boxelder(["resume", "missing.image"])).toMatchObject({ code: 1, error: expect.stringContaining("cannot read the image") });
  expect(boxelder(["run", "--engine", "tree", "--checkpoint", "x.image", script])).toMatchObject({ code: 1, error: expect.stringContaining("cannot be frozen") });
});

test("a place that cannot be written to is said at once, and nothing is left beside it", () => {
  const folder = dirname(script), before = readdirSync(folder).length;
  expect(boxelder(["run", "--checkpoint", join(folder, "none", "x.image"), "--every", "1000", script])).toMatchObject({ code: 1, error: expect.stringContaining("cannot write the checkpoint") });
  expect(readdirSync(folder).length).toBe(before);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp") && name.includes(basename(script)))).toEqual([]);
  expect(readFileSync(script, "utf8")).toContain("print(n)");
});

test("a script goes on in VMs restored from its checkpoints, with its tasks and what it has open outside", () => {
  const beside = join(dirname(script), "thawed.txt"), text = `
    let f = open(${JSON.stringify(beside)}, "w");
    async fn feed(c) { for (let i = 0; i < 4; i++) { c.send(i); __sleep(0.002); } c.close(); }
    let c = channel(1);
    let t = spawn(feed, c);
    for (let v = c.recv(); v != null; v = c.recv()) { f.write("v" + v); }
    join(t); f.close();
    print(__read_file(${JSON.stringify(beside)})); print(__rand()); try { print(1 % 0); } catch (e) { print(e); }`;
  const plain = boxelder(["run", file("thawed.hml", text)]), thawed = boxelder(["run", "--checkpoint", `${beside}.image`, "--every", "3", "--thaw", "--verify-heap", file("thawed.hml", text)]);
  expect(plain).toMatchObject({ code: 0, out: expect.stringContaining("v0v1v2v3\n") });
  expect(thawed).toEqual(plain);
});

test("what goes on from a checkpoint has the outside that the options leave it", () => {
  const path = join(dirname(script), "outside.image"), seen = file("seen.txt", "seen");
  const counting = file("outside.hml", `let i = 0; while (i < 3000) { i++; } try { print(__read_file(${JSON.stringify(seen)})); } catch (e) { print(e); }`);
  for (const [extra, out] of [[[], "seen\n"], [["--sandbox"], expect.stringContaining("file system capability")]] as const) {
    boxelder(["run", "--checkpoint", path, "--every", "500", "--fuel", "1000", counting]);
    expect(boxelder(["resume", ...extra, path])).toMatchObject({ out });
  }
});
