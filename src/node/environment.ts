// The environment: a copy, which what the script starts inherits. The process's own stays as it is.

import type { Native } from "../vm/native.ts";
import { nothing, returning, stringAt, text } from "./results.ts";

export type Variables = Map<string, string>;

export const environmentOf = (given: { readonly [name: string]: string | undefined }): Variables =>
  new Map(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));

const isBad = (name: string): boolean => name === "" || /[=\0]/.test(name);

export function environmentNatives(variables: Variables): (readonly [string, Native])[] {
  const both = (name: string, min: number, run: Parameters<typeof returning>[3]): (readonly [string, Native])[] =>
    [name, `__${name}`].map((each) => returning(each, min, min, run));
  return [
    ...both("getenv", 1, (vm, base) => {
      const found = variables.get(stringAt(vm, base, "getenv"));
      return found === undefined ? nothing : text(found);
    }),
    ...both("setenv", 2, (vm, base) => {
      const name = stringAt(vm, base, "setenv"), value = stringAt(vm, base + 1, "setenv");
      if (isBad(name) || value.includes("\0")) vm.throwError("setenv() failed: Invalid argument");
      variables.set(name, value);
      return nothing;
    }),
    ...both("unsetenv", 1, (vm, base) => {
      const name = stringAt(vm, base, "unsetenv");
      if (isBad(name)) vm.throwError("unsetenv() failed: Invalid argument");
      variables.delete(name);
      return nothing;
    }),
  ];
}
