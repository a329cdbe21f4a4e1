; Sorting: a list of 20,000 pseudo-random numbers by a merge sort of its own.
; result: 2000000010
(define (random-list n) (let loop ((i 0) (seed 42) (l '())) (if (= i n) l (loop (+ i 1) (remainder (+ (* seed 1103) 12345) 65536) (cons seed l)))))
(define (merge-lists a b)
  (let loop ((a a) (b b) (r '()))
    (cond ((null? a) (append (reverse r) b))
          ((null? b) (append (reverse r) a))
          ((< (car b) (car a)) (loop a (cdr b) (cons (car b) r)))
          (else (loop (cdr a) b (cons (car a) r))))))
(define (take-n l n) (if (= n 0) '() (cons (car l) (take-n (cdr l) (- n 1)))))
(define (drop-n l n) (if (= n 0) l (drop-n (cdr l) (- n 1))))
(define (merge-sort l n)
  (if (< n 2) l
      (let ((h (quotient n 2)))
        (merge-lists (merge-sort (take-n l h) h) (merge-sort (drop-n l h) (- n h))))))
(define (bench) (let ((l (merge-sort (random-list 20000) 20000))) (+ (car l) (* 100000 (length l)))))
