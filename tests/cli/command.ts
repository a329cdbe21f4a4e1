// Runs the built command line in a process of its own, as a user does.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../support/library.ts";

export interface Outcome { readonly code: number | null; readonly out: string; readonly error: string }

export function boxelder(words: readonly string[], given: { input?: string; environment?: { [name: string]: string } } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), ...words], {
    input: given.input ?? "", encoding: "utf8", timeout: 20_000, env: { PATH: process.env["PATH"] ?? "", ...given.environment },
  });
  return { code: status, out: stdout, error: stderr };
}

const folder = mkdtempSync(join(tmpdir(), "boxelder-test-"));

/** Writes a file into a folder of this test run and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
