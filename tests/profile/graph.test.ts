import { describe, expect, test } from "vitest";
import { reachable } from "../../heap/inspect.ts";
import { sizeOf, traceCell, cellIn } from "../../heap/trace.ts";
import { Header } from "../../heap/world-layout.ts";
import { createVM } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";
import { tree } from "../../src/tree.ts";
import { dominatorTree, edgeText, heapGraph, nameOf, retaining, Retention, ROOT, totalSize, worldOf, type HeapGraph } from "../../src/profile.ts";
import { EdgeType, NodeType } from "../../src/profile/node-kinds.ts";
import { edgeType } from "../../src/profile/graph.ts";
import { parkedVm, sampleVm } from "./worlds.ts";

/** Nodes at the ends of the node's edges, by name of the edge. */
function edgesOf(graph: HeapGraph, node: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let e = graph.firstEdge[node]!; e < graph.firstEdge[node + 1]!; e++) found.set(edgeText(graph, e), graph.edgeTargets[e]!);
  return found;
}

/** The node reached from the globals by the names. */
function follow(graph: HeapGraph, ...names: readonly string[]): number {
  return names.reduce((node, name) => {
    const next = edgesOf(graph, node).get(name);
    if (next === undefined) throw new Error(`no edge ${name} from ${nameOf(graph, node)}: ${[...edgesOf(graph, node).keys()].join(", ")}`);
    return next;
  }, edgesOf(graph, ROOT).get("globals")!);
}
const valueOf = (graph: HeapGraph, global: string, ...names: readonly string[]): number => follow(graph, global, "value", ...names);

const VMS = { hemlock: () => sampleVm("hemlock"), lisp: () => sampleVm("lisp"), parked: parkedVm, tree: () => sampleVm("hemlock", { engine: tree }) };

describe.each(Object.entries(VMS))("the graph of a world (%s)", (_, make) => {
  const vm = make();
  vm.collect();
  const { mem } = worldOf(vm), graph = heapGraph(vm);

  test("has exactly the live cells, with their sizes", () => {
    const live = reachable(mem);
    expect(new Set(graph.addresses.subarray(graph.firstCell))).toEqual(live);
    expect([...graph.addresses.subarray(graph.firstCell)].every((addr, i) => graph.sizes[graph.firstCell + i] === sizeOf(mem, addr))).toBe(true);
    const cells = graph.sizes.subarray(graph.firstCell).reduce((sum, size) => sum + size, 0);
    expect(cells).toBe(mem.word(Header.LiveBytes));
  });

  test("has every reference there is, if by way of the owner of a Slots cell", () => {
    const nodes = new Map([...graph.addresses].map((addr, node) => [addr, node])), missing: string[] = [], stack = mem.rootCell(3);
    const reached = new Set<number>();
    for (let node = 0; node < graph.nodeCount; node++) for (let e = graph.firstEdge[node]!; e < graph.firstEdge[node + 1]!; e++) reached.add(node * graph.nodeCount + graph.edgeTargets[e]!);
    const owners = new Map<number, number>();
    for (let node = graph.firstCell; node < graph.nodeCount; node++) for (const name of ["elements", "more"]) owners.set(edgesOf(graph, node).get(name) ?? -1, node);
    for (let node = graph.firstCell; node < graph.nodeCount; node++) {
      const addr = graph.addresses[node]!, from = owners.get(node) ?? node;
      const has = (field: string, target: number): void => {
        if (target !== 0 && !reached.has(from * graph.nodeCount + nodes.get(target)!)) missing.push(`${nameOf(graph, node)} ${field}`);
      };
      if (addr !== stack) traceCell(mem, addr, { ref: has, slot: (field, slot) => has(field, cellIn(mem, slot)) });
    }
    expect(missing).toEqual([]);
  });

  test("leads from the root to every node", () => {
    expect(dominatorTree(retaining(graph), ROOT).order.length).toBe(graph.nodeCount);
  });

  test("retains as a whole what it holds as a whole", () => {
    expect(new Retention(graph).sizes[ROOT]).toBe(totalSize(graph));
  });

  test("has an id of its own for each node", () => {
    expect(new Set(graph.ids).size).toBe(graph.nodeCount);
    expect([...graph.ids.subarray(graph.firstCell)].every((id) => id % 2 === 1)).toBe(true);
  });
});

