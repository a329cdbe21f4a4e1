; Sorting is stable, by natural order, by a comparison or by keys.
(println (sort '(3 1 2)) (sort [2.5 1/2 -1]) (sort '("pear" "apple" "fig"))) ; expect: (1 2 3) (-1 1/2 2.5) ("apple" "fig" "pear")
(println (sort '((2 b) (1 z) (2 a))))                        ; expect: ((1 z) (2 a) (2 b))
(println (try (sort '(1 "a")) (catch e (:message e))))       ; expect: expected int, got string

(define people '(("Ann" 30) ("Bob" 25) ("Cid" 30) ("Dan" 25) ("Eve" 30)))
(define (younger? a b) (< (cadr a) (cadr b)))
(println (map car (sort people younger?)))                   ; expect: ("Bob" "Dan" "Ann" "Cid" "Eve")
(println (map car (sort people (lambda (a b) (- (cadr b) (cadr a)))))) ; expect: ("Ann" "Cid" "Eve" "Bob" "Dan")
(println (map car (sort-by cadr people)))                    ; expect: ("Bob" "Dan" "Ann" "Cid" "Eve")
(println (map car (sort-by (lambda (p) (list (- (cadr p)) (car p))) people))) ; expect: ("Ann" "Cid" "Eve" "Bob" "Dan")

; the argument stays as it was, and the comparison may do what it likes
(define v [3 1 2])
(define calls 0)
(define sorted (sort v (lambda (a b) (set! calls (+ calls 1)) (> a b))))
(println v sorted (<= 2 calls 3))                            ; expect: [3 1 2] (3 2 1) #t
(println (try (sort '(1 2 3) (lambda (a b) (throw 'enough))) (catch e (:value e)))) ; expect: enough

; a longer one, checked against natural order
(define numbers (map (lambda (i) (mod (* i 389) 101)) (range 100)))
(println (equal? (sort numbers <) (sort numbers)) (equal? (sort numbers >) (reverse (sort numbers)))) ; expect: #t #t
