// Mutated bytecode: bytes and words of real compiled programs changed at random, with the checksum put right again. Each must be
// refused with a ProgramError, or run within its limits and leave a heap that verifies. `tsx tests/random/bytecode-fuzz.ts [cases]
// [seed]` runs many of them in a process that is watched: one that hangs is killed, and its seed printed.

import { fileURLToPath } from "node:url";
import type { CompiledFunction } from "../../src/bytecode/code.ts";
import { decode } from "../../src/bytecode/encoding.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import { addNatives, NATIVES, OWN_NATIVES } from "../../src/library/registry.ts";
import { lisp } from "../../src/lisp.ts";
import { decodeProgram } from "../../src/program/decode.ts";
import { encodeProgram } from "../../src/program/encode.ts";
import { INTERNAL_GLOBALS, mayCall } from "../../src/library/internals.ts";
import { HEADER_BYTES, seal } from "../../src/program/format.ts";
import { languagesFor, library, type Library } from "../support/library.ts";
import { Random } from "../support/random.ts";
import { watched } from "./watched.ts";

const HEMLOCK = `
  define Point { x: i32, y: i32 }
  fn make(n) { let total = 0; return fn(d) { total = total + d * n; return total; }; }
  let f = make(3); let items = []; let table = {}; let b = buffer(40); let p = alloc(100);
  fn work(n, ref out, ...rest) { let sum = 0; for (let i = 0; i < n; i++) { sum = sum + f(i); items.push({ at: i, name: "n" + i }); table["k" + (i % 90)] = i; } out = sum; return sum; }
  let got = 0;
  try { for (let round = 0; round < 5; round++) { work(20, got, 1, 2); for (item in items) { b[3] = item.at % 200; } ptr_write_i32(p, round); if (items.length > 300) { items = items.slice(200, 300); } } } catch (e) { print(e); } finally { got += 1; }
  switch (got) { case 1: print("one"); break; case 2: print("two"); break; case 3: print("three"); break; default: print("many"); }
  print([items.map(fn(x) { return x.at; }).length, \`\${got}!\`, got > 2 && got < 100 || got == 0, items[0]?.name ?? "none"]);
  let i = 0; while (true) { i++; if (i > 50) { break; } if (i % 2 == 0) { continue; } got = got + i * 2 - 1; }
  fn deep(n: i32): i32 { if (n <= 0) { return 0; } return 1 + deep(n - 1); } print(deep(30));
  let q: Point = { x: 1, y: 2 }; print(q.x + q.y);
`;
const TASKS = `
  let results = channel(3);
  async fn worker(n) { let got = 0; for (let i = 0; i < 5; i++) { results.send(i * n); got = got + i; } return got; }
  let tasks = [spawn(worker, 2), spawn(worker, 3)];
  for (let i = 0; i < 10; i++) { print(results.recv()); }
  print(join(tasks[0]) + join(tasks[1]));
`;
const TYPES = `
  enum Color { RED, GREEN = 4, BLUE }
  define Size { w: i32, h?: 5, tags?: array<string>, color: Color }
  define Pair<T> { first: T, second: T }
  let s: Size = { w: 3, color: Color.GREEN, tags: ["a"] }; let p: Pair<i32> = { first: 1, second: 2 };
  fn take(ref a, b: i32?, c?: 3) { a = a + b + c; return a; }
  let n = 1; take(a: n, b: 2); take(b: 2, a: n, c: 4);
  let numbers: array<u8> = [1, 2, 3]; let r = u8("12") + i32(3.7); let nothing = null;
  print([nothing?.go(), nothing?.[0], s.w, r, Color.BLUE]);
  switch (s.w) { case 3: print("three"); default: print("other"); }
  fn last(...items) { defer print("left"); return items[items.length - 1]; } print([last(1, 2, 3), apply(last, [4, 5])]);
  signal(10, fn(s) { print(s); }); raise(10);
`;
const FORMS = `
  (define-record-type point (make-point x y) point? (x point-x set-x!))
  (define (kind v) (match v ((a b . rest) (list a rest)) ({:keys [x y]} (+ x y)) ([1 _ z] z) ((? string?) 'text) (:key 1) (_ 'other)))
  (define (parts {:keys [a b]} [c d & e]) (list a b c d e))
  (defmulti area :shape) (defmethod area :square (lambda (s) (* (:side s) (:side s)))) (defmethod area :default (lambda (s) 0))
  (define p (make-parameter 10)) (define later (delay (+ 1 2))) (define-values (q . r) (values 1 2 3))
  (define twice (case-lambda ((x) (* 2 x)) ((x y) (* 2 x y)) ((x . more) more)))
  (define (risky n) (guard (e ((string? e) e) ((symbol? e) 'symbol)) (if (> n 1) (raise "high") (raise 'low))))
  (define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) (set! b t)))))
  (defmacro unless2 (test . body) \`(if ,test nil (begin ,@body)))
  (parameterize ((p 20)) (list (kind '(1 2 3)) (kind {:x 1 :y 2}) (kind [1 2 3]) (kind "a") (p) (force later) q r (twice 1) (twice 1 2) (twice 1 2 3)))
  (list (parts {:a 1 :b 2} [3 4 5]) (area {:shape :square :side 3}) (area {:shape :round}) (risky 1) (risky 2) (call/cc (lambda (k) (dynamic-wind (lambda () 1) (lambda () (k 5)) (lambda () 2)))))
  (handler-bind ((:unbound (lambda (e) (use-value 42)))) (+ 1 missing))
  (with-restarts ((skip () 0)) (handler-bind ((:user (lambda (e) (invoke-restart 'skip)))) (throw {:a 1})))
  (let ((a 1) (b 2)) (swap! a b) (unless2 #f a b)) (eval '(+ 1 2)) (do ((i 0 (+ i 1)) (acc '() (cons i acc))) ((= i 3) acc)) (let-values (((a b) (values 1 2))) (+ a b))
`;
const LISP = `
  (define-syntax my-or (syntax-rules () ((_) #f) ((_ e r ...) (let ((t e)) (if t t (my-or r ...))))))
  (defmacro twice (x) \`(* 2 ,x))
  (define (count n) (let loop ((i 0) (acc '())) (if (= i n) acc (loop (+ i 1) (cons (* i i i i i i) acc)))))
  (define k #f)
  (define m (fold (lambda (acc i) (assoc acc i (list i 1/3))) {} (range 60)))
  (define (work n . more) (+ (call/cc (lambda (c) (set! k c) 1)) (length (count n))))
  (define v (vector 1 2.5 "three" 'four :five #\\6 '(a (b . c) [1 2] {:x 1})))
  (define-record-type point (make-point x y) point? (x point-x set-x!))
  (let loop ((i 0)) (if (< i 20) (begin (work 5) (try (if (= 0 (mod i 7)) (raise i) i) (catch e e)) (vector-set! v 1 (string-append "a" (str i))) (loop (+ i 1)))))
  (list (my-or #f (twice 4)) (point-x (make-point 1 2)) (let-values (((a b) (values 1 2))) (list a b)) (case 3 ((1 2) 'low) ((3 4) 'mid) (else 'high)))
`;

