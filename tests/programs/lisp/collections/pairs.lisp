; Pairs, proper lists and lists that are not.
(define p (cons 1 2))
(println p)                                ; expect: (1 . 2)
(println (cons 1 '(2 3)) (cons 1 nil))     ; expect: (1 2 3) (1)
(println (pair? p) (list? p) (list? '()))  ; expect: #t #f #t
(set-car! p 'a)
(set-cdr! p '(b))
(println p (list? p))                      ; expect: (a b) #t

; car and cdr of nothing are nothing
(println (car '()) (cdr '()) (cadr '(1)))  ; expect: nil () nil
(println (cadddr '(1 2 3 4)) (cddddr [1 2 3 4 5])) ; expect: 4 [5]

; append copies all but the last list
(define tail (list 3 4))
(define both (append '(1) [2] tail))
(set-car! tail 'three)
(println both)                             ; expect: (1 2 three 4)
(println (append '(1) '(2 . 3)))           ; expect: (1 2 . 3)

; list-copy does not share pairs, list-tail does
(define l (list 1 2 3))
(define copy (list-copy l))
(set-car! (list-tail l 1) 'two)
(println l copy)                           ; expect: (1 two 3) (1 2 3)
(list-set! copy 0 'one)
(println copy (list-ref copy 2))           ; expect: (one 2 3) 3

; a walk along a circle ends
(define circle (list 1 2 3))
(set-cdr! (list-tail circle 2) circle)
(define (message-of f) (try (f) (catch e (:message e))))
(println (list? circle))                                       ; expect: #f
(println (message-of (lambda () (length circle))))             ; expect: expected proper list, got circular list
(println (message-of (lambda () (map (lambda (x) x) circle)))) ; expect: expected proper list, got circular list
(println (map + circle '(10 20 30 40 50)))                     ; expect: (11 22 33 41 52)
(println (message-of (lambda () (reverse '(1 2 . 3)))))        ; expect: expected proper list, got improper list

; identity and equality
(define x (list 1 2))
(println (eq? x (list 1 2)) (equal? x (list 1 2)) (eqv? x (list 1 2)) (eqv? x x)) ; expect: #t #t #f #t
(println (memv x (list 'a x 'b)) (memv (list 1 2) (list 'a x 'b)) (member (list 1 2) (list 'a x))) ; expect: ((1 2) b) #f ((1 2))
(println (assoc 2.0 '((1 one) (2 two)) =) (assoc 2.0 '((1 one) (2 two)))) ; expect: (2 two) #f
