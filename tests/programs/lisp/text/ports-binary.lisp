; Ports of R7RS over bytevectors, and what each end of a port refuses: the other direction, the other content, a closed port.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:message e))))))
(define in (open-input-bytevector (bytevector 1 2 255 4 5 6 7)))
(println (u8-ready? in) (peek-u8 in) (read-u8 in) (read-u8 in) (read-u8 in) (read-bytevector 2 in))   ; expect: #t 1 1 2 255 #u8(4 5)
(println (read-bytevector 0 in) (read-bytevector 9 in) (eof-object? (read-u8 in)) (eof-object? (peek-u8 in)) (eof-object? (read-bytevector 1 in)))   ; expect: #u8() #u8(6 7) #t #t #t
(define room (make-bytevector 6 9))
(define five (open-input-bytevector (bytevector 1 2 3 4 5)))
(println (read-bytevector! room five 1 3) (bytevector-copy room) (read-bytevector! room five) room (eof-object? (read-bytevector! room five)) (read-bytevector! room five 2 2))   ; expect: 2 #u8(9 1 2 9 9 9) 3 #u8(3 4 5 9 9 9) #t 0
(define source (bytevector 1 2))
(define held (open-input-bytevector source))
(bytevector-u8-set! source 0 77)
(println (read-u8 held))                                          ; expect: 1

(define out (open-output-bytevector))
(write-u8 200 out) (write-bytevector (bytevector 1 2 3 4) out) (write-bytevector (bytevector 1 2 3 4) out 2) (write-bytevector (bytevector 1 2 3 4) out 1 2)
(println (get-output-bytevector out) (get-output-bytevector (open-output-bytevector)))   ; expect: #u8(200 1 2 3 4 3 4 2) #u8()
(println (binary-port? out) (textual-port? out) (binary-port? (open-input-string "")) (textual-port? (current-output-port)) (binary-port? 5) (port? in))   ; expect: #t #f #f #t #f #t

(println (failing (read-u8 (open-input-string "a"))))             ; expect: expected binary input port, got port
(println (failing (read-char in)))                                ; expect: expected textual input port, got port
(println (failing (write-u8 1 (open-output-string))))             ; expect: expected binary output port, got port
(println (failing (display "x" out)))                             ; expect: expected textual output port, got port
(println (failing (write-u8 256 out)) (failing (write-u8 'a out)))   ; expect: write-u8: byte value 256 out of range 0..255 expected int, got symbol
(println (failing (get-output-string out)))                       ; expect: expected string output port, got port
(println (failing (get-output-string (open-input-string "x"))))   ; expect: expected string output port, got port
(println (failing (get-output-bytevector (open-output-string))))  ; expect: expected binary output port, got port
(println (failing (open-input-bytevector "a")))                   ; expect: expected bytevector, got string
(println (failing (read-bytevector -1 in)))                       ; expect: read-bytevector: expected a non-negative integer, got -1
(println (failing (write-bytevector (bytevector 1) out 0 2)))     ; expect: write-bytevector: range 0..2 out of bounds for bytevector of length 1
(println (failing (read-bytevector! #u8(1 2) in)))                ; expect: read-bytevector!: cannot change a literal bytevector; copy it first

; Closing: each name for its own direction; the port stays what it was, and what it collected can still be asked for.
(println (failing (close-input-port out)))                        ; expect: expected input port, got port
(println (failing (close-output-port in)))                        ; expect: expected output port, got port
(println (input-port-open? out) (output-port-open? out) (input-port-open? in))   ; expect: #f #t #t
(close-output-port out) (close-input-port in) (close-port in)
(println (input-port? in) (output-port? out) (binary-port? out) (input-port-open? in) (output-port-open? out))   ; expect: #t #t #t #f #f
(println (failing (read-u8 in)))                                  ; expect: read-u8: port is closed
(println (failing (write-u8 1 out)))                              ; expect: write-u8: port is closed
(println (get-output-bytevector out))                             ; expect: #u8(200 1 2 3 4 3 4 2)
(define kept nil)
(println (call-with-port (open-output-bytevector) (lambda (port) (set! kept port) (write-u8 7 port) (get-output-bytevector port))) (output-port-open? kept))   ; expect: #u8(7) #f
