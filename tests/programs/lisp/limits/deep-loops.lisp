; A million rounds and a million frames: tail calls in four shapes need no stack, other recursion has room for a million.
; slow: millions of calls
; options: --memory 900m
(define n 1000000)
(println (let loop ((i 0) (sum 0)) (if (= i n) sum (loop (+ i 1) (+ sum i)))))   ; expect: 499999500000
(println (do ((i 0 (+ i 1)) (l '() (if (= 0 (modulo i 100000)) (cons i l) l))) ((= i n) (length l))))   ; expect: 10
(define (my-even? n) (if (= n 0) #t (my-odd? (- n 1))))
(define (my-odd? n) (if (= n 0) #f (my-even? (- n 1))))
(println (my-even? n) (my-odd? n))                                ; expect: #t #f
(define (by-apply n acc) (if (= n 0) acc (apply by-apply (list (- n 1) (+ acc 1)))))
(println (by-apply n 0))                                          ; expect: 1000000
; In the tail of cond, case, and, or, when, let, begin and a continuation's call.
(define (everywhere n)
  (cond ((= n 0) 'done)
        ((= 0 (modulo n 5)) (and #t (everywhere (- n 1))))
        ((= 1 (modulo n 5)) (or #f (let ((m (- n 1))) (everywhere m))))
        ((= 2 (modulo n 5)) (when #t (begin (everywhere (- n 1)))))
        (else (case (modulo n 5) ((3) (letrec ((f (lambda () (everywhere (- n 1))))) (f))) (else (unless #f (everywhere (- n 1))))))))
(println (everywhere 100000))                                     ; expect: done

; Frames that wait: building a list, mutual recursion, a map of one's own, and calls through apply and let.
(define (count-up i) (if (= i n) '() (cons i (count-up (+ i 1)))))
(println (length (count-up 10)))                                  ; expect: 999990
(define (plus-a n) (if (= n 0) 0 (+ 1 (plus-b (- n 1)))))
(define (plus-b n) (if (= n 0) 0 (+ 1 (plus-a (- n 1)))))
(println (plus-a 200000))                                         ; expect: 200000
(define (my-map f l) (if (null? l) '() (cons (f (car l)) (my-map f (cdr l)))))
(println (foldl + 0 (my-map (lambda (x) 1) (range 200000))))      ; expect: 200000
(define (deep n) (if (= n 0) 0 (let ((below (apply deep (list (- n 1))))) (+ below 1))))
(println (deep 200000))                                           ; expect: 200000

; Further down there is an end, which a program can catch and go on.
(define (bottomless n) (+ 1 (bottomless (+ n 1))))
(define (overflow) (try (bottomless 0) (catch e (list (:type e) (:message e)))))
(println (overflow))                                              ; expect: (:eval "stack overflow: maximum call depth exceeded")
(println (length (count-up 999000)))                              ; expect: 1000
