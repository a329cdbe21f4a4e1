// Closure analysis: who owns each variable, which functions capture it, and whether it must live in a heap box.
//
// A closure is flat: it copies what it captures when it is made. That is right for a variable which never changes
// afterwards; any other captured variable is boxed and the closure copies the box. In evaluation order (a Let counts
// where its value has been computed, a closure where it is made) a captured variable is boxed when
//   1. a SetLocal assigns it, wherever that is, or MakeRef takes a reference to it;
//   2. a closure that captures it is made before its Let ran (or before its parameter was bound);
//   3. its Let can run again for the same variable: a second Let, or a loop between its Scope and its Let.
// A `shared` variable that is assigned is boxed even if nothing captures it, when its function makes calls: a continuation
// taken in one of them copies the frame.
// Jumping over a Let needs nothing: the variable then stays a hole in the copy too. Only loops go backwards, and those
// are rule 3. A boxed parameter is boxed from the entry of the function, before any default is evaluated.
//
// The pass runs last but for tail marking: it stores facts about node identities, which a rewriting pass would break.

import { assert } from "../../../heap/debug.ts";
import type { FunctionNode, LetNode, Node, Parameter, Program, Variable } from "../nodes.ts";
import { eachChild, spine, spineChild } from "../walk.ts";

/** What is known of one variable; the flags in the Variable are set from it at the end. */
interface Facts {
  readonly variable: Variable;
  readonly owner: Frame;
  /** Loops around the declaration, in its function. */
  readonly loops: number;
  initialised: boolean;
  lets: number;
  assigned: boolean;
  referenced: boolean;
  /** Used in another function. */
  needed: boolean;
  /** Captured by a closure made before the variable was initialised (other than the one it is initialised with). */
  early: boolean;
  /** The function that is its initial value and refers to it. */
  self: FunctionNode | null;
}

/** A function being walked. */
interface Frame {
  readonly node: FunctionNode;
  /** Variables of enclosing functions used here or deeper, in order of first use. */
  readonly needs: Set<Facts>;
  loops: number;
  /** Something in it, not in functions inside of it, may run other functions. */
  calls: boolean;
}

export function analyseClosures(program: Program): Program {
  new Analysis().run(program.main);
  return program;
}

class Analysis {
  readonly #facts = new Map<Variable, Facts>();
  readonly #frames = new Map<FunctionNode, Frame>();
  #frame!: Frame;

  run(main: FunctionNode): void {
    this.#enterFunction(main);
    for (const facts of this.#facts.values()) settle(facts);
    for (const { node, needs } of this.#frames.values()) {
      node.selfVariable = null;
      const captures: Variable[] = [];
      for (const { variable, self } of needs) {
        if (self === node && !variable.boxed) node.selfVariable = variable;
        else captures.push(variable);
      }
      node.captures = captures;
      for (const variable of captures) variable.captured = true;
    }
  }

  #declare(variable: Variable, initialised: boolean): Facts {
    const known = this.#facts.get(variable);
    // A tree that evaluates the same node object twice declares its variables twice, to the same effect.
    if (known !== undefined && known.owner === this.#frame) return known;
    assert(known === undefined, `variable ${variable.name} declared in two functions`);
    const facts: Facts = {
      variable, owner: this.#frame, loops: this.#frame.loops, initialised, lets: 0, assigned: false, referenced: false, needed: false, early: false, self: null,
    };
    this.#facts.set(variable, facts);
    return facts;
  }

  #use(variable: Variable): Facts {
    const facts = this.#facts.get(variable);
    assert(facts !== undefined, `variable ${variable.name} used outside its scope`);
    if (facts.owner !== this.#frame) {
      this.#frame.needs.add(facts);
      facts.needed = true;
    }
    return facts;
  }

