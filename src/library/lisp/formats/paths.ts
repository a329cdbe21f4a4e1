// Paths of files as texts, in the form of POSIX: names with `/` between them. Nothing here looks at a file system, so
// symbolic links are not followed and relative paths stay relative: what is not known from the text is not guessed.

import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { bytesOf } from "../../../../heap/cells/string.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { storeText } from "../printer.ts";
import { lisp, returnBool, returnText, splitText, stringArgument, textArgument, textFunction } from "../text/arguments.ts";

const isAbsolute = (path: string): boolean => path.startsWith("/");

// ---- the last name

/** Where the name that ends here begins. */
const nameStart = (path: string, end: number): number => (end === 0 ? 0 : path.lastIndexOf("/", end - 1) + 1);

/** Without separators and `.` names at the end, which lead nowhere. A root stays, and so does a `.` that is all there is. */
function trimmedEnd(path: string, from = path.length): number {
  let end = from;
  for (;;) {
    while (end > 1 && path[end - 1] === "/") end--;
    const isDot = end > 1 && path[end - 1] === "." && path[end - 2] === "/";
    if (!isDot) return end;
    end--;
  }
}

/** What the path leads to, as named in its directory; empty for a root, `.` and `..`, which name no entry. */
function fileName(path: string): string {
  const end = trimmedEnd(path), name = path.slice(nameStart(path, end), end);
  return name === "." || name === ".." ? "" : name;
}

/** The path without its last name. */
function directory(path: string): string {
  const end = trimmedEnd(path), start = nameStart(path, end);
  return start === end ? "" : path.slice(0, trimmedEnd(path, start));
}

/** Where the extension's dot is: the last one, but not at the start, where it only hides the file. End of the name without. */
function dotOf(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? dot : name.length;
}

const stem = (path: string): string => fileName(path).slice(0, dotOf(fileName(path)));
const extension = (path: string): string => fileName(path).slice(dotOf(fileName(path)) + 1);

// ---- several paths

const SEPARATOR = 0x2f;

/** Each path as seen from the one before, so an absolute one begins anew. An empty last one ends the path with a separator. */
function join(vm: Vm, base: number, argc: number): void {
  const { heap } = vm, out = new StringBuilder();
  let first = base;
  for (let slot = base; slot < base + argc; slot++) if (bytesOf(heap, stringArgument(vm, slot))[0] === SEPARATOR) first = slot;
  for (let slot = first; slot < base + argc; slot++) {
    if (out.length > 0 && out.view()[out.length - 1] !== SEPARATOR) out.appendText("/");
    out.appendString(heap, heap.lo(slot));
    checkTextSize(vm, out);
  }
  storeText(vm, base - 2, out);
}

/** The names on the way, without `.` and with each `..` taking back a name where there is one. */
interface Route { readonly absolute: boolean; readonly names: readonly string[] }

function routeArgument(vm: Vm, slot: number): Route {
  const path = textArgument(vm, slot), route = routeOf(path, splitText(vm, path, "/"));
  vm.chargeFuel(path.length);
  return route;
}

export function routeOf(path: string, parts: readonly string[] = path.split("/")): Route {
  const absolute = isAbsolute(path), names: string[] = [];
  for (const name of parts) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.length > 0 && names[names.length - 1] !== "..") names.pop();
    else if (!absolute) names.push(name);
  }
  return { absolute, names };
}

export const routeText = ({ absolute, names }: Route): string => (absolute ? "/" : "") + names.join("/") || ".";

/** Number of names both begin with. */
function sharedCount(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

/** Number of `..` a relative route begins with. */
function ascentOf({ names }: Route): number {
  const first = names.findIndex((name) => name !== "..");
  return first < 0 ? names.length : first;
}

function relativeTo(vm: Vm, base: number): void {
  const from = routeArgument(vm, base), to = routeArgument(vm, base + 1);
  if (to.absolute && !from.absolute) return returnText(vm, base, routeText(to));
  const shared = sharedCount(from.names, to.names), back = from.names.slice(shared);
  const isKnown = from.absolute === to.absolute && !back.includes("..");
  if (!isKnown) evalError(vm, `path/relative-to: cannot tell where ${routeText(to)} is from ${routeText(from)}`);
  returnText(vm, base, routeText({ absolute: false, names: [...back.map(() => ".."), ...to.names.slice(shared)] }));
}

/** Whether the second route cannot lead out of the first; false where that depends on the working directory. */
function isWithin(outer: Route, inner: Route): boolean {
  if (outer.absolute !== inner.absolute) return false;
  const ascent = ascentOf(outer);
  if (ascent === outer.names.length) return ascentOf(inner) <= ascent;
  return sharedCount(outer.names, inner.names) === outer.names.length;
}

export const PATHS: readonly NativeInfo[] = [
  lisp("path/join", 1, -1, "one path of several, each relative to the one before; an absolute one begins anew", join),
  textFunction("path/dirname path/dir", "the path without its last name; empty when there is no other", directory),
  textFunction("path/basename path/filename", "the last name of a path; empty for a root, . and ..", fileName),
  textFunction("path/stem", "the last name without its extension", stem),
  textFunction("path/extension path/ext", "what is behind the last dot of the last name, if it does not begin with it", extension),
  lisp("path/absolute?", 1, 1, "whether the path begins at the root", (vm, base) => returnBool(vm, base, isAbsolute(textArgument(vm, base)))),
  lisp("path/normalize", 1, 1, "the path without . and without .. behind a name", (vm, base) => returnText(vm, base, routeText(routeArgument(vm, base)))),
  lisp("path/relative-to", 2, 2, "the second path as seen from the directory that is the first", relativeTo),
  lisp("path/within?", 2, 2, "whether the second path is the first or below it, as far as the texts tell",
    (vm, base) => returnBool(vm, base, isWithin(routeArgument(vm, base), routeArgument(vm, base + 1)))),
];
