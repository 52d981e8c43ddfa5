import { setImmediate as nextTurn } from "node:timers/promises";

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** A promise that is settled from outside. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => {};
  reject: (error: Error) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
