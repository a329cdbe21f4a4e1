// Maps and hash maps, types and equality, weak references, and what destructuring compiles to.

import { describe, expect, test } from "vitest";
import { Random } from "../../support/random.ts";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
  });
}
const noMap = (type: string): string => `type-error: expected map or hashmap, got ${type}`;
const mutableKey = "type-error: expected immutable map key, got mutable-array";

table("making and looking up", [
  ["(hash-map :b 1 :a 2)", "{:a 2 :b 1}"], ["(hash-map :a 1 :a 2)", "{:a 2}"], ["(map/new)", "{}"], ["(hash-map :a)", "eval: hash-map: requires even number of arguments"], ["(type (hashmap/new :a 1))", ":hashmap"], ["(hashmap/new :a)", "eval: hashmap/new: requires even number of arguments"],
  ["(get {:a 1} :a)", "1"], ["(get {:a 1} :b)", "nil"], ["(get {:a 1} :b 5)", "5"], ["(get {:a nil} :a 5)", "nil"], ["(get nil :a)", noMap("nil")], ["(hash-ref (hashmap/new 1 2) 1)", "2"], ["(hashmap/get {:a 1} :a)", "1"], ["(hashmap/get 5 :a)", "type-error: expected hashmap, got int"],
  ["(get {1 :int} 1.0)", "nil"], ["(contains? {:a nil} :a)", "#t"], ["(contains? [1] 0)", noMap("vector")], ["(hashmap/contains? (hashmap/new :a 1) :z)", "#f"],
  ["(keys {\"b\" 1 :a 2 'c 3 1 4})", "(1 \"b\" c :a)"], ["(vals {:b 1 :a 2})", "(2 1)"], ["(keys (hashmap/new 3 1 2 1 1 1))", "(1 2 3)"], ["(map/entries {:a 1 :b 2})", "((:a 1) (:b 2))"], ["(hashmap/keys 5)", "type-error: expected hashmap, got int"], ["(keys 5)", noMap("int")],
  ["(map/from-entries '((:a 1) [:b 2]))", "{:a 1 :b 2}"], ["(map/from-entries '((1 2 3)))", "eval: map/from-entries: each entry must be a pair (key value)"], ["(map/from-entries '((1)))", "eval: map/from-entries: each entry must be a pair (key value)"], ["(map/from-entries '(5))", "type-error: expected list or vector, got int"],
]);

table("changed copies", [
  ["(%assoc-many {:a 1} :b '(2))", "{:a 1 :b 2}"], ["(%assoc-many {} :a '(1 :b 2))", "{:a 1 :b 2}"], ["(%assoc-many {} :a '(1 :b))", "eval: assoc: requires (key alist) or (map key val ...)"], ["(%assoc-many 5 :a '(1))", noMap("int")],
  ["(hashmap/assoc (hashmap/new :a 1) :b 2)", "{:a 1 :b 2}"], ["(hashmap/assoc {} :b)", "eval: hashmap/assoc: requires hashmap and even number of key-value pairs"], ["(hashmap/assoc 5 :a 1)", "type-error: expected hashmap, got int"], ["(dissoc {:a 1 :b 2} :a :z)", "{:b 2}"], ["(dissoc {})", "arity: dissoc expects 2 or more arguments, got 1"],
  ["(merge {:a 1} {:a 2 :b 3})", "{:a 2 :b 3}"], ["(merge)", "{}"], ["(type (merge (hashmap/new) {:a 1}))", ":hashmap"], ["(type (merge {} (hashmap/new :a 1)))", ":map"], ["(merge {:a 1} nil)", noMap("nil")],
  ["(get-in {:a {:b 1}} [:a :b])", "1"], ["(get-in {:a {:b nil}} '(:a :b) 5)", "nil"], ["(get-in {:a [1]} [:a 0])", "nil"], ["(get-in {:a 5} [:a :b] 7)", "7"], ["(get-in {:a 1} [])", "{:a 1}"], ["(get-in nil [:a])", "nil"], ["(get-in {} 5)", "type-error: expected list or vector, got int"],
  ["(assoc-in {:a {:b 1}} [:a :c] 2)", "{:a {:b 1 :c 2}}"], ["(assoc-in {} [:a :b] 1)", "{:a {:b 1}}"], ["(assoc-in {:a 5} [:a :b] 1)", "{:a {:b 1}}"], ["(assoc-in nil [:a] 1)", "{:a 1}"], ["(assoc-in {} [] 1)", "1"], ["(type (assoc-in (hashmap/new) [:a] 1))", ":hashmap"],
  ["(map/select-keys {:a 1 :b 2} '(:b :z))", "{:b 2}"], ["(map/except {:a 1 :b 2} [:a])", "{:b 2}"], ["(map/zip '(:a :b) [1])", "{:a 1}"], ["(type (map/sort-keys (hashmap/new 1 2)))", ":map"], ["(hashmap/to-map (hashmap/new :b 1 :a 2))", "{:a 2 :b 1}"],
  ["(frequencies '(a b a))", "{a 2 b 1}"], ["(list/pluck :a '({:a 1} {} 5))", "(1 nil nil)"],
]);

