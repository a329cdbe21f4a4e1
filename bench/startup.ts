// Start-up as a user waits for it: whole processes, interleaved so that a busy moment hits all alike.

import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../tests/support/library.ts";

export interface Startup { readonly node: number; readonly hello: number }

/** Medians in milliseconds of `node -e 0` and of a script that greets. */
export function startup(rounds: number): Startup {
  const script = join(mkdtempSync(join(tmpdir(), "boxelder-bench-")), "hello.hml");
  writeFileSync(script, 'print("hello");\n');
  const time = (words: readonly string[]): number => {
    const started = performance.now();
    if (spawnSync(process.execPath, words).status !== 0) throw new Error(`node ${words.join(" ")} failed`);
    return performance.now() - started;
  };
  const node: number[] = [], hello: number[] = [];
  for (let i = 0; i < rounds; i++) {
    node.push(time(["-e", "0"]));
    hello.push(time([join(root, "dist", "cli.js"), script]));
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  return { node: median(node), hello: median(hello) };
}
