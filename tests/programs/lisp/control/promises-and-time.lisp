; delay-force, make-promise and clocks.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(println (force (make-promise 5)) (promise? (make-promise 5)) (promise? 5) (force (make-promise (make-promise 6))))   ; expect: 5 #t #f 6
(println (failing (force 5)) (failing (make-promise)) (force (delay-force (delay (+ 1 2)))))   ; expect: :type-error :arity 3
(define runs 0)
(define once (delay (begin (set! runs (+ runs 1)) runs)))
(println (force once) (force once) runs)                          ; expect: 1 1 1
; A chain of promises needs no stack.
(define (countdown n) (if (= n 0) (delay 'done) (delay-force (countdown (- n 1)))))
(println (force (countdown 300)))                              ; expect: done
; A promise that forces itself keeps the first answer.
(define n 0)
(define self (delay (begin (set! n (+ n 1)) (if (> n 3) n (force self)))))
(println (force self) n)                                          ; expect: 4 4
(println (failing (force (delay (error "broken")))) (failing (force (delay-force 5))))   ; expect: :eval :type-error
; Streams, as far as they are asked for.
(define-syntax stream
  (syntax-rules () ((_ a b) (cons a (delay b)))))
(define (from n) (stream n (from (+ n 1))))
(define (sieve s) (stream (car s) (sieve (leave-out (car s) (force (cdr s))))))
(define (leave-out d s) (if (= 0 (modulo (car s) d)) (leave-out d (force (cdr s))) (stream (car s) (leave-out d (force (cdr s))))))
(define (take-stream s n) (if (= n 0) '() (cons (car s) (take-stream (force (cdr s)) (- n 1)))))
(println (take-stream (sieve (from 2)) 6))                       ; expect: (2 3 5 7 11 13)

(define start (current-jiffy))
(println (integer? start) (>= (current-jiffy) start) (> (jiffies-per-second) 0) (number? (current-second)))   ; expect: #t #t #t #t
(println (failing (current-jiffy 1)) (failing (current-second 1)) (failing (jiffies-per-second 1)))   ; expect: :arity :arity :arity
