// `boxelder fmt`: how it lays texts out, that this changes no program, and that what is laid out stays as it is.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatted } from "../../src/cli/format/formatted.ts";
import { parse } from "../../src/front/hemlock/parser.ts";
import { printAst } from "../../src/front/hemlock/print-ast.ts";
import { readAll } from "../../src/front/lisp/reader.ts";
import { Source } from "../../src/text/source.ts";
import { filesUnder } from "../support/sources.ts";
import { boxelder, file } from "./command.ts";

const HEMLOCK = `#!/usr/bin/env boxelder


fn  f(x : i32,y?: 5,...rest): i32{
let z=-x+y*- 2 ;  // kept where it is
/* block */ if(x == y&&!z){return [1,2,
3];}
else if (x) {
foo({a: 1,
b: fn(){
return \`t \${ {a:1}.a } x\`;
},
});
}
switch(x){
case 1:
foo();
// of the next case
case -1: bar();
default:
baz();
}
for(let i=0;i<10;i++){ }
let long = a +
b
.c(1)
? d
: e;
i ++; -- j; let q = i++ - --j;
obj . name [ 0 ] ( x ) ?. y;
try{ x(); }catch(e){ }finally { }
}`;
const HEMLOCK_LAID_OUT = `#!/usr/bin/env boxelder

fn f(x : i32, y?: 5, ...rest): i32 {
  let z = -x + y * -2;  // kept where it is
  /* block */ if (x == y && !z) { return [1, 2,
    3]; }
  else if (x) {
    foo({a: 1,
      b: fn() {
        return \`t \${ {a:1}.a } x\`;
      },
    });
  }
  switch (x) {
    case 1:
      foo();
    // of the next case
    case -1: bar();
    default:
      baz();
  }
  for (let i = 0; i<10; i++) {}
  let long = a +
    b
    .c(1)
    ? d
    : e;
  i++; --j; let q = i++ - --j;
  obj.name[0](x)?.y;
  try { x(); } catch (e) {} finally {}
}
`;
const LISP = `; head
(define (f x   y) ; doc
(let ((a 1)
(b   2))
(if (> a b)
(list a
b)
(cond ((= a 1)
'x)
(else '(1 2
3))))))


(map (lambda (x)
(* x x)) '(1 2 3)) #;(skip
me)
#| block
  #| nested |# |#
{:a 1
:b [1 2
3]}
f"x \${(+ 1  2)} y"
(foo
bar)`;
const LISP_LAID_OUT = `; head
(define (f x y) ; doc
  (let ((a 1)
        (b 2))
    (if (> a b)
        (list a
              b)
        (cond ((= a 1)
               'x)
              (else '(1 2
                      3))))))

(map (lambda (x)
       (* x x)) '(1 2 3)) #;(skip
                             me)
#| block
  #| nested |# |#
{:a 1
 :b [1 2
     3]}
f"x \${(+ 1  2)} y"
(foo
 bar)
`;

test.each([["hemlock", HEMLOCK, HEMLOCK_LAID_OUT], ["lisp", LISP, LISP_LAID_OUT], ["hemlock", "", ""], ["lisp", "\r\n; only\r\n\r\n\r\n(a)\r\n", "; only\n\n(a)\n"],
  ["lisp", "#!fold-case(A\n B)\n(list   #!no-fold-case X)", "#!fold-case(A\n            B)\n(list   #!no-fold-case X)\n"]])("%s", (language, text, expected) => {
  expect(formatted(text, language, 2)).toBe(expected);
  expect(formatted(expected, language, 2)).toBe(expected);
});

const withoutPlaces = (value: unknown): string => JSON.stringify(value, (key, each: unknown) => (key === "span" || key === "source" || key === "target" ? undefined : typeof each === "bigint" ? `${each}n` : each));
const TREES: { readonly [language: string]: (text: string) => string } = {
  hemlock: (text) => printAst(new Source("", text)), lisp: (text) => withoutPlaces(readAll(new Source("", text)).forms),
};

describe("programs stay what they are, and stay laid out", () => {
  const hemlock = filesUnder(["tests/programs/hemlock", "src/stdlib", "bench"], ".hml").filter(({ text }) => parse(new Source("", text), {}).diagnostics.every(({ severity }) => severity !== "error"));
  const lisp = [...filesUnder(["tests/programs/lisp", "bench"], ".lisp"), ...filesUnder(["tests/programs/lisp"], ".scm"), ...filesUnder(["tests/programs/lisp"], ".sema")]
    .filter(({ text }) => readAll(new Source("", text)).diagnostics.length === 0);

  test.each([["hemlock", hemlock], ["lisp", lisp]])("%s", (language, files) => {
    expect(files.length).toBeGreaterThan(20);
    for (const { path, text } of files) {
      const once = formatted(text, language, 4);
      expect(TREES[language]!(once) === TREES[language]!(text), path).toBe(true);
      expect(formatted(once, language, 4) === once, path).toBe(true);
      // On one line, every break between lines having been taken away that no comment needs.
      const flat = language === "hemlock" && !/\/\/|\/\*|["`'#]/.test(text) ? text.replace(/\s+/g, " ") : text;
      expect(TREES[language]!(formatted(flat, language, 4)) === TREES[language]!(text), path).toBe(true);
    }
  });
});

describe("the command", () => {
  test("changes files and names them", () => {
    const messy = file("messy.hml", "fn f( ){\nreturn 1 ;\n}\n"), tidy = file("tidy.scm", "(a b)\n");
    expect(boxelder(["fmt", "--check", messy, tidy])).toEqual({ code: 1, out: `${messy}\n`, error: "" });
    expect(boxelder(["fmt", messy, tidy])).toEqual({ code: 0, out: `${messy}\n`, error: "" });
    expect(readFileSync(messy, "utf8")).toBe("fn f() {\n    return 1;\n}\n");
    expect(boxelder(["fmt", "--check", messy, tidy])).toEqual({ code: 0, out: "", error: "" });
  });

  test("takes standard input, the width of a level and the language", () => {
    expect(boxelder(["fmt", "--indent", "3", "-"], { input: "if (x) {\ny();}" })).toEqual({ code: 0, out: "if (x) {\n   y(); }\n", error: "" });
    expect(boxelder(["fmt", "--language", "lisp", "-"], { input: "(a\nb)" })).toEqual({ code: 0, out: "(a\n b)\n", error: "" });
    expect(boxelder(["fmt", "--indent", "x", "-"])).toMatchObject({ code: 1, out: "" });
  });

  test("leaves files with errors alone", () => {
    const bad = file("bad.hml", "fn f( {\n");
    const { code, out, error } = boxelder(["fmt", bad, "missing.hml"]);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain("bad.hml:1");
    expect(error).toContain("cannot read 'missing.hml'");
    expect(readFileSync(bad, "utf8")).toBe("fn f( {\n");
  });
});
