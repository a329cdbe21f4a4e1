; Forms as data: eval with and without an environment, macros, several forms at once.
(define x 10)
(println (eval '(+ x 1)) (eval (list '* 'x 2)) (eval (read "(- x 1)")))   ; expect: 11 20 9
(println (eval '(begin (define y (* x 3)) (define (twice n) (* 2 n)) (twice y))) y)   ; expect: 60 30
(let ((x 'local)) (println (eval 'x)))                            ; expect: 10
(define (scope a) (let ((b 20)) (the-environment)))
(define env (scope 1))
(println (eval '(+ a b) env))                                     ; expect: 21
(eval '(set! a 5) env)
(eval '(define c 100) env)
(println (eval '(list a b c x) env) (try (eval 'c) (catch e (:message e))))   ; expect: (5 20 100 10) Unbound variable: c
(eval '(define g 1) (interaction-environment))
(println g (eval 'g (interaction-environment)))                   ; expect: 1 1

; Expanders are procedures: they may wait for the reader, call others and raise errors.
(defmacro swap! (a b) `(let ((tmp ,a)) (set! ,a ,b) (set! ,b tmp)))
(define u 1) (define v 2)
(swap! u v)
(println u v (macroexpand '(swap! u v)))                          ; expect: 2 1 (let ((tmp u)) (set! u v) (set! v tmp))
(defmacro checked (form) (if (pair? form) form (throw (list 'not-a-form form))))
(println (checked (+ 1 2)) (try (eval '(checked 5)) (catch e (:value e))))   ; expect: 3 (not-a-form 5)
(defmacro again (form) `(begin ,form (swap! u v) ,form))
(println (again (list u v)))                                      ; expect: (1 2)
(println (try (eval '(if)) (catch e (list (:type e) (:message e)))))   ; expect: (:arity "if expects 2 or 3 arguments, got 0")

(println (assert (> 2 1)) (assert= '(1) (list 1)) (tap 5 println))
; expect: 5
; expect: #t #t 5
(assert (= 1 2) "numbers differ")
; expect error: numbers differ
