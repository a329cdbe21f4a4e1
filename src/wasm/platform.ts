// What the core uses of the host's WebAssembly, which may not be there: neither the language's own library nor every host
// of it has one.

export interface Platform {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: object } }) => { readonly exports: object };
}

/** Null where there is no WebAssembly. */
export const platform = (): Platform | null => (globalThis as { WebAssembly?: Platform }).WebAssembly ?? null;
