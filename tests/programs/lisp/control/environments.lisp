; eval in environments: what it sees, defines and changes.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define x 'global)
(define (make-counter) (define n 0) (define (up) (set! n (+ n 1)) n) (the-environment))
(define c1 (make-counter)) (define c2 (make-counter))
(println (eval '(up) c1) (eval '(up) c1) (eval '(up) c2) (eval 'n c1) (eval 'n c2))   ; expect: 1 2 1 2 1
(eval '(set! n 100) c1)
(eval '(define extra (* n 2)) c1)
(println (eval '(list (up) extra) c1) (failing (eval 'extra c2)) (failing (eval 'extra)))   ; expect: (101 200) :unbound :unbound
; Functions made by eval keep the environment; special forms and macros work in it.
(define add-n (eval '(lambda (k) (+ k n)) c1))
(println (add-n 1) (begin (eval '(set! n 0) c1) (add-n 1)))       ; expect: 102 1
(define-syntax twice (syntax-rules () ((_ e) (list e e))))
(println (eval '(twice (up)) c2) (eval '(let ((x 1)) (eval 'x)) c1) (let ((x 'local)) (eval 'x)))   ; expect: (2 3) global global
(println (let ((x 'local)) (eval 'x (the-environment))) (eval 'x (interaction-environment)) (let ((x 1)) (let ((y 2)) (eval '(list x y) (the-environment)))))   ; expect: local global (1 2)
; Code is data: programs that write programs.
(define (power-code n) (if (= n 0) 1 `(* x ,(power-code (- n 1)))))
(define cube (eval `(lambda (x) ,(power-code 3))))
(println (power-code 3) (cube 5))                                 ; expect: (* x (* x (* x 1))) 125
(define (self-printing) ((lambda (q) `(,q ',q)) '(lambda (q) `(,q ',q))))
(println (equal? (self-printing) (eval (self-printing))))         ; expect: #t
; A tiny evaluator of its own, running on data that was read.
(define (ev e env)
  (cond ((symbol? e) (cdr (assq e env)))
        ((not (pair? e)) e)
        ((eq? (car e) 'fn) (lambda args (ev (caddr e) (append (map cons (cadr e) args) env))))
        (else (apply (ev (car e) env) (map (lambda (a) (ev a env)) (cdr e))))))
(println (ev (read "((fn (f) (f (f 3))) (fn (x) (mul x x)))") (list (cons 'mul *))))   ; expect: 81
(println (failing (eval '(1 2))) (failing (eval 'unknown-name)) (failing (eval '(if))) (failing (eval 'x 5)) (failing (eval)))   ; expect: :eval :unbound :arity :type-error :arity
(println (failing (eval '(1 . 2))) (eval ''(1 . 2)) (eval (list + 1 2)) (eval (list 'quote (list 1 (vector 2)))))   ; expect: :eval (1 . 2) 3 (1 [2])
(eval '(begin (define made-1 1) (define (made-2) (+ made-1 1))))
(println made-1 (made-2) (eval '(begin)))                         ; expect: 1 2 nil
