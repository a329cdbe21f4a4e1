// `npx tsx bench/images.ts` after `npm run build`: what VMs, forks and images cost, as medians in one process; with --expose-gc
// also the memory a VM keeps. Ratios to a plain copy of 16 MiB in the same process tell a busy machine from slow code.

import { library } from "../tests/support/library.ts";

const { createVM, restoreVM, lisp } = library;

/** Median and least microseconds of many runs. */
function time(runs: number, step: () => unknown): { readonly median: number; readonly least: number } {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    step();
    return (performance.now() - start) * 1000;
  }).sort((a, b) => a - b);
  return { median: times[runs >> 1]!, least: times[0]! };
}

function show(name: string, { median, least }: { readonly median: number; readonly least: number }): void {
  console.log(`${name.padEnd(44)} ${median.toFixed(0).padStart(8)} us   least ${least.toFixed(0).padStart(8)} us`);
}

function young(name: string, options: Parameters<typeof createVM>[0]): void {
  const vm = createVM(options), image = vm.snapshot();
  show(`${name}: next VM`, time(2000, () => createVM(options)));
  show(`${name}: fork of a young VM`, time(2000, () => vm.fork()));
  show(`${name}: snapshot of a young VM, ${image.length} bytes`, time(500, () => vm.snapshot()));
  show(`${name}: restore, with all checks`, time(100, () => restoreVM(image, options)));
}

function large(): void {
  const vm = createVM({ memory: 64 << 20 }), plain = new Uint8Array(16 << 20).fill(1);
  vm.run('let all = []; for (let i = 0; i < 104000; i++) { all.push({ at: i, name: "n" + i, more: [i] }); }');
  const image = vm.snapshot();
  show("copy of 16 MiB", time(40, () => plain.slice()));
  show(`snapshot of a heap, ${(image.length / 2 ** 20).toFixed(1)} MiB`, time(40, () => vm.snapshot()));
  vm.run("all[5].at = 1;");
  show("delta of it after one assignment", time(20, () => vm.snapshot({ since: image })));
  show("restore of it, with all checks", time(5, () => restoreVM(image)));
}

function keptMemory(): void {
  const collect = (globalThis as { readonly gc?: () => void }).gc, kept: unknown[] = [], count = 500;
  if (collect === undefined) return;
  collect();
  const before = process.memoryUsage();
  for (let i = 0; i < count; i++) kept.push(createVM());
  collect();
  const after = process.memoryUsage(), each = (name: "rss" | "heapUsed"): string => ((after[name] - before[name]) / count / 1024).toFixed(1);
  console.log(`memory of a VM: ${each("rss")} KiB resident, ${each("heapUsed")} KiB of JavaScript objects (${kept.length} VMs)`);
}

keptMemory();
young("hemlock", {});
young("lisp", { languages: [lisp] });
large();
