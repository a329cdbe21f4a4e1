// Two tiny evaluators for the part of the IR that closures are about. `byCells` gives every variable instance a cell that
// closures share: what the program means. `byFlags` does what the engines do: frames with slots, closures that copy, boxes
// where the analysis says so. Both write what they read to a log, and the logs must be equal.

import type { FunctionNode, Label, Node, Program, Variable } from "../../src/ir/nodes.ts";

type Value = number | string | null | Value[] | Closure;
interface Cell { value: Value | undefined }
interface Closure { readonly node: FunctionNode; readonly captured: Map<Variable, Value | undefined | Cell> }
type Frame = Map<Variable, Value | undefined | Cell>;

class Jump { constructor(readonly label: Label | null, readonly again: boolean, readonly value: Value) {} }
/** Programs that call too deep or run too long are cut off at the same point by both evaluators. */
class Exhausted extends Error {}

export type Mode = "byCells" | "byFlags";

export function run(program: Program, mode: Mode): string[] {
  const model = new Model(mode);
  try {
    model.call({ node: program.main, captured: new Map() }, []);
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
  }
  return model.log;
}

class Model {
  readonly log: string[] = [];
  #steps = 2000;
  #depth = 0;
  #ticks = 10;
  constructor(readonly mode: Mode) {}

  #inBox = (v: Variable): boolean => this.mode === "byCells" || v.boxed;
  #fresh(frame: Frame, v: Variable, value: Value | undefined): void { frame.set(v, this.#inBox(v) ? { value } : value); }

  #read(frame: Frame, v: Variable, closure: Closure): Value | undefined {
    if (this.mode === "byFlags" && closure.node.selfVariable === v) return closure;
    const held = frame.has(v) ? frame.get(v) : closure.captured.get(v);
    return this.#inBox(v) ? (held as Cell).value : (held as Value | undefined);
  }

  #write(frame: Frame, v: Variable, closure: Closure, value: Value): void {
    if (!this.#inBox(v)) { if (!frame.has(v)) throw new Error(`copy of ${v.name} written`); frame.set(v, value); }
    else ((frame.has(v) ? frame.get(v) : closure.captured.get(v)) as Cell).value = value;
  }

  #close(node: FunctionNode, frame: Frame, closure: Closure): Closure {
    const captured = new Map<Variable, Value | undefined | Cell>();
    if (this.mode === "byCells") {
      for (const [v, held] of [...closure.captured, ...frame]) captured.set(v, held);
      return { node, captured };
    }
    for (const v of node.captures) {
      const own = closure.node.selfVariable === v ? closure : frame.has(v) ? frame.get(v) : closure.captured.get(v);
      captured.set(v, own);
    }
    return { node, captured };
  }

  call(closure: Closure, args: readonly Value[]): Value {
    if (++this.#depth > 12) throw new Exhausted();
    const frame: Frame = new Map();
    for (const p of closure.node.params) this.#fresh(frame, p.variable, undefined);
    for (const [i, p] of closure.node.params.entries()) {
      const value = args[i] ?? (p.default === null ? null : this.#eval(p.default, frame, closure));
      this.#write(frame, p.variable, closure, value);
    }
    let value: Value;
    try { value = this.#eval(closure.node.body, frame, closure); } catch (jump) {
      if (!(jump instanceof Jump) || jump.label !== null) throw jump;
      value = jump.value;
    }
    this.#depth--;
    return value;
  }

  #show(value: Value | undefined): string {
    if (value === undefined) return "hole";
    if (Array.isArray(value)) return `[${value.length}]`;
    return typeof value === "object" && value !== null ? value.node.name : String(value);
  }

  #eval(node: Node, frame: Frame, closure: Closure): Value {
    if (--this.#steps < 0) throw new Exhausted();
    const go = (n: Node): Value => this.#eval(n, frame, closure);
    switch (node.kind) {
      case "Const": return "value" in node.value ? Number(node.value.value) : null;
      case "Local": {
        const value = this.#read(frame, node.variable, closure);
        this.log.push(`${node.variable.name}=${this.#show(value)}`);
        return value ?? null;
      }
      case "SetLocal": case "Let": { const value = go(node.value); this.#write(frame, node.variable, closure, value); return value; }
      case "Scope": for (const v of node.variables) this.#fresh(frame, v, undefined); return go(node.body);
      case "Block": return node.body.reduce<Value>((_, n) => go(n), null);
      case "Function": return this.#close(node, frame, closure);
      case "Call": {
        const callee = go(node.callee), args = node.args.map((a) => go(a.value));
        return callee !== null && typeof callee === "object" && "node" in callee ? this.call(callee, args) : null;
      }
      case "If": return go(node.test) === 0 ? go(node.else) : go(node.then);
      case "Array": return node.elements.map(go);
      // A new number each time, so that two rounds of a loop never assign the same.
      case "Binary": go(node.left); go(node.right); return ++this.#ticks;
      case "Break": throw new Jump(node.label, false, node.value === null ? null : go(node.value));
      case "Continue": throw new Jump(node.label, true, null);
      case "Return": throw new Jump(null, false, go(node.value));
      case "Loop": return this.#loop(node.label, [0, 1, 2], () => node.test === null || go(node.test) !== 0, () => go(node.body), () => { if (node.update !== null) go(node.update); });
      case "ForEach": {
        const over = go(node.iterable);
        return this.#loop(node.label, Array.isArray(over) ? over : [1, 2], (item) => { this.#fresh(frame, node.value, item); return true; }, () => go(node.body), () => undefined);
      }
      case "Switch": {
        const subject = go(node.subject);
        let at = node.cases.findIndex((c) => c.test !== null && go(c.test) === subject);
        if (at < 0) at = node.fallback;
        if (at < 0) return null;
        return this.#loop(node.label, [0], () => true, () => node.cases.slice(at).reduce<Value>((_, c) => go(c.body), null), () => undefined);
      }
      default: throw new Error(`not modelled: ${node.kind}`);
    }
  }

  /** Loops run at most once for each item, so that random programs end. */
  #loop(label: Label, items: readonly Value[], test: (item: Value) => boolean, body: () => void, update: () => void): Value {
    for (const item of items) {
      if (!test(item)) return null;
      try { body(); } catch (jump) {
        if (!(jump instanceof Jump) || jump.label !== label) throw jump;
        if (!jump.again) return jump.value;
      }
      update();
    }
    return null;
  }
}
