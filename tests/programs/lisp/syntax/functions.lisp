; case-lambda, parameters in all shapes, letrec*, and => where it is known.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define area
  (case-lambda
    ((side) (* side side))
    ((width height) (* width height))
    ((a b c . more) (list 'many a b c more))
    (rest (list 'none rest))))
(println (area 3) (area 3 4) (area 1 2 3) (area 1 2 3 4 5) (area))   ; expect: 9 12 (many 1 2 3 ()) (many 1 2 3 (4 5)) (none ())
(println (failing ((case-lambda ((a) a) ((a b) b)) 1 2 3)) (failing ((case-lambda))) (failing (eval '(case-lambda (5 1)))))   ; expect: :arity :arity :type-error
(println ((lambda args args)) ((lambda args args) 1 2) ((lambda (a . b) (list a b)) 1) ((lambda (a b . c) c) 1 2 3 4))   ; expect: () (1 2) (1 ()) (3 4)
(define (dotted first . rest) (list first rest))
(println (dotted 1) (dotted 1 2 3) (apply dotted 1 '(2 3)) (failing (dotted)))   ; expect: (1 ()) (1 (2 3)) (1 (2 3)) :arity
(println ((lambda (a a) a) 1 2) (failing (eval '(lambda (1) 1))) (failing (eval '(lambda))))   ; expect: 2 :eval :arity

(println (letrec* ((a 1) (b (+ a 1)) (f (lambda () (* b 10)))) (list a b (f))))   ; expect: (1 2 20)
(println (letrec* ((even? (lambda (n) (or (= n 0) (odd? (- n 1))))) (odd? (lambda (n) (and (> n 0) (even? (- n 1)))))) (even? 100)) (letrec* () 5))   ; expect: #t 5
(println (failing (eval '(letrec* ((a)) a))) (failing (eval '(letrec* 5 1))))   ; expect: :eval :eval

; => hands the value of the test to a function.
(println (cond ((assv 2 '((1 one) (2 two))) => cadr) (else 'none)) (cond (#f => car) ((memv 9 '(1)) => car) (else 'none)) (cond (5)) (cond (#f 1)))   ; expect: two none 5 nil
(println (case (+ 1 1) ((1 2 3) => (lambda (n) (* n 100))) (else 'no)) (case 9 ((1) 1) (else => (lambda (x) (list 'else x)))) (case 'x ((y) 1)))   ; expect: 200 (else 9) nil
(println (guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'a 42)))) (guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'b 23)))))   ; expect: 42 (b . 23)
(println (guard (e ((symbol? e) (list 'symbol e)) (else (list 'other e))) (raise 5)))   ; expect: (other 5)
(println (guard (outer (#t (list 'outer outer))) (guard (inner ((string? inner) 'no)) (raise 7))))   ; expect: (outer 7)
(println (failing (cond (1 => 5))) (failing (eval '(cond (1 =>)))) (let ((=> #f)) (cond (#t => 'ok))))   ; expect: :eval :eval ok
(println (case 2.0 ((2) 'two) (else 'other)) (case "s" (("s") 'string) (else 'other)) (case '() ((()) 'empty) (else 'other)))   ; expect: two string empty
; Each round of do has variables of its own, which procedures keep.
(define procedures '())
(do ((i 0 (+ i 1))) ((= i 3)) (set! procedures (cons (lambda () (set! i (+ i 10)) i) procedures)))
(println (map (lambda (p) (p)) procedures) (map (lambda (p) (p)) procedures))   ; expect: (12 11 10) (22 21 20)
