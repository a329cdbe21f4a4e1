// The state of one lowering from syntax tree to core IR: options, facts about the program, where in the program we are,
// and the diagnostics. The functions in lower-*.ts and names.ts take it as their first argument.

import type { Node } from "../../ir/nodes.ts";
import type { Diagnostic } from "../../text/diagnostics.ts";
import { diagnose } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { Source, Span } from "../../text/source.ts";
import type { FrontOptions } from "../language.ts";
import type { Block, Expr, Facts, FunctionExpr } from "./ast.ts";
import { BlockScope, FunctionContext } from "./scope.ts";
import { ABORT } from "./token-cursor.ts";

/** Levels of the syntax tree, counting each link of a chain like a.b.c(): see MAX_NESTING in token-cursor.ts. */
const MAX_DEPTH = 600;
/** A compound assignment lowers its target twice, so each level nested in a target doubles the code. */
const MAX_COPIES = 8;

/** The functions that everything else recurses through; reached by way of the state, so that no two modules import each other. */
export interface Rules {
  readonly expression: (lw: Lowering, expression: Expr) => Node;
  /** For an expression whose value is not used. */
  readonly effect: (lw: Lowering, expression: Expr) => Node;
  /** For an expression bound to a name, which a function takes as its own. */
  readonly named: (lw: Lowering, expression: Expr, name: string) => Node;
  readonly block: (lw: Lowering, block: Block) => Node;
}

export class Lowering {
  readonly diagnostics: Diagnostic[] = [];
  /** Library values the program assigns without defining them: they become globals when the program starts. */
  readonly promoted = new Map<string, Node>();
  /** Undefined names already reported. */
  readonly undefinedNames = new Set<string>();
  fn = new FunctionContext("main", null);
  /** Null at the top level, where names are globals. */
  scope: BlockScope | null = null;
  /** Deepest level of the syntax tree reached so far. */
  deepest = 0;
  #depth = 0;
  #copies = 0;

  constructor(
    readonly rules: Rules,
    readonly source: Source,
    readonly options: FrontOptions,
    readonly facts: Facts,
    /** Names defined at the top level of the program. */
    readonly globals: ReadonlySet<string>,
    /** Those of them that are bound to one function from the start. */
    readonly functions: ReadonlyMap<string, FunctionExpr>,
  ) {}

  expression(expression: Expr): Node { return this.rules.expression(this, expression); }
  effect(expression: Expr): Node { return this.rules.effect(this, expression); }
  named(expression: Expr, name: string): Node { return this.rules.named(this, expression, name); }
  block(block: Block): Node { return this.rules.block(this, block); }

  /** Of a name at the top level. Modules have globals of their own; what the host or the library defined is everybody's. */
  globalName(name: string): string {
    const prefix = this.options.modules?.prefix ?? "";
    return prefix === "" || (this.options.knownGlobals?.has(name) === true && !this.globals.has(name)) ? name : prefix + name;
  }

  report(code: MessageCode, span: Span, args: readonly string[] = [], hint: string | null = null): void {
    this.diagnostics.push(diagnose(this.source, code, span, args, hint));
  }

  /** Runs one level deeper; ends the lowering with a diagnostic where the program nests too deeply. */
  enter(span: Span): void {
    if (++this.#depth > MAX_DEPTH) this.tooDeep(span);
    if (this.#depth > this.deepest) this.deepest = this.#depth;
  }

  tooDeep(span: Span): never {
    this.report("E215", { start: span.start, end: span.start });
    throw ABORT;
  }

  leave(): void { this.#depth--; }

  /** Runs `lower` on something that is lowered a second time. */
  copying<T>(span: Span, lower: () => T): T {
    if (++this.#copies > MAX_COPIES) {
      this.report("E303", span);
      throw ABORT;
    }
    const result = lower();
    this.#copies--;
    return result;
  }

  /** May a call have to pass a reference at this argument position? */
  isRefPosition(index: number): boolean {
    return this.options.refFunctions === true || this.facts.refPositions.has(index);
  }

  /** May any function take a parameter by reference? */
  get hasRefs(): boolean {
    return this.options.refFunctions === true || this.facts.refPositions.size > 0;
  }

  inScope<T>(scope: BlockScope, lower: (scope: BlockScope) => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = lower(scope);
    this.scope = outer;
    return result;
  }

  /** A new scope in the running function. */
  inNewScope<T>(lower: (scope: BlockScope) => T): T {
    return this.inScope(new BlockScope(this.fn, this.scope), lower);
  }

  inFunction<T>(context: FunctionContext, lower: () => T): T {
    const outer = this.fn;
    this.fn = context;
    const result = this.inNewScope(lower);
    this.fn = outer;
    return result;
  }
}
