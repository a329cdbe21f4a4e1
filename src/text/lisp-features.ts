// What Lisp programs can ask this implementation for, with cond-expand before they run and with (features) while they do.

export const FEATURES: readonly string[] = ["boxelder", "lisp", "sema", "r7rs", "exact-closed", "exact-complex", "ieee-float", "ratios", "full-unicode"];
