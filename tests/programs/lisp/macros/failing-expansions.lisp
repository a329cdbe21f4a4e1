; What goes wrong while a macro is expanded is a condition for whoever evaluates the form, with the macro calls in its trace.
(define (caught form)
  (try (eval form)
       (catch e
         (list (:type e) (:message e)
               (filter (lambda (name) (string/contains? name "expansion of")) (map (lambda (frame) (:name frame)) (:stack-trace e)))))))

(defmacro first-of (x) (car x))
(defmacro around (x) `(list (first-of ,x)))
(println (caught '(first-of 5)))
; expect: (:type-error "expected list or vector, got int" ("expansion of (first-of 5)"))
(println (caught '(list (around 5))))
; expect: (:type-error "expected list or vector, got int" ("expansion of (first-of 5)" "expansion of (around 5)"))
(println (caught '(first-of)))
; expect: (:arity "first-of expects 1 argument, got 0" ("expansion of (first-of)"))
(println (caught '(first-of (list 1))))                  ; expect: <native-fn list>

(define-syntax pair-up (syntax-rules () ((_ a b) (cons a b))))
(define-syntax broken (syntax-rules () ((_ a) (let ((x)) a))))
(println (caught '(list (pair-up 1))))
; expect: (:eval "no matching syntax-rules clause for macro 'pair-up'" ())
(println (caught '(list (broken 1))))
; expect: (:eval "let: each binding must have 2 elements" ("expansion of (broken 1)"))
(defmacro ring (x) (let ((l (list 'list x))) (set-cdr! (cdr l) l) l))
(println (caught '(ring 1)))                             ; expect: (:eval "the expansion of macro 'ring' contains itself" ())

; Handlers run before anything unwinds, in the middle of the expansion, and may give a value to go on with.
(println (handler-bind ((:type-error (lambda (c) (use-value ''instead)))) (eval '(list (first-of 5)))))   ; expect: (instead)
(println (guard (e ((symbol? e) (list 'raised e))) (eval '(let () (defmacro m () (raise 'oops)) (m)))))   ; expect: (raised oops)
