/** Bodies of answers that were asked for of late, ready to be sent. What is not asked for again makes room for others. */
export class RecentBodies {
  readonly #mostBytes: number;
  /** The least recent first. */
  readonly #bodies = new Map<string, Buffer>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * @param key names the body and the state of what it shows
   * @param make only if it is not there; what it throws keeps nothing
   */
  of(key: string, make: () => string): Buffer {
    const known = this.#bodies.get(key);
    if (known !== undefined) this.#bodies.delete(key);
    const body = known ?? Buffer.from(make());
    this.#bodies.set(key, body);
    if (known === undefined) this.#bytes += body.length;
    for (const [oldest, { length }] of this.#bodies) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#bodies.delete(oldest);
      this.#bytes -= length;
    }
    return body;
  }
}
