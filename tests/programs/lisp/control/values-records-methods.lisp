; Several values, records and multimethods.
(define-values (q r . more) (values 1 2 3 4))
(println q r more)                                                ; expect: 1 2 (3 4)
(let-values (((a b) (values 1 2)) (all (values 3 4)) ((c) 5)) (println a b all c))   ; expect: 1 2 (3 4) 5
(println (call-with-values (lambda () (values)) list) (call-with-values (lambda () 5) list))   ; expect: () (5)
(println (try (let-values (((a b) (values 1 2 3))) a) (catch e (:message e))))   ; expect: let-values expects 2 values, got 3
(define area (case-lambda ((r) (* r r)) ((w h) (* w h)) ((w . more) (list w more))))
(println (area 3) (area 3 4) (area 1 2 3))                        ; expect: 9 12 (1 (2 3))
(println (try ((case-lambda ((a) 1) ((a b) 2)) 1 2 3) (catch e (:type e))))   ; expect: :arity

(define-record-type <point> (make-point x y) point? (x point-x set-point-x!) (y point-y))
(define p (make-point 1 2))
(set-point-x! p 10)
(println p (point-x p) (point? p) (point? 5) (type p) (record? p) (equal? p (make-point 10 2)))   ; expect: #<record <point> 10 2> 10 #t #f :point #t #t
(define-record-type circle (make-circle radius) circle? (radius circle-radius))
(println (try (point-x 5) (catch e (:message e))) (try (point-x (make-circle 1)) (catch e (:message e))))   ; expect: expected point, got int expected point, got record
(println (try (make-point 1) (catch e (:message e))))             ; expect: make-point expects 2 arguments, got 1

(defmulti describe (lambda (x) (type x)))
(defmethod describe :int (lambda (x) (string-append "int " x)))
(defmethod describe :default (lambda (x) "something"))
(println (describe 5) (describe 'a) describe)                     ; expect: int 5 something <multimethod describe>
(defmethod describe :int (lambda (x) "another"))
(println (map describe (list 1 "x")))                             ; expect: ("another" "something")
(defmulti combine (lambda (a b) (list (type a) (type b))))
(defmethod combine '(:int :int) +)
(println (combine 1 2) (procedure? combine))                      ; expect: 3 #t
(combine 1 "x")
; expect error: no method in multimethod 'combine' for dispatch value: (:int :string)
