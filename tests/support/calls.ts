// The table of how builtins are called, tests/node/calls.txt, and the calls that follow from it: one that is right, one with
// too few and one with too many arguments, and for each parameter one of every kind of value.

import { readFileSync } from "node:fs";
import { root } from "./library.ts";

export interface Parameter { /** As in the table: kinds of values it takes, "any" for all. */ readonly kinds: readonly string[]; readonly isOptional: boolean; /** A value, as text of Hemlock. */ readonly value: string }

export interface Signature {
  readonly name: string;
  /** What a method is called on. */
  readonly receiver: string;
  readonly parameters: readonly Parameter[];
  /** Takes any number of further arguments. */
  readonly hasRest: boolean;
  /** Gives something else each time. */
  readonly varies: boolean;
}
/** Builtins that stand on one line, and the calls of them that must fail. */
export interface Group { readonly signatures: readonly Signature[]; readonly failures: readonly string[] }

/** A value of each kind that no parameter of another kind takes. */
export const KINDS: { readonly [kind: string]: string } = {
  null: "null", bool: "true", int: "3", number: "1.5", rune: "'r'", string: `"other"`, array: "[1]", object: "{ a: 1 }", buffer: "buffer(2)", ptr: "alloc(4)", channel: "channel(1)",
  function: "fn(x, y) { return x; }", builtin: "print", type: "i32", file: `open("there")`, task: "spawn(async fn() { return 1; })",
};
/** What kinds of values a word of the table stands for besides its own. */
const WIDER: { readonly [word: string]: readonly string[] } = { number: ["int"], function: [], async: [], any: Object.keys(KINDS) };

/** The values a parameter takes when none is given, and receivers of methods. */
const VALUES: { readonly [word: string]: string } = {
  ...KINDS, any: "1", int: "1", number: "1.5", string: `"x"`, buffer: "buffer(8)", ptr: "written()", async: "async fn() { return 1; }",
};
const RECEIVERS: { readonly [kind: string]: string } = {
  string: `"hello"`, array: "[1, 2]", object: "{ a: 1 }", buffer: "buffer(3)", channel: "channel(1)", file: `open("f", "w+")`, socket: "socket()",
};

function parameterOf(text: string): Parameter {
  const [, words, mark, value] = /^([\w|]+)(\??)(?: (.*))?$/.exec(text) ?? [];
  if (words === undefined) throw new Error(`calls.txt: '${text}' is no parameter`);
  const kinds = words.split("|");
  return { kinds, isOptional: mark === "?", value: value ?? VALUES[kinds[0]!]! };
}

function signaturesOf(line: string): Signature[] {
  const [head, ...rest] = line.split(" | "), [names, receiver] = head!.split(" @ "), hasRest = rest.at(-1)?.startsWith("any...") === true;
  const parameters = (hasRest ? rest.slice(0, -1) : rest).map(parameterOf);
  return names!.split(" ").map((each) => {
    const name = each.replace(/^~/, "");
    return { name, receiver: name.includes(".") ? receiver ?? RECEIVERS[name.split(".")[0]!]! : "", parameters, hasRest, varies: name !== each };
  });
}

/** The table, by lines. */
export function readCalls(): Group[] {
  const groups: { signatures: readonly Signature[]; failures: string[] }[] = [];
  for (const line of readFileSync(`${root}tests/node/calls.txt`, "utf8").split("\n")) {
    if (line.startsWith("! ")) groups.at(-1)!.failures.push(line.slice(2));
    else if (line !== "" && !line.startsWith("#")) groups.push({ signatures: signaturesOf(line), failures: [] });
  }
  return groups;
}

export interface Call { /** What is special about the arguments. */ readonly about: string; readonly text: string; readonly isRight: boolean }

const takes = ({ kinds }: Parameter, kind: string): boolean => kinds.some((each) => each === kind || WIDER[each]?.includes(kind) === true);

/** The calls of a builtin that follow from its line. */
export function callsOf({ name, receiver, parameters, hasRest }: Signature): Call[] {
  const values = parameters.map(({ value }) => value), least = parameters.filter(({ isOptional }) => !isOptional).length;
  const callee = receiver === "" ? name : `(${receiver})${name.slice(name.indexOf("."))}`;
  const call = (about: string, given: readonly string[], isRight = false): Call => ({ about, text: `${callee}(${given.join(", ")})`, isRight });
  return [
    call("right", values.slice(0, least), true),
    ...(least < values.length ? [call("right with more", values, true)] : []),
    ...(least > 0 ? [call("too few", values.slice(0, least - 1))] : []),
    ...(hasRest ? [] : [call("too many", [...values, "null"])]),
    ...parameters.flatMap((parameter, i) => Object.entries(KINDS).filter(([kind]) => !takes(parameter, kind))
      .map(([kind, value]) => call(`${i + 1} ${kind}`, values.slice(0, Math.max(i + 1, least)).with(i, value)))),
  ];
}
