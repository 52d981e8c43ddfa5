interface Turn {
  readonly owner: string;
  readonly take: () => Promise<void>;
}

/** Gives the requests of one device their turns, strictly in the order they came. */
export class RequestQueue {
  readonly #waiting: Turn[] = [];
  readonly #running = new Set<Turn>();

  /**
   * Takes a turn when all earlier ones have settled. A turn directly behind others of the same
   * owner does not wait: a newer wish is what ends the older one.
   */
  enqueue(owner: string, take: () => Promise<void>): void {
    this.#waiting.push({ owner, take });
    this.#proceed();
  }

  /** Takes a turn at once; the waiting ones wait for it too. */
  overtake(owner: string, take: () => Promise<void>): void {
    this.#run({ owner, take });
  }

  #proceed(): void {
    for (let turn = this.#waiting[0]; turn && this.#mayRun(turn); turn = this.#waiting[0]) {
      this.#waiting.shift();
      this.#run(turn);
    }
  }

  #mayRun({ owner }: Turn): boolean {
    for (const running of this.#running) if (running.owner !== owner) return false;
    return true;
  }

  #run(turn: Turn): void {
    this.#running.add(turn);
    void turn.take().finally(() => {
      this.#running.delete(turn);
      this.#proceed();
    });
  }
}
