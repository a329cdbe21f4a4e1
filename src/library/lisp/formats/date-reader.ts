// Reads dates written in a form of strftime. A complete date and time is wanted; what is given twice must agree.

import { COMPOSED, DIRECTIVE, MONTHS, WEEKDAYS, daysInMonth, daysOf, isLeap, momentOf } from "./calendar.ts";

/** What was read so far, by letter. */
interface Fields { [letter: string]: number | undefined }

/** Most digits of each number. */
const NUMBERS: { readonly [letter: string]: number } = { Y: 4, C: 2, y: 2, m: 2, d: 2, e: 2, w: 1, u: 1, j: 3, H: 2, k: 2, I: 2, l: 2, M: 2, S: 2, s: 19, U: 2, W: 2, V: 2, G: 4, g: 2 };
const NAMES: { readonly [letter: string]: readonly string[] } = { b: MONTHS, B: MONTHS, h: MONTHS, a: WEEKDAYS, A: WEEKDAYS, p: ["AM", "PM"], P: ["AM", "PM"] };
const SAME: { readonly [letter: string]: string } = { e: "d", k: "H", l: "I", h: "b", B: "b", A: "a", P: "p" };
const RANGES: { readonly [letter: string]: readonly [number, number] } = { m: [1, 12], d: [1, 31], H: [0, 23], I: [1, 12], M: [0, 59], S: [0, 60], j: [1, 366], w: [0, 6], u: [1, 7] };

const INVALID = "input contains invalid characters", TOO_SHORT = "premature end of input", OUT_OF_RANGE = "input is out of range", IMPOSSIBLE = "no possible date and time matching input";

class Reader {
  readonly fields: Fields = {};
  at = 0;
  constructor(readonly text: string) {}

  /** Reads what the form asks for; answers what is wrong. */
  read(form: string): string | null {
    let from = 0;
    for (const match of form.matchAll(DIRECTIVE)) {
      const wrong = this.#literal(form.slice(from, match.index)) ?? this.#directive(match);
      if (wrong !== null) return wrong;
      from = match.index + match[0].length;
    }
    return this.#literal(form.slice(from));
  }

  /** White space of the form stands for any of it, none too. */
  #literal(text: string): string | null {
    for (const each of text) {
      if (/\s/.test(each)) this.#skipBlanks();
      else if (this.at >= this.text.length) return TOO_SHORT;
      else if (!this.text.startsWith(each, this.at)) return INVALID;
      else this.at += each.length;
    }
    return null;
  }

  #skipBlanks(): void { while (/\s/.test(this.text[this.at] ?? "")) this.at++; }

  #directive([, point, count, colons, , letter]: RegExpMatchArray): string | null {
    if (colons !== undefined) return this.#zone();
    if (letter === undefined) return point === undefined ? "bad or unsupported format string" : this.#fraction(point, count ?? "");
    if (COMPOSED[letter] !== undefined) return this.read(COMPOSED[letter]!);
    if (NAMES[letter] !== undefined) return this.#name(letter, NAMES[letter]!);
    if (NUMBERS[letter] !== undefined) return this.#number(letter, NUMBERS[letter]!);
    if (letter === "z") return this.#zone();
    if (letter === "n" || letter === "t") return this.#literal(" ");
    return letter === "%" ? this.#literal("%") : "bad or unsupported format string";
  }

  #number(letter: string, most: number): string | null {
    this.#skipBlanks();
    const isSigned = letter === "Y" || letter === "G" || letter === "s", found = new RegExp(`${isSigned ? "[-+]?" : ""}[0-9]{1,${most}}`, "y");
    found.lastIndex = this.at;
    const digits = found.exec(this.text);
    if (digits === null) return this.at >= this.text.length ? TOO_SHORT : INVALID;
    this.at += digits[0].length;
    return this.#set(letter, Number(digits[0]));
  }

  #set(letter: string, value: number): string | null {
    const name = SAME[letter] ?? letter, range = RANGES[name], known = this.fields[name];
    if (range !== undefined && (value < range[0] || value > range[1])) return OUT_OF_RANGE;
    if (known !== undefined && known !== value) return IMPOSSIBLE;
    this.fields[name] = value;
    return null;
  }

  /** A name or its first three letters. */
  #name(letter: string, names: readonly string[]): string | null {
    const rest = this.text.slice(this.at, this.at + 10).toLowerCase();
    const index = names.findIndex((name) => rest.startsWith(name.slice(0, 3).toLowerCase()));
    if (index < 0) return rest === "" ? TOO_SHORT : INVALID;
    const full = names[index]!;
    this.at += rest.startsWith(full.toLowerCase()) ? full.length : 3;
    return this.#set(letter, letter === "b" || letter === "B" || letter === "h" ? index + 1 : index);
  }

  #fraction(point: string, count: string): string | null {
    if (point === "." && this.text[this.at] !== ".") return count === "" ? null : INVALID;
    this.at += point.length;
    const digits = /^[0-9]+/.exec(this.text.slice(this.at, this.at + (count === "" ? 20 : Number(count))));
    if (digits === null) return INVALID;
    this.at += digits[0].length;
    return null;
  }

  /** The offset of a time zone is read, and has no effect: times are UTC. */
  #zone(): string | null {
    const found = /^\s*(?:[zZ]|[-+][0-9]{2}:?(?:[0-9]{2})?)/.exec(this.text.slice(this.at, this.at + 10));
    if (found === null) return INVALID;
    this.at += found[0].length;
    return null;
  }
}

