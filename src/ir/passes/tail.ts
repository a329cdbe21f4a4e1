// Marks calls in tail position, where the front end asked for proper tail calls: such a call replaces the frame of its
// function. Tail position goes from a function body (and from the value of any Return) through If, Block, Scope, Match
// arms, Labelled blocks and Breaks out of them, and the right side of a Logic that yields its operand.
// A call is never a tail call where something remains to be done on the way out: inside a Try body, a catch with a
// finally, a finally, a WithDynamic body, in async functions, whose frame belongs to the task, and in functions that keep
// their frames.

import type { BreakNode, FunctionNode, Label, Node, Program, TryNode } from "../nodes.ts";
import { eachChild, spine, spineChild } from "../walk.ts";

export function markTailCalls(program: Program): Program {
  new TailMarker().function(program.main);
  return program;
}

class TailMarker {
  /** Calls met so far: one that a tree holds at two places may be in tail position at one of them only. */
  readonly #marked = new Set<Node>();
  /** Labels whose Break values are in tail position. */
  #labels = new Set<Label>();
  /** Something must still run when the current region is left. */
  #guarded = false;

  function(node: FunctionNode): void {
    const labels = this.#labels, guarded = this.#guarded;
    this.#labels = new Set();
    this.#guarded = node.isAsync || node.keepsFrame;
    eachChild(node, (child) => this.#visit(child, child === node.body));
    this.#labels = labels;
    this.#guarded = guarded;
  }

  #visit(node: Node, tail: boolean): void {
    const chain = spine(node);
    for (let i = chain.length - 1; i >= 0; i--) this.#visitOne(chain[i]!, tail && i === 0, i < chain.length - 1);
  }

  /** `started`: the spine child, which is never in tail position, has been visited already. */
  #visitOne(node: Node, tail: boolean, started: boolean): void {
    switch (node.kind) {
      case "Function": this.function(node); return;
      case "Primitive": node.tail = tail && !this.#guarded && !this.#marked.has(node); this.#marked.add(node); break;
      case "Call": case "Apply":
        node.tail = node.properTail && tail && !this.#guarded && !this.#marked.has(node);
        this.#marked.add(node);
        break;
      case "Return": this.#visit(node.value, true); return;
      case "If": this.#inTail(node, tail, (child) => child !== node.test); return;
      case "Block": this.#inTail(node, tail, (child) => child === node.body.at(-1)); return;
      case "Scope": this.#visit(node.body, tail); return;
      case "Match": this.#inTail(node, tail, (child) => node.arms.some((arm) => arm.body === child)); return;
      case "Labelled":
        this.#enterLabel(node.label, tail);
        this.#visit(node.body, tail);
        return;
      case "Loop": case "ForEach": this.#enterLabel(node.label, tail); break;
      case "Break": this.#visitBreak(node); return;
      case "Logic":
        if (!started) this.#visit(node.left, false);
        this.#visit(node.right, tail && node.op !== "And" && node.op !== "Or");
        return;
      case "Try": this.#visitTry(node, tail); return;
      case "WithDynamic":
        this.#visit(node.value, false);
        this.#guard(true, () => this.#visit(node.body, false));
        return;
    }
    const skip = started ? spineChild(node) : null;
    eachChild(node, (child) => { if (child !== skip) this.#visit(child, false); });
  }

  /** Visits the children; those that `passes` selects are in tail position when the node is. */
  #inTail(node: Node, tail: boolean, passes: (child: Node) => boolean): void {
    eachChild(node, (child) => this.#visit(child, tail && passes(child)));
  }

  #enterLabel(label: Label, tail: boolean): void {
    if (tail && !this.#guarded) this.#labels.add(label);
  }

  #visitBreak(node: BreakNode): void {
    if (node.value !== null) this.#visit(node.value, this.#labels.has(node.label));
  }

  #guard(guarded: boolean, visit: () => void): void {
    const before = this.#guarded;
    this.#guarded ||= guarded;
    visit();
    this.#guarded = before;
  }

  #visitTry(node: TryNode, tail: boolean): void {
    this.#guard(true, () => this.#visit(node.body, false));
    if (node.catch !== null) {
      const { body } = node.catch;
      this.#guard(node.finally !== null, () => this.#visit(body, tail));
    }
    if (node.finally !== null) {
      const body = node.finally;
      this.#guard(true, () => this.#visit(body, false));
    }
  }
}
