// Modules and files: libraries that are defined, modules that run at once, imported files; import sets. Part of the control
// prelude.
//
// A module is a vector [key state exports imports body]: the key is a symbol, the state 0 until its body has run, exports a
// list of (name outside . name inside) or nil for all it defines, imports a thunk that imports what it needs, the body a
// procedure of the module's environment. What an import defines are copies of values.

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

(define (%define-library name from exports imports body)
  (let ((key (%module-key name)))
    (%add-module key exports
      (lambda () (%import-sets key from imports))
      (lambda (environment) (%eval-declared key (%spliced from body) environment)))
    nil))

;; All the forms define is the module's own from the start.
(define (%eval-declared key forms environment)
  (%declare-forms key forms)
  (%eval-forms forms environment '()))

;; The body of a library, with the forms of the files that it includes.
(define (%spliced from body)
  (cond ((null? body) '())
        ((and (pair? (car body)) (%member? (caar body) '(include include-ci)))
         (append (%forms-of-files from (cdar body) (eq? (caar body) 'include-ci)) (%spliced from (cdr body))))
        (else (cons (car body) (%spliced from (cdr body))))))

;; A module form. In a file it says what the file exports; in a program it is a module of its own, whose exports the program
;; gets.
(define (%module outer name exports names body)
  (let* ((key (if (nil? outer) name outer))
         (module (if (nil? outer) (%add-module name exports nil nil) (%find-module outer))))
    (%item! module 2 exports)
    (%declare key names)
    (let ((value (%eval-forms body (%new-environment '() key) '())))
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
          ((%item module 3))
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

;; Paths are relative to that of the file that imports: from.
(define (%import-sets importer from sets)
  (let loop ((rest sets))
    (unless (null? rest)
      (unless (%builtin-library? (car rest)) (%import-pairs importer (%import-set from (car rest))))
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

(define (%import-set from set)
  (if (and (pair? set) (pair? (cdr set)) (%member? (car set) '(only except prefix rename)))
      (let ((pairs (%import-set from (cadr set))) (rest (cddr set)))
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
      (%library-exports from set)))

(define (%exported name pairs source)
  (cond ((null? pairs) (%eval-error "import: " source " does not export " name))
        ((eq? (caar pairs) name) (car pairs))
        (else (%exported name (cdr pairs) source))))

(define (%without pairs names)
  (cond ((null? pairs) '())
        ((%member? (caar pairs) names) (%without (cdr pairs) names))
        (else (cons (car pairs) (%without (cdr pairs) names)))))

(define (%library-exports from name)
  (if (%builtin-library? name)
      (%mapped (lambda (each) (cons each each)) (%library-names))
      (let ((module (if (%string? name) (%file-module (%file-path name from)) (%find-module (%module-key name)))))
        (when (nil? module) (%eval-error "import: there is no library " (%written name)))
        (%run-module module)
        (%module-exports module))))

;; ---- files

(define (%file-module path)
  (let* ((key (%module-key path)) (known (%find-module key)))
    (if (nil? known)
        (let ((forms (%forms-of-file path #f)))
          (%add-module key nil (lambda () nil) (lambda (environment) (%eval-declared key forms environment))))
        known)))

;; Whoever handles the error may mend the file.
(define (%forms-of-file path folded)
  (%with-retry (%joined "Read " path " again.") (lambda () (%file-forms path folded))))

(define (%forms-of-files from paths folded)
  (if (null? paths)
      '()
      (append (%forms-of-file (%file-path (car paths) from) folded) (%forms-of-files from (cdr paths) folded))))

(define (load path . rest)
  (let ((path (%file-path path (%calling-file)))
        (environment (if (null? rest) #f (%environment-argument (car rest)))))
    (%with-retry (%joined "Load " path " again.")
      (lambda () (%eval-forms (%file-forms path #f) environment '())))))

;; What takes the place of an include, in the program or a module.
(define (%included module from paths folded)
  (let ((forms (%forms-of-files from paths folded)))
    (unless (nil? module) (%declare-forms module forms))
    forms))
`;
