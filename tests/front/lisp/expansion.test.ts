// Macros: rules, hygiene, scope of macros, procedural macros in rounds, limits. What expansions mean is told by running them.

import { describe, expect, test } from "vitest";
import { type Datum, datumText, listDatum, properItems, symbol } from "../../../src/front/lisp/datum.ts";
import type { GlobalMeaning } from "../../../src/front/lisp/index.ts";
import { expandForm } from "../../../src/front/lisp/index.ts";
import { readAll } from "../../../src/front/lisp/reader.ts";
import { Source } from "../../../src/text/source.ts";
import type { Diagnostic } from "../../../src/text/diagnostics.ts";
import { createVM, type VmOptions } from "../../../src/index.ts";
import { lisp } from "../../../src/lisp.ts";
import { tree } from "../../../src/tree.ts";
import { compileOne, compileText, errors, lowered, messages, read, run, texts } from "./support.ts";

describe("rules", () => {
  test.each([
    ["first rule that fits", "(_) 0) ((_ x) 1) ((_ . r) 2", "(list (m) (m 9) (m 9 9))", "(0 1 2)"],
    ["ellipsis", "(_ x ...) '(x ... end)", "(list (m) (m 1 2))", "((end) (1 2 end))"],
    ["ellipsis with items around", "(_ a b ... c) '(a (b ...) c)", "(list (m 1 2) (m 1 2 3 4))", "((1 () 2) (1 (2 3) 4))"],
    ["nested ellipses", "(_ (a b ...) ...) '((b ... a) ...)", "(m (1 2 3) (4) (5 6))", "((2 3 1) (4) (6 5))"],
    ["flattening", "(_ (a ...) ...) '(a ... ...)", "(m (1 2) () (3))", "(1 2 3)"],
    ["a variable from outside in each round", "(_ x (y ...)) '((x y) ...)", "(m 0 (1 2))", "((0 1) (0 2))"],
    ["dotted patterns", "(_ a . b) '(a b)", "(list (m 1) (m 1 2 3))", "((1 ()) (1 (2 3)))"],
    ["tail behind an ellipsis", "(_ (a ... . b)) '((a ...) b)", "(list (m (1 2 . 3)) (m (1 2)))", "(((1 2) 3) ((1 2) ()))"],
    ["dotted templates", "(_ a b ...) '(b ... . a)", "(m (x) 1 2)", "(1 2 x)"],
    ["vectors", "(_ [a b ...]) '[b ... a]", "(m [1 2 3])", "[2 3 1]"],
    ["constants", "(_ 1 \"s\" #\\a :k) 'yes) ((_ . r) 'no", "(list (m 1 \"s\" #\\a :k) (m 1.0 \"s\" #\\a :k))", "(yes no)"],
    ["wildcard", "(_ _ _ x) 'x", "(m 1 2 3)", "3"],
    ["escaped ellipsis", "(_ x) '(x (... ...) (... (x ...)))", "(m 1)", "(1 ... (1 ...))"],
  ])("%s", (_, rules, use, expected) => expect(run(`(define-syntax m (syntax-rules () (${rules}))) ${use}`)).toBe(expected));

  test("literals fit what means the same", () => {
    const arrow = "(define-syntax m (syntax-rules (=>) ((_ a => b) (list 'arrow a b)) ((_ a b c) (list 'plain a c))))";
    expect(run(`${arrow} (list (m 1 => 2) (let ((=> 5)) (m 1 => 2)))`)).toBe("((arrow 1 2) (plain 1 2))");
  });
  test("custom ellipsis", () => {
    expect(run("(define-syntax m (syntax-rules ::: () ((_ x :::) '(x ::: ...)))) (m 1 2)")).toContain("expected keyword name");
    expect(run("(define-syntax m (syntax-rules dots () ((_ x dots) '(x dots ...)))) (m 1 2)")).toBe("(1 2 ...)");
  });
  test.each(["(_ x) (list x ...)", "(_ x) '((x ...) ...)", "(_ x ...) '(x ... 1 ...)", "(_ x ...) '(x ... ...)", "(_ x) '#(y ...)"])("an ellipsis that has nothing to repeat: %s", (rule) =>
    expect(errors(`(define-syntax m (syntax-rules () (${rule})))`)).toEqual(["1:18 syntax-rules: ellipsis in template with no matching pattern variable"]));
  test("no rule fits", () => expect(errors("(define-syntax m (syntax-rules () ((_ x) x)))\n(m)")).toEqual(["2:1 no matching syntax-rules clause for macro 'm'"]));
});

