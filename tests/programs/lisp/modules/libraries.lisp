; Libraries have globals of their own; an import copies what they export.
(define-library (tools stack)
  (export make push (rename pop-it pop) top-or stack-count)
  (import (scheme base))
  (begin
    (println "stack runs")
    (define made 0)
    (define-record-type stack (make-stack items) stack? (items items set-items!))
    (define (make) (count!) (make-stack '()))
    (define (push s x) (set-items! s (cons x (items s))) s)
    (define (pop-it s) (let ((x (car (items s)))) (set-items! s (cdr (items s))) x))
    (define-syntax top-or (syntax-rules () ((_ s default) (let ((all (items s))) (if (null? all) default (car all)))))))
  (begin
    (define (count!) (set! made (+ made 1)))
    (define (stack-count) made)))
(println "before")                                                ; expect: before
(import (rename (tools stack) (pop take-off)))                    ; expect: stack runs
(import (only (tools stack) make) (scheme base))
(define s (make))
(push s 1) (push s 2)
(define all 'mine)
(println (top-or s 0) (take-off s) (take-off s) (top-or s all))   ; expect: 2 2 1 mine
(println (stack-count) (try (make-stack '()) (catch e (:message e))))   ; expect: 1 Unbound variable: make-stack
(println (try made (catch e (list (:message e) (:name e)))))      ; expect: ("Unbound variable: made" "made")

; The same names in two modules, and in the program.
(define (g) 'program)
(module one (export f) (define (g) 1) (define (f) (g)))
(module two (export (rename f f2)) (define (g) 2) (define (f) (g)))
(println (f) (f2) (g))                                            ; expect: 1 2 program
(println (module three (export) (define hidden 3) (+ hidden 1)) (try hidden (catch e (:message e))))   ; expect: 4 Unbound variable: hidden
(import (prefix one first/))
(println (first/f))                                               ; expect: 1

; A module does not see the program's globals, and may have the library's names for itself.
(define outside 1)
(define-library (private) (export try-outside list-of) (begin
  (define (try-outside) (try outside (catch e (:message e))))
  (define (list-of x) (filter x))
  (define (filter x) (list 'own x))))
(import (except (private) try-outside))
(println (list-of 1) (filter odd? '(1 2)))                        ; expect: (own 1) (1)
(import (private))
(println (try-outside))                                           ; expect: Unbound variable: outside

; Macros keep what they meant where they were defined.
(define-library (macros) (export my-or twice swap!) (begin
  (define t 'module)
  (define (wrap x) (list x t))
  (defmacro twice (e) `(begin ,e ,e))
  (define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))
  (define-syntax my-or (syntax-rules () ((_ a b) (let ((t a)) (if t t (wrap b))))))))
(import (macros))
(define t 'outer)
(define tmp 1) (define other 2)
(swap! tmp other)
(println (my-or #f t) tmp other)                                  ; expect: (outer module) 2 1
(define (wrap x) 'wrong)
(println (let ((wrap 5)) (my-or #f wrap)))                        ; expect: (5 module)
(twice (display "x")) (newline)                                   ; expect: xx

; One that imports another; what is exported onwards; cycles and mistakes.
(define-library (low) (export one) (begin (define one 1)))
(define-library (high) (export two one car) (import (low)) (begin (define two (+ one one))))
(import (prefix (high) h/))
(println h/one h/two (h/car '(5)))                                ; expect: 1 2 5
(define-library (ring a) (export x) (import (ring b)) (begin (define x 1)))
(define-library (ring b) (export y) (import (ring a)) (begin (define y 1)))
(define (message thunk) (try (thunk) (catch e (:message e))))
(println (message (lambda () (import (ring a)))))                 ; expect: cyclic import detected: (ring a) -> (ring b) -> (ring a)
(println (message (lambda () (import (nowhere)))))                ; expect: import: there is no library (nowhere)
(println (message (lambda () (import (only (low) two)))))         ; expect: import: (low) does not export two
(define-library (empty) (export nothing))
(println (message (lambda () (import (empty)))))                  ; expect: import: (empty) exports nothing, which it does not define
(define-library (fails) (export z) (begin (define z (car 5))))
(println (message (lambda () (import (fails)))))                  ; expect: expected list or vector, got int
(define-library (broken) (export q) (begin (define (q) (not-there 1 2))))
(import (broken))
(println (handler-bind ((#t (lambda (c) (store-value +)))) (q)) (q) (message (lambda () (not-there 1))))   ; expect: 3 3 Unbound variable: not-there
(println (message (lambda () (eval '(define-library (name) (provide x))))))
; expect: define-library: a declaration is (export ...), (import ...), (begin ...), (include ...), (include-ci ...) or (cond-expand ...)
