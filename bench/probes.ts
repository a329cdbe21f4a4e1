// Programs that try to escape a limit of memory or time, in Hemlock and Lisp. bench/limits.ts measures when they are stopped,
// tests/embed/limits.test.ts that they are.

export interface Probe { readonly name: string; /** Tries to hold ever more, and is given time for it. */ readonly isMemory?: true; readonly hemlock: string; readonly lisp: string }

export const PROBES: readonly Probe[] = [
  {
    name: "objects", isMemory: true,
    hemlock: "let keep = []; while (true) { let a = []; for (let i = 0; i < 16384; i++) { a.push({ a: i, b: [i] }); } keep.push(a); }",
    lisp: "(let loop ((keep '())) (loop (cons (let inner ((i 0) (l '())) (if (= i 16384) l (inner (+ i 1) (cons {:a i :b (list i)} l)))) keep)))",
  },
  {
    name: "1 MiB strings", isMemory: true,
    hemlock: 'let keep = []; let n = 0; while (true) { keep.push("x".repeat(1048576) + n); n = n + 1; }',
    lisp: '(let loop ((keep \'()) (n 0)) (loop (cons (string-append (make-string 1048576 #\\x) (number->string n)) keep) (+ n 1)))',
  },
  {
    name: "byte buffers", isMemory: true,
    hemlock: "let keep = []; while (true) { keep.push(buffer(1048576)); }",
    lisp: "(let loop ((keep '())) (loop (cons (make-bytevector 1048576 1) keep)))",
  },
  { name: "endless loop", hemlock: "while (true) { }", lisp: "(let loop () (loop))" },
  {
    name: "long built-in",
    hemlock: 'let text = "[" + "[1,2,3,\\"abc\\"],".repeat(300000) + "0]"; let n = 0; while (true) { n = n + text.deserialize().length; }',
    lisp: "(let loop ((i 0) (l '())) (if (< i 600000) (loop (+ i 1) (cons (modulo (* i 7919) 600011) l)) (let again () (sort l) (again))))",
  },
  {
    name: "pattern bomb",
    hemlock: 'let text = "ab".repeat(4000000); let bomb = "ab".repeat(2000000) + "c"; let n = 0; while (true) { n = n + text.find(bomb); }',
    lisp: '(let ((text (make-string 2000000 #\\a))) (let loop () (regex/match? "^(a|aa|a*)*(.{0,200}){1,40}$b" text) (loop)))',
  },
  {
    name: "huge repeat",
    hemlock: 'let n = 0; while (true) { try { n = n + ("0123456789".repeat(3000000) + "x").length; } catch (e) { "x".repeat(1000000000); } }',
    lisp: "(let loop ((n 1)) (loop (+ n (modulo (expt 7 1000000) 10))))",
  },
];
