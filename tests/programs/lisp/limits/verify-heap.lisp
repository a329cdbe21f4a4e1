; A program can have the heap checked, at any place, and is charged for it.
(define kept (map (lambda (i) (verify-heap) {:text (str "item " i) :inner (list i)}) (range 30)))
(println (verify-heap))                                           ; expect: #t
(println (length kept))                                           ; expect: 30
(println (dynamic-wind (lambda () (verify-heap)) (lambda () (verify-heap) 'left) (lambda () (verify-heap))))   ; expect: left
(println (:type (try (verify-heap 1) (catch e e))))               ; expect: :arity
