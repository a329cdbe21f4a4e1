; Every kind of pattern; the first clause that fits wins.
; slow: so much is compiled that checking the heap again and again takes half a minute
(define (kind x)
  (match x
    (nil 'nothing) (#t 'yes) (#\a 'letter) (:key 'keyword) ('name 'symbol) (7 'seven) (2.5 'float) (1/2 'ratio)
    (123456789012345678901 'huge) ("text" 'string) (() 'empty) ('(1 (2)) 'data) (#u8(1 2) 'bytes)
    ([] 'no-items) ([one] (list 'one one)) ([1 "b" & more] (list 'prefix more)) ([[a b] [c]] (list a b c))
    ([_ _ & [x & _]] (list 'third x))
    ({:type :point :x x :y {:deep y}} (list 'point x y)) ({:keys [p q] "s" s} (list p q s)) ({} 'map)
    (other (list 'other other))))
(println (map kind (list nil #t #\a :key 'name 7 2.5 1/2 123456789012345678901 "text")))
; expect: (nothing yes letter keyword symbol seven float ratio huge string)
(println (map kind (list '() [] '(1 (2)) [1 [2]] (bytevector 1 2) '(9) [9])))
; expect: (empty no-items data (other [1 [2]]) bytes (one 9) (one 9))
(println (map kind (list '(1 "b" 3 4) [1 "b" 3] '((1 2) (3)) '(1 2) [1 2 3 4] '(1 . 2) '(1 2 . 3))))
; expect: ((prefix (3 4)) (prefix (3)) (1 2 3) (other (1 2)) (third 3) (other (1 . 2)) (other (1 2 . 3)))
(println (map kind (list {:type :point :x 1 :y {:deep nil}} {:p 1 "s" 2} {"s" nil :q 3} {:type :point} {} (hashmap/new "s" 1))))
; expect: ((point 1 nil) (1 nil 2) (nil 3 nil) map map (nil nil 1))
(println (kind 7.0) (kind "Text") (kind -0.0))  ; expect: (other 7.0) (other "Text") (other -0.0)

; nothing but quote is special in a list pattern; a name used twice has its last value
(println (match '(or 1 2) ((or 1 2) 'same) (_ 'no)) (match 1 ((or 1 2) 'same) (_ 'no)))  ; expect: same no
(println (match '(1 2) ([x x] x)) (match {:a 1 :b [2]} ({:a x :b [x]} x)))               ; expect: 2 2

; guards run in order, each once, and only when their pattern fits
(define asked '())
(define (ask name answer) (set! asked (cons name asked)) answer)
(define (guarded v)
  (set! asked '())
  (let ((answer (match v
          ([a _] when (ask 'pair #f) 'never)
          ([a & rest] when (ask 'rest (> a 1)) (list 'large rest))
          ([1 2] when (ask 'exact #t))
          ([x 2] when (= x 1) 'not-here)
          (_ when (ask 'any nil) 'never)
          (_ 'last))))
    (list answer (reverse asked))))
(println (map guarded (list '(1 2) '(5 6) [0 2] '(1) 3)))
; expect: ((nil (pair rest exact)) ((large (6)) (pair rest)) (last (pair rest any)) (last (rest any)) (last (any)))

; what a guard changes is seen by the clauses after it
(define l (list 1 2))
(println (match l ([1 b] when (begin (set-car! l 9) (set-cdr! l '()) #f) 'no) ([1 b] 'old) ([9] 'new) (_ 'lost)))  ; expect: new

; variables of a clause are its own, also in closures of a loop
(define fs (let loop ((l '(1 2 3)) (fs '())) (match l ([] fs) ([x & rest] (loop rest (cons (lambda () (set! x (+ x 1)) x) fs))))))
(println (map (lambda (f) (f) (f)) fs))                                                  ; expect: (5 4 3)

; tail position, and no more than the first items are looked at
(define (count-up l n) (match l ([] n) ([_ & rest] (count-up rest (+ n 1)))))
(println (count-up (range 20000) 0))                                                     ; expect: 20000

(println (match* 5 (6 'six)) (match 1 (1)))                                              ; expect: nil nil
(println (try (match '(1 "a") ([x] x)) (catch e (:message e))))                          ; expect: match: no clause matched value: (1 "a")
(match 5 (6 'six)) ; expect error: match: no clause matched value: 5
