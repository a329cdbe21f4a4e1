; Association lists: 100,000 lookups among 50 symbols.
; result: 2450000
(define names '(a b c d e f g h i j k l m n o p q r s t u v w x y z aa ab ac ad ae af ag ah ai aj ak al am an ao ap aq ar as at au av aw ax))
(define table (let loop ((l names) (i 0) (r '())) (if (null? l) (reverse r) (loop (cdr l) (+ i 1) (cons (cons (car l) i) r)))))
(define (bench)
  (let again ((n 0) (sum 0))
    (if (= n 2000) sum
        (again (+ n 1)
               (let loop ((l names) (s sum)) (if (null? l) s (loop (cdr l) (+ s (cdr (assq (car l) table))))))))))