describe("hygiene", () => {
  test.each([
    ["names a template binds", "(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))", "(let ((tmp 1) (y 2)) (swap! tmp y) (list tmp y))", "(2 1)"],
    ["names a template uses", "(define-syntax my-or (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))", "(let ((t 5) (if list)) (my-or #f t))", "5"],
    ["globals a template uses", "(define x 1) (define-syntax get (syntax-rules () ((_) x)))", "(let ((x 2)) (get))", "1"],
    ["internal definitions", "(define-syntax def-tmp (syntax-rules () ((_ e) (begin (define tmp e) (* tmp 2)))))", "(let () (define tmp 1) (+ tmp (let () (def-tmp 5))))", "11"],
    ["definitions of names given", "(define-syntax def (syntax-rules () ((_ n e) (define n e))))", "(let () (def a 1) (def b (+ a 1)) (list a b))", "(1 2)"],
    ["loops by the name given", "(define-syntax while2 (syntax-rules () ((_ c b ...) (let lp () (when c b ... (lp))))))", "(let ((i 0) (lp 7)) (while2 (< i 3) (set! i (+ i 1))) (list i lp))", "(3 7)"],
    ["macros that make macros", "(define-syntax mk (syntax-rules () ((_ n v) (define-syntax n (syntax-rules () ((_ x (... ...)) v))))))", "(mk five 5) (five 1 2)", "5"],
    ["patterns", "(define-syntax m (syntax-rules () ((_ e) (match e ([x y] (+ x y)) (_ 0)))))", "(let ((x 1)) (m [x 2]))", "3"],
    ["catch", "(define-syntax safe (syntax-rules () ((_ e d) (try e (catch err d)))))", "(let ((err 9)) (safe (throw 1) err))", "9"],
  ])("%s", (_, macro, use, expected) => expect(run(`${macro} ${use}`)).toBe(expected));

  test("forms of the front end's own making", () => {
    expect(run("(let ((nil? 1) (if 2) (let* 3) (value 4)) (some-> {:a {:b value}} :a :b))")).toBe("4");
    expect(run("(define (f begin) (do ((i 0 (+ i 1))) ((= i 2) begin) (list begin))) (f 7)")).toBe("7");
  });
  test("a procedural macro used by a template keeps its names apart", () => {
    expect(run("(defmacro plus1 (x) `(+ ,x 1)) (define-syntax m (syntax-rules () ((_ e) (let ((tmp e)) (plus1 tmp))))) (let ((tmp 100)) (m 5))")).toBe("6");
  });
});

describe("scope", () => {
  test.each([
    ["local variables hide forms and macros", "(define-syntax m (syntax-rules () ((_ x) 'macro))) (let ((m list) (when vector)) (list (m 1) (when 2)))", "((1) [2])"],
    ["parameters too", "((lambda (if) (if 1 2)) +)", "3"],
    ["macros of a body", "(define (g) (define-syntax plus (syntax-rules () ((_ a b) (+ a b)))) (define two 2) (plus two 5)) (g)", "7"],
    ["let-syntax", "(let ((x 'outer)) (let-syntax ((m (syntax-rules () ((_) x)))) (let ((x 'inner)) (m))))", "outer"],
    ["letrec-syntax", "(letrec-syntax ((ev? (syntax-rules () ((_) #t) ((_ x . r) (od? . r)))) (od? (syntax-rules () ((_) #f) ((_ x . r) (ev? . r))))) (list (ev? 1 2) (ev? 1)))", "(#t #f)"],
    ["a macro defined later, in a function", "(define (f x) (m x)) (define-syntax m (syntax-rules () ((_ a) (list a 1)))) (f 0)", "(0 1)"],
    ["a program's own macro of a form's name", "(defmacro unless (c x) `(if ,c 'mine ,x)) (unless #t 1)", "mine"],
    ["a program's own function of an additional form's name", "(define (dotimes a b) (list a b)) (dotimes 1 2)", "(1 2)"],
  ])("%s", (_, source, expected) => expect(run(source)).toBe(expected));
});