export interface BytecodeSample { readonly language: string; readonly bytes: Uint8Array }

/** Programs to start from. */
export function sampleBytecode(build: Library): BytecodeSample[] {
  const vm = build.createVM({ languages: [build.lisp], modules: { resolve: (request) => request, read: (path) => (path === "./m" ? "export fn inc(x) { return x + 1; } export const ONE = 1; print(\"m\");" : null) } });
  const samples: [string, string][] = [["hemlock", HEMLOCK], ["hemlock", TASKS], ["hemlock", TYPES], ["hemlock", "import { inc, ONE } from \"./m\"; print(inc(ONE));"], ["lisp", LISP], ["lisp", FORMS]];
  return samples.map(([language, text]) => ({ language, bytes: vm.compile(text, { language }).toBytes() }));
}

const WORDS = [0, 1, -1, 2, 7, 8, 255, 256, 4096, 65_535, 65_536, 0x7ff90000, 0x7fffffff, -0x80000000];

/** Changes a copy of a program in one to three places behind its sources. */
export function mutateBytecode(bytes: Uint8Array, random: Random): Uint8Array {
  let copy = bytes.slice();
  // The text of the source is most of a small program, and of no interest.
  const from = random.chance(0.95) ? copy.length >> 1 : HEADER_BYTES;
  for (let i = 1 + random.below(3); i > 0; i--) {
    const span = copy.length - from - 8, at = from + random.below(span), other = from + random.below(span), view = new DataView(copy.buffer);
    switch (random.below(9)) {
      case 0: copy[at] = random.below(256); break;
      case 1: copy[at]! ^= 1 << random.below(8); break;
      case 2: view.setInt32(at, random.pick(WORDS), true); break;
      case 3: view.setInt32(at, view.getInt32(at, true) + random.pick([1, -1, 256, -256, 65_536, -65_536]), true); break;
      case 4: view.setInt32(at, view.getInt32(other, true), true); break;
      case 5: copy.copyWithin(at, other, other + 4 * random.below(8)); break;
      case 6: copy[at]! += random.pick([1, 255]); break;
      case 7: copy[at] = copy[other]!; break;
      default: copy = random.chance(0.5) ? Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at + 1)]) : Uint8Array.from([...copy.subarray(0, at), random.below(256), ...copy.subarray(at)]);
    }
  }
  return seal(copy);
}

