// Compiled programs: what they do is what their text does, in any VM and any number of times; bytes that are none are refused.

import { describe, expect, test } from "vitest";
import { decode } from "../../src/bytecode/encoding.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import { INTERNAL_GLOBALS } from "../../src/library/internals.ts";
import { addNatives } from "../../src/library/registry.ts";
import { lisp } from "../../src/lisp.ts";
import { decodeProgram } from "../../src/program/decode.ts";
import { encodeProgram } from "../../src/program/encode.ts";
import { seal } from "../../src/program/format.ts";
import { library, type BoxelderVm, type VmOptions } from "../support/library.ts";
import { Random } from "../support/random.ts";

const FILES: { readonly [path: string]: string } = {
  "./counter": "export let count = 0; export fn next() { count = count + 1; return count; } print(\"counter runs\");",
  "./both": "import { next } from \"./counter\"; export { next as following } from \"./counter\"; export fn twice() { next(); return next(); }",
  "./other": "export fn next() { return 100; }",
};
const loader = (files = FILES): NonNullable<VmOptions["modules"]> => ({ resolve: (request) => (files[request] === undefined ? null : request), read: (path) => files[path] ?? null });

function machine(options: VmOptions = {}): { readonly vm: BoxelderVm; readonly output: () => string } {
  const written: Uint8Array[] = [];
  const vm = library.createVM({ languages: [library.lisp], host: { write: (data) => void written.push(data.slice()) }, ...options });
  return { vm, output: () => Buffer.concat(written.splice(0)).toString() };
}
const compiled = (text: string, options: VmOptions = {}, language = "hemlock"): Uint8Array => machine(options).vm.compile(text, { language, name: "program" }).toBytes();

describe("running", () => {
  test("in a VM that has globals, several times, beside other programs", () => {
    const { vm, output } = machine(), program = vm.load(compiled("let mine = [1, 2]; const two = 2; fn f(x) { return x * two; } print(mine.map(f)); f(21);"));
    vm.run("let other = 5;");
    for (let i = 0; i < 3; i++) expect(vm.run(program)).toEqual({ status: "done", value: "42" });
    expect(output()).toBe("[2, 4]\n".repeat(3));
    expect(vm.eval("f(other)")).toBe(10);
    expect([program.name, program.language, program.modules]).toEqual(["program", "hemlock", []]);
  });

  test("a global of another program is not taken over", () => {
    const { vm } = machine(), program = vm.load(compiled("let x = 1; x;"));
    vm.run("let x = 5;");
    expect(vm.run(program)).toMatchObject({ kind: "uncaught", message: "Variable 'x' already defined in this scope" });
  });

  test("limits, failures and resuming are as ever", () => {
    const { vm } = machine({ fuel: 100 }), program = vm.load(compiled("let i = 0;\nwhile (i < 1000) { i = i + 1; }\nthrow \"end\";"));
    expect(vm.run(program)).toMatchObject({ kind: "outOfFuel" });
    expect(vm.resume(100_000)).toMatchObject({ kind: "uncaught", message: "end", span: { file: "program", line: 3, column: 1 } });
  });

  test("bytes are the same each time, and what was read is what was written", () => {
    const { vm } = machine(), bytes = vm.compile("let a = [1, 2.5, \"x\", null, 'c', 12345678901234]; fn f(n: i32, ...rest) { return n; } f(a.length);").toBytes();
    expect(vm.load(bytes).toBytes()).toEqual(bytes);
    expect(library.describeProgram(bytes)).toEqual({ boxelder: library.VERSION, language: "hemlock", name: "<script>" });
  });

  test("errors in the text are all there", () => {
    const { vm } = machine();
    expect(() => vm.compile("let x = ;")).toThrow(library.ScriptError);
    expect(() => vm.compile("print(1); }")).toThrow("<script>:1:11");
  });

  test("the tree engine runs no bytecode, and says so", () => {
    const { vm } = machine({ engine: library.tree }), program = machine().vm.compile("1;");
    expect(() => vm.run(program)).toThrow("the engine 'tree' runs no bytecode");
  });
});

