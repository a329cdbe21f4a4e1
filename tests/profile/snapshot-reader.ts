// Reads a .heapsnapshot as strictly as its readers do, and complains about every rule of the format that is broken. Shares
// nothing with the writer.

export interface SnapshotNode {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly size: number;
  readonly edges: { readonly type: string; readonly name: string | number; readonly to: number }[];
}

/** Sections in the order in which readers search for them. */
const ORDER = ["snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings"];
const NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"];

/** The nodes of the file. Throws what is wrong. */
export function readSnapshot(text: string): SnapshotNode[] {
  const file = JSON.parse(text) as { [section: string]: unknown };
  const check = (ok: boolean, what: string): void => { if (!ok) throw new Error(what); };
  check(JSON.stringify(Object.keys(file)) === JSON.stringify(ORDER), `sections ${Object.keys(file).join()}`);
  const { meta, node_count: nodeCount, edge_count: edgeCount, trace_function_count: traceCount } = file["snapshot"] as {
    meta: { node_fields: string[]; node_types: [string[]]; edge_fields: string[]; edge_types: [string[]] }; node_count: number; edge_count: number; trace_function_count: number;
  };
  const flat = (section: string, width: number): number[] => {
    const body = new RegExp(`"${section}":\\[([^\\]]*)\\]`).exec(text)![1]!;
    check(/^[\d,\s]*$/.test(body), `${section} holds something else than digits`);
    const numbers = file[section] as number[];
    check(numbers.length % width === 0 && numbers.every((n) => Number.isInteger(n) && n >= 0), `${section} is not made of ${width} natural numbers each`);
    return numbers;
  };
  const nodes = flat("nodes", 7), edges = flat("edges", 3), locations = flat("locations", 4), strings = file["strings"] as string[];
  check(JSON.stringify(meta.node_fields) === JSON.stringify(NODE_FIELDS) && meta.node_types[0].length === 16 && meta.edge_types[0].length === 7, "fields");
  check(nodes.length === 7 * nodeCount && edges.length === 3 * edgeCount && traceCount === 0 && flat("trace_function_infos", 6).length === 0, "counts");
  check(strings.every((each) => typeof each === "string" && each.length <= 1200), "strings");
  let next = 0;
  const read: SnapshotNode[] = [];
  for (let at = 0; at < nodes.length; at += 7) {
    const [type, name, id, size, count, trace, detached] = nodes.slice(at, at + 7) as [number, number, number, number, number, number, number];
    check(type < 16 && name < strings.length && trace === 0 && detached <= 2, `node ${at / 7}`);
    const own: SnapshotNode["edges"] = [];
    for (let i = 0; i < count; i++, next++) {
      const [kind, label, to] = edges.slice(3 * next, 3 * next + 3) as [number, number, number], word = meta.edge_types[0][kind]!;
      check(word !== undefined && to % 7 === 0 && to < nodes.length, `edge ${next}`);
      check(word === "element" || word === "hidden" || label < strings.length, `name of edge ${next}`);
      own.push({ type: word, name: word === "element" || word === "hidden" ? label : strings[label]!, to: to / 7 });
    }
    read.push({ type: meta.node_types[0][type]!, name: strings[name]!, id, size, edges: own });
  }
  check(next === edgeCount, `edges belong to nodes up to ${next} of ${edgeCount}`);
  for (let i = 0; i < locations.length; i += 4) check(locations[i]! % 7 === 0 && locations[i]! < nodes.length && locations[i + 1]! > 0, `location ${i / 4}`);
  checkRoots(read, check);
  return read;
}

/** The root, its groups, ids, and that everything is reached. */
function checkRoots(nodes: readonly SnapshotNode[], check: (ok: boolean, what: string) => void): void {
  const [root] = nodes as [SnapshotNode];
  check(root.type === "synthetic" && root.name === "", "the first node is no root");
  const groups = nodes[root.edges.find(({ to }) => nodes[to]!.name === "(GC roots)")!.to]!;
  check(groups.type === "synthetic" && groups.edges.every(({ to }) => nodes[to]!.type === "synthetic"), "(GC roots)");
  check(root.edges.some(({ type, to }) => type === "shortcut" && nodes[to]!.name === "Globals"), "globals do not hang on the root");
  check(new Set(nodes.map(({ id }) => id)).size === nodes.length, "an id twice");
  const seen = new Set([0]);
  for (const at of seen) for (const { type, to } of nodes[at]!.edges) if (type !== "weak") seen.add(to);
  check(seen.size === nodes.length, `${nodes.length - seen.size} nodes are not reached`);
}
