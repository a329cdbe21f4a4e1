; What a handler is given, asked with the words of R7RS; eqv? and its relatives.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define (caught thunk) (call/cc (lambda (k) (with-exception-handler (lambda (e) (k e)) thunk))))

(define e (caught (lambda () (error "no such thing:" 'a "b" 3))))
(println (error-object? e) (error-object-message e) (error-object-irritants e))   ; expect: #t no such thing: (a "b" 3)
(define bare (caught (lambda () (error "plain"))))
(println (error-object-message bare) (error-object-irritants bare))   ; expect: plain ()
(println (error-object? 5) (error-object? "text") (error-object? '(a)))   ; expect: #f #f #f
(println (caught (lambda () (raise 'anything))))                  ; expect: anything
(println (caught (lambda () (raise (list 1 2)))))                 ; expect: (1 2)
(define native (caught (lambda () (vector-ref (vector 1) 5))))
(println (error-object? native) (string? (error-object-message native)) (error-object-irritants native))   ; expect: #t #t ()
(println (failing (error-object-message 5)) (failing (error-object-irritants 'x)))   ; expect: :type-error :type-error

(println (read-error? (caught (lambda () (read (open-input-string "(1 2"))))) (read-error? e) (read-error? 5))   ; expect: #t #f #f
(println (read-error? (caught (lambda () (read ")")))) (file-error? e) (file-error? 'x))   ; expect: #t #f #f

; with-exception-handler runs where the error was raised; only raise-continuable takes its answer.
(println (with-exception-handler (lambda (e) (* e 10)) (lambda () (+ 1 (raise-continuable 4)))))   ; expect: 41
(println (failing (with-exception-handler (lambda (e) 'ignored) (lambda () (+ 1 (raise 4))))))   ; expect: :eval
(println (with-exception-handler
  (lambda (outer) (list 'outer outer))
  (lambda () (with-exception-handler (lambda (inner) (raise-continuable (list 'inner inner))) (lambda () (raise-continuable 1))))))   ; expect: (outer (inner 1))
(println (failing (raise-continuable 1)) (failing (raise 'x)))    ; expect: :user :user
(println (failing (with-exception-handler 5 (lambda () 1))) (failing (with-exception-handler)))   ; expect: :type-error :arity
(println (call-with-current-continuation (lambda (k) (+ 1 (k 42)))))   ; expect: 42
(println (failing (call/cc 5)) (failing (call/cc)) (failing (call/cc (lambda () 1))))   ; expect: :eval :arity :arity
(println (failing (dynamic-wind 1 2 3)) (failing (dynamic-wind (lambda () 1))))   ; expect: :eval :arity

; eqv? compares identity of what has one; eq? and equal? compare contents.
(define l (list 1 2))
(println (eqv? l l) (eqv? l (list 1 2)) (eqv? 'a 'a) (eqv? #\a #\a) (eqv? 2 2) (eqv? 2 2.0))   ; expect: #t #f #t #t #t #f
(println (eqv? (expt 10 30) (expt 10 30)) (eqv? 1/2 2/4) (eqv? 0.0 -0.0) (eqv? '() '()) (eqv? car car))   ; expect: #t #t #f #t #t
(println (boolean=? #t #t) (boolean=? #f #f #f) (boolean=? #t #f) (failing (boolean=? #t 1)))   ; expect: #t #t #f :type-error
(println (symbol=? 'a 'a) (symbol=? 'a 'a 'b) (failing (symbol=? 'a "a")))   ; expect: #t #f :type-error
(println (list? (features)) (if (memq 'r7rs (features)) #t #f) (failing (features 1)))   ; expect: #t #t :arity
