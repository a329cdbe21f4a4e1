// What forms become. The IR is shown on one line by `lowered`: `@x` is a global, `%x` a native or a primitive.

import { describe, expect, test } from "vitest";
import { golden } from "../../support/golden.ts";
import { printProgram } from "../../../src/ir/print.ts";
import { compileText, lowered, run } from "./support.ts";

describe("names and constants", () => {
  test.each([
    ["x", "@x"], ["5", "5:int"], ["1.5", "1.5"], ["'a", ":a"], [":k", "k:keyword"], ["\"s\"", "'\"s\""], ["'(1 2)", "'(1 2)"], ["#\\a", "'a'"], ["()", "null"], ["'()", "'()"], ["1/2", "'1/2"],
    ["(define x 1)", "(native %%define :x 1:int)"], ["(set! x 1)", "(native %%set-global :x 1:int)"],
    ["[1 x]", "(native %vector 1:int @x)"], ["{:a x}", "(native %hash-map a:keyword @x)"],
    ["f\"a${x}\"", "(native %string-append '\"a\" @x)"],
    ["(f 1)", "(call @f 1:int)"], ["((f) 1)", "(call (call @f) 1:int)"], ["(:k m)", "(call k:keyword @m)"],
    ["(+ 1 x)", "(%add 1:int @x)"], ["(+ 1 x y)", "(call @+ 1:int @x @y)"], ["(let ((+ 1)) (+ 1 2))", "(scope (+) (block (let + 1:int) (call + 1:int 2:int)))"],
    ["(lambda (x) y)", "(function _ lisp (x) @y)"], ["(define (f . r) r)", "(native %%define :f (function f lisp (...r) r))"],
    ["((lambda (x) (+ x 1)) 2)", "(scope (x) (block (let x 2:int) (%add x 1:int)))"],
  ])("%s", (source, expected) => expect(lowered(source)).toBe(expected));

  test("constants are computed in the library only: programs may define + anew at any time", () => {
    expect(lowered("(+ 1 (* 2 3))", { library: true })).toBe("7:int");
    expect(lowered("(if (< 1 2) 'a 'b)", { library: true })).toBe("(if true :a :b)");
    expect(lowered("(+ 1 2)")).toBe("(%add 1:int 2:int)");
    expect(run("(let ((+ -)) (+ 1 2))")).toBe("-1");
    expect(run("(define (f) (+ 1 2)) (define (+ a b) (* a b)) (f)")).toBe("2");
  });
  test("an engine without primitives gets calls", () => expect(lowered("(+ 1 x)", { primitives: false })).toBe("(call @+ 1:int @x)"));
  test("the library's own code means the library's functions", () => {
    const library = { library: true, isBuiltin: (name: string): boolean => ["lisp:list", "lisp:%secret"].includes(name) };
    expect(lowered("(lambda (x) (%secret x) (list list) (mine x) (%apply x y))", library)).toContain("(block (native %%secret x) (native %list %lisp:list) (call @mine x) (apply x @y))".replace("%lisp:list", "%list"));
  });
});

describe("choices", () => {
  test.each([
    ["(if x 1)", "(if (is-true @x) 1:int null)"], ["(if (< x 1) 2 3)", "(if (%lt @x 1:int) 2:int 3:int)"],
    ["(if (and x (= y 1) (or z w)) 2)", "(if (and (is-true @x) (%num-eq @y 1:int) (or (is-true @z) (is-true @w))) 2:int null)"],
    ["(and)", "true"], ["(or)", "false"], ["(and (< x 1) y)", "(if (%lt @x 1:int) @y false)"],
    ["(or x y)", "(scope (value) (block (let value @x) (if (is-true value) value @y)))"],
    ["(cond (x 1) (else 2))", "(if (is-true @x) 1:int 2:int)"], ["(cond (x))", "(scope (test) (block (let test @x) (if (is-true test) test null)))"],
    ["(cond (x => f))", "(scope (test) (block (let test @x) (if (is-true test) (call @f test) null)))"],
    ["(when x 1 2)", "(if (is-true @x) (block 1:int 2:int) null)"], ["(unless x 1)", "(if (is-true @x) null 1:int)"],
    ["(case x ((1 a) 2) (else 3))", "(scope (key) (block (let key @x) (if (or (%num-eq key 1:int) (strict-eq key :a)) 2:int 3:int)))"],
    ["(while x (f))", "(loop :while (is-true @x) (call @f))"],
  ])("%s", (source, expected) => expect(lowered(source)).toBe(expected));

  test("many clauses do not nest", () => {
    const text = lowered(`(cond ${"(x 1) ".repeat(400)})`);
    expect(text.startsWith("(labelled :chosen (block (if (is-true @x) (break :chosen 1:int) null)")).toBe(true);
  });
});

