// Modules: what a file asks of others, what it offers them, and the import and export statements.
//
// Names of a module's top level are globals that begin with the module's prefix. An import makes a constant of the
// importing file with the value the name has at that moment; types are known to every loaded file and need none.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Source } from "../../text/source.ts";
import type { LanguageModules, ModuleInterface, ModuleLinks, ModuleRequest } from "../language.ts";
import type { ExportListStmt, ImportStmt, Script, Stmt } from "./ast.ts";
import type { Lowering } from "./lowering.ts";
import { parse } from "./parser.ts";
import { declarationsOf } from "./scope.ts";

export const hemlockModules: LanguageModules = {
  requests: (source) => requestsOf(scriptOf(source)),
  interfaceOf: (source, links) => interfaceOf(scriptOf(source), links),
};

/** A source is asked for its requests, its interface and its program in turn: parsed once for the first two. */
const scripts = new WeakMap<Source, Script>();

function scriptOf(source: Source): Script {
  const known = scripts.get(source) ?? parse(source).script;
  scripts.set(source, known);
  return known;
}

function requestsOf(script: Script): ModuleRequest[] {
  return script.body.flatMap((s) => ((s.kind === "Import" || s.kind === "ExportList") && s.request !== null ? [s.request] : []));
}

const isDefined = (s: Stmt): string | null => (s.kind === "Define" ? s.name : s.kind === "Export" ? isDefined(s.declaration) : null);

function interfaceOf({ body }: Script, { prefix, find }: ModuleLinks): ModuleInterface {
  const names = new Map<string, string>(), exports = new Set<string>();
  for (const { name } of declarationsOf(body)) names.set(name, prefix + name);
  for (const name of importedNames(body, find)) if (!names.has(name)) names.set(name, prefix + name);
  for (const s of body) {
    if (s.kind === "Export") for (const { name } of declarationsOf([s.declaration])) exports.add(name);
    if (s.kind !== "ExportList") continue;
    const origin = s.request === null ? null : find(s.request.path);
    for (const { from, to } of s.names) {
      exports.add(to.text);
      if (s.request === null) names.set(to.text, prefix + from.text);
      else if (origin !== null) names.set(to.text, globalOf(origin, from.text));
    }
  }
  const types = new Set(body.map(isDefined).filter((name) => name !== null));
  return { prefix, names, exports, types };
}

/** A name the module does not have leads to a global that has no value: using it says so. */
const globalOf = (module: ModuleInterface, name: string): string => module.names.get(name) ?? module.prefix + name;

/** The names that the imports of a file define in it. */
export function importedNames(body: readonly Stmt[], find: ModuleLinks["find"]): string[] {
  return body.flatMap((s) => {
    if (s.kind !== "Import") return [];
    if (s.space !== null) return [s.space.text];
    const module = find(s.request.path);
    if (s.all) return module === null ? [] : values(module);
    return s.names.filter(({ from }) => module?.types.has(from.text) !== true).map(({ to }) => to.text);
  });
}

/** Exported names that have values. */
const values = (module: ModuleInterface): string[] => [...module.exports].filter((name) => !module.types.has(name));

/** Re-exports need nothing done, but something to re-export. */
export function lowerExportList(lw: Lowering, s: ExportListStmt): Node {
  if (s.request !== null) modulesFor(lw, s.request);
  return b.nullNode(s.span);
}

function modulesFor(lw: Lowering, request: ModuleRequest): ModuleLinks | null {
  const { modules } = lw.options;
  if (modules === undefined) lw.report("E305", request.span, [request.path], "the host gave this VM no way to load modules");
  return modules ?? null;
}

export function lowerImport(lw: Lowering, s: ImportStmt): Node {
  const modules = modulesFor(lw, s.request);
  if (modules === null) return b.nullNode(s.span);
  const module = modules.find(s.request.path);
  // An import inside a block or a function has no effect.
  if (module === null || lw.scope !== null) return b.nullNode(s.span);
  const value = (name: string): Node => b.global(globalOf(module, name), null, s.span);
  const define = (name: string, node: Node): Node => b.defineGlobal(modules.prefix + name, node, true, s.span);
  if (s.space !== null) return define(s.space.text, b.object(values(module).map((key) => ({ key, value: value(key) })), s.span));
  if (s.all) return b.block(values(module).map((name) => define(name, value(name))), s.span);
  const wanted = s.names.filter(({ from }) => !module.types.has(from.text));
  return b.block(wanted.map(({ from, to }) => define(to.text, b.global(globalOf(module, from.text), null, from.span))), s.span);
}

/**
 * Runs the bodies of the modules this program needs first; each gives itself up once it ran, so that none runs twice. A compiled
 * program looks, when it runs, whether one has run.
 */
export function lowerBodies({ options }: Lowering): Node[] {
  const at = { start: 0, end: 0 };
  const body = (name: string): Node => b.global(name, null, at);
  return (options.modules?.bodies ?? []).map((name) => b.ifNode(body(name), b.block([b.call(body(name), [], at), b.setGlobal(name, b.nullNode(at), at)], at), b.nullNode(at), at));
}
