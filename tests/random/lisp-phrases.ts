// What random Lisp programs are made of: literals and phrases of each kind of value. A phrase is text with holes: `<int>`
// is an expression of that kind, `<K>` one of the kind that is wanted, `<fn>` `<fn2>` `<test>` functions, `<digit>` a small
// number, `<name>` a variable. No phrase loops by itself, and none stores a value inside of itself.

export type Kind = "int" | "num" | "bool" | "str" | "sym" | "list" | "vec" | "map" | "any";
export const KINDS: readonly Kind[] = ["int", "int", "num", "num", "bool", "str", "sym", "list", "list", "vec", "map", "any"];
/** Kinds a mutable place may be given without ever containing itself. */
export const SCALARS: readonly Kind[] = ["int", "num", "bool", "str", "sym"];

export const LITERALS: { readonly [K in Kind]: readonly string[] } = {
  int: [
    "0", "1", "2", "-1", "7", "-3", "1000003", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "140737488355327", "140737488355328",
    "-140737488355328", "-140737488355329", "9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "18446744073709551616", "-123456789012345678901234567890", "#xffffffffffffffffff",
  ],
  num: ["0.5", "-0.0", "1.5", "1e10", "-2.25", "1e300", "3.0", "1/2", "-7/3", "9223372036854775807/2", "4", "-5", "1e-7"],
  bool: ["#t", "#f"],
  str: ['""', '"a"', '"hello"', '"ünï😀"', '"x,y,z"', '"12"'],
  sym: ["'a", "'b", "'hello", ":k", ":a", "'|odd name|"],
  list: ["'()", "'(1 2 3)", "'(a \"s\" 2.5)", "'(1 . (2 3))", "'((a 1) (b 2))", "(list 4 1 3)"],
  vec: ["[]", "[1 2 3]", "#(a b)", "(vector 1 2.5)"],
  map: ["{}", "{:a 1}", "{:a 1 :b \"x\" :k '(1)}", "(hash-map 'a 1 2 3)"],
  any: ["nil", "#\\a", "'()", "5", "\"s\"", "car"],
};

const NUMBERS = (kind: "int" | "num"): string[] => [`(+ <${kind}> <${kind}>)`, `(- <${kind}> <${kind}>)`, `(* <${kind}> <${kind}>)`, `(- <${kind}>)`, `(abs <${kind}>)`, `(square <${kind}>)`, `(max <${kind}> <${kind}>)`, `(min <${kind}> <${kind}> 3)`, `(+ <${kind}> 1)`, `(- <${kind}> 1)`, `(expt <${kind}> <digit>)`, `(+ <${kind}> <${kind}> <${kind}>)`];