table("keys that may change are refused", [
  ["(hash-map (mutable-array/new) 1)", mutableKey], ["(hashmap/new (vector 1 (mutable-array/new)) 1)", mutableKey], ["(%assoc-many {} {:k (mutable-array/new)} '(1))", mutableKey], ["(assoc-in {} (list (mutable-array/new)) 1)", mutableKey],
  ["(map/zip (list (mutable-array/new)) '(1))", mutableKey], ["(hash-map (mutable-cell/new 1) 2)", "type-error: expected immutable map key, got mutable-cell"], ["(get {} (mutable-array/new) 5)", "5"], ["(vals (frequencies (list (mutable-array/new) (mutable-array/new))))", "(2)"],
]);

table("types and equality", [
  ["(type 1)", ":int"], ["(type-of 1.5)", ":float"], ["(type 1/2)", ":rational"], ["(type 'a)", ":symbol"], ["(type :a)", ":keyword"], ["(type '())", ":list"], ["(type nil)", ":nil"], ["(type car)", ":native-fn"], ["(type (mutable-cell/new 1))", ":mutable-cell"],
  ["(null? nil)", "#t"], ["(null? '())", "#t"], ["(null? [])", "#f"], ["(nil? '())", "#f"], ["(list? '(1 . 2))", "#f"], ["(list? '(1))", "#t"], ["(list? nil)", "#f"], ["(pair? '(1 . 2))", "#t"], ["(pair? [1])", "#f"], ["(map? (hashmap/new))", "#f"], ["(hash-map? {})", "#t"], ["(hashmap? (hashmap/new))", "#t"],
  ["(vector? [])", "#t"], ["(bool? #f)", "#t"], ["(boolean? nil)", "#f"], ["(procedure? car)", "#t"], ["(f64-array? (i64-array))", "#f"], ["(i64-array? (i64-array))", "#t"], ["(not nil)", "#t"], ["(not 0)", "#f"], ["(not '())", "#f"],
  ["(equal? '(1 [2 {:a 3}]) '(1 [2 {:a 3}]))", "#t"], ["(equal? 1 1.0)", "#f"], ["(eq? '(1) '(1))", "#t"], ["(eqv? '(1) '(1))", "#f"], ["(eqv? 1.5 1.5)", "#t"], ["(eqv? 100000000000000000000 100000000000000000000)", "#t"], ["(identical? \"a\" \"a\")", "#f"], ["(equal? {:a 1} (hashmap/new :a 1))", "#f"],
  ["(boolean=? #t #t #t)", "#t"], ["(boolean=? #t #f)", "#f"], ["(boolean=? #t 1)", "type-error: expected bool, got int"], ["(eq? 1)", "arity: eq? expects 2 arguments, got 1"], ["(gensym 'x)", "type-error: expected string, got symbol"], ["(equal? (gensym) (gensym))", "#f"],
]);

