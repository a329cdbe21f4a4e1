// Match: a decision tree over the parts of one value. A part is fetched once on each way down the tree, and before the tests
// of a switch when all its edges go on with it. The body of an arm stands where the one leaf for it is; with more leaves it
// stands once behind the tree, with its variables as parameters that every leaf sets before it jumps there. A subtree that
// is met again is compiled once as well, after everything that jumps to it; there, the parts are known that all who jump
// there hold in the same register. A guard that may change the value makes all parts unknown.
//
// Fetching and testing never throw: the library's natives answer null and false for values of the wrong kind. Trees can be
// as deep as a match is long, so nothing here recurses over them: what is left to do is on a stack of its own.

import { assert } from "../../heap/debug.ts";
import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { Binding, DecisionTest, DecisionTree, Interval, Literal, MatchArm, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { pathKey, stepKey } from "../ir/pattern.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { loadLiteral } from "./expressions.ts";
import { callNative } from "./natives.ts";
import { RegisterState } from "./registers.ts";

const NO_MATCH = "no match";
/** Registers of the parts fetched on the way to the current point of the tree, by the key of their path. */
type Known = ReadonlyMap<string, number>;
type Switch = Extract<DecisionTree, { kind: "switch" }>;

interface Context {
  readonly c: FunctionCompiler;
  readonly arms: readonly MatchArm[];
  /** Of the bodies that stand behind the tree; null for those that stand in it, or nowhere. */
  readonly labels: readonly (Label | null)[];
  readonly end: Label;
  readonly dest: number;
  /** What is known at the top of the whole tree. */
  readonly start: Known;
  /** Subtrees with several parents. */
  readonly shared: ReadonlyMap<DecisionTree, Shared>;
  /** What a register means that holds a part, by the key of its path: ways that meet have it from different instructions. */
  readonly ids: Map<string, number>;
  /** What is left to do, the next thing last. */
  readonly todo: (() => void)[];
}

/** `known`: by all who jump to the label so far, null when nobody does. */
interface Shared { readonly label: Label; known: Known | null }

export function compileMatch(c: FunctionCompiler, node: MatchNode, dest: number): void {
  const { arms, tree } = node, end = c.label(), guards = arms.flatMap(({ guard }) => (guard === null ? [] : [guard]));
  const scrutinee = c.operandBefore(node.scrutinee, -1, guards), trees = treesOf(tree), ways = waysTo(trees);
  placeArms(c, arms);
  const context: Context = {
    c, arms, labels: arms.map((_, i) => ((ways.get(i) ?? 0) < 2 ? null : c.label())), end, dest, start: new Map([["", scrutinee]]),
    shared: new Map(trees.filter(({ parents }) => parents > 1).map((met) => [met.tree, { label: c.label(), known: null }])), ids: new Map(), todo: [],
  };
  compileAll(context, () => compileTree(context, tree, context.start));
  for (const [subtree, shared] of context.shared) compileAll(context, () => compileShared(context, subtree, shared));
  for (const [i, label] of context.labels.entries()) {
    if (label === null) continue;
    c.bind(label);
    compileBody(context, i);
  }
  for (const arm of arms) for (const variable of arm.variables) c.locations.delete(variable);
  c.bind(end);
}

function compileAll({ todo }: Context, start: () => void): void {
  todo.push(start);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) next();
}

function compileBody({ c, arms, end, dest }: Context, arm: number): void {
  c.to(arms[arm]!.body, dest);
  if (dest !== Dest.Result) c.emit(Op.Jump, end);
}

/** Only one arm runs, so all arms share registers. */
function placeArms(c: FunctionCompiler, arms: readonly MatchArm[]): void {
  const most = Math.max(0, ...arms.map(({ variables }) => variables.length));
  const first = c.regs.top;
  for (let i = 0; i < most; i++) c.alloc();
  for (const { variables } of arms) variables.forEach((variable, i) => c.place(variable, first + i, RegisterState.Variable));
}

const subtrees = (tree: DecisionTree): readonly DecisionTree[] =>
  tree.kind === "switch" ? [...tree.edges.map(({ to }) => to), tree.fallback] : tree.kind === "guard" ? [tree.fail] : [];

interface Met { readonly tree: DecisionTree; parents: number }

/** All trees of a match, each after all that lead to it. */
function treesOf(root: DecisionTree): readonly Met[] {
  const met = new Map<DecisionTree, Met>([[root, { tree: root, parents: 0 }]]), done: Met[] = [];
  const pending: { readonly tree: DecisionTree; next: number; readonly children: readonly DecisionTree[] }[] = [{ tree: root, next: 0, children: subtrees(root) }];
  for (let at = pending.at(-1); at !== undefined; at = pending.at(-1)) {
    const child = at.children[at.next++];
    if (child === undefined) {
      done.push(met.get(at.tree)!);
      pending.pop();
      continue;
    }
    let found = met.get(child);
    if (found === undefined) {
      met.set(child, found = { tree: child, parents: 0 });
      if (child.kind === "leaf" || child.kind === "fail") done.push(found);
      else pending.push({ tree: child, next: 0, children: subtrees(child) });
    }
    found.parents++;
  }
  return done.reverse();
}