describe("procedural macros", () => {
  const global = (name: string): GlobalMeaning => (name.startsWith("mac") ? { kind: "procedural" } : { kind: "unknown" });

  test("calls are pending until their expansions are known", () => {
    const source = "(f (mac1 a b) (lambda () (mac2)))", first = compileOne(source, { global });
    expect(first.program).toBeNull();
    expect(first.pending.map(({ macro, args }) => [macro, datumText(args)])).toEqual([["mac1", "(a b)"], ["mac2", "()"]]);
    const known = new Map(first.pending.map(({ key }) => [key, symbol("x") as Datum]));
    expect(compileOne(source, { global, expansion: (key) => known.get(key) }).program).not.toBeNull();
  });
  test("a call in an expansion comes in the next round", () => {
    const known = new Map<string, Datum>(), source = "(mac1 5)", rounds: string[][] = [];
    for (;;) {
      const { program, pending } = compileOne(source, { global, expansion: (key) => known.get(key) });
      if (program !== null) break;
      rounds.push(pending.map(({ macro, args }) => `${macro} ${datumText(args)}`));
      for (const { key, macro, args } of pending) known.set(key, macro === "mac1" ? listDatum([symbol("mac2"), ...properItems(args)!]) : symbol("done"));
    }
    expect(rounds).toEqual([["mac1 (5)"], ["mac2 (5)"]]);
  });
  test("nothing behind a call that may define something is looked at", () => {
    expect(compileOne("(lambda () (mac1) (mac2))", { global }).pending.map(({ macro }) => macro)).toEqual(["mac1"]);
  });
  test("they run before what they are in", () => {
    expect(run("(defmacro twice (e) `(begin ,e ,e)) (define n 0) (define (f) (twice (set! n (+ n 1)))) (f) (twice (f)) n")).toBe("6");
    expect(run("(define (helper x) (list '+ x 1)) (defmacro inc (x) (helper x)) (inc (inc 1))")).toBe("3");
  });
});

describe("whole forms", () => {
  test("begin at the top level is several forms", () => {
    expect(texts(compileOne("(begin (define a 1) (f a))").forms)).toEqual(["(define a 1)", "(f a)"]);
    expect(texts(compileOne("(cond-expand (no-such-thing 1) ((and r7rs (library (scheme base))) 2 3))").forms)).toEqual(["2", "3"]);
  });
  test("one step of expansion", () => {
    const step = (text: string): string => {
      const source = new Source("t", text), { datum } = expandForm(readAll(source).forms[0]!, { source });
      return datumText(datum!);
    };
    expect(step("(-> x (f 1) g)")).toBe("(-> (f x 1) g)");
    expect(step("(-> x g)")).toBe("(g x)");
    expect(step("(when-let (x 1) x)")).toBe("(let ((x 1)) (when (not (nil? x)) x))");
    expect(step("(if a b)")).toBe("(if a b)");
    expect(step("5")).toBe("5");
  });
  test("expansions that do not end", () => {
    expect(errors("(define-syntax m (syntax-rules () ((_ x) (m (x)))))\n(m 1)")).toEqual(["2:1 expansion of macro 'm' does not end (limit 1000)"]);
    expect(errors("(define-syntax m (syntax-rules () ((_ x ...) (m x ... x ...))))\n(m 1)")[0]).toContain("2:1 expansion of macro 'm' does not end");
    expect(messages(compileOne("(mac)", { global: () => ({ kind: "procedural" }), expansion: () => listDatum([symbol("mac")]) }).diagnostics)[0]).toBe("expansion of macro 'mac' does not end (limit 1000)");
  });
  test("quoting drops what hygiene added", () => {
    expect(lowered("(define-syntax m (syntax-rules () ((_ x) '(a x))))\n(m b)")).toContain("'(a b)");
    expect(read("'a")).toBe("(quote a)");
  });
});

