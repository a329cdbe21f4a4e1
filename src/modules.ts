// Modules of a program: follows what its files ask for, each file once, dependencies before the files that need them.
// Knows neither files nor paths: a loader says what a request means and what the text is.

import type { Compilation, FrontOptions, Language, ModuleInterface, ModuleLinks } from "./front/language.ts";
import type { ModuleState } from "./image/frozen.ts";
import { renamed } from "./program/rename.ts";
import { diagnose, type Diagnostic } from "./text/diagnostics.ts";
import { Source, type Span } from "./text/source.ts";

/** How a host finds modules. Paths are the loader's own: any text that is the same for the same module. */
export interface ModuleLoader {
  /** The path of what `request` means in the module at `from` (the name of the script, for the main program); null when there is none. */
  resolve(request: string, from: string): string | null;
  /** The text of the module at a path, null when it cannot be read. */
  read(path: string): string | null;
}

/** A module that is to run before the program that needs it. */
export interface NewModule {
  readonly id: number;
  readonly path: string;
  /** The global that will hold its body. */
  readonly body: string;
  readonly source: Source;
  readonly compilation: Compilation;
  readonly shape: ModuleInterface;
}
export interface Loaded {
  readonly links: ModuleLinks;
  /** Dependencies first. */
  readonly modules: readonly NewModule[];
  /** Why requests of the program could not be met, and what is wrong in the modules. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A module that has run, or is going to. */
export interface KnownModule { readonly id: number; readonly path: string; readonly shape: ModuleInterface; readonly refFunctions: boolean }

/** Modules as they are kept in images, and back. */
export const moduleStates = (known: readonly KnownModule[]): ModuleState[] => known.map(({ id, path, refFunctions, shape: { prefix, names, exports, types } }) =>
  ({ id, path, refFunctions, prefix, names: [...names], exports: [...exports], types: [...types] }));
export const knownModules = (states: readonly ModuleState[]): KnownModule[] => states.map(({ id, path, refFunctions, prefix, names, exports, types }) =>
  ({ id, path, refFunctions, shape: { prefix, names: new Map(names), exports: new Set(exports), types: new Set(types) } }));

/** A module of a compiled program as it is in a VM that gives modules these numbers. */
const moduleAs = (module: ModuleState, ids: ReadonlyMap<number, number>): ModuleState =>
  ({ ...module, id: ids.get(module.id)!, prefix: renamed(module.prefix, ids), names: module.names.map(([name, global]) => [name, renamed(global, ids)]) });

/** Files that wait for the files they ask for, at most. */
const MAX_CHAIN = 200;
export const bodyName = (id: number): string => `module:${id}`;

/** The modules of one VM: a module runs once, whoever asks for it. */
export class Modules {
  readonly #known = new Map<string, KnownModule>();
  #nextId = 1;

  /** `known`: those of the VM that this one goes on from. Without a loader nothing can be imported; programs bring modules along all the same. */
  constructor(readonly loader: ModuleLoader | null, known: readonly KnownModule[] = []) {
    for (const module of known) this.#known.set(module.path, module);
    this.#nextId = known.reduce((next, { id }) => Math.max(next, id + 1), 1);
  }

