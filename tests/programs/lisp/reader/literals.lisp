#!/usr/bin/env boxelder
; What a text may say: comments of three kinds, characters and strings by name and number, labels, numbers at the edges.
#| a block #| in a block |# still a comment |#
(define-syntax failing
  (syntax-rules () ((_ text) (try (read text) (catch e (:type e))))))
(println (list 1 #;2 3 #;(4 #;5 6) 7) '(1 #| two |# 3) '(a . #;b c))   ; expect: (1 3 7) (1 3) (a . c)
(println '|hello world| (symbol? '|a b|) (eq? '|abc| 'abc) (string-length (symbol->string '|a\x41;b|)))   ; expect: hello world #t #t 3
(println #true #false (eq? #true #t) '(#t #f))                    ; expect: #t #f #t (#t #f)
(println (map char->integer (list #\x41 #\null #\alarm #\backspace #\delete #\escape #\space #\tab #\newline #\return #\x #\( #\λ)))   ; expect: (65 0 7 8 127 27 32 9 10 13 120 40 955)
(println '(#\x41 #\null #\alarm #\backspace #\delete #\escape #\space))   ; expect: (#\A #\nul #\alarm #\backspace #\delete #\escape #\space)
(println (map char->integer (string->list "\a\b\t\n\r\"\\\x41;")))   ; expect: (7 8 9 10 13 34 92 65)
(println "one \
          line" (string-length "a\
  b"))                                                            ; expect: one line 2
(println +5 .5 1. -.5 +inf.0 -inf.0 (nan? +nan.0) 1e3 1E-2 #xFF #b101 #o17 #e1.5 #i1/2)   ; expect: 5 0.5 1.0 -0.5 inf -inf #t 1000.0 0.01 255 5 15 3/2 0.5
(println (string->number "+5") (string->number "+inf.0") -1/2 '(+ - ... -> a.b +x))   ; expect: #f #f -1/2 (+ - ... -> a.b +x)
(println 3+4i '-i (vector? [1 2]) '[a (b) "c"] #u8(1 255) (#(+ % 1) 5))   ; expect: 3+4i 0-1i #t [a (b) "c"] #u8(1 255) 6
(println '(quote a) ''a `(1 ,(+ 1 1) ,@(list 3 4)) '`(a ,b ,@c) `(1 . ,(+ 1 1)) `[1 ,@(list 2 3)])   ; expect: (quote a) (quote a) (1 2 3 4) (quasiquote (a (unquote b) (unquote-splicing c))) (1 . 2) [1 2 3]
(println `(1 `(2 ,(3 ,(+ 1 3)))))                                 ; expect: (1 (quasiquote (2 (unquote (3 4)))))

; Labels share and close circles.
(define shared '(#0=(a b) #0# #1=[c] #1#))
(println shared (eqv? (car shared) (cadr shared)))                ; expect: ((a b) (a b) [c] [c]) #t
(define circle '#0=(x y . #0#))
(println (eqv? circle (cddr circle)) (caddr circle) (list? circle))   ; expect: #t x #f
(define cross (read "#0=(#1=(1 . #0#) . #1#)"))
(println (eqv? cross (cdar cross)) (eqv? (car cross) (cdr cross)))   ; expect: #t #t

; A labelled tail is a list of its own.
(define lasso '(a . #0=(b c . #0#)))
(println (eqv? (cdr lasso) (cdddr lasso)) (caddr lasso) (cadddr lasso))   ; expect: #t c b
(define twice '(#0={:k 1} #0# #1=(1 . #2=(2 3)) . #2#))
(println twice (eqv? (car twice) (cadr twice)) (eqv? (cdr (caddr twice)) (cdddr twice)))   ; expect: ({:k 1} {:k 1} (1 2 3) 2 3) #t #t

(println (failing "(1 2") (failing ")") (failing "\"abc") (failing "#|") (failing "|a") (failing "#\\nosuch") (failing "#9#"))   ; expect: :reader :reader :reader :reader :reader :reader :reader
(println (failing "(1 . )") (failing "( . 2 3)") (failing "(1 . 2 3)") (failing "#;") (failing "#xZZ") (failing "(1 ]"))   ; expect: :reader :reader :reader :reader :reader :reader
