; Leaving, re-entering and passing on continuations.
(define (first-negative numbers)
  (call/cc (lambda (return)
    (for-each (lambda (n) (if (< n 0) (return n))) numbers)
    'none)))
(println (first-negative '(4 -2 -7)) (first-negative '(1 2)))     ; expect: -2 none

; A continuation captured in one form goes on with the forms behind it.
(define again #f)
(define rounds 0)
(println "got" (call/cc (lambda (k) (set! again k) 'first)))
(set! rounds (+ rounds 1))
(if (< rounds 3) (again rounds))
; expect: got first
; expect: got 1
; expect: got 2

; Re-entering a callback of map does not change lists that map has answered already.
(define inner #f)
(define results '())
(define squares (map (lambda (x) (call/cc (lambda (k) (if (= x 2) (set! inner k)) (* x x)))) '(1 2 3)))
(set! results (cons squares results))
(if (< (length results) 2) (inner 'changed))
(println results)                                                 ; expect: ((1 changed 9) (1 4 9))

; Through sort's comparison.
(println (sort '(3 1 2) (lambda (a b) (call/cc (lambda (k) (k (- a b)))))))   ; expect: (1 2 3)

; A generator that walks a tree, and one consumer of two generators.
(define (generator walk)
  (define back #f)
  (define (next)
    (call/cc (lambda (return)
      (set! back return)
      (walk (lambda (value)
        (call/cc (lambda (rest)
          (set! next (lambda () (call/cc (lambda (return) (set! back return) (rest nil)))))
          (back value)))))
      (set! next (lambda () 'end))
      (back 'end))))
  (lambda () (next)))
(define (leaves tree)
  (generator (lambda (yield)
    (let walk ((tree tree))
      (cond ((null? tree) nil)
            ((pair? tree) (walk (car tree)) (walk (cdr tree)))
            (else (yield tree)))))))
(define (same-fringe? a b)
  (let ((next-a (leaves a)) (next-b (leaves b)))
    (let loop ()
      (let ((x (next-a)) (y (next-b)))
        (cond ((not (equal? x y)) #f)
              ((equal? x 'end) #t)
              (else (loop)))))))
(println (same-fringe? '(1 (2 (3)) 4) '((1 2) (3 4))) (same-fringe? '(1 2) '(1 3)))   ; expect: #t #f

; amb: the choice points are continuations.
(define choices '())
(define (fail)
  (if (null? choices)
      (error "no choice left")
      (let ((back (car choices)))
        (set! choices (cdr choices))
        (back nil))))
(define (amb items)
  (call/cc (lambda (return)
    (for-each (lambda (item)
      (call/cc (lambda (next)
        (set! choices (cons next choices))
        (return item))))
      items)
    (fail))))
(println (let* ((a (amb '(1 2 3 4 5 6))) (b (amb '(2 3 4 5 6 7))) (c (amb '(5 6 7 8 9 10))))
  (if (= (* c c) (+ (* a a) (* b b))) (list a b c) (fail))))      ; expect: (3 4 5)

; Several values.
(call-with-values (lambda () (call/cc (lambda (k) (k 1 2)))) (lambda (a b) (println a b)))   ; expect: 1 2
(println (+ 1 (call/ec (lambda (k) (* 10 (k 1))))))               ; expect: 2
(define stale (call/ec (lambda (k) k)))
(println (try (stale 1) (catch e (:message e))))                  ; expect: escape continuation called after its extent ended
(println (procedure? (call/cc (lambda (k) k))))                   ; expect: #t

; A continuation captured inside of eval goes on behind it.
(define onward #f)
(define passes 0)
(println 'value (eval '(call/cc (lambda (c) (set! onward c) 0))))
(set! passes (+ passes 1))
(if (< passes 3) (onward passes))
; expect: value 0
; expect: value 1
; expect: value 2
