import { type AsiLibrary, describeCall } from "../../asi/index.js";
import { TRACE_VARIABLE } from "./messages.js";

/** Calls are told together, so many milliseconds after the first of them. */
const PERIOD = 50;
/** No more of them at a time: a video polls thousands of times a second. */
const MOST = 100;

/** Tells of the calls of a library, a line for each, where this process is to do so. */
export function traceCalls(library: AsiLibrary, tell: (line: string) => void): AsiLibrary {
  if (process.env[TRACE_VARIABLE]) library.observe((call) => tell(describeCall(call)));
  return library;
}

/** Passes lines on in bounded bundles; what is too much is counted. */
export class LineBundler {
  readonly #send: (lines: readonly string[]) => void;
  #lines: string[] = [];
  #leftOut = 0;

  constructor(send: (lines: readonly string[]) => void) {
    this.#send = send;
  }

  add(line: string): void {
    if (this.#lines.length === 0) setTimeout(() => this.#flush(), PERIOD);
    if (this.#lines.length < MOST) this.#lines.push(line);
    else this.#leftOut++;
  }

  #flush(): void {
    const more = this.#leftOut > 0 ? [`${this.#leftOut} more calls`] : [];
    this.#send([...this.#lines, ...more]);
    this.#lines = [];
    this.#leftOut = 0;
  }
}
