// The section META: all that is not memory, as JSON. Here is what it must look like; whatever else it says is refused, so that
// the rest of the code can count on the types.

import { Status, type TraceEntry } from "../vm/errors.ts";
import { WORDS } from "../vm/generator.ts";
import type { VmState } from "../vm/vm-state.ts";
import { damaged } from "./errors.ts";
import type { ModuleState, SessionState } from "./frozen.ts";

/** A source of the program, or one of the library's, which every build has; `checksum`: of its text. */
export type SourceEntry = { readonly name: string; readonly text: string } | { readonly library: string; readonly checksum: number };

export interface Meta {
  /** Version that made the image; for messages only. */
  readonly boxelder: string;
  /** See build.ts. */
  readonly instructions: string;
  /** Checksum of the image this is a delta against. */
  readonly base: number | null;
  readonly session: SessionState;
  readonly vm: VmState;
  readonly sources: readonly SourceEntry[];
}

/** Checks a value and gives it its type; `at` says where it stands. */
type Reader<T> = (value: unknown, at: string) => T;

const refuse = (at: string, wanted: string): never => damaged(`${at} is not ${wanted}`);
const text: Reader<string> = (value, at) => (typeof value === "string" ? value : refuse(at, "a text"));
const flag: Reader<boolean> = (value, at) => (typeof value === "boolean" ? value : refuse(at, "true or false"));
const integer = (low: number, high: number): Reader<number> => (value, at) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high ? value : refuse(at, `an integer from ${low} to ${high}`);
const nullable = <T>(read: Reader<T>): Reader<T | null> => (value, at) => (value === null ? null : read(value, at));
const list = <T>(read: Reader<T>): Reader<T[]> => (value, at) =>
  Array.isArray(value) ? value.map((each: unknown, i) => read(each, `${at}[${i}]`)) : refuse(at, "a list");
const record = <T>(fields: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> => (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(at, "an object");
  const found: { [name: string]: unknown } = {};
  for (const name in fields) found[name] = fields[name]((value as { readonly [name: string]: unknown })[name], `${at}.${name}`);
  return found as T;
};

const MAX_WORD = 0x7fff_ffff, MAX_FRAMES = 0x3fff_ffff, MAX_FUEL = 2 ** 53 - 1;
const word = integer(-MAX_WORD - 1, MAX_WORD), natural = integer(0, MAX_WORD), frames = integer(0, MAX_FRAMES);

const traceEntry = record<TraceEntry>({ name: text, source: text, line: natural, column: natural, start: natural, end: natural, sourceId: natural });

const generator: Reader<readonly number[]> = (value, at) => {
  const words = list(word)(value, at);
  return words.length === WORDS ? words : refuse(at, `a list of ${WORDS} words`);
};

const vmState = record<VmState>({
  fp: natural, pc: natural, depth: frames, fuelNow: integer(-(1 << 16), 1 << 16), fuelReserve: integer(-MAX_FUEL, MAX_FUEL), maxDepth: frames,
  granted: integer(0, 1 << 16), sliceLeft: nullable(integer(-MAX_FUEL, MAX_FUEL)),
  hostDepth: nullable(frames), lent: frames, mainIsLisp: flag, parkedAs: integer(Status.Done, Status.Pending) as Reader<Status>, trace: list(traceEntry),
  failure: nullable(record({ condition: word, trace: list(traceEntry) })), interaction: nullable(record({ question: nullable(natural) })),
  redefine: flag, generator, generalised: list(natural),
  heap: record({ recent: integer(0, MAX_FUEL), strikes: natural, seed: word, allocations: integer(0, MAX_FUEL) }),
});

const pair: Reader<readonly [string, string]> = (value, at) => {
  const [name, global, ...more] = list(text)(value, at);
  return name !== undefined && global !== undefined && more.length === 0 ? [name, global] : refuse(at, "a pair of texts");
};
const moduleState = record<ModuleState>({ id: natural, path: text, prefix: text, names: list(pair), exports: list(text), types: list(text), refFunctions: flag });

const sessionState = record<SessionState>({
  engine: text, languages: list(text), language: text, known: list(text), refFunctions: flag, evalSource: integer(-1, MAX_WORD), memory: natural, modules: list(moduleState),
});

const sourceEntry: Reader<SourceEntry> = (value, at) => (typeof value === "object" && value !== null && "library" in value
  ? record<{ library: string; checksum: number }>({ library: text, checksum: integer(0, 2 * MAX_WORD + 1) })(value, at) : record<{ name: string; text: string }>({ name: text, text })(value, at));

const meta = record<Meta>({
  boxelder: text, instructions: text, base: nullable(integer(0, 2 * MAX_WORD + 1)), session: sessionState, vm: vmState, sources: list(sourceEntry),
});

export function readMeta(bytes: Uint8Array): Meta {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    damaged("its description cannot be read");
  }
  return meta(value, "the description");
}
