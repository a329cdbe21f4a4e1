// Damaged programs: whatever a text looks like, a front end answers with diagnostics inside the text, and soon.

import { library } from "../support/library.ts";
import { allPrograms } from "../support/programs.ts";
import { Random } from "../support/random.ts";
import type { Finding } from "./finding.ts";
import { generateProgram } from "./generate-hemlock.ts";
import { processorTime } from "../support/processor-time.ts";

const PIECES = [
  "{", "}", "(", ")", "[", "]", ";", ",", ":", "?", "?.", "??", "...", "=", "==", "+", "++", "<<", "&&", "|", "!", "~", "\"", "'", "`", "${", "\\", "//", "/*", "*/",
  "fn", "let", "if", "else", "for", "while", "switch", "case", "default", "try", "catch", "finally", "return", "break", "define", "enum", "import", "export",
  "ref", "self", "async", "await", "defer", "i32", "array<", "0x", "1e", "'\\u{", "\u{1f600}", "\u0000", "\ud800", "99999999999999999999", " ", "\n", "\t",
];
const TOO_LONG_MS = 2_000;

/** A text a seed stands for: a program with some characters or words cut, doubled, moved or put in, or mere pieces. */
export function damagedProgram(seed: number, programs: readonly string[]): string {
  const random = new Random(seed);
  if (random.chance(0.1)) return Array.from({ length: random.below(60) }, () => random.pick(PIECES)).join(random.pick(["", " "]));
  let text = random.chance(0.3) ? generateProgram(seed, 4) : random.pick(programs);
  for (let i = random.below(6); i >= 0; i--) {
    const from = random.below(text.length + 1), to = Math.min(text.length, from + 1 + random.below(random.chance(0.2) ? 200 : 5));
    switch (random.below(4)) {
      case 0: text = text.slice(0, from) + text.slice(to); break;
      case 1: text = text.slice(0, to) + text.slice(from); break;
      case 2: text = text.slice(0, from) + random.pick(PIECES) + text.slice(from); break;
      case 3: text = text.slice(0, from) + text.slice(to) + text.slice(from, to); break;
    }
  }
  return text;
}

export const samplePrograms = (): string[] => allPrograms().map((program) => program.source);

/** What is wrong with the front end's answer to the text of this seed, null for nothing. */
export function parserProblem(seed: number, programs: readonly string[]): Finding | null {
  const text = damagedProgram(seed, programs), started = processorTime();
  const fail = (what: string): Finding => ({ seed, what, program: text });
  try {
    const vm = library.createVM({}), options = { language: "hemlock", name: "fuzz" };
    const found = vm.check(text, options);
    const outside = found.find(({ span }) => span.start < 0 || span.end < span.start || span.end > text.length);
    if (outside !== undefined) return fail(`diagnostic outside the text: ${JSON.stringify(outside.span)} ${outside.message}`);
    for (const each of found) library.renderDiagnostic(each);
    const clean = !found.some((each) => each.severity === "error");
    if ((typeof library.disassemble(vm, text, options) === "string") !== clean) return fail("check and disassemble disagree about errors");
  } catch (error) {
    return fail(`threw ${error instanceof Error ? error.stack : error}`);
  }
  const took = processorTime() - started;
  return took > TOO_LONG_MS ? fail(`took ${Math.round(took)} ms`) : null;
}
