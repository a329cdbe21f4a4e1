// Functions of the host among the natives: ids from FIRST_HOST_NATIVE on. The world keeps such ids in values, and the names
// they stand for in Root.Host (vm/host-table.ts); the functions themselves belong to one Vm and are bound by name.

import { NATIVES } from "./registry.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";

/** Far above the library's own natives, which only ever get more. */
export const FIRST_HOST_NATIVE = 0x10000;

/** The native with this id, of the library or of the host. */
export const nativeInfo = (vm: Vm, id: number): NativeInfo => (id < FIRST_HOST_NATIVE ? NATIVES[id]! : vm.hostNatives[id - FIRST_HOST_NATIVE]!);
