; Ports in memory, and reading data from them.
(define in (open-input-string "één (a b) \"c\"\nline two\n\nlast"))
(println (peek-char in) (read-char in) (read-string 2 in))        ; expect: é é én
(println (read in) (read in) (equal? #\newline (read-char in)))   ; expect: (a b) c #t
(println (read-line in) (read-line in) (read-line in) (eof-object? (read-line in)) (eof-object? (peek-char in)))   ; expect: line two  last #t #t
(define out (open-output-string))
(write '(a "b" #\c) out) (write-char #\space out) (write-string "raw" out) (newline out) (display "x" out)
(print (get-output-string out)) (newline)                         ; expect: "(a \"b\" #\\c) raw\nx"
(println (input-port? in) (output-port? out) (port? in) (port? 5))   ; expect: #t #t #t #f
(close-port in)
(println (try (read-char in) (catch e (:message e))))             ; expect: read-char: port is closed
(println (call-with-port (open-input-string "one\ntwo") read-line))   ; expect: one
(write-string "console" (current-output-port)) (newline)          ; expect: console
(println (read "(1 . 2)") (read-many "1 a \"s\"") (read ""))      ; expect: (1 . 2) (1 a "s") nil
(define bytes (stream/byte-buffer))
(stream/write-string bytes "ab\r\ncd") (stream/write-byte bytes 33)
(println (stream/read-byte bytes) (stream/read-line bytes) (stream/read-all bytes) (stream/read-byte bytes))   ; expect: 97 b #u8(99 100 33) nil
(println (string/length (stream/to-string bytes)) (stream/copy (stream/from-bytes (bytevector 65 66)) bytes 10))   ; expect: 7 2
(write-char 5 out)
; expect error: expected char, got int
