// Numbers as Lisp writes them, for the reader and for string->number. Pure: text in, a plain description out. The scanner
// reads each character a bounded number of times, so long digits cannot make it slow; how many digits a number may have
// is limited here, because turning them into an integer takes time nobody could interrupt.

import { fractionOfDouble, gcd, ratio } from "./exact-number.ts";

export type RealDatum =
  | { readonly type: "int"; readonly value: bigint }
  /** In lowest terms, the denominator above 1. */
  | { readonly type: "rational"; readonly numerator: bigint; readonly denominator: bigint }
  | { readonly type: "float"; readonly value: number };
/** The imaginary part of a complex number is not an exact zero. */
export type NumberDatum = RealDatum | { readonly type: "complex"; readonly real: RealDatum; readonly imaginary: RealDatum };

export interface NumberOptions {
  /** For digits without a prefix; 2, 8, 10 or 16. */
  readonly radix?: number;
  /** Also what source texts may write: `+5 .5 1. +inf.0 -inf.0 +nan.0`. */
  readonly extras?: boolean;
}

/** What stands at a place of a text: a number up to `end`, or what is wrong with it. */
export type NumberScan = { readonly end: number; readonly datum: NumberDatum; readonly error?: undefined } | { readonly end: number; readonly datum: null; readonly error: string };

/** Digits an integer may have: about 16 million bits. */
export const MAX_DIGITS = 5_000_000;
/** Decimal exponents of exact numbers: `#e1e999999999` would not fit anywhere. */
const MAX_EXACT_EXPONENT = 100_000;

const ZERO: RealDatum = { type: "int", value: 0n }, ONE: RealDatum = { type: "int", value: 1n };
const WORDS: ReadonlyMap<string, number> = new Map([
  ...["inf", "+inf", "Inf", "Infinity", "+Infinity"].map((word) => [word, Infinity] as const),
  ...["-inf", "-Infinity"].map((word) => [word, -Infinity] as const),
  ...["nan", "NaN", "NAN", "+nan", "-nan"].map((word) => [word, NaN] as const),
]);
const EXTRA_WORDS: ReadonlyMap<string, number> = new Map([["+inf.0", Infinity], ["-inf.0", -Infinity], ["+nan.0", NaN], ["-nan.0", NaN]]);
const RADIX: { readonly [letter: string]: number } = { x: 16, o: 8, b: 2, d: 10 };
const LITERAL: { readonly [radix: number]: string } = { 2: "0b", 8: "0o", 16: "0x" };

/** Whether a datum ends before this character (or the end of the text, ""). */
const isDelimiter = (character: string): boolean => character === "" || " \t\r\n\f()[]{}'`,@\";".includes(character);

/** The number that is the whole text, or null. */
export function parseNumber(text: string, options: NumberOptions = {}): NumberDatum | null {
  const scan = scanNumber(text, 0, options);
  return scan !== null && scan.end === text.length ? scan.datum : null;
}

/** The longest number that starts at `start`; null when none does. What follows it is the caller's to look at. */
export function scanNumber(text: string, start: number, options: NumberOptions = {}): NumberScan | null {
  try {
    return new Scanner(text, start, options).number();
  } catch (error) {
    if (error instanceof Malformed) return { end: error.end, datum: null, error: error.message };
    throw error;
  }
}

class Malformed extends Error {
  constructor(message: string, readonly end: number) { super(message); }
}

class Scanner {
  readonly #text: string;
  readonly #extras: boolean;
  #at: number;
  #radix: number;
  #exactness: "e" | "i" | null = null;
  #prefixed = false;

  constructor(text: string, start: number, options: NumberOptions) {
    this.#text = text;
    this.#at = start;
    this.#radix = options.radix ?? 10;
    this.#extras = options.extras === true;
  }

