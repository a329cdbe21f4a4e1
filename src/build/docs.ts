// `npm run docs`: rewrites the generated tables in the README files. tests/repo.test.ts fails while one is out of date.

import { writeFileSync } from "node:fs";
import { MANUALS, manualTexts, type Manual } from "./tables.ts";

function bringUpToDate(manual: Manual): void {
  const { path, before, after } = manualTexts(manual);
  if (before === after) return;
  writeFileSync(path, after);
  console.log(`${manual.file}: brought up to date`);
}

for (const manual of MANUALS) {
  try {
    bringUpToDate(manual);
  } catch (error) {
    console.error(`${manual.file}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
