; Names that macros bring in and names of the program do not meet.
(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))
(define tmp 1) (define other 2)
(swap! tmp other)
(println tmp other)                                               ; expect: 2 1
(let ((tmp 5) (let 6)) (swap! tmp let) (println tmp let))         ; expect: 6 5

(define-syntax my-if (syntax-rules () ((_ c a b) (cond (c a) (else b)))))
(println (let ((else #f)) (my-if #f 1 2)) (let ((if list) (cond 5)) (my-if #t cond 0)))   ; expect: 2 5
(define-syntax while-loop
  (syntax-rules () ((_ c body ...) (let loop () (when c body ... (loop))))))
(let ((n 0) (loop 'mine)) (while-loop (< n 3) (set! n (+ n 1))) (println n loop))   ; expect: 3 mine
; A global that a macro uses may be shadowed where it is used, but not redefined in vain.
(define (helper x) (list 'helped x))
(define-syntax help (syntax-rules () ((_ x) (helper x))))
(println (let ((helper 5)) (help helper)))                        ; expect: (helped 5)
(define (helper x) (list 'new x))
(println (help 1))                                                ; expect: (new 1)
; Two uses of one macro in one scope have two variables; a variable a macro is given is the program's.
(define-syntax with (syntax-rules () ((_ v e body) (let ((v e) (w 'inside)) body))))
(define w 'outside)
(println (with v 1 (list v w)) (with w 2 w))                      ; expect: (1 outside) 2
(define-syntax both (syntax-rules () ((_ a b) (let ((x a)) (let ((y b)) (list x y))))))
(println (let ((x 1) (y 2)) (both y x)))                          ; expect: (2 1)
; A definition brought in by a macro is private, unless its name came from the call.
(define-syntax define-counter
  (syntax-rules () ((_ name) (define name (let ((count 0)) (lambda () (set! count (+ count 1)) count))))))
(define-counter next)
(define count 'mine)
(next)
(println (next) count)                                            ; expect: 2 mine
; The classic: my-or nested with a variable that has the macro's name for its own.
(define-syntax my-or2 (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))
(println (let ((t 5)) (my-or2 #f t)) (let ((t 1)) (my-or2 #f (my-or2 #f t))))   ; expect: 5 1
; Continuation passing in macros: a reversal at expansion, and a permutation of bindings.
(define-syntax reversed
  (syntax-rules () ((_ () done) 'done) ((_ (a b ...) (d ...)) (reversed (b ...) (a d ...)))))
(println (reversed (1 2 3 4) ()))                                 ; expect: (4 3 2 1)
(define-syntax parallel-set!
  (syntax-rules ()
    ((_ (n v) ...) (parallel-set! "temporaries" () ((n v) ...)))
    ((_ "temporaries" ((t n v) ...) ()) (let ((t v) ...) (set! n t) ...))
    ((_ "temporaries" (done ...) ((n v) more ...)) (parallel-set! "temporaries" (done ... (temp n v)) (more ...)))))
(define p 1) (define q 2) (define r 3)
(parallel-set! (p q) (q r) (r p))
(println p q r)                                                   ; expect: 2 3 1
; A local macro sees the variables around it, also when it is used in a closure that outlives them.
(define (adder n)
  (define-syntax add (syntax-rules () ((_ x) (+ x n))))
  (lambda (n) (add n)))
(println ((adder 10) 5))                                          ; expect: 15
; defmacro is not hygienic, gensym is how it keeps apart.
(defmacro swap-values! (a b) (let ((t (gensym "t"))) `(let ((,t ,a)) (set! ,a ,b) (set! ,b ,t))))
(define t 'first)
(swap-values! t w)
(println t w)                                                     ; expect: outside first