/** Changes operands of a few instructions, or the natives they call: most of that decodes, and is for the checks to judge. */
export function mutateInstructions(bytes: Uint8Array, language: string, random: Random): Uint8Array {
  addNatives(lisp.library!.natives);
  const { functions, main, modules, ...rest } = decodeProgram(bytes, (name) => (name === "lisp" ? lisp.data : null));
  const ids = [...Array(language === "lisp" ? NATIVES.length : OWN_NATIVES).keys()].filter((id) => mayCall(NATIVES[id]!.name) && NATIVES[id]!.name !== "");
  const globals = [...INTERNAL_GLOBALS].filter((name) => name.startsWith(language === "lisp" ? "lisp:" : "$"));
  for (let i = 1 + random.below(3); i > 0; i--) {
    const { words, constants } = random.pick(functions.filter((each: CompiledFunction) => each.words.length > 2)), starts: number[] = [];
    for (let pc = 0, next; pc < words.length && (next = decode(words, pc)) !== null; pc += next.length) starts.push(pc);
    if (starts.length === 0) break;
    const natives = starts.filter((pc) => (words[pc]! & 255) === Op.CallNative), pc = random.pick(starts), word = words[pc]!, shift = 8 + 8 * random.below(3);
    switch (random.below(natives.length > 0 ? 5 : 4)) {
      case 0: words[pc] = (word & ~(255 << shift)) | random.below(12) << shift; break;
      case 1: words[pc] = (word & ~255) | random.below(Op.Last + 1); break;
      case 2: words[pc] = word + (random.pick([1, -1]) << shift); break;
      case 3: words[pc] = words[random.pick(starts)]!; break;
      default: {
        const at = random.pick(natives), id = random.pick(ids);
        if (decode(words, at)!.info.extra > 0) words[at + 1] = id;
        else words[at] = (words[at]! & 0xffff) | id << 16;
      }
    }
    const global = random.chance(0.1) ? constants.find((each) => each.type === "global") : undefined;
    if (global !== undefined) (global as { name: string }).name = random.pick(globals);
    if (random.chance(0.1) && constants.length > 1) (constants as unknown[])[random.below(constants.length)] = random.pick(constants);
  }
  try {
    return encodeProgram({ main, modules, data: language === "lisp" ? lisp.data : null, ...rest });
  } catch {
    // A native that no table has: such bytes cannot be written.
    return bytes;
  }
}

/** What became of bytes: "refused", "ran", or what must not happen. */
export function judgeBytecode(build: Library, bytes: Uint8Array, language: string): string {
  const start = performance.now();
  let verdict = "ran";
  try {
    const vm = build.createVM({ memory: 4 << 20, stackDepth: 1000, fuel: 20_000, languages: languagesFor(build, language) }), program = vm.load(bytes);
    vm.run(program);
    vm.fuel = 3000;
    vm.run("let fresh = [1, 2, 3]; print([fresh.map(fn(x) { return x + 1; })]);");
    vm.fuel = 3000;
    vm.run(program);
    vm.collect();
    vm.verifyHeap();
  } catch (error) {
    if (!(error instanceof build.ProgramError)) return `a host error: ${error instanceof Error ? error.stack : String(error)}`;
    verdict = "refused";
  }
  const took = performance.now() - start;
  return took > 5000 ? `took ${took.toFixed(0)} ms` : verdict;
}

/** The verdict on the mutant of a seed. */
export function verdictOf(seed: number, samples: readonly BytecodeSample[]): string {
  const random = new Random(seed), { bytes, language } = random.pick(samples);
  return judgeBytecode(library, random.chance(0.5) ? mutateBytecode(bytes, random) : mutateInstructions(bytes, language, random), language);
}

/** One case of the soak: null when all is well. */
export function bytecodeProblem(seed: number, samples: readonly BytecodeSample[]): string | null {
  const verdict = verdictOf(seed, samples);
  return verdict === "ran" || verdict === "refused" ? null : verdict;
}

await watched(fileURLToPath(import.meta.url), () => {
  const samples = sampleBytecode(library);
  return (seed) => verdictOf(seed, samples);
});
