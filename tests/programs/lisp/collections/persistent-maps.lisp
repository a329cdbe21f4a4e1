; slow: thousands of versions
; Maps that share: old versions stay as they were, and changing one costs little however large it is.
(define m0 {:a 1 :b 2})
(define m1 (assoc m0 :c 3))
(define m2 (dissoc m1 :a))
(println m0 m1 m2)                                                ; expect: {:a 1 :b 2} {:a 1 :b 2 :c 3} {:b 2 :c 3}
(define (grow m n) (let loop ((m m) (i 0)) (if (= i n) m (loop (assoc m i (* i i)) (+ i 1)))))
(define big (grow {} 3000))
(define versions (let loop ((m big) (i 0) (l '())) (if (= i 200) l (loop (assoc m i 'changed) (+ i 1) (cons m l)))))
(println (count big) (get big 2999) (get (car versions) 198) (get (car versions) 199) (get (last versions) 0))   ; expect: 3000 8994001 changed 39601 0
(println (equal? big (last versions)) (equal? big (car versions)))   ; expect: #t #f
(define h (let loop ((h (hash-map)) (i 0)) (if (= i 1000) h (loop (assoc h (list i) i) (+ i 1)))))
(println (count h) (get h (list 500)) (get (assoc h (list 500) 'x) '(500)) (get h '(500)))   ; expect: 1000 500 x 500
(println (count (let loop ((m big) (i 0)) (if (= i 3000) m (loop (dissoc m i) (+ i 1))))) (count big))   ; expect: 0 3000
; A map that is changed while another walks it.
(define seen '())
(define walked {:x 1 :y 2})
(for-each (lambda (k) (set! seen (cons k seen)) (set! walked (assoc walked k 'new))) (keys walked))
(println (length seen) walked)                                    ; expect: 2 {:x new :y new}
