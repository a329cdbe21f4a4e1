// The control part of the library that is written in Lisp: whatever calls procedures of the program. Names with % are for
// the library and the front end; they call natives of src/library/lisp/control and state.ts.
//
// The order is that of use: the chain of dynamic entries, errors and restarts, continuations, parameters, promises and
// procedures. Entries of the chain are vectors [kind a b parent], kinds as in control/dynamics.ts: 0 try,
// 1 handler, 2 wind, 3 restarts, 4 a handler runs.

import { CONTEXT_PRELUDE } from "./context.lisp.ts";
import { EVALUATION_PRELUDE } from "./evaluation.lisp.ts";
import { MODULES_PRELUDE } from "./modules.lisp.ts";
import { TASKS_PRELUDE } from "./tasks.lisp.ts";

const CONTROL = String.raw`
;; ---- lists, without the library's functions, which programs may define anew

(define (%list . items) items)

;; ---- leaving and entering winds

;; Makes target, an outer entry, the innermost one; runs the after thunks of the winds left.
(define (%unwind-to target)
  (let loop ((entry (%dynamic)))
    (if (or (null? entry) (%same? entry target))
        (%dynamic! target)
        (let ((parent (%item entry 3)))
          (when (= (%item entry 0) 2)
            (%dynamic! parent)
            ((%item entry 2)))
          (loop parent)))))

;; Makes target, an inner entry, the innermost one; runs the before thunks of the winds entered.
(define (%wind-to target)
  (let loop ((winds (%winds target (%dynamic))))
    (if (null? winds)
        (%dynamic! target)
        (let ((entry (car winds)))
          ((%item entry 1))
          (%dynamic! entry)
          (loop (cdr winds))))))

(define (dynamic-wind before thunk after)
  (before)
  (let ((saved (%dynamic)))
    (%dynamic! (%entry 2 before after saved))
    (let ((result (thunk)))
      (%dynamic! saved)
      (after)
      result)))
(define %dynamic-wind dynamic-wind)

;; Ends the program; the after thunks run.
(define (exit . rest)
  (unless (or (null? rest) (null? (cdr rest))) (%arity-error "exit" 0 1 (%length rest)))
  (%unwind-to nil)
  (%apply emergency-exit rest))

;; ---- errors

;; A try caught something: an error, or a token on its way to an outer entry.
(define (%caught saved thrown)
  (if (%arrive saved thrown) thrown (%caught-amid-winds saved thrown)))

;; What an after thunk throws takes the place of what was caught. A try that control has left already, but whose frame is
;; still there while after thunks run, passes everything on.
(define (%caught-amid-winds saved thrown)
  (let ((from (%dynamic)))
    (unless (%inside? saved) (%throw thrown))
    (%dynamic! saved)
    (let ((last (if (null? (%winds from saved))
                    thrown
                    (try
                      (begin
                        (%dynamic! from)
                        (%unwind-to saved)
                        thrown)
                      (catch later later)))))
      (if (and (%vector? last) (not (%same? (%item last 0) saved)))
          (%throw last)
          last))))

;; Asks handlers from the innermost out; the first try met gets the error. What a handler answers is the value if the raise
;; is continuable; else that it answered is an error, for the handlers further out.
(define (%raise-through condition continuable)
  (let ask ((condition condition) (entry (%handler-entry (%dynamic))))
    (if (or (null? entry) (= (%item entry 0) 0))
        (%throw condition)
        (let* ((saved (%dynamic))
               (outer (%item entry 3))
               (declines (%item entry 2)))
          (%dynamic! (%entry 4 outer nil saved))
          (let ((value ((%item entry 1) (if declines condition (%guard-value condition)))))
            (%dynamic! saved)
            (cond (declines (ask condition (%handler-entry outer)))
                  (continuable value)
                  (else (ask (%plain-condition :eval "exception handler returned from a raise that is not continuable")
                             (%handler-entry outer)))))))))

(define (%raise value) (%raise-through (%condition value) #f))
(define raise %raise)
(define (raise-continuable value) (%raise-through (%condition value) #t))
(define (%reraise condition) (%raise-through condition #f))
(define (error . arguments) (%raise-through (%error-condition arguments) #f))

;; An error of a native or of the engine, in place of the call that failed.
(define (%signal condition)
  (%with-restarts (%list (%list 'use-value "Use a value instead." (lambda (value) value)))
    (lambda () (%raise-through condition #f))))

;; The same where no value can take the place of what failed.
(define (%signal-only condition) (%raise-through condition #f))

;; A global that is called and not defined, in place of the call: the restarts are about what to call.
(define (%signal-unbound condition global . arguments)
  (%apply (%supplied (%global-symbol global) condition) arguments))

(define (with-exception-handler handler thunk)
  (%callable handler)
  (let ((saved (%dynamic)))
    (%dynamic! (%entry 1 handler nil saved))
    (let ((result (thunk)))
      (%dynamic! saved)
      result)))

(define (%fits? spec condition)
  (cond ((eq? spec #t) #t)
        ((%keyword? spec) (eq? spec (%condition-type condition)))
        (else (spec condition))))

(define (%handler-bind handlers thunk)
  (let ((saved (%dynamic)))
    (%dynamic! (%entry 1
                       (lambda (condition)
                         (let loop ((rest handlers))
                           (unless (null? rest)
                             (when (%fits? (caar rest) condition) ((cdar rest) condition))
                             (loop (cdr rest)))))
                       #t saved))
    (let ((result (thunk)))
      (%dynamic! saved)
      result)))

;; ---- leaving for an entry of the chain; restarts

;; Calls body with a new entry of kind 3 and a procedure that leaves for here and calls a thunk. The entry takes the place
;; of the marker of the try, so that errors find the handlers further out.
(define (%with-exit body)
  (let* ((saved (%dynamic))
         (entry (%entry 3 '() nil saved)))
    (try
      (begin
        (%dynamic! entry)
        (let ((result (body entry (lambda (thunk) (%throw (%token saved thunk))))))
          (%dynamic! saved)
          result))
      (catch thrown
        (if (%vector? thrown) ((%item thrown 1)) (%throw thrown))))))

(define (%with-restarts specs thunk)
  (%with-exit
    (lambda (entry leave)
      (let loop ((rest specs) (restarts '()))
        (if (null? rest)
            (%item! entry 1 (%reverse restarts))
            (let* ((spec (car rest)) (procedure (car (cddr spec))))
              (loop (cdr rest)
                    (cons (%new-restart (car spec)
                                        (lambda arguments (leave (lambda () (%apply procedure arguments))))
                                        (cadr spec))
                          restarts)))))
      (thunk))))

(define (restart? value) (%restart? value))
(define (restart-name restart) (%item (%restart-argument restart) 0))
(define (restart-report restart) (%item (%restart-argument restart) 2))

;; The innermost live restart of the name, or the restart itself when it is live; else nil.
(define (find-restart name)
  (let loop ((rest (compute-restarts)))
    (cond ((null? rest) nil)
          ((or (%same? name (car rest)) (eq? name (%item (car rest) 0))) (car rest))
          (else (loop (cdr rest))))))

(define (invoke-restart name . arguments)
  (let ((restart (find-restart name)))
    (if (nil? restart)
        (%eval-error "no live restart: " (%written name))
        (%apply (%item restart 1) arguments))))

(define (use-value value) (invoke-restart 'use-value value))
(define (store-value value) (invoke-restart 'store-value value))
(define (retry) (invoke-restart 'retry))
(define (abort) (invoke-restart 'abort))

;; The value of the thunk, which somebody may choose to call again when it fails.
(define (%with-retry report thunk)
  (let again ()
    (let ((answer (%with-restarts (%list (%list 'retry report (lambda () #f))) (lambda () (cons (thunk) #t)))))
      (if answer (car answer) (again)))))

;; A global that is read and not defined; the value is used in its place.
(define (%unbound symbol) (%supplied symbol (%unbound-condition symbol)))

;; The value that handlers supply for a global that is not defined.
(define (%supplied symbol condition)
  (let again ()
    (let ((answer
            (%with-restarts
              (%list (%list 'use-value "Use a value instead." (lambda (value) (cons value #t)))
                     (%list 'store-value "Define the variable." (lambda (value) (%define symbol value) (cons value #t)))
                     (%list 'retry "Read the variable again." (lambda () #f)))
              (lambda () (cons (%raise-through condition #f) #t)))))
      (cond (answer (car answer))
            ((%defined? symbol) (%global-value symbol))
            (else (again))))))

;; ---- continuations

(define (call/cc procedure) (procedure (%capture)))
(define call-with-current-continuation call/cc)

;; A continuation is called: leaves the winds that are not part of it and enters those that are.
(define (%continue k . arguments)
  (let ((target (%continuation-dynamic k)))
    (%unwind-to (%common-entry (%dynamic) target))
    (%wind-to target)
    (%reinstate k (%bundle arguments))))

;; As call/cc, for leaving only, and cheap.
(define (call-with-escape-continuation procedure)
  (%with-exit
    (lambda (entry leave)
      (procedure
        (lambda arguments
          (if (%inside? entry)
              (leave (lambda () (%bundle arguments)))
              (%eval-error "escape continuation called after its extent ended")))))))
(define call/ec call-with-escape-continuation)

(define (call-with-values producer consumer) (%apply consumer (%values-list (producer))))

;; ---- parameters

(define (make-parameter value . rest)
  (let* ((converter (if (null? rest) nil (car rest)))
         (parameter (%new-parameter nil (if (nil? converter) value (converter value)) converter)))
    (%item! parameter 0
      (lambda arguments
        (cond ((null? arguments) (%item parameter 1))
              ((null? (cdr arguments))
               (let ((value (%converted parameter (car arguments))))
                 (%item! parameter 1 value)
                 value))
              (else (%arity-error "parameter" 0 1 (%length arguments))))))
    parameter))

(define (%converted parameter value)
  (let ((converter (%item parameter 2)))
    (if (nil? converter) value (converter value))))

;; The wind's one thunk exchanges the values of the parameters with those kept here, in turns from either end.
(define (%parameterize parameters values thunk)
  (let loop ((parameters parameters) (values values) (cells '()))
    (if (null? parameters)
        (let* ((cells (%reverse cells))
               (exchange
                 (lambda ()
                   (let each ((rest cells))
                     (unless (null? rest)
                       (let* ((cell (car rest)) (old (%item (cdr cell) 1)))
                         (%item! (cdr cell) 1 (car cell))
                         (set-car! cell old)
                         (each (cdr rest)))))
                   (set! cells (%reverse cells)))))
          (%dynamic-wind exchange thunk exchange))
        (let ((parameter (%parameter-argument (car parameters))))
          (loop (cdr parameters) (cdr values)
                (cons (cons (%converted parameter (car values)) parameter) cells))))))

;; ---- promises

(define (force promise)
  (let again ()
    (let ((state (%promise-state promise)))
      (cond ((= state 2) (%promise-content promise))
            ((= state 0) (%promise-resolve promise ((%promise-content promise))))
            (else
             (%promise-follow promise ((%promise-content promise)))
             (again))))))

;; ---- procedures

(define (%case-lambda name clauses)
  (lambda arguments
    (let ((count (%length arguments)))
      (let find ((rest clauses))
        (cond ((null? rest) (%no-clause name count))
              ((%accepts? (car rest) count) (%apply (car rest) arguments))
              (else (find (cdr rest))))))))

(define (%make-multimethod name dispatch)
  (let ((multimethod (%new-multimethod nil name dispatch nil)))
    (%item! multimethod 0
      (lambda arguments
        (%apply (%method-for multimethod (%apply dispatch arguments)) arguments)))
    multimethod))

(define (%add-method multimethod value handler) (%method-put multimethod value handler))

;; A test that the program wrote inside not, since it defined that anew: called by the engine.
(define (%through-not not test . arguments) (not (%apply test arguments)))

(define (call-with-port port procedure)
  (let ((result (procedure port)))
    (close-port port)
    result))
`;

export const CONTROL_PRELUDE = [CONTROL, EVALUATION_PRELUDE, MODULES_PRELUDE, TASKS_PRELUDE, CONTEXT_PRELUDE].join("");
