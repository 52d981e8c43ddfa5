import { errorText, Refused } from "./errors.js";
import type { NewVector, OneElement } from "./messages.js";
import {
  type Handler,
  type OnNewOptions,
  type Outcome,
  Settled,
  settled,
  type Task,
} from "./task.js";
import { differ, ValueVector } from "./value-vector.js";
import type { Requester, Sifted, Wish } from "./vector.js";

/** A handler at work, or waiting for the end of the run it replaces. */
interface Run<V> {
  readonly wanted: V;
  readonly replaces: boolean;
  readonly controller: AbortController;
  fate: "wanted" | "replaced" | "cancelled";
  /** Tells clients how it stands once a run that was stopped has ended. */
  rest: () => void;
  isBusy: boolean;
  ended: Promise<void>;
}

/** A property clients may change; its state follows the promise of its handler, see {@link Handler}. */
export abstract class PropertyVector<V extends object> extends ValueVector<V> {
  #handler: Handler<V> = () => {};
  #options: OnNewOptions<V> = {};
  #run: Run<V> | undefined;
  readonly #waiting = new Set<Wish>();

  override get order(): "queued" | "immediate" {
    return this.#options.order ?? "queued";
  }

  /** Says what a client's wish does; without a handler the property takes what it is given. */
  onNew(handler: Handler<V>, options: OnNewOptions<V> = {}): this {
    this.#handler = handler;
    this.#options = options;
    return this;
  }

  /** Carries out a wish of the driver's own as if a client had it; settles when that has ended. */
  async perform(value: Partial<V>): Promise<void> {
    await this.turn(this.wish(this.request(value)));
    await this.#run?.ended;
  }

  /** Takes over what a client has set by another property: shown as Ok, and saved as if it were set here. */
  adopt(value: Partial<V>): void {
    this.put(value, "Ok");
    this.outlet?.accepted(this);
  }

  /**
   * Stops what is being done, or waits to be done, for clients; where there was something, the
   * property then rests, Idle, at the given value. Settles when the handler has ended.
   */
  override async cancel(rest: Partial<V> = {}): Promise<void> {
    await this.#stop(() => this.put(rest, "Idle"));
  }

  override async giveUp(reason: string): Promise<void> {
    await this.#stop(() => this.put(this.#options.onFailure ?? {}, "Alert", `[ERROR] ${reason}`));
  }

  override wish(request: NewVector, requester?: Requester): Wish {
    const wish = super.wish(request, requester);
    this.#waiting.add(wish);
    return wish;
  }

  override sift(request: NewVector): Sifted {
    const { kind } = request;
    if (kind === "BLOB" || kind !== this.definition.kind || this.definition.perm === "ro") {
      return super.sift(request);
    }
    const refusals: string[] = [];
    const elements = request.elements.filter((element) => {
      const refusal = this.#refusal(element);
      if (refusal !== undefined) refusals.push(refusal);
      return refusal === undefined;
    });
    return elements.length === 0 ? { refusals } : { request: { ...request, elements }, refusals };
  }

  override async turn(wish: Wish): Promise<void> {
    const isStillWanted = this.#waiting.delete(wish);
    if (!isStillWanted) return;
    if (this.definition.perm === "ro") return super.turn(wish);
    let wanted: V;
    try {
      wanted = this.#admit(wish.request);
    } catch (error) {
      this.#answerRefusal(errorText(error), wish.requester);
      return;
    }
    const run = this.#run;
    if (run?.fate === "wanted" && this.#options.joins?.(wanted) && !differ(run.wanted, wanted)) {
      return run.ended;
    }
    await this.#start(wanted, new Set(wish.request.elements.map(({ name }) => name)));
  }

  protected get options(): OnNewOptions<V> {
    return this.#options;
  }

  /** The whole value a client asks for, what it does not name as in `base`; or throws Refused. */
  protected abstract accept(elements: readonly OneElement[], base: V): V;

