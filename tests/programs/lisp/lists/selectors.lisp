; The selectors of four levels, each against the composition it stands for, and the procedures that walk or change lists.
(define-syntax failing
  (syntax-rules () ((_ form) (try form (catch e (:type e))))))

; A full tree of depth four: each leaf is spelt by the way to it, first step last.
(define (tree name depth)
  (if (= depth 0)
      (string->symbol name)
      (cons (tree (string-append "a" name) (- depth 1)) (tree (string-append "d" name) (- depth 1)))))
(define t (tree "" 4))
(println (caaaar t) (caaadr t) (caadar t) (caaddr t))             ; expect: aaaa aaad aada aadd
(println (cadaar t) (cadadr t) (caddar t) (cadddr t))             ; expect: adaa adad adda addd
(println (cdaaar t) (cdaadr t) (cdadar t) (cdaddr t))             ; expect: daaa daad dada dadd
(println (cddaar t) (cddadr t) (cdddar t) (cddddr t))             ; expect: ddaa ddad ddda dddd
; Nothing has nothing in it; what is no list is an error.
(println (failing (caaaar '())) (cdddar '(())) (cddddr '(1 2 3 4)) (cddddr '(1 2)) (cadddr '(1 2 3)))   ; expect: :type-error () () () nil
(println (failing (caaaar 5)) (failing (caddar '(1))) (failing (cdaddr '(1 2 3))) (failing (cddddr)))   ; expect: :type-error :type-error :type-error :arity

(define l (list 'a 'b 'c 'd))
(println (list-tail l 0) (list-tail l 2) (list-tail l 4) (eqv? (cdr l) (list-tail l 1)))   ; expect: (a b c d) (c d) () #t
(println (failing (list-tail l 5)) (failing (list-tail l -1)) (failing (list-tail 5 1)) (list-tail '(1 . 2) 1))   ; expect: :eval :eval :type-error 2
(println (list-ref l 0) (list-ref l 3) (failing (list-ref l 4)) (failing (list-ref l 'a)))   ; expect: a d :eval :type-error
(list-set! l 1 'B)
(set-car! l 'A)
(set-cdr! (list-tail l 2) '())
(println l (failing (list-set! l 3 'x)) (failing (set-car! '() 1)) (failing (set-cdr! 5 1)))   ; expect: (A B c) :eval :type-error :type-error
(println (list-copy '()) (list-copy l) (eqv? l (list-copy l)) (list-copy '(1 2 . 3)) (list-copy 5))   ; expect: () (A B c) #f (1 2 . 3) 5
(define shared (list (list 1) 2))
(define copy (list-copy shared))
(set-car! (car copy) 'both)
(set-car! (cdr copy) 'mine)
(println shared copy)                                             ; expect: ((both) 2) ((both) mine)

(println (memq 'c '(a b c d)) (memq 'x '(a b)) (memq 'a '()) (failing (memq 'a 5)))   ; expect: (c d) #f #f :type-error
(println (memv 2 '(1 2 3)) (memv 2.0 '(1 2 3)) (memv #\b '(#\a #\b)) (memv (expt 2 80) (list 0 (expt 2 80))))   ; expect: (2 3) #f (#\b) (1208925819614629174706176)
(println (memv (list 1) (list (list 1))) (member (list 1) (list (list 1))) (member 2.0 '(1 2 3) =))   ; expect: #f ((1)) (2 3)
(println (assq 'b '((a 1) (b 2))) (assv 2 '((1 one) (2 two))) (assv (list 1) (list (list (list 1)))))   ; expect: (b 2) (2 two) ((1))
(println (failing (memv 1 '(2 . 3))) (failing (memv 1)))          ; expect: :type-error :arity
