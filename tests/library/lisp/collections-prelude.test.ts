// The collection functions that take functions. They run in a whole world, with collections at random allocations.

import { describe, expect, test } from "vitest";
import { createVM } from "../../../src/index.ts";
import { lisp } from "../../../src/lisp.ts";

/** The written value of the last form, or the message of the error nobody caught. */
function evaluate(text: string, options: Parameters<typeof createVM>[0] = { gcStressRate: 0.005, verifyHeap: true }): string {
  const result = createVM({ ...options, languages: [lisp] }).run(text, { language: "lisp" });
  return result.status === "done" ? result.value ?? "nil" : `${result.kind}: ${"message" in result ? result.message : ""}`;
}

type Row = readonly [source: string, result: string];
/** All rows run in one world: making one is most of the work. The values are compared one by one. */
function table(name: string, rows: readonly Row[]): void {
  test(name, () => {
    const forms = rows.map(([source]) => `(try (str-of ${source}) (catch e (:message e)))`);
    const printed: string[] = [];
    const host = { write: (bytes: Uint8Array) => void printed.push(new TextDecoder().decode(bytes)) };
    const vm = createVM({ languages: [lisp], gcStressRate: 0.002, verifyHeap: true, host });
    for (const form of forms) {
      const result = vm.run(`(begin (define (str-of x) (format "~s" x)) (println ${form}))`, { language: "lisp" });
      if (result.status !== "done") printed.push(`${result.kind}: ${"message" in result ? result.message : ""}\n`);
    }
    expect(printed.join("").split("\n").slice(0, -1).map((line, i) => [rows[i]?.[0], line])).toEqual(rows.map((row) => [...row]));
  });
}

const sequence = (type: string, fn: string): string => `expected list, vector, or mutable-array, got ${type} in ${fn}`;

table("apply", [
  ["(apply + 1 2 [3])", "6"], ["(apply list '())", "()"], ["(apply list 1 (mutable-array/new 2 'x))", "(1 x x)"], ["(apply :a '({:a 1}))", "1"], ["(apply + 5)", sequence("int", "apply")], ["(apply 5 '(1))", "expected callable, got int"], ["(apply +)", "apply expects 2 or more arguments, got 1"],
  ["(apply + 1 '(2 . 3))", "expected proper list, got improper list"], ["(let loop ((n 0)) (if (= n 3000) n (apply loop (list (+ n 1)))))", "3000"],
]);

table("map and for-each", [
  ["(map (lambda (x) (* x x)) '(1 2 3))", "(1 4 9)"], ["(map + '(1 2) [10 20 30])", "(11 22)"], ["(map list '(1 2) '(a b) '(x y z))", "((1 a x) (2 b y))"], ["(map car '())", "()"], ["(mapcar car [[1] [2]])", "(1 2)"],
  ["(map (lambda (x) (+ x 1)) (mutable-array/new 2 5))", "(6 6)"], ["(map 5 '())", "()"], ["(map 5 '(1))", "expected callable, got int"], ["(map car 5)", sequence("int", "map")], ["(map + '(1) nil)", sequence("nil", "map")], ["(map car)", "map expects 2 or more arguments, got 1"],
  ["(map :a (list {:a 1} {:a 2}))", "(1 2)"], ["(map car '((1) . 2))", "expected proper list, got improper list"], ["(let ((out '())) (for-each (lambda (x y) (set! out (cons (+ x y) out))) '(1 2) '(10 20)) out)", "(22 11)"], ["(for-each car '())", "nil"], ["(for-each 5 '())", "nil"], ["(for-each 5 [1])", "expected callable, got int"],
  ["(let ((l (list 1 2))) (set-cdr! (cdr l) l) (map + l '(10 20 30)))", "(11 22 31)"], ["(let ((l (list 1 2))) (set-cdr! (cdr l) l) (map (lambda (x) x) l))", "expected proper list, got circular list"],
  ["(map-indexed (lambda (i x) (list i x)) '(a b))", "((0 a) (1 b))"], ["(flat-map (lambda (x) (if (= x 2) x (list x [x]))) '(1 2 3))", "(1 [1] 2 3 [3])"], ["(list/times 3 (lambda (i) (* i i)))", "(0 1 4)"], ["(list/times -1 5)", "list/times: expected a non-negative integer, got -1"], ["(list/times 1 5)", "expected callable, got int"], ["(list/times 0 5)", "()"],
]);

