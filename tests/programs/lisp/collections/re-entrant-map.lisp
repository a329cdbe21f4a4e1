; Continuations captured in callbacks of the library may be entered again: what was answered before stays as it was.
(define saved nil)
(define answers '())
(define rounds 0)

(define result (map (lambda (x) (call/cc (lambda (k) (if (= x 2) (set! saved k) nil) (* x x)))) '(1 2 3)))
(set! answers (cons result answers))
(set! rounds (+ rounds 1))
(if (< rounds 4) (saved (* 100 rounds)) nil)
(println (reverse answers))   ; expect: ((1 4 9) (1 100 9) (1 200 9) (1 300 9))

; a generator out of for-each
(define (generator seq)
  (define return nil)
  (define (next)
    (for-each (lambda (x) (call/cc (lambda (rest) (set! next (lambda () (rest nil))) (return x)))) seq)
    (return 'done))
  (lambda () (call/cc (lambda (k) (set! return k) (next)))))
(define g (generator [10 20]))
(println (g) (g) (g))         ; expect: 10 20 done

; leaving in the middle
(define (first-big l) (call/cc (lambda (return) (for-each (lambda (x) (if (> x 10) (return x) nil)) l) 'none)))
(println (first-big '(1 50 3)) (first-big '(1 2)))   ; expect: 50 none
(println (try (foldl (lambda (acc x) (if (= x 3) (throw (list acc x)) (+ acc x))) 0 '(1 2 3 4)) (catch e (:value e)))) ; expect: (3 3)

; callbacks within callbacks
(println (map (lambda (n) (foldl + 0 (filter odd? (range n)))) '(2 5 8)))   ; expect: (1 4 16)
(define (deep n) (if (= n 0) '() (map (lambda (x) (deep (- n 1))) '(1))))
(println (length (flatten (list (deep 500)))))       ; expect: 1
