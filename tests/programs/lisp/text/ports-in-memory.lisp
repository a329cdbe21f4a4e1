; Ports of R7RS over strings: everything that reads, everything that writes, and both ends closed.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(define (written f) (let ((port (open-output-string))) (f port) (get-output-string port)))
(define in (open-input-string "ab\ncd\n(1 . 2) end"))
(println (char-ready? in) (peek-char in) (read-char in) (read-char in) (read-line in) (read-line in) (read in) (read in) (eof-object? (read in)))   ; expect: #t a a b  cd (1 . 2) end #t
(println (eof-object? (eof-object)) (eof-object? nil) (eof-object? (read-char (open-input-string ""))) (eof-object? (peek-char (open-input-string ""))))   ; expect: #t #f #t #t
(println (eof-object? (read-line (open-input-string ""))) (eof-object? (read-string 3 (open-input-string ""))) (read-string 2 (open-input-string "é😀x")) (read-string 0 (open-input-string "x")))   ; expect: #t #t é😀 
(println (failing (read-char 5)) (failing (peek-char "a")) (failing (read-line 'x)) (failing (read-string "a")) (failing (read-string 1.5 (open-input-string "a"))) (failing (char-ready? 5)))   ; expect: :type-error :type-error :type-error :type-error :type-error :type-error

(print (written (lambda (p) (write "q\"\\\n" p) (write #\a p) (write 'sym p) (write '|a b| p)))) (newline)   ; expect: "\"q\\\"\\\\\\n\"#\\asyma b"
(println (written (lambda (p) (display "q\"" p) (display #\a p) (display '("s" #\c) p))))   ; expect: q"a("s" #\c)
(println (written (lambda (p) (write-char #\x p) (write-string "yz" p) (write-string "abcdef" p 4) (write-string "abcdef" p 1 3))))   ; expect: xyzefbc
(println (written (lambda (p) (newline p) (flush-output-port p) (display 1.5 p))))
; expect: 
; expect: 1.5
(println (failing (write-char "x" (open-output-string))) (failing (write-string 5 (open-output-string))) (failing (write 1 2)))   ; expect: :type-error :type-error :type-error
(println (failing (open-input-string 5)) (failing (get-output-string 5)) (failing (open-output-string 1)))   ; expect: :type-error :type-error :arity

(define out (open-output-string))
(println (input-port? in) (output-port? in) (input-port? out) (output-port? out) (textual-port? in) (port? out) (port? 'x))   ; expect: #t #f #f #t #t #t #f
(println (input-port-open? in) (output-port-open? out))           ; expect: #t #t
(close-input-port in)
(close-output-port out)
(println (input-port-open? in) (output-port-open? out) (failing (read-char in)) (failing (write-char #\a out)))   ; expect: #f #f :eval :eval
(println (failing (input-port-open? 5)) (failing (close-port 5)) (failing (close-input-port 5)) (failing (close-output-port 'x)))   ; expect: :type-error :type-error :type-error :type-error
(println (call-with-port (open-input-string "data") read) (failing (call-with-port 5 read)))   ; expect: data :type-error
(println (output-port? (current-output-port)) (input-port? (current-input-port)))   ; expect: #t #t
; What goes into a port can be put together from many threads of control.
(define log (open-output-string))
(call/ec (lambda (leave) (dynamic-wind (lambda () (write-string "<" log)) (lambda () (write 'in log) (leave 1)) (lambda () (write-string ">" log)))))
(println (get-output-string log))                                 ; expect: <in>
