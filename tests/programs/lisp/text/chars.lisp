; Characters: comparisons of any number, classes, cases and digits.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))
(println (char=? #\a #\a #\a) (char=? #\a #\b) (char<? #\a #\b #\c) (char<? #\a #\c #\b))   ; expect: #t #f #t #f
(println (char>? #\c #\b #\a) (char<=? #\a #\a #\b) (char>=? #\b #\b #\a) (char>=? #\a #\b))   ; expect: #t #t #t #f
(println (failing (char=? #\a "a")) (failing (char<? 1 #\a)) (failing (char>? #\a 'b)) (failing (char<=? #\a 1)) (failing (char>=? 1 1)))   ; expect: :type-error :type-error :type-error :type-error :type-error
(println (char-ci=? #\a #\A) (char-ci<? #\a #\B) (char-ci>? #\B #\a) (char-ci<=? #\a #\A #\b) (char-ci>=? #\b #\B #\a))   ; expect: #t #t #t #t #t
(println (failing (char-ci=? 1 #\a)) (failing (char-ci<? #\a 1)))   ; expect: :type-error :type-error
(println (char-foldcase #\A) (char-foldcase #\ß) (char-upcase #\é) (char-downcase #\É) (failing (char-foldcase "a")))   ; expect: a ß É é :type-error
(println (map digit-value '(#\0 #\7 #\a #\٣ #\३)) (failing (digit-value 5)))   ; expect: (0 7 #f 3 3) :type-error
(println (map char->integer '(#\a #\newline #\😀)) (integer->char 955) (failing (integer->char -1)) (failing (integer->char 55296)) (failing (char->integer 97)))   ; expect: (97 10 128512) λ :eval :eval :type-error
(println (char-alphabetic? #\λ) (char-alphabetic? #\1) (char-numeric? #\5) (char-whitespace? #\tab) (char-upper-case? #\A) (char-lower-case? #\A))   ; expect: #t #f #t #t #t #f
