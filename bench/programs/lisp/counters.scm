; Captured variables that are assigned, a million times.
; result: 1000001
(define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n)))
(define (bench)
  (let ((c (counter)))
    (let loop ((i 0)) (if (= i 1000000) (c) (begin (c) (loop (+ i 1)))))))
