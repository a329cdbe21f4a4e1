; Division in both manners, functions of analysis, and where exactness ends.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define (both f a b) (call-with-values (lambda () (f a b)) list))
(println (square 5) (square 1/2) (square -1.5) (square (expt 10 12)) (failing (square "a")))   ; expect: 25 1/4 2.25 1000000000000000000000000 :type-error
(println (both floor/ 7 2) (both floor/ -7 2) (both floor/ 7 -2) (both floor/ -7 -2))   ; expect: (3 1) (-4 1) (-4 -1) (3 -1)
(println (both truncate/ 7 2) (both truncate/ -7 2) (both truncate/ 7 -2) (both truncate/ -7 -2))   ; expect: (3 1) (-3 -1) (-3 1) (3 -1)
(println (floor-quotient -7 2) (floor-remainder -7 2) (truncate-quotient -7 2) (truncate-remainder -7 2))   ; expect: -4 1 -3 -1
(println (floor-quotient (- (expt 10 20)) 3) (floor-remainder (- (expt 10 20)) 3) (truncate-quotient (- (expt 10 20)) 3) (truncate-remainder (- (expt 10 20)) 3))   ; expect: -33333333333333333334 2 -33333333333333333333 -1
(println (floor-quotient 7.0 2) (floor-remainder -7 2.0) (truncate-quotient -7.0 2))   ; expect: 3.0 1.0 -3.0
(println (failing (floor/ 1 0)) (failing (truncate/ 1 0)) (failing (floor-quotient 1 0)) (failing (floor-remainder 1 0)) (failing (truncate-quotient 1 0)) (failing (truncate-remainder 1 0)))   ; expect: :eval :eval :eval :eval :eval :eval
(println (failing (floor/ "a" 1)) (failing (floor-quotient 1.5 1)) (failing (truncate-remainder 'a 1)))   ; expect: :type-error :type-error :type-error

(println (nan? (/ 0.0 0.0)) (nan? 1) (nan? +inf.0) (failing (nan? 'a)))   ; expect: #t #f #f :type-error
(println (finite? 1/3) (finite? +inf.0) (finite? +nan.0) (infinite? -inf.0) (infinite? 1e300) (failing (finite? "1")) (failing (infinite? "1")))   ; expect: #t #f #f #t #f :type-error :type-error
(println (exp 0) (= (round (* 1000 (exp 1))) 2718.0) (failing (exp "a")))   ; expect: 1.0 #t :type-error
(define (near? a b) (< (abs (- a b)) 1e-12))
(println (near? (tan 0.5) (/ (sin 0.5) (cos 0.5))) (near? (asin (sin 0.5)) 0.5) (near? (acos (cos 0.5)) 0.5) (near? (atan (tan 0.5)) 0.5))   ; expect: #t #t #t #t
(println (near? (atan 1 1) (atan 1)) (near? (atan -1 -1) (* -3 (atan 1))) (atan 0 1) (failing (tan 'a)) (failing (asin "a")) (failing (acos "a")) (failing (atan "a")))   ; expect: #t #t 0.0 :type-error :type-error :type-error :type-error
(println (near? (log 8 2) 3) (near? (log 100 10) 2) (log 1) (near? (log (exp 2)) 2) (failing (log 'a)))   ; expect: #t #t 0.0 #t :type-error
(println (exact-integer-sqrt 17) (sqrt 16) (sqrt 2.25) (failing (exact-integer-sqrt -1)))   ; expect: (4 1) 4 1.5 :eval

; Exact stays exact until something inexact takes part.
(println (+ 1/2 1/2) (* 2/3 3/2) (+ 1/2 0.5) (- 5/4 1/4) (/ 6 4) (/ 6 3) (/ 6.0 4))   ; expect: 1 1 1.0 1 3/2 2 1.5
(println (exact 2.5) (exact 1e20) (inexact 1/3) (exact->inexact 1/4) (exact +inf.0) (failing (exact "1")))   ; expect: 5/2 100000000000000000000 0.3333333333333333 0.25 inf :type-error
(println (exact? 1/2) (exact? 0.5) (inexact? 1.0) (exact-integer? 5) (exact-integer? 5.0) (integer? 5.0) (rational? 1/2) (rational? +inf.0))   ; expect: #t #f #t #t #f #t #t #f
(println (numerator 6/4) (denominator 6/4) (denominator 5) (max 1 2.0) (min 1/2 1/3) (abs -1/2))   ; expect: 3 2 1 2.0 1/3 1/2
; From small integers to big ones and back, across the limits of the machine.
(println (+ 2147483647 1) (- -2147483648 1) (* 65536 65536) (+ 9007199254740991 2) (+ 9223372036854775807 1) (- -9223372036854775808 1))   ; expect: 2147483648 -2147483649 4294967296 9007199254740993 9223372036854775808 -9223372036854775809
(println (- (+ (expt 2 64) 1) (expt 2 64)) (quotient (expt 10 40) (expt 10 39)) (gcd (expt 6 30) (expt 4 30)) (exact->inexact (/ (expt 10 40) (+ (expt 10 40) 1))))   ; expect: 1 10 1073741824 1.0
(println (< 1/3 0.3333333333333333 1/2) (= 1 1.0 1) (< (expt 10 400) +inf.0) (> (expt 10 400) 1e308) (= (expt 2 53) (+ (expt 2.0 53) 1)))   ; expect: #f #t #t #t #t
(println (= 9007199254740993 9007199254740992.0) (failing (+ 1 "a")) (failing (* 'a 2)) (failing (/ 1 0)) (failing (modulo 1 0)))   ; expect: #f :type-error :type-error :eval :eval
(println (number->string 255 16) (string->number "ff" 16) (string->number "1/2") (string->number "abc") (string->number "1e3"))   ; expect: ff 255 1/2 #f 1000.0
; Complex numbers.
(println (sqrt -4) (* (make-rectangular 0 1) (make-rectangular 0 1)) (magnitude (make-rectangular 3 4)) (real-part (make-rectangular 1 2)) (imag-part 5))   ; expect: 0+2i -1 5.0 1 0