describe("bodies", () => {
  test("a run of functions is ready as a whole, other variables when their definition has run", () => {
    const text = lowered("(lambda () (define (f) (g a)) (define (g x) (f)) (define a 1) (f))");
    expect(text).toContain("(call g (local a (on-hole null)))");
    expect(text).toContain("(function g lisp (x) (call f))");
  });
  test("definitions anywhere in a body belong to it", () => {
    expect(run("(define (f) (if #t (define x 5)) (when #t (define y 6)) (list x y)) (f)")).toBe("(5 6)");
    expect(run("(define (f) (list x) (define x 5)) (f)")).toBe("nil");
    expect(run("(define (f) (g x) (define x 5) x) (define (g y) y) (f)")).toBe("5");
    expect(run("(let ((x 1)) (define x 2) x)")).toBe("2");
    expect(run("(begin (define a 1) (define b (+ a 1))) (list a b)")).toBe("(1 2)");
  });
  test("destructuring", () => {
    expect(run("(define [a [b _] & c] '(1 [2 3] 4 5)) (define {:keys [d e] :f g} {:d 6 :f 7}) (list a b c d e g)")).toBe("(1 2 (4 5) 6 nil 7)");
    expect(run("((fn ([a b] {:keys [c]} . r) (list a b c r)) [1 2] {:c 3} 4)")).toBe("(1 2 3 (4))");
    expect(run("(let* (([a b] [1 2]) ([c] (list (+ a b)))) c)")).toBe("3");
    expect(run("(let (([a b] '(1))) a)")).toContain("destructure: expected 2 elements, got 1");
    expect(run("(let ((a 1) ([a b] [2 3])) (list a b))")).toBe("(2 3)");
  });
});

describe("loops", () => {
  test.each([
    ["(let loop ((i 0)) (if (= i 9) i (loop (+ i 1))))", "(scope (i) (block (let i 0:int) (block (loop :loop (not (%num-eq i 9:int)) (block (set i (%add i 1:int)))) i)))"],
    ["(let loop ((i 0) (s 0)) (if (= i 9) s (loop (+ i 1) (+ s i))))", "(block (set s (%add s i)) (set i (%add i 1:int)))"],
    ["(let loop ((a 1) (b 2)) (if (= a 0) b (loop b a)))", "(scope (a.2) (block (let a.2 b) (set b a) (set a a.2)))"],
    ["(do ((i 0 (+ i 1))) ((= i 3) 'end) (f i))", "(loop :do (not (%num-eq i 3:int)) (block (call @f i) (block (set i (%add i 1:int)))))"],
    ["(let loop ((i 0)) (if (f i) 1 (if (g i) (loop 2) 3)))", "(labelled :done (block (loop :loop (not (is-true (call @f i))) (break :done (if (is-true (call @g i)) (block (set i 2:int) (continue :loop)) 3:int))) 1:int))"],
    ["(let loop ((i 0)) (if (f i) (loop 1) (loop 2)))", "(loop :loop forever (break :loop (if (is-true (call @f i)) (block (set i 1:int) (continue :loop)) (block (set i 2:int) (continue :loop)))))"],
  ])("%s", (source, expected) => expect(lowered(source)).toContain(expected));

  test("what is no loop stays a function", () => {
    for (const source of ["(let loop ((i 0)) (+ 1 (loop i)))", "(let loop ((i 0)) (f loop))", "(let loop ((i 0)) (lambda () (loop i)))", "(let loop ((i 0)) (try (loop i) (catch e e)))", "(let loop ((i 0)) (loop))"]) {
      expect(lowered(source), source).toContain("(function loop lisp");
    }
  });
  test("a local function jumps back to its start", () => {
    expect(lowered("(lambda (n) (define (iter a) (if (= a 0) 0 (iter (- a 1)))) (iter n) (iter 2))")).toContain("(function iter lisp (a) (block (loop :iter (not (%num-eq a 0:int)) (block (set a (%sub a 1:int)))) 0:int))");
  });
  test.each([
    ["each round has variables of its own", "(map (lambda (f) (f)) (let loop ((i 0) (fs '())) (if (= i 3) (reverse fs) (loop (+ i 1) (cons (lambda () i) fs)))))", "(0 1 2)"],
    ["in do, too", "(map (lambda (f) (f)) (do ((i 0 (+ i 1)) (fs '() (cons (lambda () (set! i (+ i 10)) i) fs))) ((= i 3) fs)))", "(12 11 10)"],
    ["assigned variables", "(let loop ((i 0) (n 0)) (set! i (+ i 1)) (if (> i 10) (list i n) (loop (+ i 1) (+ n 1))))", "(11 5)"],
    ["nested", "(let outer ((i 0) (s 0)) (if (= i 10) s (let inner ((j 0) (s s)) (if (= j 10) (outer (+ i 1) s) (inner (+ j 1) (+ s 1))))))", "100"],
    ["arguments are evaluated before variables change", "(let loop ((a 1) (b 2) (n 0)) (if (= n 3) (list a b) (loop (begin b) (begin a) (+ n 1))))", "(2 1)"],
    ["long", "(let loop ((i 0)) (cond ((= i 300000) 'done) ((odd? i) (loop (+ i 1))) (else (let ((j (+ i 1))) (loop j)))))", "done"],
    ["while with definitions", "(let ((i 0) (acc '())) (while (< i 3) (define j i) (set! acc (cons (lambda () j) acc)) (set! i (+ i 1))) (map (lambda (f) (f)) acc))", "(2 1 0)"],
    ["a continuation sees assigned variables as they are", "(define k #f) (let ((n 0)) (call/cc (lambda (c) (set! k c))) (set! n (+ n 1)) (if (< n 3) (k #f) n))", "3"],
  ])("%s", (_, source, expected) => expect(run(source)).toBe(expected));
});

