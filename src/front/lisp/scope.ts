// Scopes: what identifiers mean at a place of the program. Scopes stay alive after lowering has left them, because
// aliases of macro templates are looked up where their macro was defined.

import * as b from "../../ir/builder.ts";
import type { Variable } from "../../ir/nodes.ts";
import type { Datum, Key, SymbolDatum } from "./datum.ts";
import type { SyntaxRules } from "./syntax-rules.ts";

/** Identity of a function being lowered. */
export interface FunctionContext { readonly name: string; readonly parent: FunctionContext | null }

export interface LocalBinding {
  readonly kind: "local";
  readonly variable: Variable;
  readonly fn: FunctionContext;
  /** Initialised whenever code that is lowered now can run; until then, reading gives nil. */
  ready: boolean;
}
export type Binding = LocalBinding
  | { readonly kind: "rules"; readonly rules: SyntaxRules; readonly scope: Scope }
  /** A procedural macro of a body; `expander` is the lambda expression that expands its calls. */
  | { readonly kind: "expander"; readonly expander: Datum }
  /** A variable of the environment that eval was given. */
  | { readonly kind: "accessor"; readonly name: string };

export class Scope {
  readonly #names = new Map<Key, Binding>();
  /** Variables of the IR scope that stands for this one. */
  readonly variables: Variable[] = [];

  constructor(
    readonly fn: FunctionContext,
    readonly parent: Scope | null,
    /** Definitions met while it is the innermost such scope belong here. */
    readonly isBody: boolean = false,
    /** The module whose globals the scope sees, for one without a parent; null for the program. */
    readonly module: string | null = null,
  ) {}

  get(key: Key): Binding | undefined { return this.#names.get(key); }
  bind(key: Key, binding: Binding): void { this.#names.set(key, binding); }
  names(): IterableIterator<[Key, Binding]> { return this.#names.entries(); }

  /** A new local variable for the name; an earlier one of this scope is no longer visible. */
  declare(name: SymbolDatum, ready: boolean): LocalBinding {
    const binding = this.#local(name, ready);
    this.variables.push(binding.variable);
    return binding;
  }

  /** A parameter: declared by its function rather than by a scope node. */
  parameter(name: SymbolDatum): LocalBinding { return this.#local(name, true); }

  #local(name: SymbolDatum, ready: boolean): LocalBinding {
    const binding: LocalBinding = { kind: "local", variable: b.variable(name.name), fn: this.fn, ready };
    this.#names.set(name.alias ?? name.name, binding);
    return binding;
  }

  /** A variable the program cannot name. */
  temporary(name: string): Variable {
    const variable = b.variable(name);
    this.variables.push(variable);
    return variable;
  }
}
