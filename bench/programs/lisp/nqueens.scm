; Lists: ways to place eight queens, ten times.
; result: 920
(define (one-to n) (let loop ((i n) (l '())) (if (= i 0) l (loop (- i 1) (cons i l)))))
(define (safe? row dist placed)
  (if (null? placed) #t
      (and (not (= (car placed) (+ row dist)))
           (not (= (car placed) (- row dist)))
           (safe? row (+ dist 1) (cdr placed)))))
(define (try-it x y z)
  (if (null? x)
      (if (null? y) 1 0)
      (+ (if (safe? (car x) 1 z) (try-it (append (cdr x) y) '() (cons (car x) z)) 0)
         (try-it (cdr x) (cons (car x) y) z))))
(define (bench)
  (let loop ((i 0) (sum 0))
    (if (= i 10) sum (loop (+ i 1) (+ sum (try-it (one-to 8) '() '()))))))
