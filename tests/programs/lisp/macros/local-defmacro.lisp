; A defmacro inside of a body is a macro of that body alone.
(define (f)
  (defmacro twice (x) `(list ,x ,x))
  (twice (+ 1 2)))
(println (f))                                                     ; expect: (3 3)
(println (try (eval '(twice 3)) (catch e (:message e))))          ; expect: Unbound variable: twice
(defmacro name () ''global)
(define (g y)
  (defmacro name () ''local)
  (defmacro add (a . rest) (if (null? rest) a (list '+ a (cons 'add rest))))
  (define (sum a b) (add a b y))
  (list (name) (sum 1 2)))
(println (g 10) (name))                                           ; expect: (local 13) global
(println (let ((x 5)) (defmacro square (e) `(* ,e ,e)) (let ((x 3)) (square x))))   ; expect: 9
(println (let () (defmacro def (n v) `(define ,n ,v)) (def a 1) (def b 2) (+ a b)))   ; expect: 3
; Its calls may go on with other macros of the body, and a variable may hide it.
(println (let () (defmacro one () 1) (defmacro plus-one (x) `(+ ,x (one))) (list (plus-one 4) (let ((one (lambda () 'f))) (one)))))   ; expect: (5 f)
(define-syntax with-macro (syntax-rules () ((_ e) (let () (defmacro inner (x) (list 'quote x)) (inner e)))))
(println (with-macro abc))                                        ; expect: abc
(define (late) (defmacro fails (x) (car 5)) (fails 1))
; expect error: expected list or vector, got int
