; Sequence functions take lists, vectors and mutable arrays, and answer lists.
(println (take 2 [1 2 3]) (drop 1 '(1 2 3)) (list/take-last 2 '(1 2 3)) (list/drop-last 2 [1 2 3])) ; expect: (1 2) (2 3) (2 3) (1)
(println (range 5) (range 1 10 3) (range 3 0 -1) (iota 3 10 5)) ; expect: (0 1 2 3 4) (1 4 7) (3 2 1) (10 15 20)
(println (zip '(1 2 3) '(a b)) (enumerate '(a b)) (list/interleave '(1 2) '(a b) '(x y))) ; expect: ((1 a) (2 b)) ((0 a) (1 b)) (1 a x 2 b y)
(println (flatten '(1 (2 (3)) [4])) (flatten-deep '(1 (2 (3)) [[4]])) (interpose 0 '(1 2))) ; expect: (1 2 (3) 4) (1 2 3 4) (1 0 2)
(println (list/chunk 2 (range 5)) (list/sliding (range 4) 2) (list/split-at '(1 2 3) 1)) ; expect: ((0 1) (2 3) (4)) ((0 1) (1 2) (2 3)) ((1) (2 3))
(println (list/page (range 10) 2 4) (list/pad '(1) 3 0) (list/cross-join '(1 2) '(a b))) ; expect: (4 5 6 7) (1 0 0) ((1 a) (1 b) (2 a) (2 b))
(println (list/unique '(1 2 1 1.0)) (list/dedupe '(1 1 2 1)) (list/duplicates '(b a b a c))) ; expect: (1 2 1.0) (1 2 1) (a b)
(println (list/diff '(1 2 3) [2]) (list/intersect '(1 2 3) '(3 1)) (list/index-of '(a b) 'b)) ; expect: (1 3) (1 3) 1
(println (list/sum '(1 2.5)) (list/avg '(1 2)) (list/median '(3 1 2)) (list/mode '(1 2 2)) (list/max '(1 3 2))) ; expect: 3.5 1.5 2.0 2 3
(println (list/join '(1 2 3) ", " " and ") (list/pluck :n '({:n 1} {}))) ; expect: 1, 2 and 3 (1 nil)

(println (any even? '(1 2)) (every even? '()) (list/find even? '(1 3)) (list/sole even? '(1 2))) ; expect: #t #t nil 2
(println (partition even? (range 5)) (take-while even? '(2 3 4)) (drop-while even? '(2 3 4))) ; expect: ((0 2 4) (1 3)) (2) (3 4)
(println (foldl list 0 '(1 2)) (foldr list 0 '(1 2)) (reduce + '(1 2 3)) (flat-map list '(1 2))) ; expect: ((0 1) 2) (1 (2 0)) 6 (1 2)
(println (map-indexed list '(a)) (list/times 3 list) (map :n '({:n 1} {:n 2}))) ; expect: ((0 a)) ((0) (1) (2)) (1 2)

; what goes wrong is told with the name of the function
(define (message-of f) (try (f) (catch e (:message e))))
(println (message-of (lambda () (map car 5))))          ; expect: expected list, vector, or mutable-array, got int in map
(println (message-of (lambda () (filter even? nil))))   ; expect: expected list, vector, or mutable-array, got nil in filter
(println (message-of (lambda () (map 5 '(1)))))         ; expect: expected callable, got int
(println (message-of (lambda () (take -1 '(1)))))       ; expect: take: expected a non-negative integer, got -1
(println (message-of (lambda () (nth '(1 2) 2))))       ; expect: index 2 out of bounds (length 2)
(println (message-of (lambda () (reduce + '()))))       ; expect: reduce: empty list
(println (message-of (lambda () (list/sole even? '())))) ; expect: list/sole: no matching item
(println (for-each 5 '()))                              ; expect: nil
