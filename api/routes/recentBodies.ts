/** Bodies of answers that were asked for of late, ready to be sent. What is not asked for again makes room for others. */
export class RecentBodies {
  readonly #mostBytes: number;
  /** The least recent first. */
  readonly #bodies = new Map<string, Buffer>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @param key names the body and the state of what it shows */
  get(key: string): Buffer | undefined {
    const known = this.#bodies.get(key);
    if (known === undefined) return undefined;
    this.#bodies.delete(key);
    this.#bodies.set(key, known);
    return known;
  }

  keep(key: string, text: string): Buffer {
    const body = Buffer.from(text);
    this.#bytes += body.length - (this.#bodies.get(key)?.length ?? 0);
    this.#bodies.delete(key);
    this.#bodies.set(key, body);
    for (const [oldest, { length }] of this.#bodies) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#bodies.delete(oldest);
      this.#bytes -= length;
    }
    return body;
  }
}