describe("modules", () => {
  const PROGRAM = "import { next } from \"./counter\"; import { twice, following } from \"./both\"; import * as all from \"./counter\"; next(); twice(); print([following(), all.next()]);";

  test("come along, and run once", () => {
    const bytes = compiled(PROGRAM, { modules: loader() }), { vm, output } = machine(), program = vm.load(bytes);
    expect(program.modules).toEqual(["./counter", "./both"]);
    for (const value of [4, 9]) {
      expect(vm.run(program).status).toBe("done");
      expect(output()).toBe(`${value === 4 ? "counter runs\n" : ""}[${value}, ${value + 1}]\n`);
    }
  });

  test("a module that the VM has already is used as it is", () => {
    const { vm, output } = machine({ modules: loader() });
    vm.run("import { next as n } from \"./counter\"; n(); n();");
    vm.run(vm.load(compiled(PROGRAM, { modules: loader() })));
    expect(output()).toBe("counter runs\n[6, 7]\n");
  });

  test("one that looks different is the program's own", () => {
    const { vm, output } = machine({ modules: loader({ "./other": FILES["./other"]!, "./counter": "export fn next() { return \"another\"; }" }) });
    vm.run("import { next } from \"./counter\"; import { next as other } from \"./other\";");
    vm.run(vm.load(compiled("import { next as mine } from \"./counter\"; print(mine());", { modules: loader() })));
    vm.run("print([next(), other()]);");
    expect(output()).toBe("counter runs\n1\n[another, 100]\n");
  });
});

describe("Lisp", () => {
  test("macros are expanded when compiling, with what the program defines", () => {
    const text = "(define (double-form x) (list '+ x x)) (defmacro double (x) (double-form x)) (begin (define y 4) (define z 5)) (list (double y) z 'a \"b\" [1 2] {:k '(1 . 2)} 1/3)";
    const bytes = compiled(text, {}, "lisp"), { vm } = machine(), program = vm.load(bytes);
    vm.run("(define (double-form x) (error \"not this one\"))", { language: "lisp" });
    for (let i = 0; i < 2; i++) expect(vm.run(program)).toEqual({ status: "done", value: "(8 5 a \"b\" [1 2] {:k (1 . 2)} 1/3)" });
    expect(vm.load(bytes).toBytes()).toEqual(bytes);
  });

  test("macros that the VM has count too; nothing of the program runs, no function of the host is called", () => {
    const { vm, output } = machine({ functions: { boom: () => { throw new Error("called"); } } });
    vm.run("(defmacro triple (x) `(* 3 ,x)) (defmacro hosted () (boom))", { language: "lisp" });
    expect(vm.run(vm.compile("(println \"once\") (triple 5)", { language: "lisp" }))).toEqual({ status: "done", value: "15" });
    expect(output()).toBe("once\n");
    expect(() => vm.compile("(hosted)", { language: "lisp" })).toThrow("functions of the host cannot be called while a program is compiled");
  });

  test("a primitive that was redefined means what it does in the VM that runs", () => {
    const { vm } = machine(), program = vm.load(compiled("(list (+ 1 2) (if (not #f) 1 2))", {}, "lisp"));
    expect(vm.run(program)).toMatchObject({ value: "(3 1)" });
    vm.run("(define (+ a b) 42)", { language: "lisp" });
    expect(vm.run(program)).toMatchObject({ value: "(42 1)" });
    expect(vm.run(vm.load(program.toBytes()))).toMatchObject({ value: "(42 1)" });
  });

  test("a VM without the language refuses", () => {
    expect(() => library.createVM().load(compiled("1", {}, "lisp"))).toThrow("in the language 'lisp', which this VM does not have");
  });
});

