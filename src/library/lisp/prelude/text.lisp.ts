// The text functions that take functions, written in Lisp: callbacks run on the guest's stack. The rules are those of
// collections.lisp.ts.

export const TEXT_PRELUDE = String.raw`
(define (string/map f s)
  (let loop ((l (%items f (%string-characters s) 'string/map)) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (f (car l)) done))
        (%join-mapped (%reverse done)))))

(define (%character-lists strings)
  (let loop ((l strings) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (%string-characters (car l)) done))
        (%reverse done))))

(define (string-map f s . more)
  (if (null? more)
      (string/map f s)
      (%join-mapped (%map-many f (%lists f (%character-lists (cons s more)) 'string-map)))))

(define (string-for-each f s . more)
  (if (null? more)
      (let loop ((l (%items f (%string-characters s) 'string-for-each)))
        (if (pair? l)
            (begin (f (car l)) (loop (cdr l)))
            nil))
      (let loop ((lists (%lists f (%character-lists (cons s more)) 'string-for-each)))
        (let ((heads (%heads lists)))
          (if heads
              (begin (%apply f heads) (loop (%tails lists)))
              nil)))))
`;
