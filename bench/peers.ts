// The same programs on other engines, where they are installed: for Hemlock Lua, LuaJIT, Python (twins of ours in
// bench/twins), and the language's own interpreter and compiler; for Lisp Chez Scheme, interpreted and compiled, Guile, and the
// npm build of Sema in the folder SEMA_WASM_DIR.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchProgram } from "./programs.ts";

const twins = fileURLToPath(new URL("twins/", import.meta.url));
const TIME_LIMIT_MS = 120_000;

/** Milliseconds, or null when this peer has no such program or does not finish it. */
export interface Peer { readonly name: string; readonly measure: (program: BenchProgram, quick: boolean) => number | null }

const isInstalled = (command: string): boolean => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Programs that have another name in the twins. */
const TWIN_NAMES: { readonly [name: string]: string } = { append200k: "strcat200k", join200k: "strjoin200k", trees14: "bintrees14" };
const IN_TWINS = ["fib30", "fib35", "loop10m", "sieve1m", "nbody200k", "append200k", "join200k", "props5m", "trees14"];

/** Another Lisp runs our program, times it and prints "RESULT value ms ms …". */
function lispPeer(name: string, command: readonly string[]): Peer {
  return {
    name,
    measure(program, quick) {
      if (program.language !== "lisp") return null;
      const words = [...command.slice(1), program.path, quick ? "1" : "5"];
      const { status, stdout } = spawnSync(command[0]!, words, { encoding: "utf8", timeout: TIME_LIMIT_MS });
      // Not every Lisp has all we use.
      if (status !== 0) return null;
      const [, value, ...times] = stdout.trim().split(" ");
      if (value !== program.expected) throw new Error(`${program.name} on ${name}: ${value}, expected ${program.expected}`);
      return medianOf(times.map(Number));
    },
  };
}

/** A twin times itself and prints "RESULT value ms ms …". */
function twinPeer(name: string, command: string, file: string): Peer {
  return {
    name,
    measure(program, quick) {
      if (!IN_TWINS.includes(program.name)) return null;
      const words = [join(twins, file), TWIN_NAMES[program.name] ?? program.name, quick ? "1" : "5", "5000"];
      const [, value, ...times] = execFileSync(command, words, { encoding: "utf8", timeout: TIME_LIMIT_MS }).trim().split(" ");
      if (value !== program.expected) throw new Error(`${program.name} on ${name}: ${value}, expected ${program.expected}`);
      return medianOf(times.map(Number));
    },
  };
}

function timed(command: string, words: readonly string[], expected: string): number | null {
  const started = performance.now();
  const { status, stdout } = spawnSync(command, words, { encoding: "utf8", timeout: TIME_LIMIT_MS });
  return status === 0 && stdout.trim() === expected ? performance.now() - started : null;
}

/** Wall time of the whole process; these start in about two milliseconds. */
const interpreterPeer: Peer = {
  name: "hemlock",
  measure: (program, quick) => (program.language === "hemlock" ? repeated(quick, () => timed("hemlock", [program.path], program.expected)) : null),
};

const compilerPeer: Peer = {
  name: "hemlockc",
  measure(program, quick) {
    if (program.language !== "hemlock") return null;
    const binary = join(mkdtempSync(join(tmpdir(), "boxelder-bench-")), program.name);
    if (spawnSync("hemlockc", [program.path, "-o", binary], { timeout: TIME_LIMIT_MS }).status !== 0) return null;
    return repeated(quick, () => timed(binary, [], program.expected));
  },
};

function repeated(quick: boolean, once: () => number | null): number | null {
  const times: number[] = [];
  for (let i = 0; i < (quick ? 1 : 3); i++) {
    const time = once();
    if (time === null) return null;
    times.push(time);
  }
  return medianOf(times);
}

export function installedPeers(): Peer[] {
  const all: readonly (readonly [string, Peer])[] = [
    ["lua5.4", twinPeer("Lua 5.4", "lua5.4", "bench.lua")],
    ["luajit", twinPeer("LuaJIT", "luajit", "bench.lua")],
    ["python3", twinPeer("Python", "python3", "bench.py")],
    ["hemlock", interpreterPeer],
    ["hemlockc", compilerPeer],
    ["petite", lispPeer("petite", ["petite", "--script", join(twins, "chez.scm")])],
    ["scheme", lispPeer("Chez", ["scheme", "--script", join(twins, "chez.scm")])],
    ["guile", lispPeer("Guile", ["guile", join(twins, "guile.scm")])],
    ...(process.env["SEMA_WASM_DIR"] === undefined ? [] : [["node", lispPeer("Sema", ["node", join(twins, "sema.mjs")])] as const]),
  ];
  return all.filter(([command]) => isInstalled(command)).map(([, peer]) => peer);
}
