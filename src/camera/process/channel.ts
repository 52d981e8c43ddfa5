import { LineBundler } from "./call-trace.js";
import { type FromChild, packError, type Requests, type ToChild } from "./messages.js";

/** A running request, as its handler sees it. */
export interface ServedTask<News> {
  readonly signal: AbortSignal;
  news(news: News): void;
}

/** What a child process does for each request of a table. */
export type Handlers<R extends Requests<R>> = {
  readonly [Name in keyof R]: (
    args: R[Name]["args"],
    task: ServedTask<R[Name]["news"]>,
  ) => Promise<R[Name]["result"]>;
};

/** The child's end of the channel to the daemon: answers requests until the daemon hangs up. */
export function serve<R extends Requests<R>>(handlers: Handlers<R>): void {
  const running = new Map<number, AbortController>();
  process.on("message", (message) => {
    if (!isToChild<R>(message)) return;
    if ("cancel" in message) running.get(message.cancel)?.abort();
    else void answer(message);
  });

  async function answer<Name extends keyof R>(message: {
    id: number;
    request: Name;
    args: R[Name]["args"];
  }): Promise<void> {
    const { id, request, args } = message;
    const control = new AbortController();
    running.set(id, control);
    try {
      const task = { signal: control.signal, news: (news: unknown) => send({ id, news }) };
      send({ id, result: await handlers[request](args, task) });
    } catch (error) {
      send({ id, error: packError(error, control.signal.aborted) });
    } finally {
      running.delete(id);
    }
  }
}

const calls = new LineBundler((lines) => send({ calls: lines }));

/** Tells the daemon of a call of the vendor library. */
export function tellCall(line: string): void {
  calls.add(line);
}

function send(message: FromChild): void {
  // Nobody to tell once the daemon has hung up.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Both ends are ours and of one version: telling the shapes apart is all the checking there is. */
function isToChild<R extends Requests<R>>(message: unknown): message is ToChild<R> {
  return (
    typeof message === "object" && message !== null && ("request" in message || "cancel" in message)
  );
}
