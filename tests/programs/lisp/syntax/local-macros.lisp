; let-syntax, letrec-syntax, definitions of macros in bodies, and rules about ellipses.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(println (let-syntax ((twice (syntax-rules () ((_ x) (list x x))))) (twice (+ 1 2))))   ; expect: (3 3)
(println (let ((x 'outer)) (let-syntax ((m (syntax-rules () ((_) x)))) (let ((x 'inner)) (list x (m))))))   ; expect: (inner outer)
(println (letrec-syntax ((my-or (syntax-rules () ((_) #f) ((_ e) e) ((_ e r ...) (let ((t e)) (if t t (my-or r ...)))))))
  (let ((x #f) (y 7) (t 8) (let 5) (if 6)) (my-or x (my-or) y t))))   ; expect: 7
(println (let-syntax ((one (syntax-rules () ((_) 1)))) (let-syntax ((one (syntax-rules () ((_) (+ (one) 1))))) (one))))   ; expect: 2
(println (failing (eval '(let-syntax ((m 5)) (m)))) (failing (eval '(letrec-syntax ((m)) 1))))   ; expect: :eval :eval

(define (body n)
  (define-syntax plus (syntax-rules () ((_ a b) (+ a b offset))))
  (define offset 100)
  (define-syntax square-of (syntax-rules () ((_ a) (let ((v a)) (* v v)))))
  (plus n (square-of 3)))
(println (body 1) (failing (eval '(plus 1 2))))                   ; expect: 110 :unbound

; Ellipses: in the middle, nested, in vectors, escaped, renamed; patterns with a tail and with literals.
(define-syntax middle (syntax-rules () ((_ a ... z) (list z a ...))))
(define-syntax my-let* (syntax-rules () ((_ () body ...) (let () body ...)) ((_ ((n v) more ...) body ...) (let ((n v)) (my-let* (more ...) body ...)))))
(define-syntax transpose (syntax-rules () ((_ (a b ...) ...) '((a ...) (b ... ...)))))
(define-syntax tail (syntax-rules () ((_ a . b) '(a b))))
(define-syntax arrow (syntax-rules (=>) ((_ a => b) (list 'arrow a b)) ((_ a b c) (list 'three a b c))))
(define-syntax of-vector (syntax-rules () ((_ [a b ...]) (list a 'then b ...))))
(define-syntax dots (syntax-rules () ((_ a) '(a (... ...)))))
(define-syntax custom (syntax-rules ___ () ((_ (a b ___) ___) '((b ___ a) ___))))
(println (middle 1 2 3) (middle 1) (my-let* ((a 1) (b (+ a 1))) (* a b b)) (transpose (1 2 3) (4 5)) (tail 1 2 3) (tail 1 . 2))   ; expect: (3 1 2) (1) 4 ((1 4) (2 3 5)) (1 (2 3)) (1 2)
(println (arrow 1 => 2) (let ((=> 5)) (arrow 1 => 2)) (of-vector [1 2 3]) (dots x) (custom (1 2 3) (4)))   ; expect: (arrow 1 2) (three 1 5 2) (1 then 2 3) (x ...) ((2 3 1) (4))
; A macro that makes a macro with ellipses of its own.
(define-syntax define-lister (syntax-rules () ((_ name first) (define-syntax name (syntax-rules () ((_ x (... ...)) (list first x (... ...))))))))
(define-lister from-zero 0)
(println (from-zero 1 2) (from-zero))                             ; expect: (0 1 2) (0)
(println (failing (eval '(middle))) (failing (eval '(arrow 1))) (failing (eval '(define-syntax bad (syntax-rules () ((_ a ... b ...) 1))))))   ; expect: :eval :eval :eval

; Errors that a macro's writer words.
(define-syntax only-names (syntax-rules () ((_ n) 'n) ((_ n m ...) (syntax-error "one name at a time" n m ...))))
(println (only-names a) (try (eval '(only-names a b)) (catch e (list (:type e) (string/contains? (:message e) "one name at a time")))))   ; expect: a (:eval #t)