describe("names of Hemlock's values", () => {
  const graph = heapGraph(sampleVm("hemlock"));

  test("objects go by type or by keys", () => {
    expect(nameOf(graph, valueOf(graph, "p"))).toBe("Point");
    expect(nameOf(graph, valueOf(graph, "list", "[0]"))).toBe("Object(name, value, next)");
    expect(nameOf(graph, valueOf(graph, "wide"))).toBe("Object(a, b, c, d, e, f, …)");
  });

  test("fields, items and maps by key", () => {
    expect(nameOf(graph, valueOf(graph, "list", "[3]", "name"))).toBe("item3");
    expect(nameOf(graph, valueOf(graph, "cache", "key7", "[1]"))).toBe("é7");
    expect(nameOf(graph, valueOf(graph, "wide", "h"))).toBe("h");
  });

  test("functions with their place, captured variables with their names", () => {
    const closure = valueOf(graph, "list", "[4]", "next");
    expect(nameOf(graph, closure)).toMatch(/\(sample\.hemlock:8:\d+\)$/);
    expect(nameOf(graph, valueOf(graph, "counter"))).toMatch(/^counter \(sample\.hemlock:6:\d+\)$/);
    expect(nameOf(graph, edgesOf(graph, closure).get("count")!)).toBe("variable count");
    expect(nameOf(graph, edgesOf(graph, closure).get("label")!)).toBe("by4");
    expect(graph.locations.find(({ node }) => node === closure)).toMatchObject({ line: 8 });
  });

  test("strings are cut, raw memory counts with its buffer", () => {
    expect(nameOf(graph, valueOf(graph, "text"))).toHaveLength(1024);
    const memory = valueOf(graph, "bytes", "memory");
    expect([graph.types[memory], graph.sizes[memory]]).toEqual([NodeType.Native, 5000]);
  });

  test("paths to a value", () => {
    const retention = new Retention(graph);
    expect(retention.pathText(valueOf(graph, "list", "[3]", "name"))).toBe("globals › list › [3] › name");
    expect(retention.sizes[valueOf(graph, "cache")]).toBeGreaterThan(50 * 100);
  });
});

describe("names of Lisp's values", () => {
  const graph = heapGraph(sampleVm("lisp"));
  const at = (name: string, ...names: readonly string[]): number => valueOf(graph, `lisp:${name}`, ...names);

  test("records go by their type, maps by their keys", () => {
    expect(nameOf(graph, at("places", "car"))).toBe("point");
    expect(nameOf(graph, at("vec", "[1]"))).toBe("two");
    const root = at("table", "root"), values = [root, ...["left", "right"].flatMap((side) => edgesOf(graph, root).get(side) ?? [])].flatMap((node) => [...edgesOf(graph, node).keys()]);
    expect(values).toEqual(expect.arrayContaining([":a", ":b"]));
    expect(graph.types[at("large")]).toBe(NodeType.BigInt);
  });

  test("a captured variable that changes", () => {
    expect(nameOf(graph, edgesOf(graph, at("add")).get("n")!)).toBe("variable n");
  });
});

test("a running stack shows its calls, and what each holds", () => {
  const vm = parkedVm(), graph = heapGraph(vm), stack = edgesOf(graph, ROOT).get("stack")!;
  const innermost = edgesOf(graph, stack).get("[0]")!;
  expect(nameOf(graph, innermost)).toMatch(/^dig \(dig\.hml:1:\d+\)$/);
  expect(nameOf(graph, edgesOf(graph, innermost).get("function")!)).toMatch(/^dig/);
  const arrays = [...edgesOf(graph, innermost).values()].filter((node) => nameOf(graph, node) === "Array");
  expect(new Retention(graph).pathText(arrays[0]!)).toMatch(/^call of dig \(dig\.hml:1:\d+\) › r\d+$/);
});

test("a task that waits shows its calls too", () => {
  const vm = createVM({ fuel: 400_000 });
  vm.run(`
    let ch = channel(0);
    async fn worker(name) { let own = ["kept by " + name]; let got = ch.recv(); return own; }
    let t = spawn(worker, "one");
    let n = 0;
    while (n < 100000000) { n = n + 1; }`, { name: "tasks.hml" });
  const graph = heapGraph(vm), kept = [...Array(graph.nodeCount).keys()].find((node) => nameOf(graph, node) === "kept by one")!;
  expect(kept).toBeDefined();
  expect(new Retention(graph).pathText(kept)).toMatch(/ › stack › call of worker \(tasks\.hml:3:\d+\) › r\d+ › \[0\]$/);
  expect(dominatorTree(retaining(graph), ROOT).order.length).toBe(graph.nodeCount);
});

test("handles are called by where the host made them", () => {
  const vm = createVM({ trackHandles: true }), handle = vm.handle('["held"]'), graph = heapGraph(vm);
  const held = [...Array(graph.nodeCount).keys()].find((node) => nameOf(graph, node) === "held" && graph.types[node] === NodeType.String)!;
  expect(new Retention(graph).pathText(held)).toMatch(/^handles › handle made at .*graph\.test\.ts.* › \[0\]$/);
  handle.release();
  expect(nameOf(heapGraph(createVM()), 0)).toBe("");
});

test("weak references retain nothing; the value in a weak map hangs on its key", () => {
  const vm = createVM({ languages: [lisp] });
  const result = vm.run("(define key (list 1)) (define w (make-weak-map)) (weak-map-set! w key \"kept\") (define r (weak-ref (list 2)))", { language: "lisp" });
  expect(result.status).toBe("done");
  const graph = heapGraph(vm), kept = valueOf(graph, "lisp:key", "value in weak map");
  expect(nameOf(graph, kept)).toBe("kept");
  expect([...Array(graph.edgeCount).keys()].some((edge) => edgeType(graph, edge) === EdgeType.Weak)).toBe(true);
});