describe("match", () => {
  test.each([
    ["(match 3 (1 'a) (3 'b))", "b"], ["(match 1.0 (1 'int) (1.0 'float))", "float"], ["(match 'x ('y 1) ('x 2))", "2"], ["(match \"s\" (\"s\" 1))", "1"],
    ["(match '(1 2) ([a b] (list b a)))", "(2 1)"], ["(match [1 2 3] ([a & r] r))", "(2 3)"], ["(match [] ([] 'none))", "none"], ["(match '(1 2) ((1 2) 'same))", "same"],
    ["(match [1 [2 3]] ([a [b c]] (+ a b c)))", "6"], ["(match 5 (x when (> x 9) 'big) (x 'small))", "small"],
    ["(match {:a 1 :b nil} ({:c c} 1) ({:a a :b b} (list a b)))", "(1 nil)"], ["(match {:a 1} ({:keys [a z]} (list a z)))", "(1 nil)"], ["(match {} ({} 'map))", "map"],
    ["(match [1 2] ([x x] x))", "2"], ["(match* 5 (6 1))", "nil"], ["(match 5 (6 1))", "match: no clause matched value: 5"], ["(match 5 (_))", "nil"],
    ["(match '(1 . 2) ([a b] 'list) (_ 'other))", "other"], ["(match 12345678901234567890 (12345678901234567890 'big))", "big"],
  ])("%s", (source, expected) => expect(run(source)).toContain(expected));
  test("loops through match", () => expect(run("(let loop ((l (list 1 2 3)) (s 0)) (match l ([] s) ([x & r] (loop r (+ s x)))))")).toBe("6"));
});

describe("quasiquote", () => {
  test.each([
    ["`(1 ,(+ 1 1) ,@(list 3 4) 5)", "(1 2 3 4 5)"], ["`,@x", "(unquote-splicing x)"], ["`(,@5)", "5"], ["`(1 . ,(+ 1 1))", "(1 . 2)"], ["`(,@(list 1 2) . 3)", "(1 2 . 3)"],
    ["`[1 ,@(list 2 3)]", "[1 2 3]"], ["`{:a ,(+ 1 1)}", "{:a 2}"], ["`(a `(b ,(c ,(+ 1 2))))", "(a (quasiquote (b (unquote (c (unquote 3))))))"], ["`x", "x"], ["`()", "()"],
    ["(let ((a `(x# y# x#))) (list (eq? (first a) (last a)) (eq? (first a) (cadr a))))", "(#t #f)"],
  ])("%s", (source, expected) => expect(run(source)).toContain(expected.replace("(unquote 3)", "3").replace("(c 3)", "(c 3)")));
  test("what has nothing to evaluate is a constant", () => expect(lowered("`(a (b [c]) {:d e})")).toBe("'(a (b [c]) {:d e})"));
});

test("a program of every kind of form", () => {
  const { program } = compileText(`
(define-record-type point (make-point x y) point? (x px) (y py set-py!))
(define (f x) (try (g x) (catch e (throw e))) (guard (e ((h e) 1)) (raise x)))
(define-values (a . b) (values 1 2))
(let-values (((q r) (f 1)) ((s) 2)) (list q r s))
(parameterize ((p 1)) (delay (f 1)))
(with-restarts ((again (x) :report "try again" (f x))) (handler-bind ((:user g)) (f 2)))
(defmulti area :shape)
(defmethod area :circle (fn (c) (:r c)))
(defmacro inc (x) \`(+ ,x 1))
(case-lambda ((a) a) ((a . r) r))
(import "other" one two)
(let ((v 1)) (eval 'v (the-environment)))`);
  golden("ir/lisp-forms", printProgram(program!));
});
