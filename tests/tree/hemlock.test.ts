// Hemlock programs on the tree engine, from source text to output.

import { describe, expect, test } from "vitest";
import { BoxelderVm } from "../../src/api.ts";
import { tree } from "../../src/tree.ts";
import type { VmOptions } from "../../src/vm-options.ts";

/** What the script printed, with " ! " and the message when it failed. */
function run(text: string, options: VmOptions = {}): string {
  const decoder = new TextDecoder();
  let printed = "";
  const vm = new BoxelderVm({ engine: tree, host: { write: (data) => { printed += decoder.decode(data); } }, ...options });
  const result = vm.run(text);
  return printed.trimEnd().replaceAll("\n", " ") + (result.status === "error" ? ` ! ${result.message}` : "");
}

describe("Hemlock on the tree engine", () => {
  test("closures share variables, loops make fresh ones", () => {
    expect(run(`
      fn counter() { let n = 0; return fn(by) { n = n + by; return n; }; }
      let a = counter(); let b = counter();
      a(1); print(a(10)); print(b(5));
      let made = []; let i = 0;
      while (i < 3) { let k = i * i; made.push(fn() { return k; }); i++; }
      for (f in made) { print(f()); }
    `)).toBe("11 5 0 1 4");
  });

  test("methods, callbacks and text", () => {
    expect(run(`
      let account = { total: 0, add: fn(x) { self.total += x; return self; } };
      print(account.add(3).add(4).total);
      print([1, 2, 3, 4].filter(fn(x) { return x % 2 == 0; }).map(fn(x) { return \`<\${x}>\`; }));
      print([1, 2, 3].reduce(fn(sum, x) { return sum + x; }, 10));
    `)).toBe("7 [<2>, <4>] 16");
  });

  test("parameters: optional, named, rest, by reference", () => {
    expect(run(`
      fn f(a, b?: 5, ...more) { return [a, b, more.length]; }
      print(f(1)); print(f(1, 2, 3, 4)); print(f(b: 7, a: 8));
      fn swap(ref x, ref y) { let old = x; x = y; y = old; }
      fn through(ref x) { swap(x, other); }
      let other = "other"; let list = [1, 2]; let o = { k: "k" };
      swap(list[0], list[1]); print(list);
      swap(o.k, other); print(o.k); print(other);
      through(o.k); print(o.k); print(other);
    `)).toBe("[1, 5, 0] [1, 2, 2] [8, 7, 0] [2, 1] other k k other");
  });

  test("errors unwind through defer and finally", () => {
    expect(run(`
      fn f(x) { defer print("deferred " + x); try { if (x > 1) { throw { code: x }; } return "fine"; } finally { print("finally"); } }
      print(f(1));
      try { f(2); } catch (e) { print(e.code); }
      for (let i = 0; i < 3; i++) { try { if (i == 1) { continue; } print(i); } finally { print("-"); } }
      fn late() { try { throw "lost"; } finally { return "kept"; } }
      print(late());
    `)).toBe("finally deferred 1 fine finally deferred 2 2 0 - - 2 - kept");
  });

  test("switch, labels and conversions", () => {
    expect(run(`
      fn name(x) { switch (x) { case 1: return "one"; case "1": return "text"; default: break; } return "none"; }
      print(name(1) + name("1") + name(1.0));
      outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j == 2) { continue outer; } if (i == 2) { break outer; } print(i * 10 + j); } }
      let small: u8 = 200; print(small + small); print(typeof(small));
    `)).toBe("onetextnone 0 1 10 11 144 u8");
  });

  test("messages and traces name line and function", () => {
    expect(run("let x = 5;\nx();")).toBe(" ! [line 2] 'x' is not a function (got i32)");
    expect(run("print(1);\nlet y = 1 / 0;")).toBe("1 ! [line 2] Division by zero");
    const vm = new BoxelderVm({ engine: tree });
    const result = vm.run("fn inner() {\n  throw 1;\n}\nfn outer() {\n  inner();\n}\nouter();");
    expect(result.status === "error" && result.trace.map((at) => `${at.name}:${at.line}`)).toEqual(["inner:2", "outer:5", "<main>:7"]);
  });

  test("the same under a collection at every few allocations", () => {
    const program = `
      let words = ["b", "a", "c"]; let seen = {}; let out = "";
      for (w in words) { seen[w] = { word: w, next: fn() { return w + w; } }; }
      for (k, v in seen) { out = out + \`\${k}=\${v.next()};\`; }
      fn fib(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); }
      print(out); print(fib(10)); let big: i64 = 4611686018427387904; print(big - 1);
    `;
    const expected = "b=bb;a=aa;c=cc; 55 4611686018427387903";
    expect(run(program)).toBe(expected);
    expect(run(program, { gcStress: 3, verifyHeap: true, poison: true })).toBe(expected);
  });
});
