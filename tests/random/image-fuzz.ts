// Mutated images: bytes and words of real ones changed at random, with the checksums put right again. Each must be refused with
// an ImageError, or run within its limits. `tsx tests/random/image-fuzz.ts [cases] [seed]` runs many of them in a process that
// is watched: one that hangs is killed, and its seed printed.

import { fileURLToPath } from "node:url";
import { reseal } from "../../src/image/container.ts";
import { languagesFor, library, type Library } from "../support/library.ts";
import { Random } from "../support/random.ts";
import { watched } from "./watched.ts";

type Build = Library;

const HEMLOCK = `
  define Point { x: i32, y: i32 }
  fn make(n) { let total = 0; return fn(d) { total = total + d * n; return total; }; }
  let f = make(3); let items = []; let table = {}; let b = buffer(40); let p = alloc(100);
  fn work(n) { let sum = 0; for (let i = 0; i < n; i++) { sum = sum + f(i); items.push({ at: i, name: "n" + i }); table["k" + (i % 90)] = i; } return sum; }
  try { for (let round = 0; round < 40; round++) { work(20); for (item in items) { b[3] = item.at % 200; } ptr_write_i32(p, round); if (items.length > 300) { items = items.slice(200, 300); } } } catch (e) { print(e); }
  print(items.map(fn(x) { return x.at; }).length);
`;
const TASKS = `
  let results = channel(3); let orders = channel(0);
  async fn worker(n) { let got = 0; while (true) { let order = orders.recv(); if (order == null) { return got; } got = got + order * n; results.send(got); } }
  let tasks = [spawn(worker, 2), spawn(worker, 3)];
  async fn feeder() { for (let i = 0; i < 200; i++) { orders.send(i); } orders.close(); return "fed"; }
  let feeding = spawn(feeder);
  for (let i = 0; i < 200; i++) { print(results.recv()); }
  print([join(feeding), join(tasks[0]) + join(tasks[1])]);
`;
const LISP = `
  (define (count n) (let loop ((i 0) (acc '())) (if (= i n) acc (loop (+ i 1) (cons (* i i i i i i) acc)))))
  (define k #f)
  (define m (fold (lambda (acc i) (assoc acc i (list i 1/3))) {} (range 60)))
  (define (work n) (+ (call/cc (lambda (c) (set! k c) 1)) (length (count n))))
  (define v (vector 1 2.5 "three" 'four :five #\\6))
  (let loop ((i 0)) (if (< i 50) (begin (work 20) (try (if (= 0 (mod i 7)) (raise i) i) (catch e e)) (vector-set! v 1 (string-append "a" (str i))) (loop (+ i 1)))))
`;

export interface Sample { readonly language: string; readonly image: Uint8Array }

/** Images to start from. */
export function sampleImages(build: Build): Sample[] {
  const images: Sample[] = [];
  for (const [language, text, fuel] of [["hemlock", HEMLOCK, 150], ["hemlock", HEMLOCK, 4000], ["hemlock", TASKS, 900], ["hemlock", TASKS, 120], ["hemlock", "let a = 1;", 100], ["lisp", LISP, 2000]] as const) {
    const vm = build.createVM({ languages: languagesFor(build, language), memory: 4 << 20, fuel });
    const result = vm.run(text, { language });
    if (result.status === "error" && result.kind !== "outOfFuel") throw new Error(`a sample does not run: ${result.message}`);
    images.push({ language, image: vm.snapshot() });
  }
  const asks = build.createVM({ languages: [build.lisp], memory: 4 << 20 });
  asks.run("(define (f x) (* 2 (undefined x))) (f 1)", { language: "lisp", repl: true });
  images.push({ language: "lisp", image: asks.snapshot() });
  return images;
}

const WORDS = [0, 1, -1, 2, 7, 8, 255, 4096, 32768, 0x7ff90000, 0x7ff90014, 0x7ffa0001, 0x7ffa0007, 0x7ffa000b, 0x7ffd0004, 0x7fffffff, -0x80000000];

/** Changes a copy of an image in one to four places. */
export function mutate(image: Uint8Array, random: Random): Uint8Array {
  const copy = image.slice(), words = new Int32Array(copy.buffer), places = 1 + random.below(4);
  // The pages are by far the largest section; the description and the tables get their share all the same.
  const from = random.chance(0.85) ? 12_000 : 32, span = (from === 32 ? Math.min(copy.length, 20_000) : copy.length) - from;
  for (let i = 0; i < places; i++) {
    const at = (from + random.below(span - 16)) >> 2, other = (from + random.below(span - 16)) >> 2;
    switch (random.below(8)) {
      case 0: copy[at * 4 + random.below(4)] = random.below(256); break;
      case 1: words[at]! ^= 1 << random.below(32); break;
      case 2: words[at] = random.pick(WORDS); break;
      case 3: words[at]! += random.pick([1, -1, 8, -8, 16, 4096]); break;
      case 4: words[at] = words[other]!; break;
      case 5: words.copyWithin(at & ~1, other & ~1, (other & ~1) + 2); break;
      case 6: words.copyWithin(at & ~1, other & ~1, (other & ~1) + 2 * random.below(8)); break;
      default: copy[at * 4] = (copy[at * 4]! + random.pick([1, 255])) & 255;
    }
  }
  try {
    reseal(copy);
  } catch { /* The table itself was hit. */ }
  return copy;
}

export type Verdict = string;

/** What became of an image: "refused", "ran", or what must not happen. */
export function judge(build: Build, image: Uint8Array, language: string): Verdict {
  const start = performance.now();
  let verdict = "ran";
  try {
    const vm = build.restoreVM(image, { memory: 4 << 20, stackDepth: 1000, fuel: 3000, languages: languagesFor(build, language) });
    try { vm.resume(3000); } catch (error) { if (!(error instanceof Error) || !error.message.startsWith("nothing to resume")) throw error; }
    vm.run("let fresh = [1, 2, 3]; print([fresh.map(fn(x) { return x + 1; })]);");
    vm.run("for (x in items) { print(x); } print(typeof(table)); f(2); work(3);");
    vm.collect();
    if (language === "lisp") vm.run("(begin (define z 1) (list z 2.5 \"s\" (length (list 1 2))))", { language: "lisp" });
    vm.snapshot();
  } catch (error) {
    if (!(error instanceof build.ImageError)) return `a host error: ${error instanceof Error ? error.stack : String(error)}`;
    verdict = "refused";
  }
  const took = performance.now() - start;
  return took > 5000 ? `took ${took.toFixed(0)} ms` : verdict;
}

await watched(fileURLToPath(import.meta.url), () => {
  const images = sampleImages(library);
  return (seed) => {
    const random = new Random(seed), { image, language } = random.pick(images);
    return judge(library, mutate(image, random), language);
  };
});
