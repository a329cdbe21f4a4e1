; Calls: the Takeuchi function, twenty times.
; result: 140
(define (tak x y z)
  (if (not (< y x)) z
      (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))))
(define (bench)
  (let loop ((i 0) (sum 0))
    (if (= i 20) sum (loop (+ i 1) (+ sum (tak 18 12 6))))))
