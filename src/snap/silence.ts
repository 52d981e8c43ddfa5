/** A time of silence after which waiting makes no sense any more. */
export class Silence {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborted once nothing was heard for the time given to `begin`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins to listen. */
  begin(seconds: number): void {
    this.#timer = setTimeout(() => this.#controller.abort(), seconds * 1000);
  }

  /** Says that something was heard: the time begins anew. */
  broken(): void {
    this.#timer?.refresh();
  }

  /** Ends listening. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
