; Parameters in the middle of errors, conversions and tasks; channels between tasks.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define p (make-parameter 1))
(define q (make-parameter "5" string->number))
(println (p) (q) (parameterize ((p 2) (q "7")) (list (p) (q))) (p) (q))   ; expect: 1 5 (2 7) 1 5
(println (failing (parameterize ((p 9)) (error "out"))) (p) (parameterize () 'empty) (failing (eval '(parameterize ((5 1)) 1))))   ; expect: :eval 1 empty :type-error
(println (parameterize ((p 2)) (let ((f (lambda () (p)))) (parameterize ((p 3)) (list (f) ((lambda () (p))))))))   ; expect: (3 3)
(define results '())
(define ch (channel/new 1))
(define producer (async (for-each (lambda (i) (channel/send ch i)) '(1 2 3)) (channel/close ch) 'produced))
(define consumer (async (let loop ((l '())) (let ((v (channel/recv ch))) (if (nil? v) (reverse l) (loop (cons v l)))))))
(println (await consumer) (await producer))                       ; expect: (1 2 3) produced
(println (await (async (parameterize ((p 'mine)) (p)))) (p) (failing (await (async (error "in task")))))   ; expect: mine 1 :eval
(println (map await (map (lambda (i) (async (* i i))) '(1 2 3))))   ; expect: (1 4 9)
