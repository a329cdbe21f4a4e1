// What each root slot is called and which group it appears in: graphs show the roots as "(GC roots)" with a node for each
// group. A new root in heap/roots.ts needs a row here; the compiler asks for it.

import { Root } from "../../heap/roots.ts";

/** In the order in which graphs show them. */
export const ROOT_GROUPS = ["(Globals)", "(Stack roots)", "(Host handles)", "(Tasks)", "(Engine)", "(Code)", "(Constants)", "(Symbols)", "(Raw memory)", "(Temporaries)"] as const;
export type RootGroup = (typeof ROOT_GROUPS)[number];
/** What scripts and hosts hold; the rest is the engine's own. Readers count distances from these. */
export const USER_GROUPS: readonly RootGroup[] = ["(Globals)", "(Stack roots)", "(Host handles)", "(Tasks)"];

export interface RootInfo { readonly name: string; readonly group: RootGroup }

type RootName = Exclude<keyof typeof Root, "Last" | `Temp${number}` | `Recent${number}` | `Hold${string}`>;
const NAMED: { readonly [N in RootName as (typeof Root)[N]]: RootInfo } = {
  [Root.Exception]: { name: "exception", group: "(Engine)" },
  [Root.Globals]: { name: "globals", group: "(Globals)" },
  [Root.SymbolTable]: { name: "symbol table", group: "(Symbols)" },
  [Root.Stack]: { name: "stack", group: "(Stack roots)" },
  [Root.EmptyShapes]: { name: "empty shapes", group: "(Constants)" },
  [Root.Result]: { name: "result", group: "(Engine)" },
  [Root.Receiver]: { name: "receiver", group: "(Engine)" },
  [Root.Types]: { name: "types", group: "(Globals)" },
  [Root.Codes]: { name: "codes", group: "(Code)" },
  [Root.OutOfMemory]: { name: "out of memory", group: "(Constants)" },
  [Root.KnownSymbols]: { name: "known symbols", group: "(Symbols)" },
  [Root.Immediate]: { name: "immediate", group: "(Temporaries)" },
  [Root.Modules]: { name: "modules", group: "(Globals)" },
  [Root.Library]: { name: "library", group: "(Globals)" },
  [Root.Tasks]: { name: "tasks", group: "(Tasks)" },
  [Root.Host]: { name: "host", group: "(Host handles)" },
  [Root.Handles]: { name: "handles", group: "(Host handles)" },
  [Root.Dynamic]: { name: "dynamic", group: "(Engine)" },
  [Root.OutOfMemoryCondition]: { name: "out of memory condition", group: "(Constants)" },
};

/** The root slot with this number; those that are only used for a moment have no names of their own. */
export const rootInfo = (root: number): RootInfo => (NAMED as { readonly [root: number]: RootInfo })[root] ?? { name: `temporary ${root}`, group: "(Temporaries)" };
