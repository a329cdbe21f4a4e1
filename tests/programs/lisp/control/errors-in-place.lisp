; Handlers are asked where the error is, before anything unwinds; restarts only offer what can be gone on with.
(define (asked thunk)
  (let ((seen '()))
    (try (handler-bind ((#t (lambda (c) (set! seen (cons (:message c) (map restart-name (compute-restarts))))))) (thunk))
         (catch e nil))
    seen))
(define (with-value value thunk) (handler-bind ((#t (lambda (c) (use-value value)))) (thunk)))

; Arithmetic, comparison, indexing, records: the value of the expression.
(println (asked (lambda () (+ 1 'a))))                            ; expect: ("expected number or string, got int and symbol" use-value)
(println (with-value 20 (lambda () (* 2 (+ 1 'a)))))              ; expect: 40
(println (with-value #f (lambda () (if (< 1 'a) 'yes 'no))))      ; expect: no
(println (with-value 7 (lambda () (list (vector-ref [1 2] 9) (/ 1 0)))))   ; expect: (7 7)
(println (with-value 5 (lambda () (do ((i 0 (+ i 1)) (sum 0 (+ sum (vector-ref [1 2] i)))) ((= i 4) sum)))))   ; expect: 13
(define-record-type point (make-point x) point? (x point-x))
(println (with-value 3 (lambda () (+ 1 (point-x 5)))))            ; expect: 4
(println (with-value 3 (lambda () (+ 1 (match 5 ("five" 5))))))   ; expect: 4
(println (with-value 3 (lambda () (+ 1 ((lambda (x) x))))))       ; expect: 4

; Where a value would end up in the middle of something, there is none to be given.
(println (asked (lambda () (let (([a b] '(1))) a))))              ; expect: ("destructure: expected 2 elements, got 1")
(println (asked (lambda () (+ 1 (let-values (((a b) (values 1))) a)))))   ; expect: ("let-values expects 2 values, got 1")
(println (asked (lambda () (begin (set! never-defined 1) 2))))    ; expect: ("Unbound variable: never-defined")
(println (car (asked (lambda () (map car 5)))))                   ; expect: expected list, vector, or mutable-array, got int in map

; A global that is called and not defined: the restarts are about what to call.
(println (asked (lambda () (no-such-function 1))))                ; expect: ("Unbound variable: no-such-function" use-value store-value retry)
(println (with-value + (lambda () (list 0 (no-such-function 1 2)))))   ; expect: (0 3)
(println (with-value list (lambda () (no-such-function))))        ; expect: ()
(println (with-value (lambda args args) (lambda () (list (no-such-function 1 2 3 4 5 6 7 8 9) no-such-function 1))))
; expect: ((1 2 3 4 5 6 7 8 9) <lambda> 1)
(println (handler-bind ((#t (lambda (c) (store-value *)))) (stored-function 3 4)) (stored-function 5 6))   ; expect: 12 30
(println (handler-bind ((#t (lambda (c) (eval '(define (late x) (list x x))) (retry)))) (list (late 3))))   ; expect: ((3 3))
(define (tail x) (not-there x x))
(println (with-value - (lambda () (tail 5))))                     ; expect: 0
