// What is wrong with an image, for whoever hands one in. Nothing else is ever thrown because of an image's bytes.

export type ImageErrorCode =
  /** Not an image at all. */
  | "format"
  /** Made by another version of Boxelder, or with another instruction set. */
  | "version"
  /** Made on a machine with the other byte order. */
  | "byteOrder"
  /** Shorter than it says. */
  | "truncated"
  /** A checksum does not match: some bytes are not those that were written. */
  | "checksum"
  /** The checksums match, but what the image holds cannot have come from a VM. */
  | "damaged"
  /** The build that restores lacks functions the image needs. */
  | "missing"
  /** A delta without the image it was made against, or in the wrong order. */
  | "base"
  /** The limits given to the restored VM are too small for what the image holds. */
  | "limits"
  /** The VM is not at a point where it can be frozen. */
  | "busy"
  /** The engine of the VM, or of the options, cannot be frozen. */
  | "engine";

export class ImageError extends Error {
  constructor(
    readonly code: ImageErrorCode,
    /** What is wrong and what to do. */
    message: string,
    /** For code "missing": the names. */
    readonly names: readonly string[] = [],
  ) {
    super(message);
    this.name = "ImageError";
  }
}

/** The image holds what no VM can have written. */
export function damaged(what: string): never {
  throw new ImageError("damaged", `the image is damaged: ${what}; restore an older image, or run the program again`);
}
