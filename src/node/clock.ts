// Time of day and calendars. Times are seconds since 1970; local means the time zone of the process.

import { findSlot } from "../../heap/cells/object.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi } from "../../heap/value.ts";
import { numberOf, rankOf } from "../vm/numeric.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { bool, f64, i32, i64, object, returning, shown, stringAt, text, type Store } from "./results.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAY_MS = 86_400_000;

/** Parts of a time as C has them: month from 1, weekday from Sunday 0, yearday from 1. */
interface Parts { year: number; month: number; day: number; hour: number; minute: number; second: number; weekday: number; yearday: number; isdst: boolean }

export const CLOCK_NATIVES: readonly (readonly [string, Native])[] = [
  returning("__now", 0, 0, () => i64(Math.floor(Date.now() / 1000))),
  returning("__time_ms", 0, 0, () => i64(Date.now())),
  returning("__clock", 0, 0, () => {
    const { user, system } = process.cpuUsage();
    return f64((user + system) / 1e6);
  }),
  returning("__localtime", 1, 1, (vm, base) => partsObject(localParts(dateAt(vm, base, "__localtime")))),
  returning("__gmtime", 1, 1, (vm, base) => partsObject(utcParts(dateAt(vm, base, "__gmtime")))),
  returning("__mktime", 1, 1, (vm, base) => {
    const { year, month, day, hour, minute, second } = partsAt(vm, base, "__mktime");
    const date = new Date(year, month - 1, day, hour, minute, second);
    date.setFullYear(year, month - 1, day);
    return i64(Math.floor(date.getTime() / 1000));
  }),
  returning("__strftime", 2, 2, (vm, base) => text(formatTime(stringAt(vm, base, "__strftime"), partsAt(vm, base + 1, "__strftime")))),
];

function dateAt(vm: Vm, slot: number, name: string): Date {
  const rank = rankOf(vm.heap, slot);
  if (rank === 0) vm.fatal(`${shown(name)}() requires numeric timestamp`);
  const date = new Date(Math.trunc(numberOf(vm.heap, slot, rank)) * 1000);
  return Number.isNaN(date.getTime()) ? vm.throwError(`${shown(name)}() timestamp is out of range`) : date;
}

const yearday = (year: number, month: number, day: number): number => Math.round((Date.UTC(2000, month, day) - Date.UTC(2000, 0, 1)) / DAY_MS) + (month > 1 && !isLeap(year) ? 0 : 1);
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function localParts(date: Date): Parts {
  const year = date.getFullYear(), offset = date.getTimezoneOffset();
  // Daylight saving is what differs from the larger offset of the year.
  const isdst = offset < Math.max(new Date(year, 0, 1).getTimezoneOffset(), new Date(year, 6, 1).getTimezoneOffset());
  return {
    year, month: date.getMonth() + 1, day: date.getDate(), hour: date.getHours(), minute: date.getMinutes(), second: date.getSeconds(), weekday: date.getDay(),
    yearday: yearday(year, date.getMonth(), date.getDate()), isdst,
  };
}

function utcParts(date: Date): Parts {
  return {
    year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(),
    weekday: date.getUTCDay(), yearday: yearday(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()), isdst: false,
  };
}

const partsObject = (parts: Parts): Store => object(Object.entries(parts).map(([name, value]: [string, number | boolean]) =>
  [name, typeof value === "boolean" ? bool(value) : i32(value)] as const));

/** The parts in an object; year, month and day have to be there. */
function partsAt(vm: Vm, slot: number, name: string): Parts {
  const { heap } = vm;
  if (heap.hi(slot) !== CellHi.Object) vm.fatal(`${shown(name)}() requires object argument`);
  const field = (key: string, otherwise: number | null): number => {
    const found = findSlot(heap, heap.lo(slot), internText(heap, key)), rank = found === 0 ? 0 : rankOf(heap, found);
    if (rank !== 0) return Math.trunc(numberOf(heap, found, rank));
    return otherwise ?? vm.fatal(`${shown(name)}() requires year, month, and day fields`);
  };
  const year = field("year", null), month = field("month", null), day = field("day", null);
  const weekday = field("weekday", new Date(Date.UTC(2000, 0, 1)).getUTCDay());
  return { year, month, day, hour: field("hour", 0), minute: field("minute", 0), second: field("second", 0), weekday, yearday: field("yearday", yearday(year, month - 1, day)), isdst: false };
}