  #visit(node: Node): void {
    const chain = spine(node);
    for (let i = chain.length - 1; i >= 0; i--) this.#visitOne(chain[i]!, i < chain.length - 1);
  }

  /** Visits a node; `started`: its spine child has been visited already. */
  #visitOne(node: Node, started: boolean): void {
    switch (node.kind) {
      case "Local": case "GetRef": case "SetRef": this.#use(node.variable); break;
      case "Call": case "CallMethod": case "Apply": case "Await": this.#frame.calls = true; break;
      // What stands in for an undefined global ends the program or gives a value; nobody goes back there.
      case "Global": this.#visitQuietly(node.onHole); return;
      case "SetLocal": this.#visit(node.value); this.#use(node.variable).assigned = true; return;
      // Before its Let has run, the place is what `onHole` names.
      case "MakeRef": for (let at: Node | null = node.target; at?.kind === "Local"; at = at.onHole) this.#use(at.variable).referenced = true; break;
      case "Let": this.#visitLet(node); return;
      case "Scope": for (const v of node.variables) this.#declare(v, false); break;
      case "Match": for (const arm of node.arms) for (const v of arm.variables) this.#declare(v, true); break;
      case "Try": if (node.catch !== null) this.#declare(node.catch.variable, true); break;
      case "Loop": this.#inLoop(() => eachChild(node, (child) => this.#visit(child))); return;
      case "ForEach":
        this.#visit(node.iterable);
        this.#inLoop(() => {
          if (node.key !== null) this.#declare(node.key, true);
          this.#declare(node.value, true);
          this.#visit(node.body);
        });
        return;
      case "Switch":
        // All tests may run before any body does.
        this.#visit(node.subject);
        for (const { test } of node.cases) if (test !== null) this.#visit(test);
        for (const { body } of node.cases) this.#visit(body);
        return;
      case "Function": this.#makeClosure(node, null); return;
    }
    const skip = started ? spineChild(node) : null;
    eachChild(node, (child) => { if (child !== skip) this.#visit(child); });
  }

  /** Calls in there do not count. */
  #visitQuietly(node: Node | null): void {
    const { calls } = this.#frame;
    if (node !== null) this.#visit(node);
    this.#frame.calls = calls;
  }

  #inLoop(body: () => void): void {
    this.#frame.loops++;
    body();
    this.#frame.loops--;
  }

  #visitLet(node: LetNode): void {
    const facts = this.#use(node.variable);
    if (node.value.kind === "Function") this.#makeClosure(node.value, facts);
    else this.#visit(node.value);
    facts.initialised = true;
    facts.lets++;
    if (this.#frame !== facts.owner || this.#frame.loops > facts.loops) facts.assigned = true;
  }

  /** A Function node where its closure is made; `target`: the variable that a Let initialises with it. */
  #makeClosure(node: FunctionNode, target: Facts | null): void {
    const again = this.#frames.has(node);
    const frame = this.#frames.get(node) ?? this.#enterFunction(node);
    for (const facts of frame.needs) {
      if (facts.owner !== this.#frame) this.#frame.needs.add(facts);
      else if (facts === target && !again) facts.self = node;
      else if (!facts.initialised) facts.early = true;
      // The same function made elsewhere too is not always the value of that variable.
      if (again && facts.self === node) facts.early = true;
    }
  }

  #enterFunction(node: FunctionNode): Frame {
    const outer = this.#frame;
    const frame: Frame = { node, needs: new Set(), loops: 0, calls: false };
    this.#frames.set(node, frame);
    this.#frame = frame;
    if (node.self !== null) this.#declare(node.self, true);
    const params = node.rest === null ? node.params : [...node.params, node.rest];
    const facts = params.map((p) => this.#declare(p.variable, false));
    params.forEach((p, i) => this.#bindParameter(p, facts[i]!));
    this.#visit(node.body);
    this.#frame = outer;
    return frame;
  }

  #bindParameter(param: Parameter, facts: Facts): void {
    if (param.default !== null) this.#visit(param.default);
    if (param.convert !== null) this.#visit(param.convert);
    facts.initialised = true;
  }
}

/** Sets the flags of a variable; `captured` is completed when the capture lists are. */
function settle({ variable, owner, assigned, lets, early, referenced, needed }: Facts): void {
  variable.owner = owner.node;
  variable.reassigned = assigned || lets > 1 || early;
  const copied = variable.shared && variable.reassigned && owner.calls;
  variable.captured = referenced || copied;
  variable.boxed = referenced || copied || (needed && variable.reassigned);
}
