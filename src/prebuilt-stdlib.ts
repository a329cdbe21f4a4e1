// Where the build puts the texts of the standard library (src/build/prebuild.ts replaces this module in the bundles). From
// the sources themselves there are none: there is nothing in the core that could read files.

/** Texts of src/stdlib by module name, their comments left blank. */
export const STANDARD_TEXTS: { readonly [name: string]: string } = {};
