; Re-entry: a generator that leaves its loop for its caller and is entered again, 20,000 times.
; result: 199990000
(define (make-generator n)
  (define return #f)
  (define (resume)
    (let loop ((i 0))
      (if (< i n)
          (begin
            (call-with-current-continuation
             (lambda (k)
               (set! resume (lambda () (k #f)))
               (return i)))
            (loop (+ i 1)))
          (return #f))))
  (lambda ()
    (call-with-current-continuation
     (lambda (k) (set! return k) (resume)))))
(define (bench)
  (let ((next (make-generator 20000)))
    (let loop ((sum 0))
      (let ((i (next)))
        (if i (loop (+ sum i)) sum)))))
