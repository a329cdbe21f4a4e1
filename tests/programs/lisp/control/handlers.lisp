; Handlers run where the error was raised, before anything is unwound.
(println (with-exception-handler (lambda (e) 42) (lambda () (+ 1 (raise-continuable 'oops)))))   ; expect: 43
(println (call/ec (lambda (k) (with-exception-handler (lambda (e) (k (list 'got e))) (lambda () (raise 'boom))))))   ; expect: (got boom)
(println (call/ec (lambda (k) (with-exception-handler (lambda (e) (k (:type e))) (lambda () (car 5))))))   ; expect: :type-error

; Answering from a handler of an error that is not continuable is an error itself.
(println (try (with-exception-handler (lambda (e) 1) (lambda () (raise 'boom))) (catch e (list (:type e) (:message e)))))
; expect: (:eval "exception handler returned from a raise that is not continuable")

; A handler runs with the handlers further out.
(println (with-exception-handler (lambda (e) (list 'outer e))
  (lambda () (with-exception-handler (lambda (e) (raise-continuable (list 'inner e)))
    (lambda () (raise-continuable 1))))))                         ; expect: (outer (inner 1))
(println (try (with-exception-handler (lambda (e) (car e)) (lambda () (raise 5))) (catch e (:message e))))   ; expect: expected list or vector, got int

; handler-bind: by type, by predicate, by #t; answering declines.
(define asked '())
(define (ask name) (lambda (c) (set! asked (cons name asked))))
(println (try
  (handler-bind ((#t (ask 'all)) (:io (ask 'io)))
    (handler-bind ((:user (ask 'user)) ((lambda (c) (equal? (:value c) 7)) (ask 'seven)))
      (throw 7)))
  (catch e (reverse asked))))                                     ; expect: (user seven all)

; A try further in comes first.
(println (handler-bind ((#t (lambda (c) (println "not asked")))) (try (throw 1) (catch e 'inner))))   ; expect: inner

; Nothing handled it: guard passes it on to the handlers around it.
(println (guard (e ((equal? e 'x) 'outer-guard)) (guard (e ((equal? e 'y) 'no)) (raise 'x))))   ; expect: outer-guard
(println (call/ec (lambda (k) (with-exception-handler (lambda (e) (k (list 'handler e))) (lambda () (guard (e (#f 1)) (raise 'x)))))))   ; expect: (handler x)
(println (guard (e ((assoc 'a e) => cadr)) (raise '((a 42)))))    ; expect: 42

; Error objects.
(guard (e (#t (println (error-object? e) (error-object-message e) (error-object-irritants e)))) (error "wrong:" 1 "two"))   ; expect: #t wrong: (1 "two")
(println (guard (e (#t (list (error-object? e) e))) (raise 5)))   ; expect: (#f 5)
(println (guard (e (#t (read-error? e))) (read "(")) (guard (e (#t (file-error? e))) (load "no such file")))   ; expect: #t #t
(println (try (throw {:type :io :message "disk full"}) (catch e (list (:type e) (:message e)))))   ; expect: (:io "disk full")
(println (try (try (undefined-function) (catch e (raise e))) (catch e (:type e))))   ; expect: :unbound

; Deep in handlers of handlers.
(define (nest n) (if (= n 0) (raise-continuable 0) (with-exception-handler (lambda (e) (+ 1 (raise-continuable e))) (lambda () (nest (- n 1))))))
(println (with-exception-handler (lambda (e) e) (lambda () (nest 8))))   ; expect: 8
(raise '(nobody cares))
; expect error: User exception: (nobody cares)
