; Tasks take turns where they wait; time passes only when all of them do.
(define log '())
(define (note x) (set! log (cons x log)))
(define (show) (println (reverse log)) (set! log '()))
(define (worker name times pause)
  (async (dotimes (i times) (note (list name i)) (async/sleep pause)) name))
(println (async/all (list (worker 'a 3 10) (worker 'b 2 15))))    ; expect: (a b)
(show)                                                            ; expect: ((a 0) (b 0) (a 1) (b 1) (a 2))

; A pipeline over channels that hold one value.
(define (source items out) (async (for-each (lambda (x) (channel/send out x)) items) (channel/close out)))
(define (stage f in out)
  (async (let loop ((x (channel/recv in)))
    (if (nil? x) (channel/close out) (begin (channel/send out (f x)) (loop (channel/recv in)))))))
(define (drain in) (let loop ((all '())) (let ((x (channel/recv in))) (if (nil? x) (reverse all) (loop (cons x all))))))
(define a (channel/new 1)) (define b (channel/new 1)) (define c (channel/new 1))
(source '(1 2 3 4 5 6) a) (stage (lambda (x) (* x x)) a b) (stage (lambda (x) (+ x 1)) b c)
(println (drain c))                                               ; expect: (2 5 10 17 26 37)

; Errors of a task come out where it is awaited, each time.
(define failing (async (async/sleep 1) (throw 'bad)))
(println (try (await failing) (catch e (:value e))) (try (await failing) (catch e (:value e))) (async/rejected? failing))   ; expect: bad bad #t
(define slow (async (async/sleep 50) 'slow))
(println (try (async/all (list slow (async (error "quick")))) (catch e (:message e))) (async/pending? slow) (await slow))   ; expect: quick #t slow
(println (async/race (list (async (async/sleep 9) 'late) (async (async/sleep 3) 'early))))   ; expect: early
(println (try (async/timeout 5 (async (async/sleep 6))) (catch e (:type e))) (async/timeout 6 (async (async/sleep 5) 'ok)))   ; expect: :timeout ok

; Cancelling: the task does not run again, whoever awaits it gets an error.
(define never (async (async/sleep 1) (note 'ran) 1))
(println (async/cancel never) (async/cancel never) (async/cancelled? never) (try (await never) (catch e (:type e))))   ; expect: #t #f #t :cancelled
(async/sleep 10)
(show)                                                            ; expect: ()
(define full (channel/new 1))
(channel/send full 1)
(define blocked (async (channel/send full 2)))
(async/sleep 1)
(async/cancel blocked)
(println (channel/recv full) (channel/try-recv full) (channel/empty? full))   ; expect: 1 nil #t

; Parameters and the context belong to the task.
(define level (make-parameter 0))
(context/set :user "main")
(define other (async (context/set :user "task") (parameterize ((level 1)) (async/sleep 5) (list (level) (context/get :user)))))
(println (parameterize ((level 2)) (async/sleep 10) (list (level) (context/get :user) (await other))))   ; expect: (2 "main" (1 "task"))
(println (level))                                                 ; expect: 0

; Handlers and winds stay with the task that waits.
(define trail '())
(define winding (async (dynamic-wind (lambda () (note 'in)) (lambda () (async/sleep 5) 'value) (lambda () (note 'out)))))
(note 'before) (println (await winding)) (note 'after)            ; expect: value
(show)                                                            ; expect: (before in out after)

; Many tasks, each a little deep.
(define (deep n) (if (= n 0) (begin (async/sleep 1) 0) (+ 1 (deep (- n 1)))))
(println (foldl + 0 (async/map deep (range 60))))                   ; expect: 1770
(async (note 'a)) (async (note 'b)) (async/run)
(show)                                                            ; expect: (a b)
(println (try (channel/send (let ((ch (channel/new))) (channel/close ch) ch) 5) (catch e (:message e))))   ; expect: channel/send: channel is closed; value 5 was dropped
(channel/recv (channel/new 1))
; expect error: deadlock