  /** The request a client would send for these elements. */
  protected abstract request(value: Partial<V>): NewVector;

  async #stop(rest: () => void): Promise<void> {
    const hasWaited = this.#waiting.size > 0;
    this.#waiting.clear();
    if (this.#run) {
      this.#run.rest = rest;
      end(this.#run, "cancelled");
      await this.#run.ended;
    } else if (hasWaited) {
      rest();
    }
  }

  #refusal(element: OneElement): string | undefined {
    try {
      this.accept([element], this.value);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.message;
    }
  }

  #admit(request: NewVector): V {
    const { kind, label } = this.definition;
    if (request.kind === "BLOB" || request.kind !== kind) {
      throw new Refused(`Error: ${label} (${this.name}) is not a ${request.kind} property.`);
    }
    // What a run has not reached yet still stands: a wish for other elements is added to it.
    const base = this.#run && this.#run.fate !== "cancelled" ? this.#run.wanted : this.value;
    const wanted = this.accept(request.elements, base);
    const refusal = this.#options.unless?.(wanted);
    if (refusal) throw new Refused(`[ERROR] ${refusal}`);
    return wanted;
  }

  /** A refusal must not end the Busy of a run that goes on, in the eyes of the clients who wait for it. */
  #answerRefusal(message: string, requester: Requester | undefined): void {
    if (this.#run) this.refuse(message, requester);
    else this.put(this.#options.onRefusal ?? {}, "Alert", message);
  }

  #start(wanted: V, sent: ReadonlySet<string>): Promise<void> {
    const replaced = this.#run;
    const run: Run<V> = {
      wanted,
      replaces: replaced?.fate === "wanted",
      controller: new AbortController(),
      fate: "wanted",
      rest: () => {},
      isBusy: false,
      ended: Promise.resolve(),
    };
    this.#run = run;
    if (replaced) end(replaced, "replaced");
    return new Promise((proceed) => {
      run.ended = this.#execute(run, sent, replaced?.ended, proceed).finally(proceed);
    });
  }

  async #execute(
    run: Run<V>,
    sent: ReadonlySet<string>,
    replaced: Promise<void> | undefined,
    started: () => void,
  ): Promise<void> {
    try {
      if (replaced) await replaced;
      run.controller.signal.throwIfAborted();
      const result = this.#handler(run.wanted, this.#task(run, sent, started));
      if (result instanceof Promise) {
        if (!run.isBusy) this.put({}, "Busy");
        this.#conclude(run, await result);
      } else {
        this.#conclude(run, result);
      }
    } catch (error) {
      this.#fail(run, error);
    }
    if (this.#run === run) this.#run = undefined;
    if (run.fate === "cancelled") run.rest();
  }

  #task(run: Run<V>, sent: ReadonlySet<string>, started: () => void): Task<V> {
    return {
      signal: run.controller.signal,
      sent,
      replaces: run.replaces,
      started,
      progress: (value, message) => {
        if (run.fate !== "wanted") return;
        run.isBusy = true;
        this.put(value, "Busy", message);
      },
    };
  }

  #conclude(run: Run<V>, outcome: Outcome<V>): void {
    const { value, state, details } =
      outcome instanceof Settled ? outcome : settled(outcome ?? run.wanted, "Ok");
    if (run.fate === "wanted") {
      this.put(value, state, details.message);
      this.outlet?.accepted(this);
    }
    details.afterwards?.();
  }

  #fail(run: Run<V>, error: unknown): void {
    if (run.fate !== "wanted") return;
    this.put(this.#options.onFailure ?? {}, "Alert", `[ERROR] ${errorText(error)}`);
    if (!(error instanceof Refused)) this.outlet?.failed(this.name, error);
  }
}

/** Aborts a run; one that was cancelled stays so. */
function end<V>(run: Run<V>, fate: "replaced" | "cancelled"): void {
  if (run.fate === "wanted") run.fate = fate;
  run.controller.abort();
}
