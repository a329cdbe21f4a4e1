; A function compiled before `not` is defined anew asks the new one, also where the test inside it was a jump.
(define (order a b) (if (not (< a b)) 'not-less 'less))
(define (none l) (if (not (null? l)) 'some 'none))
(define (zero n) (cond ((not (zero? n)) 'other) (else 'zero)))
(define (small n) (if (not (> 10 n)) 'large 'small))
(define (pairs l) (let loop ((l l) (n 0)) (if (not (pair? l)) n (loop (cdr l) (+ n 1)))))
(define (plain x) (if (not x) 'f 't))
(define (twice x) (if (not (not x)) 't 'f))
(define (both a b) (if (not (and a b)) 'no 'yes))
(define (count-to n) (let ((i 0)) (while (not (>= i n)) (set! i (+ i 1))) i))
(define (all) (list (order 1 2) (order 2 1) (none '()) (none '(1)) (zero 0) (zero 1) (small 3) (small 30) (pairs '(1 2)) (plain 1) (plain nil) (twice 1) (twice nil) (both 1 1) (both 1 nil) (count-to 3)))
(println (all))   ; expect: (less not-less none some zero other small large 2 t f t f yes no 3)

(define library-not not)
(define asked 0)
(define (not x) (set! asked (+ asked 1)) (library-not x))
(println (all) asked)   ; expect: (less not-less none some zero other small large 2 t f t f yes no 3) 23

(set! not (lambda (x) x))
(println (order 1 2) (order 2 1) (none '()) (none '(1)) (zero 0) (zero 1) (small 3) (small 30) (pairs '(1 2)) (plain 1) (plain nil) (both 1 nil) (twice 1) (count-to 3))   ; expect: not-less less some none other zero large small 0 f t yes t 0

; With the test's own name defined anew as well, and errors in either.
(define (< a b) (list a b))
(set! not (lambda (x) (if (equal? x '(1 2)) nil x)))
(println (order 1 2) (order 2 1))                                 ; expect: less not-less
(set! not (lambda (x) (throw x)))
(println (try (order 5 6) (catch e (:value e))))                  ; expect: (5 6)
(set! not library-not)
(println (order 1 2) (plain nil) (pairs '(1 2 3)))                ; expect: less f 3
