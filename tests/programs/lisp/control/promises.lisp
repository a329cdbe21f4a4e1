; slow: a hundred thousand promises
; Promises are forced once; chains of them need no stack.
(define count 0)
(define p (delay (begin (set! count (+ count 1)) (* 6 7))))
(println (promise-forced? p) (force p) (force p) count (promise-forced? p))   ; expect: #f 42 42 1 #t
(define (countdown n) (if (= n 0) (delay 'done) (delay-force (countdown (- n 1)))))
(println (force (countdown 100000)))                              ; expect: done

; A stream filtered lazily.
(define (integers n) (delay-force (make-promise (cons n (integers (+ n 1))))))
(define (keep fits? s)
  (delay-force (let ((cell (force s)))
    (if (fits? (car cell)) (make-promise (cons (car cell) (keep fits? (cdr cell)))) (keep fits? (cdr cell))))))
(define (at s n) (if (= n 0) (car (force s)) (at (cdr (force s)) (- n 1))))
(println (at (keep (lambda (n) (= 0 (modulo n 7))) (integers 1)) 300))   ; expect: 2107

; Forcing a promise while it is being forced: the first value to arrive stays.
(define x 5)
(define hits 0)
(define reentrant (delay (begin (set! hits (+ hits 1)) (if (> hits x) hits (force reentrant)))))
(println (force reentrant))                                       ; expect: 6
(set! x 10)
(println (force reentrant))                                       ; expect: 6

; A failure is not kept.
(define tries 0)
(define flaky (delay (begin (set! tries (+ tries 1)) (if (< tries 3) (throw 'again) tries))))
(println (try (force flaky) (catch e (:value e))) (try (force flaky) (catch e (:value e))) (force flaky))   ; expect: again again 3
(println (force (make-promise 1)) (promise? (make-promise p)) (force (make-promise p)) (promise? 1))   ; expect: 1 #t 42 #f
(force 5)
; expect error: expected thunk, got int
