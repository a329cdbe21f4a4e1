; Weak references and maps do not keep things alive.
(define (make) (list 'a 'thing))
(define kept (make))
(define strong (weak-ref kept))
(define (weak-of-new) (weak-ref (make)))
(define weak (weak-of-new))
(println (weak-ref? weak) (weak-ref-value strong))   ; expect: #t (a thing)

(define table (make-weak-map))
(weak-map-set! table kept 1)
(define (fill n) (if (> n 0) (begin (weak-map-set! table (make) n) (fill (- n 1))) nil))
(fill 10)
(println (weak-map-get table kept) (weak-map-get table (make) 'none)) ; expect: 1 none
(gc/collect)
(println (weak-ref-value weak) (weak-ref-value strong)) ; expect: nil (a thing)
(println (weak-map-count table) (weak-map-keys table))  ; expect: 1 ((a thing))
(println (weak-map-remove! table kept) (weak-map-remove! table kept) (weak-map-count table)) ; expect: #t #f 0
(println (contains? (gc/stats) :traced))                 ; expect: #t
