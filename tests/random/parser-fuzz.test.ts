import { expect, test } from "vitest";
import { library } from "../support/library.ts";
import { parserProblem, samplePrograms } from "./parser-fuzz.ts";

const programs = samplePrograms();

test.each(Array.from({ length: 10 }, (_, i) => i))("damaged programs, batch %i", (batch) => {
  for (let seed = batch * 60; seed < batch * 60 + 60; seed++) expect(parserProblem(seed, programs)).toBeNull();
});

test.each(["(", "[", "{", "!", "-", "`${", "a?.", "f(", "if (a) {", "fn() {", "a ? ", "a = "])("nesting '%s' very deeply is an error, not a crash", (piece) => {
  const found = library.createVM({}).check(`let x = ${piece.repeat(50_000)}`, { language: "hemlock", name: "deep" });
  expect(found.length).toBeGreaterThan(0);
});

test.each([["+ 1", " + 1"], ["calls", "()"], ["fields", ".a"], ["else if", " "]])("a long chain of %s", (what, piece) => {
  const text = what === "else if" ? `if (a) { } ${"else if (a) { } ".repeat(3_000)}` : `let a = 1; let x = a${piece.repeat(3_000)};`;
  expect(() => library.createVM({}).check(text, { language: "hemlock", name: "long" })).not.toThrow();
});