table("destructuring", [
  ["(%destructure [1 2] 2 #t)", "[1 2]"], ["(%destructure '(1) 2 #t)", "eval: destructure: expected 2 elements, got 1"], ["(%destructure '(1) 2 #f)", "eval: destructure: expected at least 2 elements before `&`, got 1"], ["(%destructure \"a\" 1 #t)", "type-error: expected list or vector, got string"], ["(%destructure-map nil)", noMap("nil")],
  ["(%destructure (quote (1 . 2)) 1 #t)", "type-error: expected proper list, got improper list"], ["(%match-element '(a b) 1)", "b"], ["(%match-element ['a] 0)", "a"], ["(%match-rest '(1 2 3) 1)", "(2 3)"], ["(%match-rest [1 2 3] 2)", "(3)"],
  ["(%match-key? {:a nil} :a)", "#t"], ["(%match-key? 5 :a)", "#f"], ["(%match-key {:a 1} :b)", "nil"], ["(%case-equal? 1 1.0)", "#t"], ["(%case-equal? \"a\" \"a\")", "#t"], ["(%match-failed '(1 \"a\"))", "eval: match: no clause matched value: (1 \"a\")"],
  ["(%append '(1) 2)", "(1 . 2)"], ["(%append [1] '(2))", "(1 2)"], ["(%append 5 '(2))", "type-error: expected list or vector, got int"], ["(%list->vector '(1 2))", "[1 2]"], ["(%map-from-list '(:b 1 :a 2 :b 3))", "{:a 2 :b 3}"],
]);

table("weak references and maps", [
  ["(weak-ref-value (weak-ref 'a))", "a"], ["(weak-ref? (weak-ref 1))", "#t"], ["(weak-ref-value 5)", "type-error: expected weak-ref, got int"], ["(weak-map-count (make-weak-map))", "0"], ["(weak-map-get (make-weak-map) 1 :d)", ":d"], ["(weak-map-set! (make-weak-map) 1 2)", "nil"],
  ["(weak-map-remove! (make-weak-map) 1)", "#f"], ["(weak-map-get 1 1)", "type-error: expected weak-map, got int"], ["(keys (gc/collect))", "(:candidates :collected :pruned :traced)"],
]);

test("a weak reference lets go of what nobody else has", () => {
  const own = new NativeCalls(), base = own.scratch.base, heap = own.vm.heap;
  own.run("(weak-ref (list 1))");
  heap.copySlot(base + 30, base);
  for (let slot = base; slot < base + 20; slot++) heap.setNull(slot);
  heap.collect("test");
  expect(own.apply("weak-ref-value", base + 30, 1)).toBe("nil");
});

test("weak maps keep entries of keys in use, by identity", () => {
  const own = new NativeCalls(), base = own.scratch.base, heap = own.vm.heap;
  own.run("(make-weak-map)");
  heap.copySlot(base + 30, base);
  own.run("(list 1)");
  heap.copySlot(base + 31, base);
  heap.setI32(base + 32, 7);
  own.apply("weak-map-set!", base + 30, 3);
  own.run("(list 1)");
  heap.copySlot(base + 31, base);
  expect(own.apply("weak-map-get", base + 30, 2)).toBe("nil");
  expect(own.apply("weak-map-keys", base + 30, 1)).toBe("((1))");
  for (let slot = base; slot < base + 30; slot++) heap.setNull(slot);
  heap.setNull(base + 31);
  heap.collect("test");
  expect(own.apply("weak-map-count", base + 30, 1)).toBe("0");
});

describe.each(["hash-map", "hashmap/new"])("a random sequence of changes of a %s follows a JavaScript map", (make) => {
  test("with collections in between", () => {
    const random = new Random(7), own = new NativeCalls({ gcStress: 5, verify: true }), { vm, scratch } = own, heap = vm.heap, model = new Map<number, number>(), map = scratch.base;
    own.run(`(${make})`);
    for (let i = 0; i < 300; i++) {
      const key = random.below(40), value = random.below(1000), at = map + 20;
      heap.copySlot(at, map);
      heap.setI32(at + 1, key);
      heap.setI32(at + 2, value);
      if (random.below(3) > 0) {
        own.apply("hashmap/assoc", at, 3);
        model.set(key, value);
      } else {
        own.apply("dissoc", at, 2);
        model.delete(key);
      }
      heap.copySlot(map, at - 2);
    }
    heap.copySlot(map + 20, map);
    const entries = [...model].sort(([a], [b]) => a - b).map(([key, value]) => `(${key} ${value})`);
    expect(own.apply("map/entries", map + 20, 1)).toBe(`(${entries.join(" ")})`);
  });
});
