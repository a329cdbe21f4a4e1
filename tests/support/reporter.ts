// Prints `N passed, N failed` as the very last line, for whatever reads only that. A file that cannot be loaded and an
// error outside any test each count as one failure; tests that were skipped count as neither.

import type { Reporter, SerializedError, TestModule } from "vitest/node";

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], outside: readonly SerializedError[]): void {
    let passed = 0, failed = outside.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state !== "skipped") failed++;
      }
    }
    // At exit, because other reporters still print after this call.
    process.on("exit", () => console.log(`${passed} passed, ${failed} failed`));
  }
}
