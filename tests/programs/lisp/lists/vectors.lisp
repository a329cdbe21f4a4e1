; Vectors that can be changed in place, and what copies them.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(println (make-vector 3 'x) (make-vector 0) (vector-length (make-vector 2)) (failing (make-vector -1)) (failing (make-vector 'a)))   ; expect: [x x x] [] 2 :eval :type-error
(define v (vector 1 2 3 4 5))
(println (vector-ref v 0) (vector-ref v 4) (failing (vector-ref v 5)) (failing (vector-ref v -1)) (failing (vector-ref '(1) 0)))   ; expect: 1 5 :eval :eval :type-error
(vector-set! v 0 'one)
(println v (failing (vector-set! v 5 1)) (failing (vector-set! v 1.5 1)) (vector-length v) (vector-length []) (failing (vector-length 5)))   ; expect: [one 2 3 4 5] :eval :type-error 5 0 :type-error
(println (vector? v) (vector? '(1)) (vector->list v) (vector->list v 3) (vector->list v 1 2) (vector->list v 5))   ; expect: #t #f (one 2 3 4 5) (4 5) (2) ()
(println (list->vector '(1 2)) (list->vector '()) (failing (list->vector '(1 . 2))) (failing (vector->list v 2 1)))   ; expect: [1 2] [] :type-error :eval

(println (vector-map + [1 2 3] [10 20]) (vector-map - []) (vector-map (lambda (x) (* x x)) [1 2 3]) (failing (vector-map car 5)))   ; expect: [11 22] [] [1 4 9] :type-error
(define seen '())
(vector-for-each (lambda (a b) (set! seen (cons (list a b) seen))) [1 2 3] ['a 'b])
(println seen (vector-for-each print []) (failing (vector-for-each 5 [1])))   ; expect: ((2 b) (1 a)) nil :type-error

(define f (vector 1 2 3 4))
(vector-fill! f 'z 2)
(println f)                                                       ; expect: [1 2 z z]
(vector-fill! f 0 1 3)
(println f)                                                       ; expect: [1 0 0 z]
(vector-fill! f 'all)
(println f (failing (vector-fill! f 1 3 2)) (failing (vector-fill! '(1) 1)))   ; expect: [all all all all] :eval :type-error

(define c (vector-copy v 1 3))
(vector-set! c 0 'changed)
(println c v (vector-copy []) (vector-copy v 4) (failing (vector-copy v 6)))   ; expect: [changed 3] [one 2 3 4 5] [] [5] :eval
; Overlapping copies in both directions, and onto oneself.
(define o (vector 1 2 3 4 5))
(vector-copy! o 1 o 0 4)
(println o)                                                       ; expect: [1 1 2 3 4]
(vector-copy! o 0 o 1)
(println o)                                                       ; expect: [1 2 3 4 4]
(vector-copy! o 3 ['x 'y 'z] 1)
(println o (failing (vector-copy! o 4 [1 2])) (failing (vector-copy! o 0 o 3 9)))   ; expect: [1 2 3 y z] :eval :eval
(println (vector-append [1] [] [2 3]) (vector-append) (failing (vector-append [1] '(2))))   ; expect: [1 2 3] [] :type-error
(println (vector->string [#\a #\b #\c]) (vector->string [#\a #\b #\c] 1) (vector->string [#\a #\b #\c] 1 2) (failing (vector->string [1])))   ; expect: abc bc b :type-error
(println (string->vector "abc") (string->vector "abc" 1) (string->vector "abc" 1 2) (string->vector "") (failing (string->vector "abc" 4)) (failing (string->vector 5)))   ; expect: [#\a #\b #\c] [#\b #\c] [#\b] [] :eval :type-error
; A vector inside of itself prints, and is equal to itself.
(define self (vector 1 nil))
(vector-set! self 1 self)
(println (eqv? self (vector-ref self 1)) (equal? self self))      ; expect: #t #t
