// Where the build puts the world after the library's source ran (src/build/prebuild.ts replaces this module in the
// bundles). From the sources themselves there is none, and the first VM compiles the library.

export interface PrebuiltWorld {
  /** What it was made from; see `fingerprint` in library-world.ts. */
  readonly fingerprint: string;
  /** The image, as world-text.ts writes it. */
  readonly image: string;
  /** The functions that are not in it until they are named, as ready-library.ts writes them. */
  readonly functions: readonly string[];
}

export const PREBUILT_WORLD: PrebuiltWorld | null = null;
