import { expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { NODES, type Node } from "../../src/ir/nodes.ts";
import { children, eachNode, mapChildren, transform } from "../../src/ir/walk.ts";
import { everyKind, kindsOf } from "./samples.ts";

const allNodes = (root: Node): Node[] => {
  const list: Node[] = [];
  eachNode(root, (node) => list.push(node));
  return list;
};

test("the sample has every kind, and walking reaches them all", () => {
  expect([...kindsOf(allNodes(everyKind().main))].sort()).toEqual(Object.keys(NODES).sort());
});

test("mapping nothing gives the very same tree", () => {
  const { main } = everyKind();
  expect(transform(main, (node) => node)).toBe(main);
  for (const node of allNodes(main)) expect(mapChildren(node, (child) => child)).toBe(node);
});

test("mapping replaces exactly the children", () => {
  for (const node of allNodes(everyKind().main)) {
    const count = children(node).length;
    const mapped = mapChildren(node, () => b.nullNode());
    expect(children(mapped).map((child) => child.kind), node.kind).toEqual(Array(count).fill("Const"));
    expect(children(node).length).toBe(count);
  }
});

test("a function that occurs twice is rewritten once", () => {
  const f = b.functionNode("f", [], b.int(1));
  const result = transform(b.array([f, f]), (node) => (node.kind === "Const" ? b.int(2) : node));
  const [first, second] = children(result);
  expect(first).toBe(second);
  expect(first).not.toBe(f);
});
