// The VM as an embedder sees it: hosts of any kind, too little memory, programs beyond the limits.

import { describe, expect, test } from "vitest";
import { createVM, MemoryLimitError } from "../../src/index.ts";
import { disassemble } from "../../src/tools.ts";
import { tree } from "../../src/tree.ts";

/** A host as a class: its functions are on the prototype and use `this`. */
class Recorder {
  readonly lines: string[] = [];
  readonly args = ["script", "word"];
  #input = ["first"];

  write(data: Uint8Array): void { this.lines.push(new TextDecoder().decode(data).trim()); }
  writeError(data: Uint8Array): void { this.lines.push(`error ${new TextDecoder().decode(data).trim()}`); }
  readLine(): string | null { return this.#input.shift() ?? null; }
  random(): number { return this.lines.length / 8; }
}

describe("the host", () => {
  test("may be an instance of a class", () => {
    const host = new Recorder();
    const result = createVM({ host }).run("print(args[1]); eprint(2); print(read_line()); print(read_line()); print(__rand());");
    expect(result.status).toBe("done");
    expect(host.lines).toEqual(["word", "error 2", "first", "null", "0.5"]);
  });

  test("may leave anything out", () => {
    const program = "print(1); eprint(2); print(read_line()); args.length;";
    expect(createVM({ host: {} }).run(program)).toEqual({ status: "done", value: "0" });
    expect(createVM().run(program)).toEqual({ status: "done", value: "0" });
  });
});

describe.each([["vm", "vm"], ["tree", tree]] as const)("too little memory for a world, %s engine", (_name, engine) => {
  test("is an error that says how much is needed", () => {
    const make = (memory: number): unknown => createVM({ engine, memory, host: { args: ["x".repeat(300_000)] } });
    let message = "";
    try { make(64 * 1024); } catch (error) {
      expect(error).toBeInstanceOf(MemoryLimitError);
      message = (error as Error).message;
    }
    const least = Number(/^out of memory: the world needs at least (\d+) bytes$/.exec(message)?.[1]);
    make(least);
    expect(() => make(least - 1)).toThrow(MemoryLimitError);
  });

  test("also when an allocation is made to fail", () => {
    let failed = 0;
    for (let n = 1; ; n++) {
      try {
        createVM({ engine, failAllocationAt: n });
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(MemoryLimitError);
        expect((error as Error).message).toBe("out of memory: an allocation failed while the world was made");
        failed++;
      }
    }
    expect(failed).toBeGreaterThan(0);
  });
});

test("what exceeds a limit of the VM is a syntax error", () => {
  const PROGRAM = `print(1);\nfn wide() { ${Array.from({ length: 65_281 }, (_, i) => `let v${i} = 1;`).join(" ")} }`;
  const expected = expect.objectContaining({ code: "E304", message: "this exceeds a limit of the VM: function wide needs more than 65280 registers", severity: "error" });

  const vm = createVM();
  expect(vm.run(PROGRAM)).toEqual(expect.objectContaining({ status: "error", kind: "syntax", diagnostics: [expected] }));
  expect(vm.check(PROGRAM)).toEqual([expected]);
  expect(disassemble(vm, PROGRAM)).toEqual(expect.objectContaining({ kind: "syntax", diagnostics: [expected] }));
  const [found] = vm.check(PROGRAM);
  expect(found!.source.position(found!.span.start).line).toBe(2);
  expect(vm.run("1 + 1;")).toEqual({ status: "done", value: "2" });
});

test("disassembly names natives", () => {
  expect(disassemble(createVM(), "print(sqrt(4));")).toMatch(/CallNative .*\bsqrt\b/);
});

test("numbers that are none", () => {
  const vm = createVM();
  expect(vm.run("[__INF, __NAN, -__NAN];")).toEqual({ status: "done", value: "[inf, nan, -nan]" });
});
