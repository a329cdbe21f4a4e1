; The bare loop: a sum to a million, five times.
; result: 1000000
(define (bench)
  (let again ((n 0) (total 0))
    (if (= n 5) total
        (again (+ n 1) (let loop ((i 0) (s 0)) (if (= i 1000000) s (loop (+ i 1) (+ s 1))))))))