table("choosing", [
  ["(filter even? [1 2 3 4])", "(2 4)"], ["(list/reject even? '(1 2 3))", "(1 3)"], ["(partition even? '(1 2 3))", "((2) (1 3))"], ["(take-while even? '(2 4 5 6))", "(2 4)"], ["(drop-while even? '(2 4 5 6))", "(5 6)"], ["(list/take-while even? [1])", "()"], ["(filter even? nil)", sequence("nil", "filter")],
  ["(list/find even? '(1 4))", "4"], ["(list/find even? '(1))", "nil"], ["(list/sole even? '(1 2))", "2"], ["(list/sole even? '(1))", "list/sole: no matching item"], ["(list/sole even? '(2 4))", "list/sole: more than one matching item"], ["(list/sole nil? '(nil))", "nil"],
  ["(any even? '(1 2))", "#t"], ["(any even? '())", "#f"], ["(some? < '(1 5) '(1 6))", "#t"], ["(any? (lambda (x) x) '(nil 5))", "#t"], ["(every even? '(2 4))", "#t"], ["(every? < '(1 5) [2 3])", "#f"], ["(every even? 5)", sequence("int", "every")], ["(filter 5 '(1))", "expected callable, got int"],
]);

table("folding", [
  ["(foldl - 0 '(1 2 3))", "-6"], ["(foldl (lambda (acc x) (cons x acc)) '() [1 2])", "(2 1)"], ["(fold + 0 '())", "0"], ["(foldr - 0 '(1 2 3))", "2"], ["(foldr cons '() [1 2])", "(1 2)"], ["(reduce - '(10 1 2))", "7"], ["(reduce + '())", "reduce: empty list"], ["(reduce 5 '(1))", "1"], ["(reduce 5 '(1 2))", "expected callable, got int"],
  ["(foldl + 0 5)", sequence("int", "foldl")], ["(list/group-by even? '(1 2 3))", "{#f (1 3) #t (2)}"], ["(list/key-by (lambda (x) (mod x 2)) '(1 2 3))", "{0 2 1 3}"], ["(tap 5 (lambda (x) (* x 2)))", "5"], ["(tap 5 5)", "expected callable, got int"],
]);

table("sorting", [
  ["(sort '(3 1 2))", "(1 2 3)"], ["(sort [3 1 2] >)", "(3 2 1)"], ["(sort '(3 1 2) -)", "(1 2 3)"], ["(sort '((1 a) (0 b) (1 c) (0 d)) (lambda (x y) (< (car x) (car y))))", "((0 b) (0 d) (1 a) (1 c))"], ["(sort '((1 a) (0 b) (1 c) (0 d)) (lambda (x y) (- (car y) (car x))))", "((1 a) (1 c) (0 b) (0 d))"],
  ["(sort '() 5)", "()"], ["(sort '(1 2) 5)", "expected callable, got int"], ["(sort '(1 2) < 3)", "sort expects 1 or 2 arguments, got 3"], ["(sort 5 <)", sequence("int", "sort")], ["(sort '(1 \"a\"))", "expected int, got string"], ["(sort-by abs '(3 -1 2))", "(-1 2 3)"], ["(sort-by car '((1 a) (0 b) (1 c)))", "((0 b) (1 a) (1 c))"],
  ["(sort '(2 1 3) (lambda (a b) nil))", "(2 1 3)"], ["(sort '(2.5 1/2 -1) <)", "(-1 1/2 2.5)"],
]);

table("looking things up", [
  ["(member 2 '(1 2 3))", "(2 3)"], ["(member 2.0 '(1 2 3) =)", "(2 3)"], ["(member 9 [1] =)", "#f"], ["(assoc 2 '((1 a) (2 b)))", "(2 b)"], ["(assoc 2.0 '((1 a) (2 b)) =)", "(2 b)"], ["(assoc 5 '((1 a)) =)", "#f"], ["(assoc {:a 1} :b 2)", "{:a 1 :b 2}"], ["(assoc {:a 1} :b)", "assoc: requires (key alist) or (map key val ...)"],
  ["(assoc {:a 1} :b 2 :c 3 :a 0)", "{:a 0 :b 2 :c 3}"], ["(assoc 5 :a 1)", "expected map or hashmap, got int"], ["(assoc {} (mutable-array/new) 1)", "expected immutable map key, got mutable-array"], ["(assoc {:k :v} '(({:k :v} found)))", "({:k :v} found)"], ["(type (assoc (hashmap/new) :a 1))", ":hashmap"],
]);

