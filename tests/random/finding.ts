// What a random test found, in a form that can be seen again.

export interface Finding {
  readonly seed: number;
  readonly what: string;
  /** The program it was found with; null when there is none. */
  readonly program: string | null;
}