describe("what is wrong in an expansion", () => {
  /** The first diagnostic: where it is, and the macro calls it came of. */
  const chain = (text: string): string[] => {
    const [{ source, span, expansions }] = compileText(text).diagnostics as [Diagnostic];
    return [{ form: "", source, span }, ...expansions].map((each) => `${each.form}@${each.source.position(each.span.start).line}:${each.source.position(each.span.start).column}`);
  };
  const OUTER = "(define-syntax outer (syntax-rules () ((_ x) (list (inner x)))))\n(define-syntax inner (syntax-rules () ((_ x) (if))))\n";
  test("is told with the macro calls it came of", () => {
    expect(chain(`${OUTER}(list (outer 1))`)).toEqual(["@3:7", "(inner 1)@3:7", "(outer 1)@3:7"]);
    expect(chain(`${OUTER}(outer (let ((x)) x))`)).toHaveLength(3);
    expect(chain(`${OUTER}(outer)`)).toEqual(["@3:1"]);
  });
  test("in definitions, bodies and forms that stand for several", () => {
    expect(chain(`${OUTER}(define (f) (define x (inner 1)) x)`)).toEqual(["@3:23", "(inner 1)@3:23"]);
    expect(chain("(define-syntax both (syntax-rules () ((_ a) (begin (define a 1) (if)))))\n(both x)")).toEqual(["@2:1", "(both x)@2:1"]);
    expect(chain("(define-syntax both (syntax-rules () ((_ a) (begin (define a 1) (if)))))\n(define (f) (both x))")).toEqual(["@2:13", "(both x)@2:13"]);
  });
  test("and long calls are cut", () => expect(chain(`${OUTER}(inner (list ${"argument ".repeat(50)}))`)[1]).toMatch(/^\(inner \(list argument .{30,60}…@3:1$/));
});

describe("an expander that fails", () => {
  const trace = (text: string, engine?: VmOptions["engine"]): string[] => {
    const result = createVM({ languages: [lisp], engine }).run(text, { language: "lisp", name: "t" });
    return result.status === "done" ? [] : result.trace.map(({ name, line, column }) => `${name}@${line}:${column}`);
  };
  const M = "(defmacro m (x) (car x))\n(defmacro k (x) `(list (m ,x)))\n";
  test.each([undefined, tree])("is called from the macro call (engine %#)", (engine) => {
    expect(trace(`${M}(define (f) (m 5))`, engine)).toEqual(["m@1:17", "expansion of (m 5)@3:13"]);
    expect(trace(`${M}(define (f) (m))`, engine)).toEqual(["expansion of (m)@3:13"]);
    expect(trace(`${M}(define (f) (k 5))`, engine)).toEqual(["m@1:17", "expansion of (m 5)@3:13", "expansion of (k 5)@3:13"]);
    expect(trace(`${M}(define (f) (defmacro n (x) (car x)) (n 5))`, engine)).toEqual(["n@3:29", "expansion of (n 5)@3:38"]);
  });
  test("is a condition for eval, and so is what cannot be compiled, each with its place", () => {
    const caught = (form: string): string => run(`${M}(try (eval '${form}) (catch e (map (fn (f) (list (:name f) (:line f))) (take 2 (:stack-trace e)))))`);
    expect(caught("(list (m 5))")).toBe('(("m" 1) ("expansion of (m 5)" 3))');
    expect(caught("(list (if))")).toBe('(("if" 3) ("<lambda>" 3))');
    expect(run(`${M}(try (eval '(list (if))) (catch e (list (:type e) (:message e))))`)).toBe('(:arity "if expects 2 or 3 arguments, got 0")');
  });
  test("expansions without an end take a bearable time", () => {
    expect(run("(defmacro m (x) `(m (+ ,x 1))) (m 1)")).toBe("expansion of macro 'm' does not end (limit 1000)");
    expect(run("(defmacro m () '(begin (m))) (m)")).toBe("expansion of macro 'm' does not end (limit 1000)");
  });
});
