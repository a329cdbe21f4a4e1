// Text in colours and styles, by the escape sequences of terminals.

import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { integerArgument, lisp, returnText, textArgument, textFunction } from "./arguments.ts";
import { withoutEscapes } from "./columns.ts";
import { stringOrKeyword } from "./names.ts";

const STYLES: { readonly [name: string]: number } = {
  bold: 1, dim: 2, italic: 3, underline: 4, inverse: 7, strikethrough: 9,
  black: 30, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, white: 37, gray: 90,
};

const styled = (text: string, codes: readonly (string | number)[]): string => (codes.length === 0 ? text : `\x1b[${codes.join(";")}m${text}\x1b[0m`);

function style(vm: Vm, base: number, argc: number): void {
  const text = textArgument(vm, base), codes: number[] = [];
  for (let i = 1; i < argc; i++) {
    const name = stringOrKeyword(vm, base + i) ?? typeError(vm, "keyword", base + i);
    codes.push(STYLES[name] ?? evalError(vm, `term/style: unknown style :${name}`));
  }
  returnText(vm, base, styled(text, codes));
}

function rgb(vm: Vm, base: number): void {
  const text = textArgument(vm, base), parts = [1, 2, 3].map((i) => integerArgument(vm, base + i));
  if (parts.some((part) => part < 0 || part > 255)) evalError(vm, "term/rgb: parts of a colour are from 0 to 255");
  returnText(vm, base, styled(text, [38, 2, ...parts]));
}

export const TERMINAL: readonly NativeInfo[] = [
  ...Object.entries(STYLES).map(([name, code]) => textFunction(`term/${name}`, `the text ${name} on a terminal`, (text) => styled(text, [code]))),
  lisp("term/style", 1, -1, "the text in styles given as keywords", style),
  lisp("term/rgb", 4, 4, "the text in a colour of red, green and blue parts", rgb),
  textFunction("term/strip", "the text without terminal escape sequences", withoutEscapes),
];
