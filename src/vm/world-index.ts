// What a VM knows of its world by address, beside the world: globals by name, methods by symbol. Cells never move, so copies of a
// world share the index of the original; making it costs more than the copy.

import type { Mem } from "../../heap/memory.ts";
import { indexGlobals, type GlobalIndex } from "./globals.ts";
import { indexMethods, type MethodTable } from "./methods.ts";

export interface WorldIndex { readonly globals: GlobalIndex; readonly methods: MethodTable }

export const indexWorld = (mem: Mem): WorldIndex => ({ globals: indexGlobals(mem), methods: indexMethods(mem) });
