// Typed arrays that grow, for tables whose length is known only when they are full.

export class GrowingWords {
  #items = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = value;
  }

  pop(): number { return this.#items[--this.length]!; }

  /** The items so far, without a copy. */
  get items(): Uint32Array { return this.#items.subarray(0, this.length); }
}