const padded = (value: number, width: number, fill = "0"): string => String(value).padStart(width, fill);

/** Monday of the week that holds the first Thursday begins week 1: ISO 8601. [year, week] */
function isoWeek({ year, yearday: day, weekday }: Parts): readonly [number, number] {
  const monday = (weekday + 6) % 7, week = Math.floor((day - 1 - monday + 10) / 7);
  const last = (y: number): number => {
    const first = new Date(Date.UTC(y, 0, 1)).getUTCDay();
    return first === 4 || (first === 3 && isLeap(y)) ? 53 : 52;
  };
  if (week < 1) return [year - 1, last(year - 1)];
  return week > last(year) ? [year + 1, 1] : [year, week];
}

/** C's strftime in the C locale. */
function formatTime(format: string, at: Parts): string {
  const hour12 = at.hour % 12 === 0 ? 12 : at.hour % 12, day = DAYS[at.weekday] ?? "?", month = MONTHS[at.month - 1] ?? "?";
  const zone = (): number => -new Date(at.year, at.month - 1, at.day, at.hour, at.minute, at.second).getTimezoneOffset();
  const one = (letter: string): string => {
    switch (letter) {
      case "Y": return String(at.year);
      case "C": return padded(Math.floor(at.year / 100), 2);
      case "y": return padded(((at.year % 100) + 100) % 100, 2);
      case "m": return padded(at.month, 2);
      case "d": return padded(at.day, 2);
      case "e": return padded(at.day, 2, " ");
      case "H": return padded(at.hour, 2);
      case "k": return padded(at.hour, 2, " ");
      case "I": return padded(hour12, 2);
      case "l": return padded(hour12, 2, " ");
      case "M": return padded(at.minute, 2);
      case "S": return padded(at.second, 2);
      case "p": return at.hour < 12 ? "AM" : "PM";
      case "P": return at.hour < 12 ? "am" : "pm";
      case "A": return day;
      case "a": return day.slice(0, 3);
      case "B": return month;
      case "b": case "h": return month.slice(0, 3);
      case "j": return padded(at.yearday, 3);
      case "u": return String(at.weekday === 0 ? 7 : at.weekday);
      case "w": return String(at.weekday);
      case "U": return padded(Math.floor((at.yearday + 6 - at.weekday) / 7), 2);
      case "W": return padded(Math.floor((at.yearday + 6 - ((at.weekday + 6) % 7)) / 7), 2);
      case "V": return padded(isoWeek(at)[1], 2);
      case "G": return String(isoWeek(at)[0]);
      case "g": return padded(isoWeek(at)[0] % 100, 2);
      case "s": return String(Math.floor(new Date(at.year, at.month - 1, at.day, at.hour, at.minute, at.second).getTime() / 1000));
      case "z": return `${zone() < 0 ? "-" : "+"}${padded(Math.floor(Math.abs(zone()) / 60), 2)}${padded(Math.abs(zone()) % 60, 2)}`;
      case "Z": return zone() === 0 ? "UTC" : Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts().find(({ type }) => type === "timeZoneName")?.value ?? "";
      case "F": return formatTime("%Y-%m-%d", at);
      case "T": case "X": return formatTime("%H:%M:%S", at);
      case "D": case "x": return formatTime("%m/%d/%y", at);
      case "R": return formatTime("%H:%M", at);
      case "r": return formatTime("%I:%M:%S %p", at);
      case "c": return formatTime("%a %b %e %H:%M:%S %Y", at);
      case "n": return "\n";
      case "t": return "\t";
      case "%": return "%";
      default: return `%${letter}`;
    }
  };
  return format.replace(/%[EO]?(.)/gs, (_, letter: string) => one(letter));
}
