// Files of Lisp source, as import, include and load read them. Their names are texts between which a slash stands; a
// relative one starts from the folder of the file that names it.

import type { NativeInfo } from "../../../vm/native.ts";
import { eachFrame } from "../../../vm/stack.ts";
import type { Vm } from "../../../vm/vm.ts";
import { ioError } from "../conditions.ts";
import { routeOf, routeText } from "../formats/paths.ts";
import { lisp, storeString, textArgument } from "../text/arguments.ts";

/** A root, a root of Windows, or the scheme of an address. */
const STARTS_SOMEWHERE = /^(?:\/|[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]+:)/;

/** The path that a request means in the file `from`. Sources that are no files have names in angle brackets. */
function resolve(request: string, from: string): string {
  const folder = from.startsWith("<") ? "" : from.slice(0, from.lastIndexOf("/") + 1);
  return STARTS_SOMEWHERE.test(request) ? request : routeText(routeOf(folder + request));
}

function callingFile(vm: Vm, base: number): void {
  let name = "";
  eachFrame(vm, 1, ({ source }) => { name = source; });
  storeString(vm, base - 2, name);
}

/** Errors of the reader name the file. */
function fileForms(vm: Vm, base: number): void {
  const path = textArgument(vm, base), { readFile: read } = vm.host;
  if (read === undefined) return ioError(vm, `cannot read '${path}': this host has no files`);
  const text = read(path);
  if (text === null) return ioError(vm, `cannot read '${path}'`);
  vm.chargeFuel(8 * text.length);
  vm.services.readFile(vm, base - 2, path, text, vm.heap.lo(base + 1) !== 0);
}

export const SOURCE_FILES: readonly NativeInfo[] = [
  lisp("%file-path", 2, 2, "(path, file): the path that a path in the file means", (vm, base) =>
    storeString(vm, base - 2, resolve(textArgument(vm, base), textArgument(vm, base + 1)))),
  lisp("%calling-file", 0, 0, "name of the source of the innermost function that is not the library's", callingFile),
  lisp("%file-forms", 2, 2, "(path, folded): list of the forms in a file, with letter case folded or not; an :io error when it cannot be read", fileForms),
];
