; A primitive that gets another meaning in the middle of a program has it in code compiled before, and loses it again.
(define (sum a b) (+ a b))
(define (head l) (car l))
(define (smaller a b) (< a b))
(define (many) (let loop ((i 0) (acc 0)) (if (< i 10) (loop (+ i 1) (+ acc i)) acc)))
(println (sum 1 2) (head '(1 2)) (smaller 1 2) (many))            ; expect: 3 1 #t 45
(define old+ +) (define old-car car) (define old< <)
(define (+ . numbers) (cons 'sum numbers))
(println (sum 1 2) (head '(1 2)))                                 ; expect: (sum 1 2) 1
(define car (lambda (l) (list 'head-of l)))
(println (head '(1 2)) (map car '((1) (2))))                      ; expect: (head-of (1 2)) ((head-of (1)) (head-of (2)))
(set! < (lambda (a b) (old< b a)))
(println (smaller 1 2) (smaller 2 1))                             ; expect: #f #t
(set! + old+) (set! car old-car) (set! < old<)
(println (sum 1 2) (head '(1 2)) (smaller 1 2) (many))            ; expect: 3 1 #t 45
; In the middle of a loop, by its own body, and seen by the frames that wait.
(define (odd-loop n) (let loop ((i 0) (l '())) (if (= i n) (reverse l) (begin (if (= i 2) (set! * (lambda (a b) 'product))) (loop (+ i 1) (cons (* i 10) l))))))
(define old* *)
(println (odd-loop 4))                                            ; expect: (0 10 product product)
(set! * old*)
; Parameters and local definitions of such names.
(println ((lambda (+ a b) (+ a b)) list 1 2) (let ((car cdr)) (car '(1 2))) (let () (define (- x) (list 'minus x)) (- 5)))   ; expect: (1 2) (2) (minus 5)
(println ((lambda + (length +)) 1 2 3) (let loop ((< >)) (< 2 1)))   ; expect: 3 #t
; Library functions that use primitives go on to mean the real ones.
(define (null? x) (error "not asked"))
(define (cons a b) 'hijacked)
(println (map old+ '(1 2) '(3 4)) (filter number? '(1 a 2)) (sort '(3 1 2)) (append '(1) '(2)))   ; expect: (4 6) (1 2) (1 2 3) (1 2)

; Redefined, put back, and redefined again: so do functions made in between.
(define library-cdr cdr)
(set! cdr (lambda (x) 'mine))
(set! cdr library-cdr)
(define (rest-of x) (cdr x))
(println (rest-of '(1 2)))                                        ; expect: (2)
(set! cdr (lambda (x) 'again))
(println (rest-of '(1 2)))                                        ; expect: again
(set! cdr library-cdr)
(println (rest-of '(1 2)))                                        ; expect: (2)