export const PHRASES: { readonly [K in Kind]: readonly string[] } = {
  int: [
    ...NUMBERS("int"), ...NUMBERS("int"),
    "(quotient <int> <int>)", "(remainder <int> <int>)", "(modulo <int> <int>)", "(mod <int> 7)", "(quotient <int> 2)", "(gcd <int> <int>)", "(lcm <int> 6)",
    "(bit/and <int> <int>)", "(bit/or <int> <int>)", "(bit/xor <int> <int>)", "(bit/not <int>)", "(bit/shift-left <int> <digit>)", "(bit/shift-right <int> <digit>)",
    "(length <list>)", "(vector-length <vec>)", "(string/length <str>)", "(count <map>)", "(exact (round <num>))", "(numerator <num>)", "(apply + (filter integer? <list>))",
    "(foldl + 0 (filter number? <list>))", "(let-values (((q r) (floor/ <int> <int>))) (+ (* 10 q) r))", "(tick)", "(tick)", "(par)", "(foldl (lambda (n x) (+ n 1)) 0 <list>)", "(count-down <digit>)",
  ],
  num: [
    ...NUMBERS("num"), "(/ <num> <num>)", "(/ <int> <int>)", "(sqrt <num>)", "(inexact <int>)", "(exact <num>)", "(floor <num>)", "(round <num>)", "(truncate <num>)",
    "(string->number (number->string <num>))", "(/ <num> 3)", "(* 0.5 <num>)", "(* 1/3 <num>)", "<int>", "(- (/ <int> 7) <num>)",
  ],
  bool: [
    "(< <num> <num>)", "(<= <num> <num>)", "(> <int> <int>)", "(>= <int> <int>)", "(= <num> <num>)", "(= <int> <int>)", "(< <int> <int> <int>)", "(< <str> <str>)", "(eq? <any> <any>)",
    "(eqv? <num> <num>)", "(equal? <any> <any>)", "(equal? <list> <list>)", "(not <any>)", "(null? <list>)", "(pair? <any>)", "(zero? <num>)", "(even? <int>)", "(and <bool> <bool>)",
    "(or <bool> <bool>)", "(any <test> <list>)", "(every <test> <list>)", "(contains? <map> <sym>)", "(string/contains? <str> <str>)", "(symbol? <any>)", "(procedure? <fn>)", "(exact? <num>)",
    "(integer? <num>)", "(if (member <any> <list>) #t #f)", "(point? <any>)",
  ],
  str: [
    "(string-append <str> <str>)", "(string-append <any> \"-\" <any>)", "(+ <str> <str>)", "(string/upper <str>)", "(string/take <str> <digit>)", "(string/reverse <str>)",
    "(string/replace <str> \"a\" \"bb\")", "(number->string <num>)", "(symbol->string <sym>)", "f\"<${<name>}>\"", "(list/join <list> \"-\")", "(string/pad-left <str> <digit>)",
    "(string/trim <str>)", "(substring <str> 0 <digit>)", "(number->string <int> 16)", "(string-map (lambda (c) c) <str>)", "(apply string-append (map (lambda (x) f\"${x}.\") <list>))",
  ],
  sym: ["(string->symbol (string/take <str> 3))", "(type <any>)", "(first (list <sym> 1))"],
  list: [
    "(list <any> <any>)", "(list <int> <num> <str>)", "(cons <any> <list>)", "(append <list> <list>)", "(reverse <list>)", "(map <fn> <list>)", "(map <fn2> <list> <list>)", "(filter <test> <list>)",
    "(take <digit> <list>)", "(drop <digit> <list>)", "(range <digit>)", "`(a ,<any> ,@<list> (b ,<int>))", "`(,<any> . ,<list>)", "`(1 `(2 ,(3 ,<int>)))", "(vector->list <vec>)", "(keys <map>)", "(vals <map>)",
    "(sort (filter integer? <list>))", "(sort (filter integer? <list>) >)", "(sort (map <fn> (range <digit>)))", "(sort-by (lambda (x) (length (list x))) <list>)", "(zip <list> <list>)", "(flatten <list>)",
    "(call-with-values (lambda () (values <any> <any>)) list)", "(foldr cons '() <list>)", "(foldl (lambda (acc x) (cons x acc)) '() <list>)", "(flat-map (lambda (x) (list x 1)) <list>)", "(cdr <list>)",
    "(partition <test> <list>)", "(take-while <test> <list>)", "(list/unique <list>)", "(map-indexed list <list>)", "(twice <any>)", "(pairs-of (<int> <any>) (2 <list>))", "(member <any> <list>)",
    "(let-values (((a . b) (values <any> <any> <any>))) (list b a))", "(list (tick) (tick))", "(build <digit>)", "(list/times <digit> <fn>)", "(apply list <any> <list>)", "(receive (a . more) (values <any> <any>) more)",
    "(macroexpand '(twice (f <int>)))", "(receive (low high) (values <any> <any>) (list high low))",
  ],
  vec: ["[<any> <int>]", "(vector <any> <any>)", "(list->vector <list>)", "(vector-map <fn> <vec>)", "(make-vector <digit> <int>)", "(vector-map + [1 2] [<int> <num>])"],
  map: [
    "{:a <any> :b <int>}", "(assoc <map> <sym> <any>)", "(dissoc <map> <sym>)", "(merge <map> <map>)", "(hash-map <sym> <any> <int> <any>)", "(map/map-vals <fn> <map>)", "(map/update <map> <sym> <fn>)",
    "(frequencies <list>)", "(map/zip (list 1 'a \"k\") <list>)", "(map/filter (lambda (k v) (not (null? v))) <map>)", "(assoc {} <int> <any>)",
  ],
  any: [
    "(car <list>)", "(cadr <list>)", "(first <list>)", "(rest <vec>)", "(last <list>)", "(nth <list> <digit>)", "(vector-ref <vec> <digit>)", "(get <map> <sym>)", "(get <map> <sym> <any>)", "(:a <map>)",
    "(reduce <fn2> <list>)", "(foldl <fn2> <any> <list>)", "(foldr <fn2> <any> <list>)", "(apply <fn> (list <any>))", "(apply <fn2> <list>)", "(<fn> <any>)", "(list/find <test> <list>)", "(when <bool> <any>)",
    "(unless <bool> <any>)", "(eval `(+ ,<int> <int>))", "(eval '(let ((x <int>)) (* x x)))", "(make-point <int> <any>)", "(point-x (make-point <any> <int>))", "(point-x <any>)", "(cond ((member <any> <list>) => car) (else 'none))",
    "(-> <int> (+ 1) list)", "(if-let (x (get <map> <sym>)) (list x) 'absent)", "(for-each <fn> <list>)", "(let loop ((l <list>)) (if (pair? l) (loop (cdr l)) l))", "(swapped <any> <any>)", "(scale <num>)", "(force (delay <any>))",
  ],
};

