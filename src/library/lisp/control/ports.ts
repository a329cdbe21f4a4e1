// Textual ports: text in memory, and the console.

import { byteLength, byteWidthAt, bytesOf, codePointAt, concat, newStringFromText, substringBytes, textOf } from "../../../../heap/cells/string.ts";
import { decodeText } from "../../../../heap/cells/utf8.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { writtenText } from "../printer.ts";
import { characterArgument, chargeBytes, countArgument, lisp, returnBool, stringArgument, textArgument } from "../text/arguments.ts";
import { close, dataSlot, hasData, inputOf, isBinary, isDirected, isOpen, isPort, moveTo, portArgument, storePort, type Direction, type Input } from "./port-values.ts";

const LINE_FEED = 10;

// ---- reading

/** What the port in argument `given` reads from; null for the console, also when it is left out. */
const inputArgument = (vm: Vm, slot: number, argc: number, given: number, fn: string): Input | null =>
  (argc <= given ? null : inputOf(vm, portArgument(vm, slot + given, "input", "textual", fn)));

const returnEof = (vm: Vm, base: number): void => vm.heap.setSlot(base - 2, Hi.Eof, 0);

function returnPart(vm: Vm, base: number, { text, at }: Input, end: number): void {
  chargeBytes(vm, end - at);
  vm.heap.setCell(base - 2, CellKind.String, substringBytes(vm.heap, text, at, end));
}

function readCharacter(vm: Vm, base: number, argc: number, fn: string, advance: boolean): void {
  const input = inputArgument(vm, base, argc, 0, fn), heap = vm.heap;
  if (input === null || input.at >= input.end) return returnEof(vm, base);
  heap.setSlot(base - 2, Hi.Rune, codePointAt(heap, input.text, input.at));
  if (advance) moveTo(vm, input.port, input.at + byteWidthAt(heap, input.text, input.at));
}

function readLine(vm: Vm, base: number, argc: number): void {
  const input = inputArgument(vm, base, argc, 0, "read-line"), heap = vm.heap;
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
  const count = countArgument(vm, base, "read-string"), input = inputArgument(vm, base, argc, 1, "read-string"), heap = vm.heap;
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
  const input = inputArgument(vm, base, argc, 0, "read");
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
  const heap = vm.heap, port = argc > given ? portArgument(vm, base + given, "output", "textual", fn) : -1;
  chargeBytes(vm, text.length);
  if (port < 0 || !hasData(vm, port)) vm.host.write(new TextEncoder().encode(text));
  else {
    heap.setCell(base + argc, CellKind.String, newStringFromText(heap, text));
    heap.replaceCell(dataSlot(port), CellKind.String, concat(heap, heap.lo(dataSlot(port)), heap.lo(base + argc)));
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
  if (isBinary(vm, base) || !isDirected(vm, base, "output") || !hasData(vm, heap.lo(base))) typeError(vm, "string output port", base);
  const text = heap.lo(dataSlot(heap.lo(base)));
  heap.setCell(base - 2, CellKind.String, substringBytes(heap, text, 0, byteLength(heap, text)));
}

/** A closed port keeps its direction, and closing it again does nothing. */
const closes = (name: string, direction: Direction | null): NativeInfo => {
  const expected = direction === null ? "port" : `${direction} port`;
  return lisp(name, 1, 1, `close the ${expected}; nil`, (vm, base) => {
    if (direction === null ? !isPort(vm, base) : !isDirected(vm, base, direction)) typeError(vm, expected, base);
    close(vm, base);
    vm.heap.setNull(base - 2);
  });
};
const says = (name: string, doc: string, test: (vm: Vm, slot: number) => boolean): NativeInfo => lisp(name, 1, 1, doc, (vm, base) => returnBool(vm, base, test(vm, base)));
const asks = (direction: Direction): readonly NativeInfo[] => [
  says(`${direction}-port?`, `whether the value is an ${direction} port, open or closed`, (vm, slot) => isDirected(vm, slot, direction)),
  says(`${direction}-port-open?`, `whether the port is open for ${direction}`, (vm, slot) => {
    if (!isPort(vm, slot)) typeError(vm, "port", slot);
    return isDirected(vm, slot, direction) && isOpen(vm, slot);
  }),
];
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
    inputArgument(vm, base, argc, 0, "char-ready?");
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
  says("port?", "whether the value is a port", isPort),
  says("textual-port?", "whether the value is a port of text", (vm, slot) => isPort(vm, slot) && !isBinary(vm, slot)),
  ...asks("input"), ...asks("output"),
  closes("close-port", null), closes("close-input-port", "input"), closes("close-output-port", "output"),
  consolePort("current-output-port", "output"), consolePort("current-input-port", "input"),
];
