; Parameters when continuations leave and enter their extents.
(define depth (make-parameter 0))
(define radix (make-parameter 10))

; Nested, with re-entry: what was set inside is there again.
(define back #f)
(define seen '())
(define (look) (set! seen (cons (list (depth) (radix)) seen)))
(parameterize ((depth 1))
  (parameterize ((radix 2))
    (call/cc (lambda (k) (set! back k)))
    (look)
    (depth (+ (depth) 10)))
  (look))
(look)
(if (< (length seen) 6) (back nil))
(println (reverse seen))                                          ; expect: ((1 2) (11 10) (0 10) (11 2) (21 10) (0 10))

; A generator that is resumed elsewhere sees its own value.
(define out #f)
(define rest #f)
(define (produce) (parameterize ((depth 'inside)) (call/cc (lambda (k) (set! rest k) (out 'paused))) (out (depth))))
(println (call/cc (lambda (k) (set! out k) (produce))))           ; expect: paused
(println (parameterize ((depth 'elsewhere)) (call/cc (lambda (k) (set! out k) (rest nil)))))   ; expect: inside
(println (depth))                                                 ; expect: 0
