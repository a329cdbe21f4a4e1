// Ports: text in memory, and the console. A port is a struct [direction text position]: the direction is the keyword :input,
// :output or :closed; an input port reads its text from the byte `position` on, an output port appends to it. The console's
// ports have nil for a text.

import { byteLength, byteWidthAt, bytesOf, codePointAt, concat, newStringFromText, substringBytes, textOf } from "../../../../heap/cells/string.ts";
import { setInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { keywordText } from "../../../../heap/cells/keyword.ts";
import { decodeText } from "../../../../heap/cells/utf8.ts";
import { isStruct, newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { writtenText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { characterArgument, chargeBytes, countArgument, lisp, returnBool, stringArgument, textArgument } from "../text/arguments.ts";

const enum Item { Direction, Text, Position, Count }
type Direction = "input" | "output" | "closed";

const LINE_FEED = 10;

const isPort = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Port);
const directionOf = (vm: Vm, port: number): string => nameText(vm.heap, structItem(port, Item.Direction));

function setDirection(vm: Vm, port: number, direction: Direction): void {
  vm.heap.setCell(structItem(port, Item.Direction), CellKind.Keyword, keywordText(vm.heap, direction));
}

/** Stores a new port; `text` is the slot of a string, -1 for the console. */
function storePort(vm: Vm, dst: number, direction: Direction, text: number): void {
  const heap = vm.heap, port = newStruct(heap, StructType.Port, Item.Count);
  if (text >= 0) heap.copySlot(structItem(port, Item.Text), text);
  heap.setI32(structItem(port, Item.Position), 0);
  heap.setCell(dst, CellKind.Struct, port);
  setDirection(vm, port, direction);
}

/** Cell of the port in the slot, which must be open in the direction. */
function portArgument(vm: Vm, slot: number, direction: Direction, fn: string): number {
  if (!isPort(vm, slot)) typeError(vm, `${direction} port`, slot);
  const port = vm.heap.lo(slot), actual = directionOf(vm, port);
  if (actual === "closed") evalError(vm, `${fn}: port is closed`);
  if (actual !== direction) typeError(vm, `${direction} port`, slot);
  return port;
}

// ---- reading

/** An input port's text and where its reading stands; null for the console. */
interface Input { readonly port: number; readonly text: number; readonly at: number; readonly end: number }

function inputOf(vm: Vm, slot: number, argc: number, given: number, fn: string): Input | null {
  if (argc <= given) return null;
  const heap = vm.heap, port = portArgument(vm, slot + given, "input", fn), text = structItem(port, Item.Text);
  if (heap.hi(text) !== CellHi.String) return null;
  return { port, text: heap.lo(text), at: smallInteger(heap, structItem(port, Item.Position)), end: byteLength(heap, heap.lo(text)) };
}

const moveTo = (vm: Vm, port: number, at: number): void => setInteger(vm.heap, structItem(port, Item.Position), at);
const returnEof = (vm: Vm, base: number): void => vm.heap.setSlot(base - 2, Hi.Eof, 0);

function returnPart(vm: Vm, base: number, { text, at }: Input, end: number): void {
  chargeBytes(vm, end - at);
  vm.heap.setCell(base - 2, CellKind.String, substringBytes(vm.heap, text, at, end));
}

function readCharacter(vm: Vm, base: number, argc: number, fn: string, advance: boolean): void {
  const input = inputOf(vm, base, argc, 0, fn), heap = vm.heap;
  if (input === null || input.at >= input.end) return returnEof(vm, base);
  heap.setSlot(base - 2, Hi.Rune, codePointAt(heap, input.text, input.at));
  if (advance) moveTo(vm, input.port, input.at + byteWidthAt(heap, input.text, input.at));
}

function readLine(vm: Vm, base: number, argc: number): void {
  const input = inputOf(vm, base, argc, 0, "read-line"), heap = vm.heap;
  if (input === null) return hostLine(vm, base);
  if (input.at >= input.end) return returnEof(vm, base);
  let end = input.at;
  while (end < input.end && codePointAt(heap, input.text, end) !== LINE_FEED) end += byteWidthAt(heap, input.text, end);
  returnPart(vm, base, input, end);
  moveTo(vm, input.port, Math.min(end + 1, input.end));
}

function hostLine(vm: Vm, base: number): void {
  const line = vm.host.readLine();
  if (line === null) returnEof(vm, base);
  else vm.heap.setCell(base - 2, CellKind.String, newStringFromText(vm.heap, line));
}

function readString(vm: Vm, base: number, argc: number): void {
  const count = countArgument(vm, base, "read-string"), input = inputOf(vm, base, argc, 1, "read-string"), heap = vm.heap;
  if (input === null || (input.at >= input.end && count > 0)) return returnEof(vm, base);
  let end = input.at;
  for (let i = 0; i < count && end < input.end; i++) end += byteWidthAt(heap, input.text, end);
  returnPart(vm, base, input, end);
  moveTo(vm, input.port, end);
}

/** The first datum of a string; the next one of a port, which reading moves behind it. */
function read(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap;
  if (argc > 0 && !isPort(vm, base)) return void vm.services.read(vm, base - 2, textArgument(vm, base), false);
  const input = inputOf(vm, base, argc, 0, "read");
  if (input === null) {
    const line = vm.host.readLine();
    if (line === null || vm.services.read(vm, base - 2, line, false) < 0) returnEof(vm, base);
    return;
  }
  const text = decodeText(bytesOf(heap, input.text).subarray(input.at)), end = vm.services.read(vm, base - 2, text, false);
  chargeBytes(vm, text.length);
  moveTo(vm, input.port, end < 0 ? input.end : input.at + new TextEncoder().encode(text.slice(0, end)).length);
  if (end < 0) returnEof(vm, base);
}

function readAll(vm: Vm, base: number): void {
  const text = textArgument(vm, base);
  if (vm.services.read(vm, base - 2, text, true) < 0) vm.heap.setSlot(base - 2, Hi.Empty, 0);
}

// ---- writing

/** Appends to the port in argument `given`, or to the console when it is left out. */
function write(vm: Vm, base: number, argc: number, given: number, text: string, fn: string): void {
  const heap = vm.heap, slot = argc > given ? structItem(portArgument(vm, base + given, "output", fn), Item.Text) : -1;
  chargeBytes(vm, text.length);
  if (slot < 0 || heap.hi(slot) !== CellHi.String) vm.host.write(new TextEncoder().encode(text));
  else {
    heap.setCell(base + argc, CellKind.String, newStringFromText(heap, text));
    heap.setCell(slot, CellKind.String, concat(heap, heap.lo(slot), heap.lo(base + argc)));
  }
  heap.setNull(base - 2);
}

function writeString(vm: Vm, base: number, argc: number): void {
  const text = textOf(vm.heap, stringArgument(vm, base));
  if (argc < 3) return write(vm, base, argc, 1, text, "write-string");
  chargeBytes(vm, text.length);
  const points = Array.from(text), start = countArgument(vm, base + 2, "write-string");
  const end = argc > 3 ? countArgument(vm, base + 3, "write-string") : points.length;
  if (start > end || end > points.length) evalError(vm, "write-string: index out of bounds");
  write(vm, base, argc, 1, points.slice(start, end).join(""), "write-string");
}

function outputText(vm: Vm, base: number): void {
  const heap = vm.heap;
  if (!isPort(vm, base) || heap.hi(structItem(heap.lo(base), Item.Text)) !== CellHi.String) typeError(vm, "string port", base);
  const text = heap.lo(structItem(heap.lo(base), Item.Text));
  heap.setCell(base - 2, CellKind.String, substringBytes(heap, text, 0, byteLength(heap, text)));
}

const closes = (names: string): NativeInfo => lisp(names, 1, 1, "close a port; nil", (vm, base) => {
  if (!isPort(vm, base)) typeError(vm, "port", base);
  setDirection(vm, vm.heap.lo(base), "closed");
  vm.heap.setNull(base - 2);
});
const isDirected = (name: string, direction: Direction): NativeInfo =>
  lisp(name, 1, 1, `whether the value is an open ${direction} port`, (vm, base) =>
    returnBool(vm, base, isPort(vm, base) && directionOf(vm, vm.heap.lo(base)) === direction));
const consolePort = (name: string, direction: Direction): NativeInfo =>
  lisp(name, 0, 0, `the console's ${direction} port`, (vm, base) => storePort(vm, base - 2, direction, -1));

export const PORTS: readonly NativeInfo[] = [
  lisp("open-input-string", 1, 1, "a port that reads from the string", (vm, base) => {
    stringArgument(vm, base);
    storePort(vm, base - 2, "input", base);
  }),
  lisp("open-output-string", 0, 0, "a port that collects what is written", (vm, base) => {
    vm.heap.setCell(base, CellKind.String, newStringFromText(vm.heap, ""));
    storePort(vm, base - 2, "output", base);
  }),
  lisp("get-output-string", 1, 1, "string of what was written to the port so far", outputText),
  lisp("read-char", 0, 1, "([port]): the next character, or eof", (vm, base, argc) => readCharacter(vm, base, argc, "read-char", true)),
  lisp("peek-char", 0, 1, "([port]): the next character, which stays, or eof", (vm, base, argc) => readCharacter(vm, base, argc, "peek-char", false)),
  lisp("char-ready?", 0, 1, "([port]): #t", (vm, base, argc) => {
    inputOf(vm, base, argc, 0, "char-ready?");
    returnBool(vm, base, true);
  }),
  lisp("read-line", 0, 1, "([port]): the next line without its end, or eof", readLine),
  lisp("read-string", 1, 2, "(count, [port]): string of so many characters at most, or eof", readString),
  lisp("read read/string", 0, 1, "([string or port]): the first or next datum; nil or eof when there is none", read),
  lisp("read-many io/read-many read/all", 1, 1, "list of all data in the string", readAll),
  lisp("write", 1, 2, "(value, [port]): write the written form; nil", (vm, base, argc) => write(vm, base, argc, 1, writtenText(vm, base), "write")),
  lisp("write-string", 1, 4, "(string, [port], [start], [end]): write the characters of that part; nil", writeString),
  lisp("write-char", 1, 2, "(char, [port]): write a character; nil", (vm, base, argc) =>
    write(vm, base, argc, 1, String.fromCodePoint(characterArgument(vm, base)), "write-char")),
  lisp("flush-output-port", 0, 1, "nothing is held back; nil", (vm, base) => vm.heap.setNull(base - 2)),
  lisp("eof-object", 0, 0, "what reading past the end gives", returnEof),
  lisp("eof-object?", 1, 1, "whether the value is the eof object", (vm, base) => returnBool(vm, base, vm.heap.hi(base) === Hi.Eof)),
  lisp("port? textual-port?", 1, 1, "whether the value is a port", (vm, base) => returnBool(vm, base, isPort(vm, base))),
  isDirected("input-port?", "input"), isDirected("output-port?", "output"),
  isDirected("input-port-open?", "input"), isDirected("output-port-open?", "output"),
  closes("close-port close-input-port close-output-port"),
  consolePort("current-output-port", "output"), consolePort("current-input-port", "input"),
];
