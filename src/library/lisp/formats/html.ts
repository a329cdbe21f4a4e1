// The text of HTML: what a reader would see, without laying it out. Broken HTML gives some text, never an error.

import type { NativeInfo } from "../../../vm/native.ts";
import { textFunction } from "../text/arguments.ts";

const ENTITIES: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const LAST_POINT = 0x10ffff, REPLACEMENT = "\ufffd";

/** The character of an entity's name or number; what is unknown stays as it is written. */
function entityText(entity: string, name: string): string {
  if (name[0] !== "#") return ENTITIES[name] ?? entity;
  const point = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  const isCharacter = point > 0 && point <= LAST_POINT && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : REPLACEMENT;
}

const withoutEntities = (text: string): string => text.replace(/&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,4});/g, entityText);

/** Elements whose content is for the browser. */
const UNSEEN = /<(script|style)(?=[\s/>])/iy;
/** `<` that opens a tag, not a sum of two texts. */
const TAG = /<[/!?a-zA-Z]/y;

/**
 * Finds ends of what was opened, in HTML whose ASCII letters are lower case. Each kind is looked for in vain at most once:
 * HTML that opens thousands and ends none is read in one go.
 */
class Ends {
  readonly #missing = new Set<string>();

  constructor(private readonly lower: string) {}

  /** Offset behind the next such end, the end of all when there is none. */
  after(end: string, from: number): number {
    const at = this.#missing.has(end) ? -1 : this.lower.indexOf(end, from);
    if (at < 0) this.#missing.add(end);
    return at < 0 ? this.lower.length : at + end.length;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Offset behind the tag, comment or unseen element that begins here; the same offset for a `<` that is text. */
function markupEnd(html: string, at: number, ends: Ends): number {
  if (html.startsWith("<!--", at)) return ends.after("-->", at + 4);
  if (matchAt(TAG, html, at) === null) return at;
  const unseen = matchAt(UNSEEN, html, at);
  return ends.after(">", unseen === null ? at : ends.after(`</${unseen[1]!.toLowerCase()}`, at));
}

function htmlText(html: string): string {
  const ends = new Ends(html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())), parts: string[] = [];
  let from = 0;
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", Math.max(from, at + 1))) {
    const end = markupEnd(html, at, ends);
    if (end === at) continue;
    parts.push(html.slice(from, at));
    from = end;
  }
  parts.push(html.slice(from));
  return withoutEntities(parts.join(""));
}

export const HTML: readonly NativeInfo[] = [
  textFunction("html/text", "the text of HTML, without tags, comments, scripts and styles, entities as characters", htmlText),
];
