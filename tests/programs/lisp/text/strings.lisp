; Strings by the names of R7RS: they cannot be changed, and compare in any number.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(println (string #\a #\b) (string=? (string) "") (string? (string #\x)))   ; expect: ab #t #t
(println (string=? "a" "a" "a") (string=? "a" "b") (string=? "é" "é") (failing (string=? "a" 'a)))   ; expect: #t #f #t :type-error
(println (string<? "a" "b" "c") (string<? "a" "b" "b") (string<? "" "a") (string<? "a" "B"))   ; expect: #t #f #t #f
(println (string>? "c" "b" "a") (string>? "b" "b") (failing (string>? "a" 1)))   ; expect: #t #f :type-error
(println (string<=? "a" "a" "b") (string<=? "b" "a") (string>=? "b" "b" "a") (string>=? "a" "b"))   ; expect: #t #f #t #f
(println (failing (string<? "a" #\b)) (failing (string<=? 1 "a")) (failing (string>=? "a" 'b)))   ; expect: :type-error :type-error :type-error
(println (string-ci=? "AbC" "aBc" "ABC") (string-ci=? "a" "b") (string-ci<? "a" "B" "c") (string-ci>? "B" "a"))   ; expect: #t #f #t #t
(println (string-ci<=? "A" "a" "b") (string-ci>=? "b" "A" "a") (failing (string-ci=? "a" 1)) (failing (string-ci<? 1 "a")))   ; expect: #t #t :type-error :type-error

(println (string-copy "hello") (string-copy "hello" 2) (string-copy "hello" 1 3) (string-copy "hello" 5) (failing (string-copy "hello" 6)) (failing (string-copy 5)))   ; expect: hello llo el  :eval :type-error
; A string never changes, so a program that tries is told what to do.
(define (advice thunk) (try (thunk) (catch e (list (:type e) (string/contains? (:message e) "strings are immutable (build a new one")))))
(println (advice (lambda () (string-set! (string-copy "abc") 0 #\x))))   ; expect: (:eval #t)
(println (advice (lambda () (string-fill! "abc" #\x))))           ; expect: (:eval #t)
(println (advice (lambda () (string-copy! "abc" 0 "x"))))         ; expect: (:eval #t)

(println (string-map char-upcase "abc") (string-map (lambda (a b) (if (char<? a b) a b)) "adc" "bbbz") (string-map char-upcase ""))   ; expect: ABC abb 
(println (failing (string-map car "abc")) (failing (string-map char-upcase 5)))   ; expect: :type-error :type-error
(define seen '())
(string-for-each (lambda (a b) (set! seen (cons (list a b) seen))) "abc" "xy")
(println seen (string-for-each print ""))                         ; expect: ((#\b #\y) (#\a #\x)) nil
(println (failing (string-for-each char-upcase 5)))               ; expect: :type-error
(println (string-foldcase "ÀÉx") (string-foldcase "") (string-upcase "aé") (string-downcase "AÉ") (failing (string-foldcase 5)))   ; expect: àéx  AÉ aé :type-error
(println (substring "hello" 1 3) (failing (substring "hello" 3 9)) (string->list "ab") (list->string '(#\a #\b)) (failing (list->string '(1))))   ; expect: el :eval (#\a #\b) ab :type-error
(println (string-append) (string-append "a" "é" "😀") (string-length "é😀"))   ; expect:  aé😀 2
(println (make-string 3 #\z) (make-string 0 #\z) (make-string "ab" 2))   ; expect: zzz  abab
(println (string->symbol "a b") (symbol->string 'xyz) (failing (string->symbol 5)) (failing (symbol->string "x")))   ; expect: a b xyz :type-error :type-error
