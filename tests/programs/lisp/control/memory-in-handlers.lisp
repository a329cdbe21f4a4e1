; options: --memory 4m
; slow: it fills the heap
; Out of memory reaches handlers before it unwinds, as do recursion that memory has no room for and numbers that are too large.
(define (grow l) (grow (cons 1 l)))
(define (asked thunk)
  (let ((seen nil))
    (try (handler-bind ((#t (lambda (c) (set! seen (:message c))))) (thunk)) (catch e nil))
    seen))
(println (asked (lambda () (grow '()))))                          ; expect: out of memory
(println (asked (lambda () (let loop ((l '())) (loop (lambda () l))))))   ; expect: out of memory
(println (asked (lambda () (make-vector 100000000 1))))           ; expect: out of memory
(define (endless n) (+ 1 (endless n)))
(println (asked (lambda () (endless 1))))                         ; expect: stack overflow: maximum call depth exceeded
