// Writes what an allocation profiler saw as a .heapprofile file, the format of DevTools' allocation sampling.

import type { AllocationProfiler, AllocationSite } from "./allocation-profiler.ts";
import { callFrame, type CallNode } from "./call-tree.ts";

interface ProfileNode { readonly callFrame: ReturnType<typeof callFrame>; readonly selfSize: number; readonly id: number; readonly children: readonly ProfileNode[] }

/** To be written as JSON. */
export interface HeapProfileFile { readonly head: ProfileNode; readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[] }

/** `sizes`: bytes that live now, or all that were allocated. */
export function heapProfile(profiler: AllocationProfiler, sizes: "live" | "allocated" = "live"): HeapProfileFile {
  const bytesOf = (site: AllocationSite): number => (sizes === "live" ? site.liveBytes : site.allocatedBytes);
  const sites = new Map(profiler.sites().map((site) => [site.node, bytesOf(site)]));
  const nodeOf = (node: CallNode): ProfileNode =>
    ({ callFrame: callFrame(node.place), selfSize: sites.get(node) ?? 0, id: node.id, children: [...node.children.values()].map(nodeOf) });
  const samples = [...sites].filter(([, size]) => size > 0).map(([node, size], i) => ({ size, nodeId: node.id, ordinal: i + 1 }));
  return { head: nodeOf(profiler.tree.root), samples };
}
