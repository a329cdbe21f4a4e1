// A program and its modules as one source. Each module becomes a function that is called once, where its body would have run, and
// gives an object of its names; imports become constants that take their values from there. What a name holds is taken when the
// import is reached, as modules do, so names that are assigned stand there as functions.
//
// The text between is left as it is: edits go by the spans of imports and exports.

import type { Source } from "../../text/source.ts";
import type { ModuleInterface } from "../language.ts";
import type { ExportListStmt, ImportStmt, Script, Stmt } from "./ast.ts";
import { parse } from "./parser.ts";

/** A module of the program, without errors. */
export interface BundledModule { readonly path: string; readonly source: Source; readonly shape: ModuleInterface }

interface Edit { readonly start: number; readonly end: number; readonly text: string }

/** Text of the program with all modules; `modules`: dependencies first, `resolve`: path of what a request means in the source of that name. */
export function bundle(main: Source, modules: readonly BundledModule[], resolve: (request: string, from: string) => string): string {
  const script = parse(main).script;
  if (modules.length === 0) return main.text;
  const parts = new Bundle(modules.map((module) => ({ ...module, script: parse(module.source).script })), resolve, freeName([main, ...modules.map(({ source }) => source)]), script);
  // All imports first: modules give what is asked of them.
  const bodies = parts.modules.map((module) => parts.edited(module.source, module.script)), end = parts.edited(main, script);
  return `${parts.modules.map((module, i) => parts.definition(module, i, bodies[i]!)).join("")}${end}`;
}

/** The start of names that no source has. */
function freeName(sources: readonly Source[]): string {
  for (let i = 0; ; i++) {
    const name = `module_${i === 0 ? "" : `${i}_`}`;
    if (!sources.some(({ text }) => text.includes(name))) return name;
  }
}

type Parsed = BundledModule & { readonly script: Script };

class Bundle {
  readonly hasRefs: boolean;
  /** Names imported from modules that lack them, which is an error when the import is reached. */
  readonly #lacking = new Map<Parsed, Set<string>>();

  constructor(readonly modules: readonly Parsed[], readonly resolve: (request: string, from: string) => string, readonly prefix: string, main: Script) {
    this.hasRefs = [main, ...modules.map(({ script }) => script)].some(({ facts }) => facts.refPositions.size > 0);
  }

  definition(module: Parsed, index: number, body: string): string {
    const { shape } = module, own = [...shape.names].filter(([name, global]) => global === shape.prefix + name && !shape.types.has(name));
    const entries = [...own.map(([name]) => name), ...this.#lacking.get(module) ?? []].map((name) => `${name}: ${this.#isAssigned(module, name) ? `fn() { return ${name}; }` : name}`);
    return `// ${module.path.split("/").slice(-2).join("/")}\nconst ${this.prefix}${index} = (fn() {\n${body}\nreturn { ${entries.join(", ")} };\n})();\n`;
  }

  #ownerOf(prefix: string): Parsed { return this.modules.find(({ shape }) => shape.prefix === prefix)!; }
  /** Where anything is taken by reference, anything may change. */
  #isAssigned(module: Parsed, name: string): boolean { return this.hasRefs || module.script.facts.assigned.has(name) || this.#lacking.get(module)?.has(name) === true; }

  /** The value of a module's name now, for code outside of the module. */
  #value(prefix: string, name: string): string {
    const owner = this.#ownerOf(prefix), lacking = this.#lacking.get(owner) ?? new Set();
    if (!owner.shape.names.has(name)) this.#lacking.set(owner, lacking.add(name));
    const field = `${this.prefix}${this.modules.indexOf(owner)}.${name}`;
    return this.#isAssigned(owner, name) ? `${field}()` : field;
  }

  /** The value of what a module offers under a name, which may be another module's. */
  #offered(module: Parsed, name: string): string {
    const global = module.shape.names.get(name) ?? module.shape.prefix + name, at = global.indexOf(":") + 1;
    return this.#value(global.slice(0, at), global.slice(at));
  }

  edited(source: Source, { body }: Script): string {
    let text = "", from = 0;
    for (const { start, end, text: put } of body.flatMap((statement) => this.#edits(source, statement))) {
      text += source.text.slice(from, start) + put;
      from = end;
    }
    return text + source.text.slice(from);
  }

  #edits(source: Source, statement: Stmt): Edit[] {
    const { start } = statement.span;
    switch (statement.kind) {
      case "Export": return [{ start, end: statement.declaration.span.start, text: "" }];
      case "ExportList": return [{ start, end: endOf(source, statement), text: "" }];
      case "Import": return [{ start, end: endOf(source, statement), text: this.#import(source, statement) }];
      default: return [];
    }
  }

  #import(source: Source, { request, names, all, space }: ImportStmt): string {
    const path = this.resolve(request.path, source.name), module = this.modules.find((each) => each.path === path)!, { shape } = module;
    const values = [...shape.exports].filter((name) => !shape.types.has(name));
    if (space !== null) return `const ${space.text} = { ${values.map((name) => `${name}: ${this.#offered(module, name)}`).join(", ")} };`;
    const pairs = all ? values.map((name) => [name, name]) : names.filter(({ from }) => !shape.types.has(from.text)).map(({ from, to }) => [from.text, to.text]);
    return pairs.map(([from, to]) => `const ${to!} = ${this.#offered(module, from!)};`).join(" ");
  }
}

/** Behind the statement and the ";" it may end with. */
function endOf({ text }: Source, { span }: ImportStmt | ExportListStmt): number {
  const rest = /^\s*;/.exec(text.slice(span.end));
  return text[span.end - 1] === ";" || rest === null ? span.end : span.end + rest[0].length;
}
