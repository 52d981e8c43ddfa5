import type { State } from "./types.js";

/** One run of a handler: its cancellation, and its way of telling how far it is. */
export interface Task<V> {
  /** Aborted by `cancel()`, by a newer wish for the same property and by disconnecting. */
  readonly signal: AbortSignal;
  /** The elements the client named; the others of the wish are as they were. */
  readonly sent: ReadonlySet<string>;
  /** Whether this run ended another one that clients still wanted. */
  readonly replaces: boolean;
  /** Shows clients a value on the way, as Busy. */
  progress(value: Partial<V>, message?: string): void;
  /** Lets the later requests of the device proceed although this one has not ended. */
  started(): void;
}

/** What a handler ends with: values, an outcome of its own, or nothing (the wish was met exactly). */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is meant.
export type Outcome<V> = Partial<V> | Settled<V> | void;

/**
 * What the driver does with a client's wish. Its promise is the property's state: pending is Busy,
 * fulfilled Ok with the value it resolves to, rejected Alert with the error's message, cancelled
 * Idle. A handler that returns no promise is never seen Busy.
 */
export type Handler<V> = (wanted: V, task: Task<V>) => Outcome<V> | Promise<Outcome<V>>;

/** How a vector treats requests. */
export interface OnNewOptions<V> {
  /** Says why a wish cannot be met now: answered with Alert and this text, the handler is not asked. */
  readonly unless?: (wanted: V) => string | false;
  /** Whether a wish for what is being done already waits for that instead of replacing it. */
  readonly joins?: (wanted: V) => boolean;
  /** Whether numbers out of their range are let pass, for a handler that knows better. */
  readonly anyValue?: () => boolean;
  /** Values shown with the Alert of a failure; without them the last ones stay. */
  readonly onFailure?: Partial<V>;
  /** Values shown with the Alert of a refusal, where nothing was going on; without them the last ones stay. */
  readonly onRefusal?: Partial<V>;
  /**
   * "queued", the default: after all earlier requests of the device. "immediate": at once, for what
   * is meant to interrupt. Later requests wait for either until its end or `started()`.
   */
  readonly order?: "queued" | "immediate";
}

/** An outcome whose state is not Ok, or which has something to say. */
export class Settled<V> {
  constructor(
    readonly value: Partial<V>,
    readonly state: State,
    readonly details: SettledDetails = {},
  ) {}
}

/** What may go with an outcome: a message, and what to do once clients have been told of it. */
export interface SettledDetails {
  readonly message?: string;
  readonly afterwards?: () => void;
}

/** The outcome of a handler whose property rests in another state than Ok. */
export function settled<V>(value: Partial<V>, state: State, details?: SettledDetails): Settled<V> {
  return new Settled(value, state, details);
}
