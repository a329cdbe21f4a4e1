; Restarts in depth: chosen by handlers far below, out of nested extents, each standard one, and arguments that do not fit.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define log '())
(define (note x) (set! log (cons x log)))
(define (shown) (let ((l (reverse log))) (set! log '()) l))

; The handler runs at the bottom of the recursion, the restart is at the top: the extents between them are left once.
(define (descend n) (dynamic-wind (lambda () #f) (lambda () (if (= n 0) (error "bottom") (+ 1 (descend (- n 1))))) (lambda () (note n))))
(println (with-restarts ((answer (x y) (list 'answer x y)))
  (handler-bind ((#t (lambda (c) (note (:message c)) (invoke-restart 'answer 1 2)))) (descend 3)))
  (shown))                                                        ; expect: (answer 1 2) ("bottom" 0 1 2 3)
; The innermost of a name is taken; the outer one is found from inside of the inner one's code.
(println (with-restarts ((r () 'outer)) (with-restarts ((r () (note 'inner) (invoke-restart 'r))) (invoke-restart 'r))) (shown))   ; expect: outer (inner)
; A restart from the list, by itself and not by its name.
(println (with-restarts ((r () 'first)) (with-restarts ((r () 'second)) (invoke-restart (nth (compute-restarts) 1)))))   ; expect: first
; A handler that declines leaves the choice to the next further out; one that was installed within a handler's run too.
(println (with-restarts ((pick (v) v))
  (handler-bind ((#t (lambda (c) (note 'outer) (invoke-restart 'pick 'by-outer))))
    (handler-bind ((:user (lambda (c) (note 'inner)))) (throw 'thing)))) (shown))   ; expect: by-outer (inner outer)
(println (handler-bind ((#t (lambda (c) (use-value (handler-bind ((#t (lambda (d) (use-value 'inner)))) (car 5)))))) (list (car 6))))   ; expect: (inner)
; use-value, store-value, retry of unbound variables.
(println (handler-bind ((:unbound (lambda (c) (use-value 3)))) (* nobody-defined-this 2)))   ; expect: 6
(println (handler-bind ((:unbound (lambda (c) (store-value 4)))) (* now-it-is 2)) now-it-is)   ; expect: 8 4
(println (handler-bind ((:unbound (lambda (c) (note (:name c)) (eval '(define late 5)) (retry)))) (* late 2)) (shown))   ; expect: 10 ("late")
; Without a live restart of the name, use-value and its kin return, and the error goes on.
(println (failing (use-value 1)) (failing (retry)) (failing (invoke-restart 'none)) (find-restart 'none) (failing (invoke-restart 5)))   ; expect: :eval :eval :eval nil :eval
(println (failing (with-restarts ((r (a) a)) (invoke-restart 'r))) (failing (with-restarts ((r () 1)) (invoke-restart 'r 1 2))))   ; expect: :arity :arity
; Restarts and call/cc: a restart invoked after its extent was left and entered again.
(define back #f)
(define tries 0)
(define result (with-restarts ((done (v) (list 'done v)))
  (call/cc (lambda (k) (set! back k)))
  (set! tries (+ tries 1))
  (invoke-restart 'done tries)))
(if (< tries 2) (back 'again))
(println result)                                                  ; expect: (done 2)
; A loop that skips what fails, as programs use restarts.
(define (convert text) (with-restarts ((skip () nil) (as (v) v)) (let ((n (string->number text))) (if n n (error "no number:" text)))))
(define (convert-all texts choose) (handler-bind ((:eval choose)) (map convert texts)))
(println (convert-all '("1" "x" "3") (lambda (c) (invoke-restart 'skip))) (convert-all '("1" "x" "y") (lambda (c) (invoke-restart 'as (car (error-object-irritants c))))))   ; expect: (1 nil 3) (1 "x" "y")
; Reports are for people; the names of what is live inside of a handler.
(println (handler-bind ((#t (lambda (c) (invoke-restart 'give (map restart-name (compute-restarts)))))) (with-restarts ((give (v) v)) (with-restarts ((b () 1) (a () 2)) (throw 1)))))   ; expect: (b a give)
(println (string? (format "~a" (find-restart 'x))) (restart? 5))  ; expect: #t #f
