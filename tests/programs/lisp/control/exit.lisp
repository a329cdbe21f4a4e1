; Leaving the program runs the after thunks.
(dynamic-wind
  (lambda () (println "in"))                                      ; expect: in
  (lambda () (try (exit 3) (catch e (println "not caught"))))
  (lambda () (println "out")))                                    ; expect: out
(println "not reached")
; expect exit: 3
