// A store of keys and values that goes with the running task: a task starts with what the one that made it had. Part of
// the control prelude; the task's context is a vector [frames hidden stacks], frames a list of maps, innermost first.

export const CONTEXT_PRELUDE = String.raw`
(define (%context)
  (let ((context (%item %task 4)))
    (if (nil? context) (%new-context (%list (%new-map)) (%new-map) (%new-map)) context)))

(define (%context! frames hidden stacks)
  (%item! %task 4 (%new-context frames hidden stacks))
  nil)

(define (%context-part! index value)
  (let ((context (%context)))
    (%context! (if (= index 0) value (%item context 0))
               (if (= index 1) value (%item context 1))
               (if (= index 2) value (%item context 2)))))

(define (context/set key value)
  (let ((frames (%item (%context) 0)))
    (%context-part! 0 (cons (%map-put (car frames) key value) (cdr frames)))))

;; The innermost frame that has the key, nil for none.
(define (%context-frame key)
  (let loop ((frames (%item (%context) 0)))
    (cond ((null? frames) nil)
          ((%map-has? (car frames) key) (car frames))
          (else (loop (cdr frames))))))

(define (context/has? key) (not (nil? (%context-frame key))))

(define (context/get key)
  (let ((frame (%context-frame key)))
    (if (nil? frame) nil (%map-value frame key))))

(define (context/remove key)
  (let ((value (context/get key)))
    (%context-part! 0 (%mapped (lambda (frame) (%map-drop frame key)) (%item (%context) 0)))
    value))
(define context/pull context/remove)

(define (context/merge entries)
  (let ((frames (%item (%context) 0)))
    (%context-part! 0 (cons (%map-merge (car frames) entries) (cdr frames)))))

(define (context/all)
  (let loop ((frames (%reverse (%item (%context) 0))) (result (%new-map)))
    (if (null? frames) result (loop (cdr frames) (%map-merge result (car frames))))))

(define (context/clear) (%context-part! 0 (%list (%new-map))))

(define (context/with entries thunk)
  (let ((frame (%map-merge (%new-map) entries)))
    (%dynamic-wind
      (lambda () (%context-part! 0 (cons frame (%item (%context) 0))))
      thunk
      (lambda ()
        (let ((frames (%item (%context) 0)))
          (set! frame (car frames))
          (%context-part! 0 (if (null? (cdr frames)) frames (cdr frames))))))))

(define (context/set-hidden key value) (%context-part! 1 (%map-put (%item (%context) 1) key value)))
(define (context/get-hidden key) (%map-value (%item (%context) 1) key))
(define (context/has-hidden? key) (%map-has? (%item (%context) 1) key))

;; Stacks are lists, the newest value first.
(define (%context-stack key)
  (let ((stack (%map-value (%item (%context) 2) key)))
    (if (nil? stack) '() stack)))

(define (context/stack key) (%reverse (%context-stack key)))

(define (context/push key value)
  (%context-part! 2 (%map-put (%item (%context) 2) key (cons value (%context-stack key)))))

(define (context/pop key)
  (let ((stack (%context-stack key)))
    (if (null? stack)
        nil
        (begin
          (%context-part! 2 (%map-put (%item (%context) 2) key (cdr stack)))
          (car stack)))))
`;
