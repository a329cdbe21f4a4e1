// Source files, spans and line tables. Spans are byte-free: offsets are UTF-16 indices into the decoded text.

/** Half-open range of offsets into a source's text. */
export interface Span { readonly start: number; readonly end: number }

export const NO_SPAN: Span = { start: 0, end: 0 };

export interface Position { /** 1-based. */ readonly line: number; /** 1-based, in code points. */ readonly column: number }

export class Source {
  /** Offsets at which lines start; built on first use. */
  #starts: number[] | null = null;

  constructor(
    /** Name shown in messages: a path, "<stdin>", "<repl>". */
    readonly name: string,
    readonly text: string,
  ) {}

  get lineStarts(): readonly number[] {
    if (this.#starts === null) {
      const starts = [0];
      for (let i = this.text.indexOf("\n"); i >= 0; i = this.text.indexOf("\n", i + 1)) starts.push(i + 1);
      this.#starts = starts;
    }
    return this.#starts;
  }

  /** 0-based index of the line holding the offset. */
  lineIndex(offset: number): number {
    const starts = this.lineStarts;
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (starts[mid]! <= offset) low = mid;
      else high = mid - 1;
    }
    return low;
  }

  position(offset: number): Position {
    const index = this.lineIndex(offset);
    const before = this.text.slice(this.lineStarts[index]!, offset);
    return { line: index + 1, column: [...before].length + 1 };
  }

  /** Text of the 0-based line, without its line end. */
  line(index: number): string {
    const start = this.lineStarts[index] ?? this.text.length;
    const next = this.lineStarts[index + 1];
    return this.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, "");
  }
}