/** How many trees lead to each arm. */
function waysTo(trees: readonly Met[]): ReadonlyMap<number, number> {
  const ways = new Map<number, number>();
  for (const { tree } of trees) if (tree.kind === "leaf" || tree.kind === "guard") ways.set(tree.arm, (ways.get(tree.arm) ?? 0) + 1);
  return ways;
}

function compileTree(context: Context, tree: DecisionTree, known: Known): void {
  const shared = context.shared.get(tree);
  if (shared === undefined) return compileStep(context, tree, known);
  shared.known = shared.known === null ? known : new Map([...shared.known].filter(([path, reg]) => known.get(path) === reg));
  context.c.emit(Op.Jump, shared.label);
}

/** Where everybody has jumped who does: the registers of what is known there are taken until its end. */
function compileShared(context: Context, tree: DecisionTree, { label, known }: Shared): void {
  const { c } = context, parts = known ?? context.start;
  context.todo.push(release(c));
  for (const reg of parts.values()) while (c.regs.top <= reg) c.alloc();
  for (const [key, reg] of parts) if (key !== "") c.emitter.claim(reg, idOf(context, key));
  c.bind(label);
  compileStep(context, tree, parts);
}

/** To be done later: frees the registers taken from now on. */
function release(c: FunctionCompiler): () => void {
  const mark = c.regs.top;
  return () => c.regs.release(mark);
}

function compileStep(context: Context, tree: DecisionTree, known: Known): void {
  const { c } = context, free = release(c);
  switch (tree.kind) {
    case "fail":
      c.emit(Op.Fail, 0, c.constant({ type: "string", value: new TextEncoder().encode(NO_MATCH) }));
      break;
    case "leaf": {
      const label = context.labels[tree.arm]!;
      bind(context, tree.bindings, known);
      if (label === null) compileBody(context, tree.arm);
      else c.emit(Op.Jump, label);
      return free();
    }
    case "guard":
      context.todo.push(free);
      return compileGuard(context, tree, known);
    case "switch":
      context.todo.push(free);
      return compileSwitchStep(context, tree, known);
  }
}

function compileGuard(context: Context, tree: Extract<DecisionTree, { kind: "guard" }>, known: Known): void {
  const { c } = context, { guard } = context.arms[tree.arm]!, label = context.labels[tree.arm]!;
  assert(guard !== null, "guard step for an arm without guard");
  const parts = bind(context, tree.bindings, known);
  if (label === null) {
    const otherwise = c.label();
    jump(c, guard, otherwise, false);
    compileBody(context, tree.arm);
    c.bind(otherwise);
  } else jump(c, guard, label, true);
  compileTree(context, tree.fail, tree.keeps ? parts : context.start);
}

function compileSwitchStep(context: Context, tree: Switch, known: Known): void {
  const { c, todo } = context, none = c.label();
  let parts = fetch(context, tree.path, known);
  const part = parts.get(pathKey(tree.path))!;
  for (const path of wantedByAll(context, tree)) parts = fetch(context, path, parts);
  const free = release(c), jumpUnless = compileTests(c, tree, part, none);
  todo.push(() => compileTree(context, tree.fallback, parts), () => {
    c.bind(none);
    free();
  });
  for (const { when, to } of [...tree.edges].reverse()) {
    todo.push(() => {
      const otherwise = c.label(), freeTest = release(c);
      jumpUnless(when, otherwise);
      freeTest();
      todo.push(() => c.bind(otherwise), () => compileTree(context, to, parts));
    });
  }
}

/** The parts that every edge goes on with. */
function wantedByAll({ shared }: Context, { edges }: Switch): readonly Path[] {
  const wanted = edges.map(({ to }): readonly Path[] => {
    if (shared.has(to) || to.kind === "fail") return [];
    return to.kind === "switch" ? [to.path] : to.bindings.map(({ path }) => path);
  });
  const [first, ...others] = wanted;
  if (first === undefined || first.length === 0 || others.length === 0) return [];
  const keys = others.map((paths) => new Set(paths.map(pathKey)));
  return first.filter((path) => keys.every((key) => key.has(pathKey(path))));
}

/**
 * Emits what all edges of the switch look at, jumping to `none` when no edge can hold; the result emits the test of one,
 * jumping to the label when it does not hold.
 */
