// Cooperative tasks, channels and timers, on top of continuations. Part of the control prelude.
//
// A task is its promise: a struct [state value settled resume context token] with state :pending, :resolved, :rejected or
// :cancelled; settled is a list of procedures to call when it settles, newest first; resume is the thunk it starts with or
// the continuation it goes on in; token marks what it waits for, so that only the first of several events wakes it. The
// program itself is a task that never settles. Time is virtual: when no task is ready, it advances to the next timer.

export const TASKS_PRELUDE = String.raw`
;; ---- queues: pairs of front and back lists. Values of programs go into cars only: nil as a cdr becomes the empty list.

(define (%new-queue) (cons '() '()))

(define (%queue-put! queue item) (set-cdr! queue (cons item (cdr queue))))

(define (%queue-empty? queue) (and (null? (car queue)) (null? (cdr queue))))

(define (%queue-take! queue)
  (when (null? (car queue))
    (set-car! queue (%reverse (cdr queue)))
    (set-cdr! queue '()))
  (let ((front (car queue)))
    (set-car! queue (cdr front))
    (car front)))

;; ---- the scheduler

(define (%new-task resume context) (%new-async-promise :pending nil '() resume context nil))

(define %program-task (%new-task nil nil))
(define %task %program-task)
(define %ready (%new-queue))
(define %timers '())
(define %time 0)
;; Procedures that wake those who wait until nothing is left to do.
(define %idle '())
;; Where tasks begin: the continuation of the program's first wait. What is under a task on its stack is never returned to.
(define %base nil)

;; Called when a program starts: what an earlier one left on the stack is gone.
(define (%start-tasks) (set! %base nil))

(define (%ensure-base)
  (when (nil? %base)
    (let ((thunk (%mark-base)))
      (unless (nil? thunk)
        (thunk)
        (%switch)))))

(define (%mark-base)
  (set! %base (%capture))
  nil)

(define (%pending? promise) (eq? (%item promise 0) :pending))

;; The value that wakes a task for which nothing can happen any more.
(define %deadlock (%list :deadlock))

;; Gives up control until the procedure handed to register is called; its argument is the value. The procedure says whether
;; the task was still waiting.
(define (%wait register)
  (%ensure-base)
  (let ((task %task) (token (%list nil)))
    (%item! task 5 token)
    (register
      (lambda (value)
        (if (and (%same? (%item task 5) token) (%pending? task))
            (begin
              (%item! task 5 nil)
              (%queue-put! %ready (cons value task))
              #t)
            #f)))
    (let* ((winds (%parameter-winds (%dynamic))))
      (%exchange (%reverse winds))
      (let ((value (%suspend)))
        (%exchange winds)
        (if (%same? value %deadlock)
            (%eval-error "deadlock: every task waits for another one")
            value)))))

;; Parameters have the values of the task that runs.
(define (%exchange winds)
  (unless (null? winds)
    ((%item (car winds) 1))
    (%exchange (cdr winds))))

(define (%suspend)
  (%item! %task 3 (%capture))
  (%switch))

(define (%switch)
  (let* ((next (%next-ready)) (task (cdr next)) (resume (%item task 3)))
    (set! %task task)
    (%item! task 3 nil)
    (%reinstate (if (%continuation? resume) resume %base)
                (if (%continuation? resume) (car next) resume))))

(define (%next-ready)
  (cond ((not (%queue-empty? %ready))
         (let ((next (%queue-take! %ready)))
           (if (and (%pending? (cdr next)) (not (nil? (%item (cdr next) 3)))) next (%next-ready))))
        ;; The host answers before time advances: how long it takes is no matter of the program's.
        ((%wake-for-host) (%next-ready))
        ((%host-pause) (%next-ready))
        ((pair? %timers)
         (let ((timer (car %timers)))
           (set! %timers (cdr %timers))
           (set! %time (car timer))
           ((cdr timer) nil)
           (%next-ready)))
        ((pair? %idle)
         (let ((wake (car %idle)))
           (set! %idle (cdr %idle))
           (wake nil)
           (%next-ready)))
        (else
         (%item! %program-task 5 nil)
         (cons %deadlock %program-task))))

;; Takes one answer of the host to whom it is for; #f when there is none.
(define (%wake-for-host)
  (let ((answer (%host-answer)))
    (if (nil? answer)
        #f
        (begin
          ((car answer) (cdr answer))
          #t))))

;; What a call of the host becomes whose answer comes later.
(define (%await-host id)
  (let ((answer (%wait (lambda (wake) (%host-waker! id wake)))))
    (if (car answer)
        (cadr answer)
        (%raise-through (cadr answer) #f))))

;; Timers are sorted by time, those of one time by age.
(define (%add-timer delay wake)
  (let ((time (+ %time (if (< delay 0) 0 delay))))
    (define (insert timers)
      (if (or (null? timers) (< time (caar timers)))
          (cons (cons time wake) timers)
          (cons (car timers) (insert (cdr timers)))))
    (set! %timers (insert %timers))))

;; ---- tasks

(define (%settle! promise state value)
  (when (%pending? promise)
    (let ((settled (%reverse (%item promise 2))))
      (%item! promise 0 state)
      (%item! promise 1 value)
      (%item! promise 2 '())
      (%item! promise 3 nil)
      (let loop ((rest settled))
        (unless (null? rest)
          ((car rest) promise)
          (loop (cdr rest)))))))

(define (%when-settled promise procedure)
  (if (%pending? promise)
      (%item! promise 2 (cons procedure (%item promise 2)))
      (procedure promise)))

(define (async/spawn thunk)
  (let ((task (%new-task nil (%item %task 4))))
    (%item! task 3
      (lambda ()
        (%dynamic! nil)
        (let ((outcome (try (cons (thunk) :resolved) (catch condition (cons condition :rejected)))))
          (%settle! task (cdr outcome) (car outcome)))))
    (%queue-put! %ready (cons nil task))
    task))

;; Value of a promise that is settled; its error is raised.
(define (%outcome promise)
  (if (eq? (%item promise 0) :resolved)
      (%item promise 1)
      (%raise-through (%item promise 1) #f)))

(define (async/await promise)
  (cond ((not (%async-promise? promise)) promise)
        ((%pending? promise)
         (%wait (lambda (wake) (%when-settled promise wake)))
         (%outcome promise))
        (else (%outcome promise))))
(define await async/await)

(define (async/resolved value) (%new-async-promise :resolved value '() nil nil nil))
(define (async/rejected reason)
  (%new-async-promise :rejected (if (%string? reason) (%plain-condition :eval reason) (%condition reason)) '() nil nil nil))

(define (async/promise? value) (%async-promise? value))
(define (%state? promise state) (eq? (%item (%promise-argument promise) 0) state))
(define (async/pending? promise) (%state? promise :pending))
(define (async/resolved? promise) (%state? promise :resolved))
(define (async/rejected? promise) (%state? promise :rejected))
(define (async/cancelled? promise) (%state? promise :cancelled))

;; True when the task was still at work; it does not run again.
(define (async/cancel promise)
  (and (async/pending? promise)
       (begin
         (%settle! promise :cancelled (%plain-condition :cancelled "task was cancelled"))
         #t)))

(define (async/sleep duration)
  (%wait (lambda (wake) (%add-timer (%number-argument duration) wake)))
  nil)

;; Runs the other tasks until none can go on.
(define (async/run)
  (%wait (lambda (wake) (set! %idle (cons wake %idle))))
  nil)

;; Values of all promises, in order. The first error of one is raised at once; the others go on.
(define (async/all promises)
  (let* ((promises (%sequence-list promises)) (open (%length promises)))
    (define (settled wake)
      (lambda (promise)
        (set! open (- open 1))
        (when (or (= open 0) (not (async/resolved? promise))) (wake promise))))
    (let ((failed (%find (lambda (promise) (not (or (async/pending? promise) (async/resolved? promise)))) promises)))
      (cond ((pair? failed) (%outcome (car failed)))
            ((%every (lambda (promise) (not (async/pending? promise))) promises) nil)
            (else (%outcome (%wait (lambda (wake) (%each (lambda (promise) (%when-settled promise (settled wake))) promises))))))
      (%mapped %outcome promises))))

;; Value or error of the promise that settles first.
(define (async/race promises)
  (let* ((promises (%sequence-list promises))
         (settled (%find (lambda (promise) (not (async/pending? promise))) promises)))
    (cond ((null? promises) (%eval-error "async/race: expected at least one promise"))
          ((pair? settled) (%outcome (car settled)))
          (else (%outcome (%wait (lambda (wake) (%each (lambda (promise) (%when-settled promise wake)) promises))))))))

(define (async/timeout duration promise)
  (%number-argument duration)
  (when (async/pending? promise)
    (%wait (lambda (wake)
             (%when-settled promise wake)
             (%add-timer duration wake))))
  (if (async/pending? promise)
      (%raise-through (%plain-condition :timeout (%joined "timed out after " duration "ms")) #f)
      (%outcome promise)))

(define (async/map procedure sequence)
  (async/all (%mapped (lambda (item) (async/spawn (lambda () (procedure item)))) (%sequence-list sequence))))

(define (async/spawn-all thunks) (async/all (%mapped async/spawn (%sequence-list thunks))))

;; ---- lists of promises

(define (%each procedure items)
  (unless (null? items)
    (procedure (car items))
    (%each procedure (cdr items))))

(define (%mapped procedure items)
  (let loop ((items items) (result '()))
    (if (null? items)
        (%reverse result)
        (loop (cdr items) (cons (procedure (car items)) result)))))

;; The rest of the list from the first item on that fits.
(define (%find fits? items)
  (if (or (null? items) (fits? (car items))) items (%find fits? (cdr items))))

(define (%every fits? items)
  (or (null? items) (and (fits? (car items)) (%every fits? (cdr items)))))

;; ---- channels: structs [capacity buffer count receivers senders closed], senders being pairs (value . wake)

(define (channel/new . rest)
  (let ((capacity (if (null? rest) 1 (%number-argument (car rest)))))
    (when (< capacity 1) (%eval-error "channel/new: capacity must be at least 1"))
    (%new-channel capacity (%new-queue) 0 (%new-queue) (%new-queue) #f)))

(define (channel? value) (%channel? value))
(define (channel/count channel) (%item (%channel-argument channel) 2))
(define (channel/empty? channel) (= (channel/count channel) 0))
(define (channel/full? channel) (not (< (channel/count channel) (%item channel 0))))
(define (channel/closed? channel) (%item (%channel-argument channel) 5))

(define (%channel-put! channel value)
  (%queue-put! (%item channel 1) value)
  (%item! channel 2 (+ (%item channel 2) 1)))

(define (%channel-take! channel)
  (%item! channel 2 (- (%item channel 2) 1))
  (%queue-take! (%item channel 1)))

;; Hands the value to the first receiver that still waits; whether there was one.
(define (%hand-over channel value)
  (let ((receivers (%item channel 3)))
    (and (not (%queue-empty? receivers))
         (or ((%queue-take! receivers) value) (%hand-over channel value)))))

;; Takes over the value of the first sender that still waits.
(define (%admit-sender! channel)
  (let ((senders (%item channel 4)))
    (unless (%queue-empty? senders)
      (let ((sender (%queue-take! senders)))
        (if ((cdr sender) #t) (%channel-put! channel (car sender)) (%admit-sender! channel))))))

(define (%refuse value)
  (%eval-error "channel/send: channel is closed; value " (%written value) " was dropped"))

(define (channel/send channel value)
  (cond ((channel/closed? channel) (%refuse value))
        ((%hand-over channel value) nil)
        ((< (%item channel 2) (%item channel 0)) (%channel-put! channel value) nil)
        ((%wait (lambda (wake) (%queue-put! (%item channel 4) (cons value wake)))) nil)
        (else (%refuse value))))

(define (channel/recv channel)
  (cond ((not (channel/empty? channel))
         (let ((value (%channel-take! channel)))
           (%admit-sender! channel)
           value))
        ((channel/closed? channel) nil)
        (else (%wait (lambda (wake) (%queue-put! (%item channel 3) wake))))))

(define (channel/try-recv channel)
  (if (channel/empty? channel) nil (channel/recv channel)))

(define (channel/try-send channel value)
  (cond ((channel/closed? channel) #f)
        ((%hand-over channel value) #t)
        ((channel/full? channel) #f)
        (else (%channel-put! channel value) #t)))

;; Receivers that wait get nil; senders that wait get an error.
(define (channel/close channel)
  (unless (channel/closed? channel)
    (%item! channel 5 #t)
    (let loop ((receivers (%item channel 3)))
      (unless (%queue-empty? receivers)
        ((%queue-take! receivers) nil)
        (loop receivers)))
    (let loop ((senders (%item channel 4)))
      (unless (%queue-empty? senders)
        ((cdr (%queue-take! senders)) #f)
        (loop senders))))
  nil)
`;
