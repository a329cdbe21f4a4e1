; Parameters: values for the time of a call, which continuations put back.
(define depth (make-parameter 0))
(define radix (make-parameter 10 (lambda (n) (if (integer? n) n (error "radix must be an int")))))
(println (depth) (radix))                                         ; expect: 0 10
(println (parameterize ((depth 1) (radix 16)) (list (depth) (radix))) (depth) (radix))   ; expect: (1 16) 0 10
(println (try (parameterize ((radix "x")) 1) (catch e (:message e))) (radix))   ; expect: radix must be an int 10

; The same one twice: the later counts, and the first value comes back.
(println (parameterize ((depth 1) (depth 2)) (depth)) (depth))    ; expect: 2 0

; Setting it inside lasts as long as the extent, also when left by an error.
(println (try (parameterize ((depth 5)) (depth 6) (throw (depth))) (catch e (:value e))) (depth))   ; expect: 6 0

(println (depth))                                                 ; expect: 0
(println (parameterize ((depth nil)) (depth)))                    ; expect: nil
(depth 1 2)
; expect error: parameter expects 0 or 1 arguments, got 2
