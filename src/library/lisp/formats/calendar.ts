// Dates in UTC, of the calendar extended both ways, and their written forms by the letters of strftime.

/** A moment: whole seconds since 1970 and nanoseconds, with its date and time of day. */
export interface Moment {
  readonly seconds: number; readonly nanos: number;
  readonly year: number; /** 1 to 12. */ readonly month: number; readonly day: number;
  readonly hour: number; readonly minute: number; readonly second: number;
  /** 0: Sunday. */ readonly weekday: number; /** 1 to 366. */ readonly yearDay: number;
}

export const MONTHS: readonly string[] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
export const WEEKDAYS: readonly string[] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const DAY = 86_400;
/** Dates handled reach this many days around 1970: a quarter of a million years. */
const MAX_DAYS = 95_000_000;
const div = (a: number, b: number): number => Math.floor(a / b);
const mod = (a: number, b: number): number => a - b * div(a, b);

/** Days from 1970-01-01 to a date; years begin in March for the count, so that the leap day is the last. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1, m = mod(month - 3, 12);
  return 365 * y + div(y, 4) - div(y, 100) + div(y, 400) + div(153 * m + 2, 5) + day - 1 - 719_468;
}

/** The date of a number of days. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468, era = div(z, 146_097), inEra = z - era * 146_097;
  const yearInEra = div(inEra - div(inEra, 1460) + div(inEra, 36_524) - div(inEra, 146_096), 365);
  const inYear = inEra - (365 * yearInEra + div(yearInEra, 4) - div(yearInEra, 100)), m = div(5 * inYear + 2, 153);
  const month = m < 10 ? m + 3 : m - 9;
  return { year: yearInEra + era * 400 + (month <= 2 ? 1 : 0), month, day: inYear - div(153 * m + 2, 5) + 1 };
}

export const isLeap = (year: number): boolean => mod(year, 4) === 0 && (mod(year, 100) !== 0 || mod(year, 400) === 0);
export const daysInMonth = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** The moment of a number of seconds; null when it lies too far away. */
export function momentOf(timestamp: number): Moment | null {
  let seconds = Math.floor(timestamp), nanos = Math.round((timestamp - seconds) * 1e9);
  if (nanos === 1e9) {
    seconds++;
    nanos = 0;
  }
  const days = div(seconds, DAY), rest = seconds - days * DAY;
  if (!(Math.abs(days) <= MAX_DAYS)) return null;
  const { year, month, day } = dateOf(days);
  return {
    seconds, nanos, year, month, day, hour: div(rest, 3600), minute: mod(div(rest, 60), 60), second: rest % 60,
    weekday: mod(days + 4, 7), yearDay: days - daysOf(year, 1, 1) + 1,
  };
}

/** Year and number of the ISO week. */
function isoWeek({ year, yearDay, weekday }: Moment): { year: number; week: number } {
  const week = div(yearDay - (weekday === 0 ? 7 : weekday) + 10, 7), weeksOf = (of: number): number => {
    const first = mod(daysOf(of, 1, 1) + 4, 7);
    return first === 4 || (first === 3 && isLeap(of)) ? 53 : 52;
  };
  if (week < 1) return { year: year - 1, week: weeksOf(year - 1) };
  return week > weeksOf(year) ? { year: year + 1, week: 1 } : { year, week };
}

/** A number to be padded to a width; the letter's own filler may be changed by a flag. */
interface Padded { readonly value: number; readonly width: number; readonly filler: string }
const zeros = (value: number, width = 2): Padded => ({ value, width, filler: "0" });
const blanks = (value: number): Padded => ({ value, width: 2, filler: " " });
const hour12 = (hour: number): number => mod(hour - 1, 12) + 1;