table("vectors, number arrays, maps", [
  ["(vector-map + [1 2] '(10 20 30))", "[11 22]"], ["(vector-map - [1])", "[-1]"], ["(let ((n 0)) (vector-for-each (lambda (x) (set! n (+ n x))) [1 2]) n)", "3"], ["(f64-array/map (lambda (x) (* 2 x)) (f64-array 1 2))", "#f64(2 4)"], ["(f64-array/map (lambda (x) :a) (f64-array 1))", "expected number (f64-array/map callback must return number), got keyword"],
  ["(i64-array/map (lambda (x) (* x x)) (i64-array 3 4))", "#i64(9 16)"], ["(i64-array/fold + 0 (i64-array 1 2))", "3"], ["(f64-array/fold + 0 (f64-array 1 2))", "3.0"], ["(f64-array/map car 5)", "expected f64-array, got int"],
  ["(map/update {:a 1} :a (lambda (x) (+ x 1)))", "{:a 2}"], ["(map/update {} :a list)", "{:a (nil)}"], ["(map/update 5 :a list)", "expected map or hashmap, got int"], ["(map/update {} :a 5)", "expected callable, got int"], ["(update-in {:a {:b 1}} [:a :b] (lambda (x) (+ x 1)))", "{:a {:b 2}}"], ["(update-in {} [:a :b] list)", "{:a {:b (nil)}}"], ["(update-in 5 [] list)", "(5)"],
  ["(map/map-vals (lambda (v) (* v 2)) {:a 1 :b 2})", "{:a 2 :b 4}"], ["(map/map-keys (lambda (k) (list k)) {:a 1})", "{(:a) 1}"], ["(map/filter (lambda (k v) (> v 1)) {:a 1 :b 2})", "{:b 2}"], ["(type (map/map-keys list (hashmap/new 1 2)))", ":hashmap"], ["(map/map-vals 5 {})", "{}"], ["(map/map-vals 5 {:a 1})", "expected callable, got int"],
  ["(deep-merge {:a {:b 1 :c 2} :d 1} {:a {:b 9}} {:d {:e 1}})", "{:a {:b 9 :c 2} :d {:e 1}}"], ["(deep-merge)", "{}"], ["(map/deep-merge {:a 1} 5)", "5"],
]);

describe("continuations captured in callbacks", () => {
  test("map entered again gives a new list and leaves the old one as it was", () => {
    expect(evaluate(`
      (define results '())
      (define again nil)
      (define tries 0)
      (define (note x) (call/cc (lambda (k) (if (= x 2) (set! again k) nil) x)))
      (define result (map note '(1 2 3)))
      (set! results (cons result results))
      (set! tries (+ tries 1))
      (if (< tries 3) (again (* 10 tries)) nil)
      (reverse results)`)).toBe("((1 2 3) (1 10 3) (1 20 3))");
  });

  test("so do vector-map, filter and sort", () => {
    expect(evaluate(`
      (define all '())
      (define (twice f) (let ((k nil) (n 0)) (let ((v (f (lambda (x) (call/cc (lambda (c) (set! k c) x)))))) (set! all (cons v all)) (set! n (+ n 1)) (if (< n 2) (k 100) nil))))
      (twice (lambda (mark) (vector-map (lambda (x) (if (= x 2) (mark x) x)) [1 2 3])))
      (twice (lambda (mark) (map + '(1 2 3) (list 0 0 (mark 0)))))
      (reverse all)`)).toBe("([1 2 3] [1 100 3] (1 2 3) (1 2 103))");
  });
});

test("results do not depend on where collections happen", () => {
  const program = "(list (sort (map (lambda (i) (mod (* i 7919) 101)) (range 60)) <) (list/group-by even? (range 9)) (foldl (lambda (m i) (assoc m (mod (* i 31) 17) i)) (hashmap/new) (range 40)))";
  expect(evaluate(program, { gcStress: 1, poison: true })).toBe(evaluate(program, {}));
});

test("long lists", () => {
  expect(evaluate("(foldl + 0 (map (lambda (x y) (- y x)) (range 100000) (range 1 100001)))", {})).toBe("100000");
  expect(evaluate("(let ((l (sort (map (lambda (i) (mod (* i 7919) 10007)) (range 10007)) <))) (list (car l) (last l) (equal? l (range 10007))))", {})).toBe("(0 10006 #t)");
  expect(evaluate("(count (foldl (lambda (m i) (assoc m i i)) {} (range 5000)))", {})).toBe("5000");
});

test("programs may redefine what the library is made of", () => {
  expect(evaluate("(define (reverse l) 'no) (define (get m k) 'no) (define length car) (define (car x) 'no) (define (pair? x) #f) (list (map - '(1 2)) (sort '(2 1 3) <) (map/update {:a 1} :a list))", {})).toBe("((-1 -2) (1 2 3) {:a (1)})");
});

test("a callback that redefines the function that calls it, throws, or runs out of fuel", () => {
  expect(evaluate("(define r (map (lambda (x) (define-it x) x) '(1 2)))", {})).toContain("Unbound variable: define-it");
  expect(evaluate("(try (map (lambda (x) (if (= x 2) (throw x) x)) '(1 2 3)) (catch e (:value e)))", {})).toBe("2");
  expect(createVM({ languages: [lisp], fuel: 100_000 }).run("(map (lambda (x) (let loop () (loop))) '(1))", { language: "lisp" }).status).not.toBe("done");
});
