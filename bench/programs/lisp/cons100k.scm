; Consing: lists of 100,000 elements, built, reversed and added up, five times.
; result: 24999750000
(define (build n) (let loop ((i 0) (l '())) (if (= i n) l (loop (+ i 1) (cons i l)))))
(define (sum l) (let loop ((l l) (s 0)) (if (null? l) s (loop (cdr l) (+ s (car l))))))
(define (bench)
  (let loop ((i 0) (total 0))
    (if (= i 5) total (loop (+ i 1) (+ total (sum (reverse (build 100000))))))))
