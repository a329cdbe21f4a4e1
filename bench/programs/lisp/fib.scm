; Calls: naive Fibonacci.
; result: 832040
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(define (bench) (fib 30))
