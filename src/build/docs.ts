// `npm run docs`: rewrites the generated tables in the README files. tests/repo.test.ts fails while one is out of date.

import { writeFileSync } from "node:fs";
import { MANUALS, manualTexts } from "./tables.ts";

for (const manual of MANUALS) {
  const { path, before, after } = manualTexts(manual);
  if (before === after) continue;
  writeFileSync(path, after);
  console.log(`${manual.file}: brought up to date`);
}
