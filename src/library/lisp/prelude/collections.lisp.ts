// The collection functions that take functions, written in Lisp: callbacks run on the guest's stack, so that they may throw,
// be paused, and be captured by call/cc.
//
// Rules
// 1. A loop collects its results in a list in reverse and never changes that list: a continuation captured in a callback
//    may be entered again after the loop has ended.
// 2. (%items f seq 'name) checks the arguments and gives the sequence as a proper list; vectors and mutable arrays are copied.
// 3. That f is not callable is told only when it is about to be called.
// 4. Functions of the library are called by their internal names: programs may define the others anew.

export const COLLECTIONS_PRELUDE = String.raw`
(define (apply f x . more)
  (%apply (%callable f) (if (null? more) (%sequence x 'apply) (%arguments x more))))

; ---- map and for-each, with any number of sequences

; The same as %reverse; for short lists a loop takes less time than leaving the guest.
(define (%turned list)
  (let loop ((l list) (turned '()))
    (if (pair? l)
        (loop (cdr l) (cons (car l) turned))
        turned)))

(define (map f s . more)
  (cond ((null? more)
         (let loop ((l (%items f s 'map)) (done '()))
           (if (pair? l)
               (loop (cdr l) (cons (f (car l)) done))
               (%turned done))))
        ((null? (cdr more))
         (let loop ((a (%open-items f s 'map)) (b (%open-items f (car more) 'map)) (done '()))
           (if (and (pair? a) (pair? b))
               (loop (cdr a) (cdr b) (cons (f (car a) (car b)) done))
               (%turned done))))
        (else (%map-many f (%lists f (cons s more) 'map)))))

(define (%lists f sequences name)
  (let loop ((l sequences) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (%open-items f (car l) name) done))
        (%reverse done))))

(define (%map-many f lists)
  (let loop ((lists lists) (done '()))
    (let ((heads (%heads lists)))
      (if heads
          (loop (%tails lists) (cons (%apply f heads) done))
          (%reverse done)))))

(define (for-each f s . more)
  (if (null? more)
      (let loop ((l (%items f s 'for-each)))
        (if (pair? l)
            (begin (f (car l)) (loop (cdr l)))
            nil))
      (let loop ((lists (%lists f (cons s more) 'for-each)))
        (let ((heads (%heads lists)))
          (if heads
              (begin (%apply f heads) (loop (%tails lists)))
              nil)))))

(define (map-indexed f s)
  (let loop ((l (%items f s 'map-indexed)) (i 0) (done '()))
    (if (pair? l)
        (loop (cdr l) (+ i 1) (cons (f i (car l)) done))
        (%reverse done))))

(define (flat-map f s)
  (let loop ((l (%items f s 'flat-map)) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (f (car l)) done))
        (%spread-reversed done))))

(define (list/times n f)
  (if (< 0 (%natural n 'list/times)) (%callable f) nil)
  (let loop ((i 0) (done '()))
    (if (< i n)
        (loop (+ i 1) (cons (f i) done))
        (%reverse done))))

; ---- choosing

(define (filter p s)
  (let loop ((l (%items p s 'filter)) (done '()))
    (if (pair? l)
        (loop (cdr l) (if (p (car l)) (cons (car l) done) done))
        (%reverse done))))

(define (list/reject p s)
  (let loop ((l (%items p s 'list/reject)) (done '()))
    (if (pair? l)
        (loop (cdr l) (if (p (car l)) done (cons (car l) done)))
        (%reverse done))))

(define (partition p s)
  (let loop ((l (%items p s 'partition)) (in '()) (out '()))
    (if (pair? l)
        (if (p (car l))
            (loop (cdr l) (cons (car l) in) out)
            (loop (cdr l) in (cons (car l) out)))
        (cons (%reverse in) (cons (%reverse out) '())))))

(define (take-while p s)
  (let loop ((l (%items p s 'take-while)) (done '()))
    (if (and (pair? l) (p (car l)))
        (loop (cdr l) (cons (car l) done))
        (%reverse done))))

(define (drop-while p s)
  (let loop ((l (%items p s 'drop-while)))
    (if (and (pair? l) (p (car l)))
        (loop (cdr l))
        l)))

(define (list/find p s)
  (let loop ((l (%items p s 'list/find)))
    (if (pair? l)
        (if (p (car l)) (car l) (loop (cdr l)))
        nil)))

(define (list/sole p s)
  (let loop ((l (%items p s 'list/sole)) (found '()))
    (cond ((null? l) (if (pair? found) (car found) (%fail "list/sole: no matching item")))
          ((not (p (car l))) (loop (cdr l) found))
          ((pair? found) (%fail "list/sole: more than one matching item"))
          (else (loop (cdr l) (cons (car l) '()))))))

(define (any p s . more)
  (if (null? more)
      (let loop ((l (%items p s 'any)))
        (if (pair? l)
            (if (p (car l)) #t (loop (cdr l)))
            #f))
      (let loop ((lists (%lists p (cons s more) 'any)))
        (let ((heads (%heads lists)))
          (cond ((not heads) #f)
                ((%apply p heads) #t)
                (else (loop (%tails lists))))))))

(define (every p s . more)
  (if (null? more)
      (let loop ((l (%items p s 'every)))
        (if (pair? l)
            (if (p (car l)) (loop (cdr l)) #f)
            #t))
      (let loop ((lists (%lists p (cons s more) 'every)))
        (let ((heads (%heads lists)))
          (cond ((not heads) #t)
                ((%apply p heads) (loop (%tails lists)))
                (else #f))))))

; ---- folding

(define (foldl f init s) (%foldl f init s 'foldl))

(define (%foldl f init s name)
  (let loop ((l (%items f s name)) (acc init))
    (if (pair? l)
        (loop (cdr l) (f acc (car l)))
        acc)))

(define (foldr f init s)
  (let loop ((l (%reverse (%items f s 'foldr))) (acc init))
    (if (pair? l)
        (loop (cdr l) (f (car l) acc))
        acc)))

(define (reduce f s)
  (let ((l (%sequence s 'reduce)))
    (if (pair? l)
        (begin
          (if (pair? (cdr l)) (%callable f) nil)
          (let loop ((l (cdr l)) (acc (car l)))
            (if (pair? l)
                (loop (cdr l) (f acc (car l)))
                acc)))
        (%fail "reduce: empty list"))))

(define (list/group-by f s)
  (let loop ((l (%items f s 'list/group-by)) (groups (%empty-map)))
    (if (pair? l)
        (loop (cdr l) (%group groups (f (car l)) (car l)))
        (%reverse-groups groups))))

(define (list/key-by f s)
  (let loop ((l (%items f s 'list/key-by)) (m (%empty-map)))
    (if (pair? l)
        (loop (cdr l) (%put m (f (car l)) (car l)))
        m)))

(define (tap x f)
  ((%callable f) x)
  x)

; ---- sorting: a stable merge sort. Lists sorted upwards are merged to one sorted downwards and the other way round, which
; saves reversing them. An item of the second half comes first only when the comparison says so.

(define (sort s . more)
  (cond ((null? more) (%sort s))
        ((pair? (cdr more)) (%fail-arity 'sort 1 2 (+ 1 (%length more))))
        (else
         (let* ((f (car more)) (l (%sequence s 'sort)))
           (if (and (pair? l) (pair? (cdr l)))
               (%sort-up (%callable f) l (%length l))
               (%reverse l))))))

(define (%sort-up f l n)
  (if (= n 1)
      (cons (car l) '())
      (let ((half (quotient n 2)))
        (%merge-up f (%sort-down f l half) (%sort-down f (%list-tail l half) (- n half))))))

(define (%sort-down f l n)
  (if (= n 1)
      (cons (car l) '())
      (let ((half (quotient n 2)))
        (%merge-down f (%sort-up f l half) (%sort-up f (%list-tail l half) (- n half))))))

(define (%merge-up f a b)
  (let loop ((a a) (b b) (done '()))
    (cond ((null? a) (%reverse-onto b done))
          ((null? b) (%reverse-onto a done))
          ((%before? (f (car b) (car a))) (loop (cdr a) b (cons (car a) done)))
          (else (loop a (cdr b) (cons (car b) done))))))

(define (%merge-down f a b)
  (let loop ((a a) (b b) (done '()))
    (cond ((null? a) (%reverse-onto b done))
          ((null? b) (%reverse-onto a done))
          ((%before? (f (car b) (car a))) (loop a (cdr b) (cons (car b) done)))
          (else (loop (cdr a) b (cons (car a) done))))))

(define (sort-by f s)
  (let loop ((l (%items f s 'sort-by)) (keyed '()))
    (if (pair? l)
        (loop (cdr l) (cons (cons (f (car l)) (car l)) keyed))
        (%sort-by-keys (%reverse keyed)))))

; ---- looking things up

(define (member x s . more)
  (if (null? more)
      (%member x s)
      (let ((same? (car more)))
        (if (pair? (cdr more)) (%fail-arity 'member 2 3 (+ 2 (%length more))) nil)
        (let loop ((l (%items same? s 'member)))
          (cond ((null? l) #f)
                ((same? x (car l)) l)
                (else (loop (cdr l))))))))

(define (assoc a b . more)
  (cond ((null? more) (%assoc a b))
        ((and (null? (cdr more)) (%compares-keys? a b (car more)))
         (let ((same? (car more)))
           (let loop ((l (%items same? b 'assoc)))
             (cond ((null? l) #f)
                   ((and (pair? (car l)) (same? a (caar l))) (car l))
                   (else (loop (cdr l)))))))
        (else (%assoc-many a b more))))

; ---- vectors and number arrays

(define (vector-map f v . more)
  (if (null? more)
      (let loop ((l (%items f v 'vector-map)) (done '()))
        (if (pair? l)
            (loop (cdr l) (cons (f (car l)) done))
            (%vector-reversed done)))
      (let loop ((lists (%lists f (cons v more) 'vector-map)) (done '()))
        (let ((heads (%heads lists)))
          (if heads
              (loop (%tails lists) (cons (%apply f heads) done))
              (%vector-reversed done))))))

(define (vector-for-each f v . more)
  (let loop ((lists (%lists f (cons v more) 'vector-for-each)))
    (let ((heads (%heads lists)))
      (if heads
          (begin (%apply f heads) (loop (%tails lists)))
          nil))))

(define (f64-array/map f a)
  (let loop ((l (%items f (%f64-array-list a) 'f64-array/map)) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (f (car l)) done))
        (%f64-array-mapped done))))

(define (i64-array/map f a)
  (let loop ((l (%items f (%i64-array-list a) 'i64-array/map)) (done '()))
    (if (pair? l)
        (loop (cdr l) (cons (f (car l)) done))
        (%i64-array-mapped done))))

(define (f64-array/fold f init a)
  (%foldl f init (%f64-array-list a) 'f64-array/fold))

(define (i64-array/fold f init a)
  (%foldl f init (%i64-array-list a) 'i64-array/fold))

; ---- maps

(define (map/update m k f)
  (let ((old (%get m k)))
    (%put-key m k ((%callable f) old))))

(define (update-in m path f)
  (%update-in m (%path path) f))

(define (%update-in m path f)
  (if (pair? path)
      (let* ((map? (%any-map? m))
             (value (%update-in (if map? (%get m (car path)) nil) (cdr path) f)))
        (%put-key (if map? m (%empty-map)) (car path) value))
      ((%callable f) m)))

(define (map/map-vals f m)
  (let loop ((l (%map-items f m)) (new m))
    (if (pair? l)
        (loop (cddr l) (%put new (car l) (f (cadr l))))
        new)))

(define (map/map-keys f m)
  (let loop ((l (%map-items f m)) (new (%empty-like m)))
    (if (pair? l)
        (loop (cddr l) (%put-key new (f (car l)) (cadr l)))
        new)))

(define (map/filter p m)
  (let loop ((l (%map-items p m)) (new m))
    (if (pair? l)
        (loop (cddr l) (if (p (car l) (cadr l)) new (%dissoc new (car l))))
        new)))

(define (deep-merge . maps)
  (if (null? maps)
      (%empty-map)
      (let loop ((m (car maps)) (l (cdr maps)))
        (if (pair? l)
            (loop (%deep-merge m (car l)) (cdr l))
            m))))

(define (%deep-merge a b)
  (if (and (%any-map? a) (%any-map? b))
      (let loop ((l (%entries b)) (new a))
        (if (pair? l)
            (let ((k (car l)))
              (loop (cddr l) (%put new k (if (%match-key? new k) (%deep-merge (%get new k) (cadr l)) (cadr l)))))
            new))
      b))

; ---- other names

(define mapcar map)
(define fold foldl)
(define any? any)
(define some? any)
(define every? every)
(define list/take-while take-while)
(define list/drop-while drop-while)
(define map/deep-merge deep-merge)
(define map/update-in update-in)
`;
