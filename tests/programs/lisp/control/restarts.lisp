; Restarts: ways on that code offers, chosen by handlers further out before anything is unwound.
(define (parse text)
  (with-restarts ((skip () :report "Leave it out." nil)
                  (replace (value) value))
    (let ((n (string->number text)))
      (if n n (error "not a number:" text)))))
(define (sum texts) (foldl + 0 (filter number? (map parse texts))))
(println (handler-bind ((:eval (lambda (c) (invoke-restart 'skip)))) (sum '("1" "x" "3"))))   ; expect: 4
(println (handler-bind ((:eval (lambda (c) (invoke-restart 'replace 10)))) (sum '("1" "x" "3"))))   ; expect: 14
(println (try (sum '("x")) (catch e (:message e) )))              ; expect: not a number:

; Which there are, innermost first.
(with-restarts ((outer () 1))
  (with-restarts ((a () :report "the first" 1) (b () 2))
    (println (map (lambda (r) (list (restart-name r) (restart-report r))) (compute-restarts)))
    (println (restart? (find-restart 'b)) (find-restart 'c))))
; expect: ((a "the first") (b nil) (outer nil))
; expect: #t nil
(println (compute-restarts))                                      ; expect: ()
(println (try (invoke-restart 'nowhere) (catch e (:message e))))  ; expect: no live restart: nowhere

; The one that was kept is not live any more.
(define kept (with-restarts ((r () 1)) (find-restart 'r)))
(println (try (invoke-restart kept) (catch e (:message e))))      ; expect: no live restart: <restart r>

; Errors of the library and of calls take a value in place of the call that failed.
(define (with-value value thunk) (handler-bind ((#t (lambda (c) (use-value value)))) (thunk)))
(println (with-value '(9) (lambda () (car (car 5)))))             ; expect: 9
(println (with-value 7 (lambda () (+ 1 (5 6)))))                  ; expect: 8
(println (with-value 7 (lambda () ((lambda (x) x)))))             ; expect: 7
(println (with-value 2 (lambda () (list (+ 1 "a") (nth '(1 2) 9)))))   ; expect: (2 2)

; Unbound variables: use a value, define it, or look again.
(println (with-value 5 (lambda () (list no-such-variable no-such-variable))))   ; expect: (5 5)
(println (handler-bind ((:unbound (lambda (c) (store-value 6)))) (list stored-variable)) stored-variable)   ; expect: (6) 6
(println (handler-bind ((:unbound (lambda (c) (define later 'now) (eval (list 'define (string->symbol (:name c)) ''defined)) (retry)))) (list retried-variable)))   ; expect: (defined)

; A restart chosen by a handler of a handler.
(println (handler-bind ((:type-error (lambda (c) (use-value 1))))
  (handler-bind ((:user (lambda (c) (invoke-restart 'here (+ (car 5) 1)))))
    (with-restarts ((here (n) (list 'here n))) (throw 'x)))))     ; expect: (here 2)

; In a loop, as a retry.
(define attempts 0)
(define (attempt)
  (with-restarts ((again () (attempt)))
    (set! attempts (+ attempts 1))
    (if (< attempts 4) (error "not yet") attempts)))
(println (handler-bind ((:eval (lambda (c) (invoke-restart 'again)))) (attempt)))   ; expect: 4
