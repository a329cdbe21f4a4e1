// A few mutated images; many more: `npx tsx tests/random/image-fuzz.ts 1000000`.

import { expect, test } from "vitest";
import { library } from "../support/library.ts";
import { Random } from "../support/random.ts";
import { judge, mutate, sampleImages } from "./image-fuzz.ts";

test("mutated images are refused or run within their limits", { timeout: 60_000 }, () => {
  const images = sampleImages(library), wrong: string[] = [], counts = { refused: 0, ran: 0 };
  for (const { image, language } of images) expect(judge(library, image, language)).toBe("ran");
  // Those that once broke something, and some more.
  for (const seed of [101539, 107845, ...Array.from({ length: 250 }, (_, i) => i + 1)]) {
    const random = new Random(seed), { image, language } = random.pick(images), verdict = judge(library, mutate(image, random), language);
    if (verdict === "refused" || verdict === "ran") counts[verdict]++;
    else wrong.push(`seed ${seed}: ${verdict}`);
  }
  expect(wrong).toEqual([]);
  expect(Math.min(counts.refused, counts.ran)).toBeGreaterThan(20);
});