/** Phrases that have the kind of a part: control, for any kind. */
export const CONTROL: readonly string[] = [
  "(if <bool> <K> <K>)", "(if <any> <K> <K>)", "(cond (<bool> <K>) (<bool> <K>) (else <K>))", "(case <int> ((0 1 2) <K>) ((7 2147483648 9223372036854775808) <K>) (else <K>))",
  "(case <sym> ((a b :k) <K>) (else <K>))", "(begin <effect> <K>)", "(try <K> (catch e <K>))", "(try (begin <effect> <K>) (catch e (println \"caught\" (:type e) (:message e)) <K>))",
  "(guard (e ((string? e) <K>) ((symbol? e) <K>) (#t (println 'guarded (if (map? e) (:message e) e)) <K>)) <K>)", "(guard (e ((pair? e) <K>)) (raise (list <any>)))",
  "(try (throw <any>) (catch e (println 'thrown (:value e)) <K>))", "(dynamic-wind (lambda () (println 'in)) (lambda () <K>) (lambda () (println 'out)))", "(parameterize ((par <int>)) <K>)",
  "(<escape> (lambda (k) (if <bool> (k <K>) <K>)))", "(<escape> (lambda (k) (for-each (lambda (x) (if (pair? x) (k <K>))) <list>) <K>))",
  "(<escape> (lambda (k) (dynamic-wind (lambda () nil) (lambda () (k <K>)) (lambda () (println 'left)))))", "(force (delay <K>))", "(my-or #f <K>)", "(my-if <bool> <K> <K>)",
  "(match <list> ([a b & c] when (integer? a) <K>) ([] <K>) ('(1 2 3) <K>) (_ <K>))", "(match <any> ({:a 1 :keys [b]} <K>) ([x] <K>) (5 <K>) (\"s\" <K>) (_ <K>))",
  "(call-with-values (lambda () (values <any> <K>)) (lambda (a b) b))", "(with-exception-handler (lambda (e) <K>) (lambda () (raise-continuable <any>)))", "((lambda (x . rest) x) <K> <any>)",
  "(let-values (((a b) (values <K> <any>))) a)", "(apply (lambda (a b) a) (list <K> <any>))", "((case-lambda ((a) a) ((a b . c) b)) <any> <K>)",
  "(<escape> (lambda (k) (with-exception-handler (lambda (e) (k <K>)) (lambda () (begin <effect> <K>)))))", "(letrec ((f (lambda (n) (if (<= n 0) <K> (f (- n 1)))))) (f <digit>))",
];

export const EFFECTS: readonly string[] = [
  "(println <any>)", "(println <list> <num>)", "(print <any>)", "(when <bool> (println <str>))", "(tick)", "(if <bool> (throw <any>))", "(if <bool> (raise <sym>))", "(if <bool> (error \"bad:\" <any>))",
  "(let ((p (cons <any> '()))) (set-car! p <int>) (set-cdr! p (list 1)) (println p))", "(let ((v (vector 1 2 3))) (vector-set! v <digit> <int>) (println v (vector-ref v 0)))",
  "(for-each (lambda (x) (println x)) <list>)", "(vector-for-each (lambda (x) (print x)) <vec>)", "(dotimes (i 3) (print i))", "(par <int>)", "(let ((p (make-point <int> 2))) (set-px! p <num>) (println p))",
];

/** Functions and macros the phrases use. `small` keeps values that loops build up from growing. */
export const PREAMBLE = `(define (weight v left)
  (cond ((< left 0) left)
        ((pair? v) (weight (cdr v) (weight (car v) (- left 1))))
        ((vector? v) (weight (vector->list v) (- left 1)))
        ((map? v) (weight (vals v) (weight (keys v) (- left 1))))
        ((string? v) (- left (quotient (string/length v) 4)))
        ((number? v) (if (and (exact? v) (rational? v) (> (+ (abs (numerator v)) (denominator v)) limit)) -1 (- left 1)))
        (else (- left 1))))
(define limit (expt 2 200))
(define (small v instead) (if (< (weight v 40) 0) instead v))
(define par (make-parameter 10))
(define (make-ticker n) (lambda () (set! n (+ n 1)) n))
(define tick (make-ticker 0))
(define (scale x) (define (twofold y) (* y 2)) (if (number? x) (twofold x) (error "scale:" x)))
(define (count-down n) (let loop ((i (* n 40)) (acc 7)) (if (= i 0) acc (loop (- i 1) (modulo (+ (* acc 31) i) 1000003)))))
(define (build n) (if (<= n 0) '() (cons n (build (- n 1)))))
(define-record-type point (make-point x y) point? (x point-x set-px!) (y point-y))
(defmacro twice (form) \`(list ,form ,form))
(defmacro swapped (a b) (list 'let (list (list 'tmp a)) (list 'list b 'tmp)))
(define-syntax my-or (syntax-rules () ((_) #f) ((_ e) e) ((_ e r ...) (let ((tmp e)) (if tmp tmp (my-or r ...))))))
(define-syntax my-if (syntax-rules () ((_ c a b) (cond (c a) (else b)))))
(define-syntax pairs-of (syntax-rules () ((_ (a b) ...) (list (cons a b) ...))))
`;
