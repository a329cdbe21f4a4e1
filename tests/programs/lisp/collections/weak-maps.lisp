; Weak references die when nothing else leads to their target, not sooner and not later.
(define (ref-to-new) (weak-ref (list 'new)))
; What a call that ended has left on the stack is no reference; other calls write over it.
(define (scrub n) (if (= n 0) 0 (let ((a n) (b n) (c n) (d n)) (+ a (- b c) (- d a) 1 (scrub (- n 1))))))
(define (collect) (scrub 60) (gc/collect))
(define (dead? r) (collect) (nil? (weak-ref-value r)))
(define held (list 'held))
(define to-held (weak-ref held))
(println (dead? (ref-to-new)) (dead? to-held))                    ; expect: #t #f
; What leads to it: a closure, a vector, a continuation, a parameter, a promise.
(define (holder-and-ref) (let ((x (list 'in-closure))) (cons (lambda () x) (weak-ref x))))
(define pair (holder-and-ref))
(println (dead? (cdr pair)) ((car pair)))                         ; expect: #f (in-closure)
(set-car! pair #f)
(println (dead? (cdr pair)))                                      ; expect: #t
(define box (vector #f))
(define (fill-box) (let ((x (list 'boxed))) (vector-set! box 0 x) (weak-ref x)))
(define boxed (fill-box))
(println (dead? boxed))                                           ; expect: #f
(vector-set! box 0 #f)
(println (dead? boxed))                                           ; expect: #t
(define promise #f)
(define (promised) (let ((x (list 'promised))) (set! promise (delay x)) (weak-ref x)))
(define in-promise (promised))
(println (dead? in-promise) (force promise))                      ; expect: #f (promised)
(set! promise #f)
(println (dead? in-promise))                                      ; expect: #t
; A circle holds nothing alive but itself.
(define (circle) (let ((x (list 1 2))) (set-cdr! (cdr x) x) (weak-ref x)))
(println (dead? (circle)))                                        ; expect: #t
; A reference to a reference; equality is identity; things without identity.
(define (chain) (let ((x (list 'end))) (list x (weak-ref (weak-ref x)))))
(println (dead? (cadr (chain))))                                  ; expect: #t
(println (equal? to-held to-held) (equal? to-held (weak-ref held)) (weak-ref? to-held) (weak-ref? held))   ; expect: #t #f #t #f
(println (try (weak-ref-value 5) (catch e (:type e))) (try (weak-map-get 5 1) (catch e (:type e))))   ; expect: :type-error :type-error

; A weak map: an entry lives as long as its key; its value leading to its key does not count.
(define m (make-weak-map))
(define (add-self-referring) (let ((key (list 'key))) (weak-map-set! m key (list 'value key)) (weak-ref key)))
(define self-key (add-self-referring))
(println (dead? self-key) (weak-map-count m))                     ; expect: #t 0
; Chains: the value of one entry is the key of the next; all live by the first, and die with it.
(define (add-chain n) (let ((first (list 0))) (let loop ((key first) (i 1)) (if (<= i n) (let ((next (list i))) (weak-map-set! m key next) (loop next (+ i 1))))) first))
(define root (add-chain 50))
(collect)
(println (weak-map-count m) (let loop ((key root) (steps 0)) (let ((next (weak-map-get m key #f))) (if next (loop next (+ steps 1)) (list steps key)))))   ; expect: 50 (50 (50))
(set! root #f)
(collect)
(println (weak-map-count m))                                      ; expect: 0
; Two maps with each other's keys as values; one living key keeps both entries.
(define m2 (make-weak-map))
(define (cross) (let ((a (list 'a)) (b (list 'b))) (weak-map-set! m a b) (weak-map-set! m2 b a) a))
(define a (cross))
(collect)
(println (weak-map-count m) (weak-map-count m2) (weak-map-get m2 (weak-map-get m a)))   ; expect: 1 1 (a)
(set! a #f)
(collect)
(println (weak-map-count m) (weak-map-count m2))                  ; expect: 0 0
; Keys go by identity, and a key can be given again.
(define k1 (list 1)) (define k2 (list 1))
(weak-map-set! m k1 'one) (weak-map-set! m k2 'two) (weak-map-set! m k1 'uno)
(println (weak-map-get m k1) (weak-map-get m k2) (weak-map-count m) (weak-map-get m (list 1) 'none))   ; expect: uno two 2 none
; The map itself may die first.
(define (dying-map) (let ((dm (make-weak-map))) (weak-map-set! dm k1 (list 'big)) (weak-ref dm)))
(println (dead? (dying-map)))                                     ; expect: #t
