; Vectors change in place unless they are literals; bytevectors too, but literals give changed copies.
(define v (make-vector 3 0))
(vector-set! v 1 'x)
(println v (vector-ref v 1) (vector-length v))     ; expect: [0 x 0] x 3
(vector-fill! v 7 1)
(println v)                                        ; expect: [0 7 7]
(define w (vector 1 2 3 4 5))
(vector-copy! w 1 w 0 3)
(println w (vector-copy w 3) (vector-append w [9])) ; expect: [1 1 2 3 5] [3 5] [1 1 2 3 5 9]
(define (message-of f) (try (f) (catch e (:message e))))
(println (message-of (lambda () (vector-ref w 5)))) ; expect: index 5 out of bounds (length 5)
(println (message-of (lambda () (vector-set! '[1 2] 0 9)))) ; expect: vector-set!: cannot change a literal vector; copy it first
(println (vector-map + [1 2] [10 20 30]) (vector->list [1 2 3] 1) (list->vector '(1 2))) ; expect: [11 22] (2 3) [1 2]
(println (vector->string [#\a #\b]) (string->vector "xyz" 1)) ; expect: ab [#\y #\z]

(define a (mutable-array/new))
(mutable-array/push! (mutable-array/push! a 1) 2)
(mutable-array/set! a 0 'first)
(println (mutable-array/->vector a) (mutable-array/get a 5 'none) (nth a 1) (map list a)) ; expect: [first 2] none 2 ((first) (2))
(define c (mutable-cell/new 1))
(mutable-cell/set! c (+ 1 (mutable-cell/get c)))
(println (mutable-cell/get c))                     ; expect: 2

(define b (bytevector 1 2 3))
(define changed (bytevector-u8-set! b 0 255))
(println b (eqv? b changed))                       ; expect: #u8(255 2 3) #t
(define literal #u8(1 2 3))
(println (bytevector-u8-set! literal 0 255) literal) ; expect: #u8(255 2 3) #u8(1 2 3)
(println (bytevector-append b #u8(9)) (bytevector-copy b 1) (utf8->string (string->utf8 "é") )) ; expect: #u8(255 2 3 9) #u8(2 3) é
(println (bytes/find (string->utf8 "a;b;c") ";" 2) (bytes/parse-int10 (string->utf8 "-12.3"))) ; expect: 3 -123
(println (message-of (lambda () (utf8->string #u8(97 255))))) ; expect: utf8->string: invalid UTF-8: invalid utf-8 sequence of 1 bytes from index 1

(define f (f64-array 1 2.5))
(println f (f64-array/set! f 0 9) (f64-array/sum f) (f64-array/map (lambda (x) (* x 2)) f)) ; expect: #f64(1 2.5) #f64(9 2.5) 3.5 #f64(2 5)
(println (i64-array/range 0 10 3) (i64-array/fold + 0 (i64-array 1 2 3)) (f64-array/dot f f)) ; expect: #i64(0 3 6 9) 6 7.25