/** Year of the fields; two digits are of 1970 to 2069 when the century is not given. */
function yearOf({ Y, y, C }: Fields): number | undefined {
  if (Y !== undefined || y === undefined) return Y;
  return C === undefined ? (y < 70 ? 2000 : 1900) + y : 100 * C + y;
}

/** Days since 1970; a text says what is wrong. */
function dateOf(fields: Fields): number | string {
  const year = yearOf(fields), { b: named, d: day, j } = fields, month = fields["m"] ?? named;
  if (year === undefined || ((month === undefined || day === undefined) && j === undefined)) return "input is not enough for unique date and time";
  if (fields["m"] !== undefined && named !== undefined && fields["m"] !== named) return IMPOSSIBLE;
  if (month === undefined || day === undefined) return j! > (isLeap(year) ? 366 : 365) ? OUT_OF_RANGE : daysOf(year, 1, 1) + j! - 1;
  if (day > daysInMonth(year, month)) return OUT_OF_RANGE;
  const days = daysOf(year, month, day);
  return j !== undefined && days !== daysOf(year, 1, 1) + j - 1 ? IMPOSSIBLE : days;
}

/** Hour of the day; undefined when it is not known. */
function hourOf({ H, I, p }: Fields): number | undefined {
  if (H !== undefined || I === undefined || p === undefined) return H;
  return (I % 12) + 12 * p;
}

/** Seconds since 1970, or what is wrong with the text. */
export function readDate(text: string, form: string): number | string {
  const reader = new Reader(text), wrong = reader.read(form), { fields } = reader;
  if (wrong !== null) return wrong;
  if (reader.at < text.length) return "trailing input";
  if (fields["s"] !== undefined) return fields["s"];
  const days = dateOf(fields), hour = hourOf(fields);
  if (typeof days === "string") return days;
  if (hour === undefined || fields["M"] === undefined) return "input is not enough for unique date and time";
  // A leap second is the second before it.
  const seconds = 86_400 * days + 3600 * hour + 60 * fields["M"] + Math.min(59, fields["S"] ?? 0), { weekday } = momentOf(seconds)!;
  const isOther = (given: number | undefined): boolean => given !== undefined && given % 7 !== weekday;
  return isOther(fields["a"]) || isOther(fields["u"]) || isOther(fields["w"]) ? IMPOSSIBLE : seconds;
}