describe("bytes that are not fit to run", () => {
  const bytes = compiled("let a = []; for (let i = 0; i < 10; i++) { a.push(fn() { return i; }); } print(a.length);"), { vm } = machine();
  const codeOf = (given: unknown): string => {
    try {
      vm.load(given as Uint8Array);
    } catch (error) {
      if (!(error instanceof library.ProgramError)) throw error;
      return error.code;
    }
    return "none";
  };
  const changed = (at: number, value: number): Uint8Array => {
    const copy = bytes.slice();
    copy[at] = value;
    return copy;
  };

  test("are refused, with the reason", () => {
    expect(codeOf("text")).toBe("format");
    expect(codeOf(new Uint8Array(0))).toBe("format");
    expect(codeOf(new TextEncoder().encode("print(1);                            "))).toBe("format");
    expect(codeOf(changed(8, 9))).toBe("version");
    expect(codeOf(Uint8Array.from([...bytes, 0]))).toBe("damaged");
    for (const length of [10, 30, bytes.length - 1]) expect(codeOf(bytes.subarray(0, length))).toBe("truncated");
    for (let at = 24; at < bytes.length; at += 7) expect(codeOf(changed(at, bytes[at]! ^ 0x10)), `byte ${at}`).toBe("checksum");
    const other = bytes.slice();
    seal(other);
    expect(other).toEqual(bytes);
    expect(() => vm.load(changed(8, 9))).toThrow("compile it again with this version");
  });

  test("an odd place in a buffer makes no difference", () => {
    const at = new Uint8Array(bytes.length + 3);
    at.set(bytes, 3);
    expect(codeOf(at.subarray(3))).toBe("none");
    expect(codeOf(Buffer.from(bytes))).toBe("none");
  });

  test("every bit that is flipped behind a mended checksum is refused or harmless", () => {
    const small = compiled("let f = fn(x) { return x + 1; }; f(2);");
    for (let at = 24; at < small.length; at++) {
      const copy = small.slice();
      copy[at]! ^= 1 << at % 8;
      const one = library.createVM({ memory: 4 << 20, fuel: 1000 });
      try {
        one.run(one.load(seal(copy)));
      } catch (error) {
        if (!(error instanceof library.ProgramError)) throw error;
      }
      one.verifyHeap();
    }
  });
});

/** The bytes with the first instruction that fits put in the place of another, with the same register. */
function altered(text: string, language: string, from: Op, to: Op): Uint8Array {
  addNatives(lisp.library!.natives);
  const data = language === "lisp" ? lisp.data : null, program = decodeProgram(compiled(text, {}, language), () => lisp.data);
  for (const { words } of program.functions) {
    for (let pc = 0; pc < words.length; pc += decode(words, pc)!.length) {
      if ((words[pc]! & 255) !== from) continue;
      words[pc] = (words[pc]! & 0xff00) | to;
      return encodeProgram({ ...program, data });
    }
  }
  throw new Error("no such instruction");
}

// Such bytes pass all checks, for these look at instructions and not at what they compute.
test.each([
  ["a name that is no text", "define P { x: i32 }", "hemlock", Op.LoadString, Op.LoadNull, "a type or field has a name that is no string"],
  ["a hole for the key of a map", "(assoc {} 'k 1)", "lisp", Op.LoadK, Op.LoadHole, "it passes on a variable that is not set"],
] as const)("what no compiler hands over ends the program: %s", (_what, text, language, from, to, message) => {
  const { vm } = machine();
  expect(vm.run(vm.load(altered(text, language, from, to)))).toMatchObject({ kind: "fatal", message: `The compiled program is malformed: ${message}` });
  vm.verifyHeap();
});

/** The bytes of a call of `list` with another global in its place. */
function calling(global: string, args: readonly string[]): Uint8Array {
  addNatives(lisp.library!.natives);
  const { functions, ...program } = decodeProgram(compiled(`(define v (list ${args.join(" ")}))`, {}, "lisp"), () => lisp.data);
  for (const { constants } of functions) for (const each of constants) if (each.type === "global" && each.name === "lisp:list") (each as { name: string }).name = global;
  return encodeProgram({ ...program, data: lisp.data });
}

const ANYTHING = ["1", "-7", "2.5", "nil", "#t", '"text"', "'name", ":key", "'(1 2)", "'(a . b)", "(vector 1 2 3)", "{:a 1}", "(lambda (x) x)", "(delay 1)", "(make-parameter 1)", "#\\a", "(expt 7 40)"];

test.each([...INTERNAL_GLOBALS].filter((name) => name.startsWith("lisp:")))("parts of the library that only compilers call bear any arguments: %s", (global) => {
  const random = new Random(global.length * 1000 + global.charCodeAt(7));
  for (let i = 0; i < 24; i++) {
    const args = Array.from({ length: i % 8 }, () => random.pick(ANYTHING)), { vm } = machine({ fuel: 20_000, memory: 4 << 20 }), program = vm.load(calling(global, args));
    vm.run(program);
    vm.verifyHeap();
    vm.fuel = 5000;
    vm.run(program);
    vm.collect();
    vm.verifyHeap();
  }
});
