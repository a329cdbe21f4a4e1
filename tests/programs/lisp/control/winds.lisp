; dynamic-wind: what runs when control leaves and enters an extent.
(define trail '())
(define (note x) (set! trail (cons x trail)))
(define (show) (println (reverse trail)) (set! trail '()))
(define (wound name thunk)
  (dynamic-wind (lambda () (note (list 'in name))) thunk (lambda () (note (list 'out name)))))

(wound 'a (lambda () (note 'body)))
(show)                                                            ; expect: ((in a) body (out a))

; An error unwinds from the inside out, before the handler of the try runs.
(try (wound 'a (lambda () (wound 'b (lambda () (throw 'x))))) (catch e (note 'caught)))
(show)                                                            ; expect: ((in a) (in b) (out b) (out a) caught)

; A handler runs before anything is unwound; leaving from it unwinds.
(call/ec (lambda (k)
  (with-exception-handler
    (lambda (e) (note 'handler) (k e))
    (lambda () (wound 'a (lambda () (raise 'x)))))))
(show)                                                            ; expect: ((in a) handler (out a))

; An error in an after thunk takes the place of the one that is unwinding; the other after thunks run.
(note (try (wound 'a (lambda ()
        (dynamic-wind (lambda () nil) (lambda () (throw 'first)) (lambda () (throw 'second)))))
  (catch e (:value e))))
(show)                                                            ; expect: ((in a) (out a) second)

; Leaving a try for good: an error in an after thunk does not go back to it.
(println (try
  (call/ec (lambda (k)
    (dynamic-wind (lambda () nil) (lambda () (try (k 1) (catch e 'inside))) (lambda () (throw 'late)))))
  (catch e (list 'outside (:value e)))))                          ; expect: (outside late)

; Escapes and restarts unwind too.
(call/ec (lambda (k) (wound 'a (lambda () (k 1)))))
(with-restarts ((leave () (note 'restart))) (wound 'b (lambda () (invoke-restart 'leave))))
(show)                                                            ; expect: ((in a) (out a) (in b) (out b) restart)
(println (dynamic-wind (lambda () 1) (lambda () 2) (lambda () 3)))   ; expect: 2
