// Where the build puts the world after the library's source ran (src/build/prebuild.ts replaces this module in the
// bundles). From the sources themselves there is none, and the first VM compiles the library.

export interface PrebuiltWorld {
  /** What each world was made from; see `fingerprint` in library-world.ts. */
  readonly fingerprints: { readonly hemlock: string; readonly lisp: string };
  /** The images, as world-text.ts writes them: of a VM for Hemlock alone, and of one with Lisp as well. */
  readonly hemlock: string;
  readonly lisp: string;
}

export const PREBUILT_WORLD: PrebuiltWorld | null = null;