function compileTests(c: FunctionCompiler, { edges, on }: Switch, part: number, none: Label): (when: DecisionTest, otherwise: Label) => void {
  const most = edges.reduce((max, { when }) => (when.test === "extent" ? Math.max(max, when.count) : max), -1);
  const extent = most < 0 ? -1 : ask(c, "$match_extent", part, { type: "i32", value: most });
  const length = on === "length" ? ask(c, "$match_part", part, { type: "null" }) : -1;
  if (on === "length") c.emit(Op.JumpIfNull, length, none);
  else if (edges[0]?.when.test === "interval") c.emit(Op.JumpIfFalse, ask(c, "$is_integer", part, null), none);
  return (when, otherwise) => {
    switch (when.test) {
      case "equals": {
        const literal = c.alloc();
        loadLiteral(c, when.value, literal);
        return c.emit(Op.JumpIfNotStrictEq, part, literal, otherwise);
      }
      case "interval": return jumpUnlessWithin(c, on === "length" ? length : part, when.interval, otherwise);
      case "extent": return jumpUnlessWithin(c, extent, { low: 2 * when.count, high: when.exactly ? 2 * when.count : null }, otherwise);
      case "structural": return c.emit(Op.JumpIfFalse, ask(c, "$same_structure", part, when.value), otherwise);
      case "map": return c.emit(Op.JumpIfFalse, ask(c, "$is_map", part, null), otherwise);
      case "entry": return c.emit(Op.JumpIfFalse, ask(c, "$has_entry", part, when.key), otherwise);
    }
  };
}

/** The subject is an integer. */
function jumpUnlessWithin(c: FunctionCompiler, subject: number, { low, high }: Interval, otherwise: Label): void {
  const near = (bound: number): boolean => bound >= -0x8000 && bound <= 0x7fff;
  const far = (bound: number): number => {
    const literal = c.alloc();
    loadLiteral(c, bound === (bound | 0) ? { type: "i32", value: bound } : { type: "i64", value: BigInt(bound) }, literal);
    return literal;
  };
  if (low !== null && low === high && near(low)) return c.emit(Op.JumpIfNotEqI, subject, low, otherwise);
  if (low !== null) {
    if (near(low)) c.emit(Op.JumpIfNotGreaterEqI, subject, low, otherwise);
    else c.emit(Op.JumpIfNotLessEq, far(low), subject, otherwise);
  }
  if (high !== null) {
    if (near(high)) c.emit(Op.JumpIfNotLessEqI, subject, high, otherwise);
    else c.emit(Op.JumpIfNotLessEq, subject, far(high), otherwise);
  }
}

/** A register with what a native of the library answers about a value and, if it wants one, a literal. */
function ask(c: FunctionCompiler, native: string, about: number, literal: Literal | null, id: number | null = null): number {
  return callNative(c, native, () => {
    c.emitter.move(c.alloc(), about);
    if (literal !== null) loadLiteral(c, literal, c.alloc());
  }, id);
}

function idOf({ c, ids }: Context, key: string): number {
  let id = ids.get(key);
  if (id === undefined) ids.set(key, id = c.emitter.newId());
  return id;
}

/** $match_part takes an index, -1 - index for all elements from there on, the symbol of a field; null is for the length. */
function takeStep(c: FunctionCompiler, step: PathStep, from: number, id: number): number {
  switch (step.step) {
    case "element": return ask(c, "$match_part", from, { type: "i32", value: step.index }, id);
    case "rest": return ask(c, "$match_part", from, { type: "i32", value: -1 - step.from }, id);
    case "field": return ask(c, "$match_part", from, { type: "symbol", value: step.name }, id);
    case "item": return ask(c, "$match_item", from, { type: "i32", value: step.index }, id);
    case "items": return ask(c, "$match_items", from, { type: "i32", value: step.from }, id);
    case "entry": return ask(c, "$match_entry", from, step.key, id);
  }
}

/** Fetches the part at the path, and what leads to it, unless known; the registers of all parts known then. */
function fetch(context: Context, path: Path, known: Known): Known {
  if (known.has(pathKey(path))) return known;
  const parts = new Map(known);
  let key = "", from = parts.get("")!;
  for (const step of path) {
    key += stepKey(step);
    let reg = parts.get(key);
    if (reg === undefined) parts.set(key, reg = takeStep(context.c, step, from, idOf(context, key)));
    from = reg;
  }
  return parts;
}

/** Sets the variables of an arm; the parts known then. */
function bind(context: Context, bindings: readonly Binding[], known: Known): Known {
  const { c } = context;
  let parts = known;
  for (const { variable, path } of bindings) {
    parts = fetch(context, path, parts);
    const reg = c.useVariable(variable), part = parts.get(pathKey(path))!;
    if (variable.boxed) c.emit(Op.NewBox, reg, part);
    else c.emitter.move(reg, part);
  }
  return parts;
}
