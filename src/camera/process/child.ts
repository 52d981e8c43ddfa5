import { type ChildProcess, fork } from "node:child_process";
import { ProcessFailure } from "../errors.js";
import { type FromChild, type Requests, TRACE_VARIABLE, unpackError } from "./messages.js";

/** How long a cancelled request may take to stop unless it is said, in milliseconds. */
const CANCEL_DEADLINE = 10_000;

/** How long a killed process may take to vanish before its requests are answered without it. */
const KILL_GRACE = 1_000;

/** As bin/ does for the daemon: V8 would make the part of the heap for new objects up to 16 times as large, in MiB. */
const SMALL_HEAP = ["--max-semi-space-size=1"];

/** How a request is made. */
export interface RequestOptions<News> {
  /** Milliseconds until the process counts as hung and is killed. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** News of the request; answering true starts its deadline anew. */
  readonly onNews?: (news: News) => boolean;
}

/** How a child process is started. */
export interface ChildOptions {
  /** Its compiled entry. */
  readonly entry: URL;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Descriptors it inherits, as its descriptors 4, 5, ... */
  readonly memory?: readonly number[];
  /** Milliseconds that a cancelled request may take to stop. */
  readonly cancelDeadline?: number;
  /** Hears of each call of the vendor library; they are not traced if not given. */
  readonly onCall?: ((line: string) => void) | undefined;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  news(news: unknown): void;
}

/**
 * A child process of ours that answers requests, and dies rather than leave one unanswered.
 *
 * Its standard output goes to our standard error: the vendor library prints, and our own standard output
 * may be an INDI channel.
 */
export class Child<R extends Requests<R>> {
  readonly #process: ChildProcess;
  readonly #cancelDeadline: number;
  readonly #onCall: ((line: string) => void) | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #killedFor: string | undefined;
  #endedWith: string | undefined;

  /** Settles, with a reason in words, when the process is gone. */
  readonly exited: Promise<string>;

  /** The same, but does not wait for a process that was killed and is stuck in the kernel. */
  readonly gone: Promise<string>;
  #giveUp: (reason: string) => void = () => {};

  constructor(options: ChildOptions) {
    const { entry, args, memory = [], cancelDeadline = CANCEL_DEADLINE, onCall } = options;
    this.#cancelDeadline = cancelDeadline;
    this.#onCall = onCall;
    const env = onCall === undefined ? options.env : { ...options.env, [TRACE_VARIABLE]: "1" };
    this.#process = fork(entry, args, {
      env,
      execArgv: [...process.execArgv, ...SMALL_HEAP],
      stdio: ["ignore", 2, 2, "ipc", ...memory],
    });
    this.exited = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(`could not be started: ${error.message}`));
      this.#process.once("exit", (code, signal) => resolve(this.#ending(code, signal)));
    });
    this.gone = new Promise((resolve) => {
      this.#giveUp = resolve;
      void this.exited.then(resolve);
    });
    void this.gone.then((reason) => {
      this.#endedWith = reason;
      this.#abandon(reason);
    });
    this.#process.on("message", (message) => {
      if (isFromChild(message)) this.#receive(message);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The process was killed but is not gone yet: it may still write to shared memory. */
  get isDying(): boolean {
    return (
      this.#killedFor !== undefined &&
      this.#process.exitCode === null &&
      this.#process.signalCode === null
    );
  }

  /** Makes a request; rejects with ProcessFailure when the process dies or has to be killed. */
  request<Name extends keyof R & string>(
    request: Name,
    args: R[Name]["args"],
    options: RequestOptions<R[Name]["news"]>,
  ): Promise<R[Name]["result"]> {
    if (this.#endedWith !== undefined) return Promise.reject(failureFor(this.#endedWith));
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout;
    const arm = (milliseconds: number) => {
      clearTimeout(timer);
      const seconds = (milliseconds / 1000).toFixed(1);
      timer = setTimeout(
        () => this.kill(`${request} was not answered in ${seconds} s`),
        milliseconds,
      );
    };
    const cancel = () => {
      arm(this.#cancelDeadline);
      this.#send({ cancel: id });
    };
    return new Promise<R[Name]["result"]>((resolve, reject) => {
      const news = (news: R[Name]["news"]) => {
        if (options.onNews?.(news)) arm(options.deadline);
      };
      this.#pending.set(id, { resolve, reject, news });
      arm(options.deadline);
      this.#send({ id, request, args });
      if (options.signal?.aborted) cancel();
      options.signal?.addEventListener("abort", cancel, { once: true });
    }).finally(() => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", cancel);
      this.#pending.delete(id);
    });
  }

  /** Ends the process at once; whatever it was asked is answered with the reason. */
  kill(reason: string): void {
    this.#killedFor ??= reason;
    this.#process.kill("SIGKILL");
    setTimeout(() => this.#giveUp(reason), KILL_GRACE).unref();
  }

  /** Lets the process end by itself once it has nothing more to do. */
  release(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  #send(message: object): void {
    if (!this.#process.connected) return;
    // A process that dies while we write is told by its exit.
    this.#process.send(message, () => undefined);
  }

  #receive(message: FromChild): void {
    if ("calls" in message) {
      for (const line of message.calls) this.#onCall?.(line);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if ("news" in message) pending.news(message.news);
    else if ("error" in message) pending.reject(unpackError(message.error));
    else pending.resolve(message.result);
  }

  #ending(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#killedFor !== undefined) return this.#killedFor;
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  }

  #abandon(reason: string): void {
    for (const { reject } of this.#pending.values()) {
      reject(failureFor(reason));
    }
  }
}

function failureFor(reason: string): ProcessFailure {
  return new ProcessFailure(`The camera process ended: ${reason}.`);
}

/** Both ends are ours and of one version: telling the shape is all the checking there is. */
function isFromChild(message: unknown): message is FromChild {
  return typeof message === "object" && message !== null && ("id" in message || "calls" in message);
}
