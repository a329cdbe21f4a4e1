// The library functions of Lisp that engines may do without a call. A front end names one where its global is not shadowed;
// that a program defines the global anew is the engines' business: from then on they call what it holds.
//
// A name is listed only when its library function never calls back into guest code, so that it can run inside an
// instruction. Order is an encoding: append only.

export interface Primitive {
  /** Name of the global. */
  readonly global: string;
  readonly arity: 1 | 2 | 3;
  /** The value is always a bool. */
  readonly test?: true;
}

export const PRIMITIVES = {
  Add: { global: "lisp:+", arity: 2 }, Sub: { global: "lisp:-", arity: 2 }, Mul: { global: "lisp:*", arity: 2 },
  Lt: { global: "lisp:<", arity: 2, test: true }, Le: { global: "lisp:<=", arity: 2, test: true },
  Gt: { global: "lisp:>", arity: 2, test: true }, Ge: { global: "lisp:>=", arity: 2, test: true },
  NumEq: { global: "lisp:=", arity: 2, test: true },
  Car: { global: "lisp:car", arity: 1 }, Cdr: { global: "lisp:cdr", arity: 1 }, Cons: { global: "lisp:cons", arity: 2 },
  IsNull: { global: "lisp:null?", arity: 1, test: true }, IsPair: { global: "lisp:pair?", arity: 1, test: true },
  Not: { global: "lisp:not", arity: 1, test: true }, Eq: { global: "lisp:eq?", arity: 2, test: true },
  IsZero: { global: "lisp:zero?", arity: 1, test: true },
  VectorRef: { global: "lisp:vector-ref", arity: 2 }, Nth: { global: "lisp:nth", arity: 2 },
  Neg: { global: "lisp:-", arity: 1 },
  Div: { global: "lisp:/", arity: 2 }, Mod: { global: "lisp:modulo", arity: 2 }, Remainder: { global: "lisp:remainder", arity: 2 },
  Quotient: { global: "lisp:quotient", arity: 2 },
  Equal: { global: "lisp:equal?", arity: 2, test: true }, Eqv: { global: "lisp:eqv?", arity: 2, test: true },
  Cadr: { global: "lisp:cadr", arity: 1 }, Cddr: { global: "lisp:cddr", arity: 1 }, Caar: { global: "lisp:caar", arity: 1 }, Cdar: { global: "lisp:cdar", arity: 1 },
  VectorSet: { global: "lisp:vector-set!", arity: 3 }, VectorLength: { global: "lisp:vector-length", arity: 1 },
  SetCar: { global: "lisp:set-car!", arity: 2 }, SetCdr: { global: "lisp:set-cdr!", arity: 2 },
  FlooredMod: { global: "lisp:mod", arity: 2 }, First: { global: "lisp:first", arity: 1 }, Rest: { global: "lisp:rest", arity: 1 },
} as const satisfies { readonly [name: string]: Primitive };

export type PrimitiveName = keyof typeof PRIMITIVES;

export const primitive = (name: PrimitiveName): Primitive => PRIMITIVES[name];
export const isTest = (name: PrimitiveName): boolean => primitive(name).test === true;

const NAMES = Object.keys(PRIMITIVES) as PrimitiveName[];
/** The number that stands for a primitive in instructions. */
export const primitiveIndex = (name: PrimitiveName): number => NAMES.indexOf(name);
export const primitiveAt = (index: number): PrimitiveName | undefined => NAMES[index];

/** The primitive that a call of this global (with its prefix) with so many arguments is, null for none. */
export function primitiveFor(global: string, args: number): PrimitiveName | null {
  return BY_CALL.get(`${global} ${args}`) ?? null;
}

const BY_CALL: ReadonlyMap<string, PrimitiveName> = new Map(NAMES.map((name) => [`${PRIMITIVES[name].global} ${PRIMITIVES[name].arity}`, name]));
