; What would take all memory or all time is a condition that can be caught, and the program goes on.
; options: --memory 32m
; slow
(define (try-it thunk) (try (thunk) (catch e (:type e))))
(define-syntax bomb (syntax-rules () ((_ form) (println (let ((r (try-it (lambda () form)))) (if (keyword? r) 'stopped r))))))
(bomb (begin (expt 7 40000000) 'made))                            ; expect: stopped
(bomb (let loop ((n 3)) (loop (* n n))))                          ; expect: stopped
(bomb (string-length (string/repeat "abcdefgh" 100000000)))       ; expect: stopped
(bomb (make-vector 1000000000 0))                                 ; expect: stopped
(bomb (make-string 1000000000 #\a))                               ; expect: stopped
(bomb (make-bytevector 1000000000 1))                             ; expect: stopped
(bomb (let loop ((all '())) (loop (cons (make-vector 100 all) all))))      ; expect: stopped
(bomb (let loop ((s "x")) (loop (string-append s s))))            ; expect: stopped
(define (deep n) (+ 1 (deep n)))
(bomb (deep 1))                                                   ; expect: stopped
(defmacro again (x) `(again ,x))
(bomb (eval '(again 1)))                                          ; expect: stopped
(define-syntax twice (syntax-rules () ((_ x ...) (twice x ... x ...))))
(bomb (eval '(twice 1)))                                          ; expect: stopped
; Regular expressions take time in proportion to the text.
(define text (string/repeat "a" 2000))
(println (regex/match? "(a+)+b" text))                            ; expect: #f
(println (regex/match? "(a|aa)*c" text))                          ; expect: #f
; Data that contain themselves.
(define ring (list 1 2 3))
(set-cdr! (cddr ring) ring)
(define other (list 1 2 3))
(set-cdr! (cddr other) other)
(println (equal? ring other))                                     ; expect: #t
(set-car! (cdr other) 9)
(println (equal? ring other))                                     ; expect: #f
(println (string-length (str ring)))                              ; expect: 16
; Depth is no limit of printing, reading or comparing.
(define (nest n) (let loop ((i 0) (x '())) (if (= i n) x (loop (+ i 1) (list x)))))
(println (string-length (str (nest 20000))))                      ; expect: 40002
(println (equal? (nest 20000) (nest 20000)))                      ; expect: #t
(println (equal? (read (str (nest 1000))) (nest 1000)))           ; expect: #t
(println 'still 'here)                                            ; expect: still here
