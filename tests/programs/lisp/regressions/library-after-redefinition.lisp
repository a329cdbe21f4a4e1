; The library's own functions go on with the operations it defined, whatever a program makes of their names.
(set! cddr equal?)
(println (map/filter (lambda (k v) (= v 2)) {:a 1 :b 2}))         ; expect: {:b 2}
(println (try (cddr '(1 2 3)) (catch e (:message e))))            ; expect: equal? expects 2 arguments, got 1
(define (cadr x) (throw 'mine))
(println (map/map-vals (lambda (v) (* v v)) {:a 3}))              ; expect: {:a 9}
(println (try (cadr '(1 2)) (catch e (:value e))))                ; expect: mine
