// Cases of the standard library: texts of expressions and what they give, run against the modules of src/stdlib as they are
// now.
//
//     import { pad_left } from "@stdlib/strings";
//     ---
//     pad_left("ab", 3)
//     => " ab"
//     pad_left(5, 3)
//     => ! "pad_left() requires string argument"
//
// Above the dashes stands what all of them need; a first line of `// grants: files digests` gives them parts of Node, and an
// empty folder, and a line of `// tasks` says that they need those. Results are written by `npm run accept`, and reviewed.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModuleLoader } from "../../src/modules.ts";
import type { SystemGrant } from "../../src/node.ts";
import { library, root, type VmOptions } from "./library.ts";

const { nodeSystem } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");

const fileOf = (request: string): string | null => {
  const file = `${root}src/stdlib/${/^@stdlib\/(\w+)(?:\.hml)?$/.exec(request)?.[1] ?? ""}.hml`;
  return existsSync(file) ? file : null;
};

/** Finds the modules of the standard library, and no others. */
export const sourceModules: ModuleLoader = {
  resolve: (request) => (fileOf(request) === null ? null : request.replace(/\.hml$/, "")),
  read: (path) => readFileSync(fileOf(path)!, "utf8"),
};

export interface Cases { readonly header: string; readonly expressions: readonly string[]; readonly results: readonly string[] }

export function parseCases(text: string): Cases {
  const [header = "", body = ""] = text.split(/^---\n/m), lines = body.split("\n").filter((line) => line !== "");
  const expressions: string[] = [], results: string[] = [];
  for (const line of lines) {
    if (line.startsWith("=> ")) results[expressions.length - 1] = line.slice(3);
    else expressions.push(line);
  }
  return { header, expressions, results };
}

export const printCases = ({ header, expressions, results }: Cases): string =>
  `${header}---\n${expressions.map((expression, i) => `${expression}\n=> ${results[i] ?? ""}\n`).join("")}`;

/** Values as text on one line, with their types where the text does not say them. */
const SHOW = `
fn $quoted(text) { let list = [text].serialize(); return list.slice(1, list.length - 1); }
fn $show(value) {
  let t = typeof(value);
  if (t == "string") { return $quoted(value); }
  if (t == "array") { return "[" + value.map(fn(part) { return $show(part); }).join(", ") + "]"; }
  if (t == "null" || t == "bool" || t == "i32") { return "" + value; }
  if (t == "function" || t == "builtin") { return t; }
  if (t == "buffer") { let bytes = []; for (let i = 0; i < value.length; i++) { bytes.push("" + value[i]); } return "<" + bytes.join(" ") + ">"; }
  if (t == "rune") { return "'" + value + "'"; }
  if (t == "i64" || t == "f64" || t == "u32" || t == "u8" || t == "u64" || t == "f32") { return t + " " + value; }
  let fields = [];
  for (key, part in value) { fields.push(key + ": " + $show(part)); }
  return (t == "object" ? "{" : t + " {") + fields.join(", ") + "}";
}
`.replaceAll("$", "case_");

/** What each of the expressions gives on a VM with these options. */
export async function resultsOf({ header, expressions }: Cases, options: VmOptions): Promise<string[]> {
  const calls = expressions.map((expression) => `try { print(case_show(${expression})); } catch (e) { print("! " + case_show(e)); }\n`);
  let out = "";
  const grants = (/^\/\/ grants: (.*)/.exec(header)?.[1] ?? "").split(" ").filter((word) => word !== "") as SystemGrant[];
  const folder = grants.length > 0 ? mkdtempSync(join(tmpdir(), "boxelder-test-")) : tmpdir();
  const host = { write: (bytes: Uint8Array) => { out += new TextDecoder().decode(bytes); } };
  const system = grants.length > 0 ? nodeSystem(grants, { folder }) : undefined, vm = library.createVM({ ...options, host, modules: sourceModules, ...(system && { system }) });
  const result = await vm.runAsync(header + SHOW + calls.join(""), { name: "cases.hml" });
  system?.close?.();
  if (grants.length > 0) rmSync(folder, { recursive: true, force: true });
  if (result.status !== "done") throw new Error(`${JSON.stringify(result, null, 2).slice(0, 2000)}\n${out}`);
  return out.split("\n").slice(0, -1);
}
