; options: --stack-depth 3000
; Recursion without an end: handlers have some frames left.
(define (endless n) (+ 1 (endless n)))
(define message nil)
(println (integer? (handler-bind ((#t (lambda (c) (set! message (:message c)) (use-value 1)))) (endless 1))) message)
; expect: #t stack overflow: maximum call depth exceeded
(println (call/ec (lambda (k) (handler-bind ((#t (lambda (c) (k (map (lambda (x) (+ x 1)) '(1 2)))))) (endless 1)))))   ; expect: (2 3)
