; Floats: the Mandelbrot set on 80 by 40 points, 100 rounds at most.
; result: 78500
(define (rounds cr ci)
  (let loop ((zr 0.0) (zi 0.0) (n 0))
    (let ((r2 (* zr zr)) (i2 (* zi zi)))
      (if (or (= n 100) (> (+ r2 i2) 4.0)) n
          (loop (+ (- r2 i2) cr) (+ (* 2.0 (* zr zi)) ci) (+ n 1))))))
(define (bench)
  (let rows ((y 0) (sum 0))
    (if (= y 40) sum
        (rows (+ y 1)
              (let columns ((x 0) (sum sum))
                (if (= x 80) sum
                    (columns (+ x 1) (+ sum (rounds (- (* x 0.04) 2.2) (- (* y 0.06) 1.2))))))))))
