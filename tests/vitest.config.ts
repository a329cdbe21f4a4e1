import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { inlineEnums } from "./support/inline-enums.ts";
import { ClosingLine } from "./support/reporter.ts";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [inlineEnums()],
  test: {
    include: ["tests/**/*.test.ts"], testTimeout: 60_000, pool: "forks",
    // The default leaves a core idle, which on a small machine is half of it.
    maxWorkers: "100%",
    reporters: ["default", new ClosingLine()],
    // The bundle is loaded by Node itself: put through vitest's loader it would be instrumented and slow.
    server: { deps: { external: [/\/dist\//] } },
  },
});
