// Everything that is checked of an image before a VM runs it, in an order in which each check can rely on the ones before.

import { Mem } from "../../heap/memory.ts";
import { CellKind } from "../../heap/value.ts";
import { Header, World } from "../../heap/world-layout.ts";
import { FIRST_HOST_NATIVE } from "../library/host-natives.ts";
import { NATIVES } from "../library/registry.ts";
import { checkCodes } from "./check-code.ts";
import { FrameCheck } from "./check-frames.ts";
import { checkHeader } from "./check-header.ts";
import { checkRaw } from "./check-raw.ts";
import { WorldCheck } from "./check-world.ts";
import { checkTasks, hostNameCount } from "./check-tasks.ts";
import { damaged, ImageError } from "./errors.ts";
import type { Frozen } from "./frozen.ts";

/** `names`: of the natives the image knows, by their ids. Throws ImageError. */
export function checkFrozen({ world, raw, vm, session, sources }: Frozen, names: readonly string[]): void {
  const mem = new Mem(world.buffer), missing = new Set<string>();
  // An id that stands for another function here is as good as missing.
  const isNative = (id: number): boolean => {
    if (id >= FIRST_HOST_NATIVE) return id - FIRST_HOST_NATIVE < hostNameCount(mem);
    if (id < 0 || names[id] === undefined || names[id] === "") return false;
    if (NATIVES[id]?.name !== names[id]) missing.add(names[id]!);
    return true;
  };
  trim(mem);
  checkHeader(mem);
  const check = new WorldCheck(mem, isNative);
  check.run();
  const codes = checkCodes(mem, check.cells, isNative), globals = new Set(check.cells.get(CellKind.Global));
  if (missing.size > 0) {
    const list = [...missing].sort();
    throw new ImageError("missing", `the image refers to functions of the library that this build lacks: ${list.join(", ")}; restore it with the version of Boxelder, and the languages, that made it`, list);
  }
  const frames = new FrameCheck(mem, codes);
  frames.run(check.cells, vm);
  checkTasks(mem, check.cells, frames);
  checkRaw(mem, raw, check.cells);
  if (vm.generalised.some((cell) => !globals.has(cell))) damaged("a changed global that does not exist");
  if (session.evalSource >= sources.length) damaged("a source that does not exist");
}

/** Makes a world whose free end was left out say so. */
function trim(mem: Mem): void {
  const pages = mem.worldBytes >> World.PageShift;
  if (mem.word(Header.PageCount) <= pages) return;
  mem.setWord(Header.PageCount, pages);
  if (mem.word(Header.Reserve) + mem.word(Header.ReservePages) > pages) mem.setWord(Header.Reserve, 0);
  if (mem.word(Header.FreePageHint) > pages) mem.setWord(Header.FreePageHint, pages);
  if (mem.word(Header.SweepBlock) > mem.worldBytes) mem.setWord(Header.SweepBlock, mem.worldBytes);
}
