// The report of --check-leaks: raw memory that nobody freed, by the calls that allocated it.

import type { BoxelderVm } from "../index.ts";

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Writes the report to standard error; true when there is anything in it. */
export function reportLeaks(vm: BoxelderVm): boolean {
  const leaks = vm.rawLeaks();
  if (leaks.length === 0) return false;
  const bytes = leaks.reduce((sum, leak) => sum + leak.bytes, 0), regions = leaks.reduce((sum, leak) => sum + leak.regions, 0);
  const lines = leaks.flatMap(({ regions: count, bytes: size, trace }) => [
    `  ${counted(size, "byte")} in ${counted(count, "region")}, allocated${trace.length === 0 ? " before this run went on" : ""}`,
    ...trace.map(({ name, source, line, column }) => `    at ${name} (${source}:${line}:${column})`),
  ]);
  process.stderr.write(`leaks: ${counted(bytes, "byte")} in ${counted(regions, "region")} of raw memory were never freed\n${lines.join("\n")}\n`);
  return true;
}