  get known(): readonly KnownModule[] { return [...this.#known.values()]; }

  /** Do any of them have functions with by-reference parameters? Calls of functions that are not known are dearer then. */
  get refFunctions(): boolean { return this.known.some(({ refFunctions }) => refFunctions); }

  /** Finds and compiles everything the program asks for that has not been loaded yet; null when there is no loader. */
  load(language: Language, source: Source, options: FrontOptions): Loaded | null {
    if (this.loader === null) return null;
    const loading = new Loading(this, this.loader, language, options);
    const find = loading.follow(source, [source.name]);
    const bodies = loading.modules.map(({ body }) => body);
    return { links: { prefix: "", find, bodies }, modules: loading.modules, diagnostics: loading.diagnostics };
  }

  find(path: string): KnownModule | null { return this.#known.get(path) ?? null; }

  add(path: string, make: (id: number) => KnownModule): void { this.#known.set(path, make(this.#nextId++)); }

  /**
   * Gives the modules that a compiled program brings along their numbers here. One that is known already is used as it is, if
   * it looks the same; one that looks different is the program's own. Fresh ones are to run before the program does.
   */
  adopt(modules: readonly ModuleState[]): { readonly ids: ReadonlyMap<number, number>; readonly fresh: ReadonlySet<number> } {
    const ids = new Map<number, number>(), fresh = new Set<number>();
    for (const module of modules) {
      const known = this.find(module.path), make = (id: number): KnownModule => knownModules([moduleAs(module, new Map([...ids, [module.id, id]]))])[0]!;
      const isSame = known !== null && JSON.stringify(moduleStates([make(known.id)])) === JSON.stringify(moduleStates([known]));
      ids.set(module.id, isSame ? known.id : this.#nextId);
      if (isSame) continue;
      fresh.add(module.id);
      if (known === null) this.add(module.path, make);
      else this.#nextId++;
    }
    return { ids, fresh };
  }

  /** Forgets modules that are not going to run after all. */
  forget(modules: readonly { readonly path: string }[]): void {
    for (const { path } of modules) this.#known.delete(path);
  }

  /** To be called between programs: a module whose body did not run to its end is loaded anew by the next that asks for it. */
  settle(hasRun: (body: string) => boolean): void {
    this.forget(this.known.filter(({ id }) => !hasRun(bodyName(id))));
  }
}

/** One walk along the requests. */
class Loading {
  readonly modules: NewModule[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly owner: Modules, private readonly loader: ModuleLoader, private readonly language: Language, private readonly options: FrontOptions) {}

  /** Loads what a source asks for; `chain` are the names of the files that lead to it, itself last. */
  follow(source: Source, chain: readonly string[]): ModuleLinks["find"] {
    const found = new Map<string, ModuleInterface | null>();
    for (const { path: request, span } of this.language.modules?.requests(source) ?? []) {
      if (!found.has(request)) found.set(request, this.#request(source, request, span, chain));
    }
    return (request) => found.get(request) ?? null;
  }

  #request(source: Source, request: string, span: Span, chain: readonly string[]): ModuleInterface | null {
    const path = this.loader.resolve(request, source.name);
    if (path === null) return this.#refuse(source, span, "E305", request, chain);
    if (chain.includes(path)) return this.#refuse(source, span, "E306", [...chain.slice(chain.indexOf(path)), path].join(" -> "), []);
    const known = this.owner.find(path);
    if (known !== null) return known.shape;
    if (chain.length > MAX_CHAIN) return this.#refuse(source, span, "E308", request, []);
    const text = this.loader.read(path);
    if (text === null) return this.#refuse(source, span, "E307", path, chain);
    return this.#load(new Source(path, text), [...chain, path]);
  }

  #load(source: Source, chain: readonly string[]): ModuleInterface {
    const find = this.follow(source, chain), { language } = this;
    this.owner.add(source.name, (id) => {
      const links = { prefix: `${id}:`, find, bodies: [] };
      const compilation = language.compile(source, { ...this.options, repl: false, refFunctions: this.options.refFunctions === true || this.owner.refFunctions, modules: links });
      const shape = language.modules!.interfaceOf(source, links);
      this.modules.push({ id, path: source.name, body: bodyName(id), source, compilation, shape });
      this.diagnostics.push(...compilation.diagnostics);
      return { id, path: source.name, shape, refFunctions: compilation.refFunctions };
    });
    return this.owner.find(source.name)!.shape;
  }

  #refuse(source: Source, span: Span, code: "E305" | "E306" | "E307" | "E308", what: string, chain: readonly string[]): null {
    this.diagnostics.push(diagnose(source, code, span, [what], chain.length < 2 ? null : `imported by way of ${chain.join(" -> ")}`));
    return null;
  }
}
