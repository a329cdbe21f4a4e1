// A few mutated programs; many more: `npx tsx tests/random/bytecode-fuzz.ts 1000000`.

import { expect, test } from "vitest";
import { library } from "../support/library.ts";
import { judgeBytecode, sampleBytecode, verdictOf } from "./bytecode-fuzz.ts";

test("mutated bytecode is refused or runs within its limits", { timeout: 60_000 }, () => {
  const samples = sampleBytecode(library), wrong: string[] = [], counts: { [verdict: string]: number } = { refused: 0, ran: 0 };
  for (const { bytes, language } of samples) expect(judgeBytecode(library, bytes, language)).toBe("ran");
  for (let seed = 1; seed <= 300; seed++) {
    const verdict = verdictOf(seed, samples);
    if (counts[verdict] === undefined) wrong.push(`seed ${seed}: ${verdict}`);
    else counts[verdict]++;
  }
  expect(wrong).toEqual([]);
  expect(Math.min(counts["refused"]!, counts["ran"]!)).toBeGreaterThan(20);
});
