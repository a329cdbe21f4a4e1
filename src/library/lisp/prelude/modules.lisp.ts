// Modules and files: libraries that are defined, modules that run at once, imported files; import sets. Part of the control
// prelude.
//
// A module is a vector [key state exports imports body]: the key is a symbol, the state 0 until its body has run, exports a
// list of (name outside . name inside) or nil for all it defines, the body a procedure of the module's environment. What an
// import defines are copies of values.

export const MODULES_PRELUDE = String.raw`
;; ---- modules

(define %modules '())
;; Keys of those being imported, innermost first.
(define %importing '())

(define (%member? item items)
  (cond ((null? items) #f)
        ((eq? item (car items)) #t)
        (else (%member? item (cdr items)))))

(define (%find-module key)
  (let loop ((rest %modules))
    (cond ((null? rest) nil)
          ((eq? (%item (car rest) 0) key) (car rest))
          (else (loop (cdr rest))))))

(define (%add-module key exports imports body)
  (let ((module (vector key 0 exports imports body)))
    (set! %modules (cons module %modules))
    module))

(define (%define-library name exports imports names body)
  (let ((key (%module-key name)))
    (%declare key names)
    (%add-module key exports imports (lambda (environment) (%eval-forms body environment)))
    nil))

;; A module form. In a file it says what the file exports; in a program it is a module of its own, whose exports the program
;; gets.
(define (%module outer name exports names body)
  (let* ((key (if (nil? outer) name outer))
         (module (if (nil? outer) (%add-module name exports '() nil) (%find-module outer))))
    (%item! module 2 exports)
    (%declare key names)
    (let ((value (%eval-forms body (%new-environment '() key))))
      (when (nil? outer)
        (%item! module 1 1)
        (%import-pairs nil (%module-exports module)))
      value)))

(define (%run-module module)
  (let ((key (%item module 0)))
    (when (%member? key %importing)
      (%eval-error "cyclic import detected: " (%import-chain (%reverse (cons key %importing)))))
    (when (= (%item module 1) 0)
      (%dynamic-wind
        (lambda () (set! %importing (cons key %importing)))
        (lambda ()
          (%import-sets key (%item module 3))
          ((%item module 4) (%new-environment '() key)))
        (lambda () (set! %importing (cdr %importing))))
      (%item! module 1 1))))

(define (%import-chain keys)
  (if (null? (cdr keys))
      (car keys)
      (%joined (car keys) " -> " (%import-chain (cdr keys)))))

;; List of (name . name of the global).
(define (%module-exports module)
  (let ((key (%item module 0)) (exports (%item module 2)))
    (if (nil? exports)
        (%mapped (lambda (name) (cons name (%qualified key name))) (%module-names key))
        (%mapped
          (lambda (export)
            (let ((global (%qualified key (cdr export))))
              (cond ((%defined? global) (cons (car export) global))
                    ((%member? (cdr export) (%library-names)) (cons (car export) (cdr export)))
                    (else (%eval-error "import: " key " exports " (cdr export) ", which it does not define")))))
          exports))))

;; ---- import

(define (%import-sets importer sets)
  (let loop ((rest sets))
    (unless (null? rest)
      (unless (%builtin-library? (car rest)) (%import-pairs importer (%import-set (car rest))))
      (loop (cdr rest)))))

;; A name of the library is there under that name anyway.
(define (%import-pairs importer pairs)
  (let loop ((rest pairs))
    (unless (null? rest)
      (unless (eq? (caar rest) (cdar rest))
        (%define (%qualified importer (caar rest)) (%global-value (cdar rest))))
      (loop (cdr rest)))))

(define (%builtin-library? name)
  (and (pair? name) (%member? (car name) '(scheme srfi sema)) #t))

(define (%import-set set)
  (if (and (pair? set) (pair? (cdr set)) (%member? (car set) '(only except prefix rename)))
      (let ((pairs (%import-set (cadr set))) (rest (cddr set)))
        (cond ((eq? (car set) 'only)
               (%mapped (lambda (name) (%exported name pairs (cadr set))) rest))
              ((eq? (car set) 'except)
               (%mapped (lambda (name) (%exported name pairs (cadr set))) rest)
               (%without pairs rest))
              ((eq? (car set) 'prefix)
               (%mapped (lambda (pair) (cons (%module-key (%joined (car rest) (car pair))) (cdr pair))) pairs))
              (else
               (append (%mapped (lambda (names) (cons (cadr names) (cdr (%exported (car names) pairs (cadr set))))) rest)
                       (%without pairs (%mapped car rest))))))
      (%library-exports set)))

(define (%exported name pairs source)
  (cond ((null? pairs) (%eval-error "import: " source " does not export " name))
        ((eq? (caar pairs) name) (car pairs))
        (else (%exported name (cdr pairs) source))))

(define (%without pairs names)
  (cond ((null? pairs) '())
        ((%member? (caar pairs) names) (%without (cdr pairs) names))
        (else (cons (car pairs) (%without (cdr pairs) names)))))

(define (%library-exports name)
  (if (%builtin-library? name)
      (%mapped (lambda (each) (cons each each)) (%library-names))
      (let ((module (if (%string? name) (%file-module name) (%find-module (%module-key name)))))
        (when (nil? module) (%eval-error "import: there is no library " (%written name)))
        (%run-module module)
        (%module-exports module))))

;; ---- files

(define (%file-module path)
  (let* ((key (%module-key path)) (known (%find-module key)))
    (if (nil? known)
        (let ((forms (%read-forms path)))
          (%declare-forms key forms)
          (%add-module key nil '() (lambda (environment) (%eval-forms forms environment))))
        known)))

(define (%read-forms path) (%read (%read-file path) #t))

(define (load path . rest)
  (%eval-forms (%read-forms path) (if (null? rest) nil (%environment-argument (car rest)))))

;; The forms of a file in place of the form that names it.
(define (%include path module)
  (let ((forms (%read-forms path)))
    (if (nil? module)
        (%eval-forms forms nil)
        (begin
          (%declare-forms module forms)
          (%eval-forms forms (%new-environment '() module))))))
`;
