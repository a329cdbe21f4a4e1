// Evaluation of forms and files: the loop that runs programs, eval, environments. Part of the control prelude.

export const EVALUATION_PRELUDE = String.raw`
;; ---- evaluation

;; Compiling goes in rounds: macros are procedures, so the compiler says which calls of them it wants expanded, and is
;; asked again with the expansions. The result is a thunk, or a vector of forms that are to be evaluated one by one. Origin:
;; the macro calls that the form came of.
(define (%compile-form form environment origin)
  (let round ((expansions '()))
    (let ((made (%compile form expansions environment origin)))
      (if (pair? made) (round (%expand-calls made expansions environment)) made))))

;; Adds the expansions of pending calls (expander arguments key frame …) to those known. The expander of a local macro is a
;; form. Frames, innermost first, are procedures that apply one to arguments: errors of the expander see by them which calls
;; are being expanded.
(define (%expand-calls calls expansions environment)
  (if (null? calls)
      expansions
      (let* ((call (car calls))
             (expander (if (pair? (car call)) (%eval-form (car call) environment '()) (car call)))
             (expansion (%apply-within (cdr (cddr call)) expander (cadr call))))
        (%expand-calls (cdr calls) (cons (cons (car (cddr call)) expansion) expansions) environment))))

(define (%apply-within frames procedure arguments)
  (if (null? frames)
      (%apply procedure arguments)
      (%apply-within (cdr frames) (car frames) (%list procedure arguments))))

(define (%eval-form form environment origin)
  (let ((made (%compile-form form environment origin)))
    (if (%vector? made)
        (%eval-forms (cdr (%sequence-list made)) environment (%item made 0))
        (begin
          (%clean-stack)
          (made)))))

(define (%eval-forms forms environment origin)
  (let loop ((rest forms) (value nil))
    (cond ((null? rest) value)
          ((null? (cdr rest)) (%eval-form (car rest) environment origin))
          (else (loop (cdr rest) (%eval-form (car rest) environment origin))))))

;; A program. The value is that of the last form. The environment #f is that of nil, where the last call of a form does not
;; take the place of the form: errors then say where in the program it was.
(define (%run-program forms)
  (%start-tasks)
  (%eval-forms forms #f '()))

;; A call that the host makes.
(define (%call-from-host f args)
  (%start-tasks)
  (%apply (%callable f) args))

;; A program for a person at a prompt, who chooses a restart for errors that nobody handles; abort gives up the input.
(define (%run-interactive forms)
  (%with-restarts (%list (%list 'abort "Give up this input." (lambda ignored nil)))
    (lambda () (%asking (lambda () (%run-program forms))))))

(define (%asking thunk) (%handler-bind (%list (cons #t %ask)) thunk))

;; The answer is (restart form …), the forms those of its arguments; nil when there is nobody to ask.
(define (%ask condition)
  (let ((answer (%ask-restart condition)))
    (unless (nil? answer)
      (%apply (%item (car answer) 1)
              (%asking (lambda () (%mapped (lambda (form) (%eval-form form nil '())) (cdr answer))))))))

(define (eval form . rest)
  (if (or (null? rest) (nil? (car rest)))
      (%eval-form form nil '())
      (%eval-form form (%environment-argument (car rest)) '())))

(define %globals (%new-environment '() nil))
(define (interaction-environment) %globals)

(define (macroexpand form)
  (let round ((expansions '()))
    (let ((result (%expand-once form expansions)))
      (if (and (%vector? result) (not (%same? result form)))
          (round (%expand-calls (%item result 0) expansions nil))
          result))))

;; ---- environments: lists of (symbol getter . setter); what they lack is global

(define (%environment-entry environment symbol)
  (let loop ((rest (%item environment 0)))
    (cond ((null? rest) nil)
          ((eq? (caar rest) symbol) (cdar rest))
          (else (loop (cdr rest))))))

(define (%environment-get environment symbol)
  (let ((entry (%environment-entry environment symbol)))
    (cond ((pair? entry) ((car entry)))
          ((%defined? symbol) (%global-value symbol))
          (else (%unbound symbol)))))

(define (%environment-set! environment symbol value)
  (let ((entry (%environment-entry environment symbol)))
    (if (pair? entry)
        ((cdr entry) value)
        (%set-global symbol value))
    value))

(define (%environment-define environment symbol value)
  (let ((entry (%environment-entry environment symbol)))
    (cond ((%same? environment %globals) (%define symbol value))
          ((pair? entry) ((cdr entry) value))
          (else
           (%item! environment 0
             (cons (cons symbol (cons (lambda () value) (lambda (new) (set! value new))))
                   (%item environment 0)))))
    nil))
`;
