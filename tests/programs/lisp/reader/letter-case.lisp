; Letter case counts, but where the text says that it does not: in names, keywords, booleans and names of characters.
#!fold-case
(DEFINE Folded '(Some |Kept Name| #\SPACE :Key #TRUE "Text" #\A))
(PRINTLN FOLDED)                       ; expect: (some Kept Name #\space :key #t "Text" #\A)
#!no-fold-case
(println folded 'Plain)                ; expect: (some Kept Name #\space :key #t "Text" #\A) Plain

; What contains itself is written with labels, and read back as the same structure.
(define ring (let ((l (list 'a #\b))) (set-cdr! (cdr l) l) l))
(define (text value)
  (let ((port (open-output-string)))
    (write value port)
    (get-output-string port)))
(println (text ring))                                    ; expect: #0=(a #\b . #0#)
(define round (read (text ring)))
(println (identical? round (cddr round)) (car round))    ; expect: #t a
