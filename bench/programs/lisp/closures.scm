; Closures: made, composed and called 200,000 times.
; result: 20000300000
(define (adder n) (lambda (x) (+ x n)))
(define (compose f g) (lambda (x) (f (g x))))
(define (bench)
  (let loop ((i 0) (sum 0))
    (if (= i 200000) sum
        (loop (+ i 1) (+ sum ((compose (adder i) (adder 1)) 1))))))
