; Text: 20,000 numbers appended to strings, a hundred at a time.
; result: 107801
(define (bench)
  (let loop ((i 0) (s "") (total 0))
    (cond ((= i 20000) total)
          ((= (remainder i 100) 99) (loop (+ i 1) "" (+ total (string-length s))))
          (else (loop (+ i 1) (string-append s (number->string i) ",") total)))))
