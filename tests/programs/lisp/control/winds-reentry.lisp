; dynamic-wind when continuations leave extents sideways and enter them again.
(define trail '())
(define (note x) (set! trail (cons x trail)))
(define (show) (println (reverse trail)) (set! trail '()))
(define (wound name thunk)
  (dynamic-wind (lambda () (note (list 'in name))) thunk (lambda () (note (list 'out name)))))

; Leaving sideways and coming back: out of one extent, into the other, up to what they share.
(define back #f)
(define visits 0)
(wound 'shared (lambda ()
  (wound 'left (lambda () (call/cc (lambda (k) (set! back k))) (note 'left)))
  (set! visits (+ visits 1))
  (if (= visits 1) (wound 'right (lambda () (back nil))))))
(show)                                                            ; expect: ((in shared) (in left) left (out left) (in right) (out right) (in left) left (out left) (out shared))

; Re-entry from outside of everything.
(define entry #f)
(define count 0)
(wound 'outer (lambda () (wound 'inner (lambda () (call/cc (lambda (k) (set! entry k))) (note 'work)))))
(set! count (+ count 1))
(if (= count 1) (entry nil))
(show)                                                            ; expect: ((in outer) (in inner) work (out inner) (out outer) (in outer) (in inner) work (out inner) (out outer))

; Leaving a try for good: an error in an after thunk does not go back to it.
(println (try
  (call/cc (lambda (k)
    (dynamic-wind (lambda () nil) (lambda () (try (k 1) (catch e 'inside))) (lambda () (throw 'late)))))
  (catch e (list 'outside (:value e)))))                          ; expect: (outside late)
