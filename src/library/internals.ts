// The parts of the library for its own use that compiled programs name: what front ends emit. Others work on what the library
// itself hands them, and a program - compiled, or in an image - that names one was made by hand. Methods, too, count on a
// receiver that calls of methods look at.

const HEMLOCK_NATIVES = "construct has_entry is_integer is_map match_entry match_extent match_item match_items match_part same_structure skips_call takes_ref";
const HEMLOCK_GLOBALS = "apply convert convert_rest define_type ffi_bind import_library make_enum raise run_defers signal";
const LISP_NATIVES = "append case-equal? check-values define define-macro define-syntax destructure destructure-map dynamic dynamic! gensym guard-value list->vector "
  + "make-environment make-lazy-promise make-promise make-record make-record-type match-element match-failed match-key match-key? match-rest push-try record-is? record-ref record-set! "
  + "set-global value-ref values-list values-rest vector?";
const LISP_GLOBALS = "add-method case-lambda caught define-library environment-define environment-get environment-set! handler-bind import-sets include make-multimethod module "
  + "parameterize raise reraise start-tasks unbound with-restarts";

const named = (prefix: string, names: string): string[] => names.split(" ").map((name) => prefix + name);
export const INTERNAL_NATIVES: ReadonlySet<string> = new Set([...named("$", HEMLOCK_NATIVES), ...named("lisp:%", LISP_NATIVES)]);
export const INTERNAL_GLOBALS: ReadonlySet<string> = new Set([...named("$", HEMLOCK_GLOBALS), ...named("lisp:%", LISP_GLOBALS)]);

const isInternal = (name: string): boolean => /^(?:\$|lisp:%)/.test(name);
const isMethod = (name: string): boolean => /^\w+\./.test(name);

/** Whether a program may call the native. */
export const mayCall = (native: string): boolean => (isInternal(native) ? INTERNAL_NATIVES.has(native) : !isMethod(native));
/** Whether a program may have the native as a value, which scripts then call with anything. */
export const mayHold = (native: string): boolean => !isInternal(native) && !isMethod(native);
/** Whether a program may name the global. */
export const mayName = (global: string): boolean => !isInternal(global) || INTERNAL_GLOBALS.has(global);
