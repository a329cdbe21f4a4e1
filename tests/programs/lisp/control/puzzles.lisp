; Continuations in earnest. Each puzzle has an answer known from Scheme.
; Captured in the same expression twice: which comes out depends on the order in which operands are evaluated.
(println (let ((k (call/cc (lambda (c) c)))) (if (procedure? k) (k 5) k)))   ; expect: 5
(println (((call/cc (lambda (k) k)) (lambda (x) x)) 'identity))   ; expect: identity
(define (tree->generator tree)
  (define caller #f)
  (define (loop tree)
    (cond ((null? tree) 'skip)
          ((pair? tree) (loop (car tree)) (loop (cdr tree)))
          (else (call/cc (lambda (rest) (set! resume (lambda () (rest 'go))) (caller tree))))))
  (define resume (lambda () (loop tree) (caller '*end*)))
  (lambda () (call/cc (lambda (k) (set! caller k) (resume)))))
(define (same-fringe? a b)
  (let ((ga (tree->generator a)) (gb (tree->generator b)))
    (let loop ()
      (let ((x (ga)) (y (gb)))
        (cond ((not (eqv? x y)) #f) ((eqv? x '*end*) #t) (else (loop)))))))
(println (same-fringe? '(1 (2 3) ((4))) '((1 2) (3 (4)))) (same-fringe? '(1 2 3) '(1 3 2)) (same-fringe? '() '(())))   ; expect: #t #f #t

; Going back into a function that has returned, often; its variables are the same, its operands are not.
(define k2 #f)
(define trace '())
(define (enter)
  (let ((count 0))
    (let ((x (call/cc (lambda (c) (set! k2 c) 'first))))
      (set! count (+ count 1))
      (set! trace (cons (list x count) trace))
      x)))
(define answer (enter))
(if (< (length trace) 3) (k2 (length trace)))
(println answer (reverse trace))                                  ; expect: 2 ((first 1) (1 2) (2 3))

; mondo-bizarro: continuations that are given continuations, printing in an order of their own.
(define out '())
(define (note x) (set! out (cons x out)))
(let ((k (call/cc (lambda (c) c))))
  (note 1)
  (if (procedure? (call/cc (lambda (c) (k c)) )) (note 'odd))
  (note 2))
(println (reverse out))                                           ; expect: (1 1 odd 2)
(set! out '())
(let* ((yin ((lambda (c) (note 'a) c) (call/cc (lambda (c) c))))
       (yang ((lambda (c) (note 'b) c) (call/cc (lambda (c) c)))))
  (if (< (length out) 20) (yin yang)))
(println (reverse out))                                           ; expect: (a b a b b a b b b a b b b b a b b b b b)

; Coroutines pass one token around.
(define queue '())
(define (enqueue k) (set! queue (append queue (list k))))
(define (dequeue) (let ((k (car queue))) (set! queue (cdr queue)) k))
(define (yield-now) (call/cc (lambda (k) (enqueue (lambda () (k 'go))) ((dequeue)))))
(define printed '())
(define (worker name n)
  (lambda () (let loop ((i 0)) (if (< i n) (begin (set! printed (cons (list name i) printed)) (yield-now) (loop (+ i 1))))) ((dequeue))))
(call/cc (lambda (finish)
  (enqueue (worker 'a 3)) (enqueue (worker 'b 2)) (enqueue (lambda () (finish 'all)))
  ((dequeue))))
(println (reverse printed))                                       ; expect: ((a 0) (b 0))
(call/cc (lambda (finish)
  (set! queue (append queue (list (lambda () (finish 'all)))))
  (let drain () (if (pair? (cdr queue)) (begin (yield-now) (drain))))))
(println (length printed) (car printed))                          ; expect: 4 (b 1)

; amb with a stack of choices: all answers to a puzzle, by failing on purpose.
(define fail-stack '())
(define (fail) (if (null? fail-stack) (error "exhausted") (let ((k (car fail-stack))) (set! fail-stack (cdr fail-stack)) (k k))))
(define (amb choices)
  (let ((cc (call/cc (lambda (k) k))))
    (if (null? choices) (fail)
        (let ((choice (car choices))) (set! choices (cdr choices)) (set! fail-stack (cons cc fail-stack)) choice))))
(define triples '())
(try
  (let* ((a (amb '(1 2 3 4 5 6 7 8 9 10 11 12))) (b (amb (range a 13))) (c (amb (range b 14))))
    (if (= (+ (* a a) (* b b)) (* c c)) (set! triples (cons (list a b c) triples)))
    (fail))
  (catch e (println (:message e) (reverse triples))))             ; expect: exhausted ((3 4 5) (5 12 13) (6 8 10))

; Out of nested library functions, and back into them: each finishes a second time with its own part of the work kept.
(define inside #f)
(define (escape-and-return name run)
  (set! inside #f)
  (let* ((rounds 0) (result (run)))
    (set! rounds (+ rounds 1))
    (if (and inside (< rounds 2)) (inside 'again))
    (println name result rounds)))
(define (mark value) (call/cc (lambda (k) (if (not inside) (set! inside k)) value)))
(escape-and-return 'map (lambda () (map (lambda (x) (map (lambda (y) (if (= y 2) (mark y) y)) (list x 2))) '(1 3))))   ; expect: map ((1 again) (3 2)) 2
(escape-and-return 'vector-map (lambda () (vector-map (lambda (x) (if (= x 2) (mark x) x)) [1 2 3])))   ; expect: vector-map [1 again 3] 2
(escape-and-return 'for-each (lambda () (let ((l '())) (for-each (lambda (x) (set! l (cons (if (= x 2) (mark x) x) l))) '(1 2 3)) l)))   ; expect: for-each (3 again 3 2 1) 2
(escape-and-return 'fold (lambda () (foldl (lambda (acc x) (cons (if (eqv? x 2) (mark x) x) acc)) '() '(1 2 3))))   ; expect: fold (3 again 1) 2
(escape-and-return 'filter (lambda () (filter (lambda (x) (if (= x 1) (mark #f) #t)) '(0 1 2))))   ; expect: filter (0 1 2) 2
(escape-and-return 'sort (lambda () (sort '(3 1 2) (lambda (a b) (mark #t) (- a b)))))   ; expect: sort (1 2 3) 2
(escape-and-return 'apply (lambda () (apply (lambda (a b) (list a (mark b))) '(1 2))))   ; expect: apply (1 again) 2
(escape-and-return 'string-map (lambda () (string-map (lambda (c) (let ((m (mark c))) (if (char? m) m #\!))) "abc")))   ; expect: string-map !bc 2
(println (call/cc (lambda (k) (for-each (lambda (x) (map (lambda (y) (if (= (* x y) 6) (k (list x y)))) '(1 2 3))) '(1 2 3)))))   ; expect: (2 3)
(println (call/cc (lambda (k) (sort '(3 2 1) (lambda (a b) (k 'out))))) (call/cc (lambda (k) (vector-for-each (lambda (x) (if (= x 2) (k x))) [1 2 3]))))   ; expect: out 2