  number(): NumberScan | null {
    this.#prefixed = this.#peek() === "#";
    if (this.#prefixed && !this.#prefixes()) return null;
    const datum = this.#radix === 10 ? this.#decimal() : this.#digits();
    if (datum !== null) return { end: this.#at, datum: this.#exactness === null ? datum : withExactness(datum, this.#exactness) };
    if (!this.#prefixed) return null;
    const rest = /[^\s()[\]{}'`,@";]*/y;
    rest.lastIndex = this.#at;
    const word = rest.exec(this.#text)![0];
    if (word === "") throw this.#malformed("expected a number after the `#` prefix");
    this.#at += word.length;
    throw this.#malformed(`invalid radix-${this.#radix} literal: ${word}`);
  }

  #peek(distance = 0): string { return this.#text.charAt(this.#at + distance); }
  #malformed(message: string): Malformed { return new Malformed(message, this.#at); }

  /** Reads `#x`, `#e` and so on; false when what follows the first # is something else. */
  #prefixes(): boolean {
    let radix = false;
    for (let first = true; this.#peek() === "#"; first = false) {
      const letter = this.#peek(1).toLowerCase();
      if (letter === "e" || letter === "i") {
        if (this.#exactness !== null) throw this.#malformed("duplicate exactness prefix");
        this.#exactness = letter;
      } else if (Object.hasOwn(RADIX, letter)) {
        if (radix) throw this.#malformed("duplicate radix prefix");
        radix = true;
        this.#radix = RADIX[letter]!;
      } else if (first) return false;
      else throw this.#malformed("expected a number after the `#` prefix");
      this.#at += 2;
    }
    return true;
  }

  /** A run of digits, "" for none. */
  #run(radix: number): string {
    const from = this.#at, text = this.#text;
    let at = from;
    while (at < text.length && digitValue(text.charCodeAt(at)) < radix) at++;
    this.#at = at;
    return text.slice(from, at);
  }

  /** Reads a sign: 1 or -1, 0 when there is none. */
  #sign(): number {
    const character = this.#peek();
    if (character !== "+" && character !== "-") return 0;
    this.#at++;
    return character === "-" ? -1 : 1;
  }

  /** An integer or a ratio in another radix. */
  #digits(): RealDatum | null {
    const start = this.#at, sign = this.#sign(), digits = this.#run(this.#radix);
    if (digits !== "") return this.#ratio(sign, digits);
    this.#at = start;
    return null;
  }

  /** The integer of these digits, or a ratio when / and digits follow. */
  #ratio(sign: number, digits: string): RealDatum {
    const numerator = this.#integer(digits), signed = sign < 0 ? -numerator : numerator;
    if (this.#peek() !== "/" || digitValue(this.#text.charCodeAt(this.#at + 1)) >= this.#radix) return { type: "int", value: signed };
    this.#at++;
    const denominator = this.#integer(this.#run(this.#radix));
    if (denominator === 0n) throw this.#malformed("rational literal has zero denominator");
    return rationalDatum(signed, denominator);
  }

  #integer(digits: string): bigint {
    if (digits.length > MAX_DIGITS) throw this.#malformed("number literal is too long");
    return BigInt(this.#radix === 10 ? digits : LITERAL[this.#radix] + digits);
  }

  #decimal(): NumberDatum | null {
    const start = this.#at, signed = "+-".includes(this.#peek()) && this.#peek() !== "";
    const word = this.#word();
    if (word !== null) return this.#complex(word, false) ?? word;
    const sign = this.#sign(), real = this.#magnitude(sign);
    if (real === null) {
      if (signed && this.#imaginaryUnit()) return complexDatum(ZERO, sign < 0 ? negated(ONE) : ONE);
      this.#at = start;
      return null;
    }
    const complex = this.#complex(real, true);
    if (complex !== null) return complex;
    if (sign <= 0 || this.#extras || this.#prefixed) return real;
    this.#at = start;
    return null;
  }

  /** Infinities and NaN, which are whole words. */
  #word(): RealDatum | null {
    for (const words of this.#extras ? [WORDS, EXTRA_WORDS] : [WORDS]) {
      for (const [word, value] of words) {
        const end = this.#at + word.length;
        if (!this.#text.startsWith(word, this.#at) || !this.#endsWord(end, words === EXTRA_WORDS)) continue;
        this.#at = end;
        return { type: "float", value };
      }
    }
    return null;
  }

  /** Whether a word may end here; `+inf.0` may also be a part of a complex number. */
  #endsWord(end: number, mayGoOn: boolean): boolean {
    const next = this.#text.charAt(end);
    return isDelimiter(next) || (mayGoOn && "+-i".includes(next));
  }

  /** `i` and then the end of the datum; moves past it. */
  #imaginaryUnit(): boolean {
    if (this.#peek() !== "i" || !isDelimiter(this.#peek(1))) return false;
    this.#at++;
    return true;
  }

  /** What follows a real number when it is part of a complex one: `i`, or sign, magnitude and `i`. Moves nothing otherwise. */
  #complex(real: RealDatum, mayBeImaginary: boolean): NumberDatum | null {
    if ((mayBeImaginary || this.#extras) && this.#imaginaryUnit()) return complexDatum(ZERO, real);
    const start = this.#at;
    const word = this.#extras && "+-".includes(this.#peek()) ? this.#word() : null;
    const sign = word === null ? this.#sign() : 1;
    if (sign !== 0) {
      const imaginary = word ?? this.#magnitude(sign) ?? (sign < 0 ? negated(ONE) : ONE);
      if (this.#imaginaryUnit()) return complexDatum(real, imaginary);
    }
    this.#at = start;
    return null;
  }

  /** A real number after its sign, which it is given; null when there are no digits. */
  #magnitude(sign: number): RealDatum | null {
    const start = this.#at, whole = this.#run(10);
    const point = this.#peek() === "." && (digitValue(this.#text.charCodeAt(this.#at + 1)) < 10 ? whole !== "" || this.#extras : whole !== "" && this.#extras);
    if (whole === "" && !point) return null;
    if (whole !== "" && this.#peek() === "/") return this.#ratio(sign, whole);
    let fraction = "";
    if (point) {
      this.#at++;
      fraction = this.#run(10);
    }
    const exponent = this.#exponent();
    if (!point && exponent === null) return this.#ratio(sign, whole);
    if (this.#exactness === "e") return this.#exactDecimal(sign, whole + fraction, Number(exponent ?? 0) - fraction.length);
    const value = Number(this.#text.slice(start, this.#at));
    return { type: "float", value: sign < 0 ? -value : value };
  }

  /** Digits of an exponent with their sign; null, having moved nothing, when there is none. */
  #exponent(): string | null {
    const start = this.#at;
    if (this.#peek() !== "e" && this.#peek() !== "E") return null;
    this.#at++;
    const negative = this.#sign() < 0, digits = this.#run(10);
    if (digits !== "") return negative ? `-${digits}` : digits;
    this.#at = start;
    return null;
  }

  #exactDecimal(sign: number, digits: string, exponent: number): RealDatum {
    if (Math.abs(exponent) > MAX_EXACT_EXPONENT) throw this.#malformed("exponent of an exact number is too large");
    const value = this.#integer(digits) * (sign < 0 ? -1n : 1n);
    return exponent >= 0 ? { type: "int", value: value * 10n ** BigInt(exponent) } : rationalDatum(value, 10n ** BigInt(-exponent));
  }
}

/** Value of a digit in any radix up to 16; 99 for other characters. */
function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : 99;
}

/** n / d in lowest terms, d positive. */
function rationalDatum(n: bigint, d: bigint): RealDatum {
  const common = gcd(n, d);
  return d === common ? { type: "int", value: n / common } : { type: "rational", numerator: n / common, denominator: d / common };
}

function complexDatum(real: RealDatum, imaginary: RealDatum): NumberDatum {
  return imaginary.type === "int" && imaginary.value === 0n ? real : { type: "complex", real, imaginary };
}

function negated(real: RealDatum): RealDatum {
  switch (real.type) {
    case "int": return { type: "int", value: -real.value };
    case "float": return { type: "float", value: -real.value };
    case "rational": return { ...real, numerator: -real.numerator };
  }
}

function withExactness(datum: NumberDatum, exactness: "e" | "i"): NumberDatum {
  const change = exactness === "e" ? exactReal : inexactReal;
  return datum.type === "complex" ? complexDatum(change(datum.real), change(datum.imaginary)) : change(datum);
}

function exactReal(datum: RealDatum): RealDatum {
  if (datum.type !== "float" || !Number.isFinite(datum.value)) return datum;
  const { n, d } = fractionOfDouble(datum.value);
  return d === 1n ? { type: "int", value: n } : { type: "rational", numerator: n, denominator: d };
}

function inexactReal(datum: RealDatum): RealDatum {
  if (datum.type === "float") return datum;
  return { type: "float", value: datum.type === "int" ? Number(datum.value) : ratio(datum.numerator, datum.denominator) };
}
