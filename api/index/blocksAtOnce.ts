/** How many blocks a node is asked for at once: half as many where it refused, more again little by little. */

/** So that a node's limit is met seldom. */
const ANSWERS_BEFORE_MORE = 20;

export class BlocksAtOnce {
  readonly #most: number;
  #limit: number;
  #wished: number;
  #answersSince = 0;

  /**
   * @param wished at first
   * @param most ever
   */
  constructor(wished: number, most: number) {
    this.#wished = wished;
    this.#most = most;
    this.#limit = most;
  }

  get count(): number {
    return Math.min(this.#wished, this.#limit);
  }

  /** Of no effect beyond what the node hands over. */
  wishAtLeast(count: number): void {
    this.#wished = Math.min(this.#most, Math.max(this.#wished, count));
  }

  wishAtMost(count: number): void {
    this.#wished = Math.max(1, Math.min(this.#wished, Math.floor(count)));
  }

  answered(count: number): void {
    if (count < this.#limit || ++this.#answersSince < ANSWERS_BEFORE_MORE) return;
    this.#limit = Math.min(this.#most, this.#limit * 2);
    this.#answersSince = 0;
  }

  /** It may have been too much for the node, or for its limits; unless it was one. */
  refused(count: number): void {
    this.#answersSince = 0;
    if (count > 1) this.#limit = Math.min(this.#limit, Math.floor(count / 2));
  }
}
