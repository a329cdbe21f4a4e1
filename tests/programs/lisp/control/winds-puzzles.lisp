; The order of before and after thunks, into and out of nested extents, more than once.
(define path '())
(define (at x) (set! path (cons x path)))
(define (show) (println (reverse path)) (set! path '()))
(define (wind name body) (dynamic-wind (lambda () (at (list 'in name))) body (lambda () (at (list 'out name)))))
; The example of the Scheme report.
(let ((path '()) (c #f))
  (let ((add (lambda (s) (set! path (cons s path)))))
    (dynamic-wind
      (lambda () (add 'connect))
      (lambda () (add (call/cc (lambda (c0) (set! c c0) 'talk1))))
      (lambda () (add 'disconnect)))
    (if (< (length path) 4) (c 'talk2) (println (reverse path)))))   ; expect: (connect talk1 disconnect connect talk2 disconnect)
; From one branch of nested extents into another: only what differs is left and entered.
(define kb #f)
(define visits 0)
(wind 'a (lambda ()
  (wind 'b (lambda () (call/cc (lambda (k) (set! kb k))) (at 'body-b)))
  (set! visits (+ visits 1))
  (if (< visits 2) (wind 'c (lambda () (kb 'back))))))
(show)   ; expect: ((in a) (in b) body-b (out b) (in c) (out c) (in b) body-b (out b) (out a))
; Leaving from a before thunk and from an after thunk.
(println (call/cc (lambda (k) (wind 'outer (lambda () (dynamic-wind (lambda () (k 'from-before)) (lambda () (at 'never)) (lambda () (at 'never))))))))   ; expect: from-before
(show)                                                            ; expect: ((in outer) (out outer))
(println (call/cc (lambda (k) (wind 'outer (lambda () (dynamic-wind (lambda () #f) (lambda () (at 'ran)) (lambda () (k 'from-after))))))))   ; expect: from-after
(show)                                                            ; expect: ((in outer) ran (out outer))
; Errors and throws leave extents too; a handler runs before they are left.
(try (wind 'x (lambda () (wind 'y (lambda () (error "stop"))))) (catch e (at (:message e))))
(show)                                                            ; expect: ((in x) (in y) (out y) (out x) "stop")
(call/cc (lambda (k) (with-exception-handler (lambda (e) (at 'handler) (k 1)) (lambda () (wind 'z (lambda () (raise 'oops)))))))
(show)                                                            ; expect: ((in z) handler (out z))
(guard (e (#t (at 'guarded))) (wind 'g (lambda () (raise 'oops))))
(show)                                                            ; expect: ((in g) (out g) guarded)
; A guard without a fitting clause goes back in to raise again.
(guard (e ((symbol? e) (at 'outer-guard))) (guard (e2 ((string? e2) 'no)) (wind 'h (lambda () (raise-continuable 'sym)))))
(println (memq 'outer-guard path) (length path))
; expect: (outer-guard (out h) (in h)) 3
(set! path '())
; A generator that suspends inside of an extent leaves and enters it each time.
(define resume #f) (define give #f)
(define (next) (call/cc (lambda (k) (set! give k) (if resume (resume 'go) (wind 'gen (lambda () (for-each (lambda (x) (call/cc (lambda (r) (set! resume r) (give x)))) '(1 2)) (give 'end)))))))
(println (list (next) (next) (next)))                             ; expect: (1 2 end)
(show)                                                            ; expect: ((in gen) (out gen) (in gen) (out gen) (in gen) (out gen))
; Parameters follow: re-entry finds the value that was bound, with changes.
(define p (make-parameter 10 (lambda (x) (* x 2))))
(define again #f) (define seen '())
(parameterize ((p 3))
  (call/cc (lambda (k) (set! again k)))
  (set! seen (cons (p) seen)))
(set! seen (cons (p) seen))
(if (< (length seen) 4) (again 'x))
(println seen)                                                    ; expect: (20 6 20 6)