/** Years beyond four digits carry their sign. */
const yearText = (year: number): string => `${year < 0 ? "-" : year > 9999 ? "+" : ""}${String(Math.abs(year)).padStart(4, "0")}`;
const fractionText = ({ nanos }: Moment): string => (nanos === 0 ? "" : nanos % 1e6 === 0 ? `.${digits(nanos, 3)}` : nanos % 1e3 === 0 ? `.${digits(nanos, 6)}` : `.${digits(nanos, 9)}`);
const digits = (nanos: number, count: number): string => String(nanos).padStart(9, "0").slice(0, count);

/** Letters that stand for others. */
export const COMPOSED: { readonly [letter: string]: string } = {
  R: "%H:%M", T: "%H:%M:%S", X: "%H:%M:%S", D: "%m/%d/%y", x: "%m/%d/%y", F: "%Y-%m-%d", v: "%e-%b-%Y", r: "%I:%M:%S %p", c: "%a %b %e %H:%M:%S %Y", "+": "%Y-%m-%dT%H:%M:%S%.f%:z",
};

const LETTERS: { readonly [letter: string]: (moment: Moment) => string | Padded } = {
  Y: ({ year }) => yearText(year), C: ({ year }) => zeros(div(year, 100)), y: ({ year }) => zeros(mod(year, 100)), m: ({ month }) => zeros(month),
  b: ({ month }) => MONTHS[month - 1]!.slice(0, 3), h: ({ month }) => MONTHS[month - 1]!.slice(0, 3), B: ({ month }) => MONTHS[month - 1]!,
  d: ({ day }) => zeros(day), e: ({ day }) => blanks(day), a: ({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3), A: ({ weekday }) => WEEKDAYS[weekday]!,
  w: ({ weekday }) => String(weekday), u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  U: ({ yearDay, weekday }) => zeros(div(yearDay + 6 - weekday, 7)), W: ({ yearDay, weekday }) => zeros(div(yearDay + 6 - mod(weekday + 6, 7), 7)),
  G: (moment) => yearText(isoWeek(moment).year), g: (moment) => zeros(mod(isoWeek(moment).year, 100)), V: (moment) => zeros(isoWeek(moment).week),
  j: ({ yearDay }) => zeros(yearDay, 3), H: ({ hour }) => zeros(hour), k: ({ hour }) => blanks(hour), I: ({ hour }) => zeros(hour12(hour)), l: ({ hour }) => blanks(hour12(hour)),
  P: ({ hour }) => (hour < 12 ? "am" : "pm"), p: ({ hour }) => (hour < 12 ? "AM" : "PM"), M: ({ minute }) => zeros(minute), S: ({ second }) => zeros(second),
  f: ({ nanos }) => digits(nanos, 9), s: ({ seconds }) => String(seconds), Z: () => "UTC", z: () => "+0000", n: () => "\n", t: () => "\t", "%": () => "%",
};

/** What a flag puts in front of a number that is too short. */
const FILLERS: { readonly [flag: string]: string } = { "-": "", _: " ", 0: "0" };
export const DIRECTIVE = /%(?:(\.?)([369]?)f|(:{1,3})z|([-_0]?)(.))|%/gsu;

/** The moment in the form; null when the form has an unknown letter. */
export function formatMoment(moment: Moment, form: string): string | null {
  let isKnown = true;
  const text = form.replace(DIRECTIVE, (_, point?: string, count?: string, colons?: string, flag?: string, letter?: string) => {
    if (colons !== undefined) return `+${["00:00", "00:00:00", "00"][colons.length - 1]}`;
    if (letter === undefined && point !== undefined) return count === "" ? (point === "" ? digits(moment.nanos, 9) : fractionText(moment)) : point + digits(moment.nanos, Number(count));
    const composed = COMPOSED[letter ?? ""], known = LETTERS[letter ?? ""];
    if (composed !== undefined) return formatMoment(moment, composed)!;
    if (known === undefined) isKnown = false;
    const part = known?.(moment) ?? "";
    if (typeof part === "string") return part;
    const filler = FILLERS[flag ?? ""] ?? part.filler;
    return filler === "" ? String(part.value) : String(part.value).padStart(part.width, filler);
  });
  return isKnown ? text : null;
}
