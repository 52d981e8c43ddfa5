import { setTimeout as delay } from "node:timers/promises";
import { IndiClient } from "../../dist/indi/indi-client.js";

/** Longer than the daemon promises to need for anything here, in milliseconds. */
const PATIENCE = 60_000;

/** How long a camera that has lost its connection may take to be back by itself, in milliseconds. */
const RETURN_PATIENCE = 8_000;

/** So many milliseconds about the end of a connection, exposures end with it and for its reason. */
const RECENT = 3_000;

const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * Somebody at a client program who works with one camera as one does at night: pictures, pulses, now and then a
 * stream. Writes down what became of each request.
 */
export class GoodClient {
  /** `{ from, until, outcome, message }`, times in milliseconds of CLOCK_MONOTONIC. */
  exposures = [];
  /** What must not happen, in words. */
  violations = [];
  pulses = 0;
  streams = 0;
  liveFrames = 0;
  reconnects = 0;
  #client;
  #device;
  #random;
  #isEnding = false;
  #cutOffAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {number} port
   * @param {string} device
   * @param {() => number} random
   */
  static async at(port, device, random) {
    const good = new GoodClient();
    good.#device = device;
    good.#random = random;
    good.#client = await IndiClient.connect({ port });
    good.#client.getProperties(undefined, undefined);
    good.#client.enableBlob("Also", device);
    await good.#client.until(() => good.#client.property(device, "CONNECTION"), {
      timeout: PATIENCE,
    });
    good.#count();
    await good.beConnected();
    return good;
  }

  /** Connects the camera unless it is connected; as many attempts as it takes. */
  async beConnected() {
    const isThere = () => this.#client.property(this.#device, "SDK") !== undefined;
    for (;;) {
      if (isThere()) return;
      if (this.exposures.length > 0) await this.#until(isThere, RETURN_PATIENCE);
      if (isThere()) return;
      this.reconnects++;
      this.#client.newSwitches(this.#device, "CONNECTION", { CONNECT: true });
      await this.#until(isThere, RETURN_PATIENCE);
    }
  }

  /** Takes pictures, sends pulses and watches streams until told to end. */
  async work() {
    while (!this.#isEnding) {
      await this.beConnected();
      const dice = this.#random();
      if (dice < 0.1) await this.#watchStream(1_000 + 3_000 * this.#random());
      else if (dice < 0.3) await this.#pulse(Math.round(20 + 300 * this.#random()));
      else await this.expose(0.01 + 1.5 * this.#random() ** 3);
      await delay(100 * this.#random());
    }
  }

  /** Lets what is being done come to its end, and no more. */
  end() {
    this.#isEnding = true;
  }

  async leave() {
    await this.#client.close();
  }

  /** Takes a picture: whether it came. */
  async expose(seconds) {
    const from = monotonic();
    let isBlob = false;
    let end;
    const ended = this.#hear((message) => {
      if (isPicture(message)) isBlob = true;
      else if (message.tag === "set" && message.name === "CCD_EXPOSURE")
        end = ending(message) ?? end;
      else if (message.tag === "delProperty" && isOf(message, "CCD_EXPOSURE")) {
        end ??= { state: "deleted", message: "" };
      }
      return end !== undefined && (end.state !== "Ok" || isBlob);
    });
    this.#client.newNumbers(this.#device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
    await ended;
    const exposure = { from, until: monotonic(), isBlob, ...end };
    this.exposures.push(exposure);
    if (end === undefined) this.#violated(`an exposure of ${seconds} s was not answered`);
    else if (end.state === "Ok" && !isBlob)
      this.#violated("a picture was promised and did not come");
    else if (end.state !== "Ok" && !isBlob && !end.message && !(await this.#isCutOff())) {
      this.#violated(`an exposure ended in ${end.state} without a reason`);
    }
    return isBlob;
  }

  async #pulse(milliseconds) {
    const [axis, direction] = [
      ["NS", "N"],
      ["NS", "S"],
      ["WE", "W"],
      ["WE", "E"],
    ][Math.floor(4 * this.#random())];
    const name = `TELESCOPE_TIMED_GUIDE_${axis}`;
    if (this.#client.property(this.#device, name) === undefined) return;
    this.pulses++;
    await this.#ask(name, () =>
      this.#client.newNumbers(this.#device, name, { [`TIMED_GUIDE_${direction}`]: milliseconds }),
    );
  }

  async #watchStream(milliseconds) {
    this.streams++;
    this.#client.newSwitches(this.#device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
    await delay(milliseconds);
    if (this.#client.property(this.#device, "CCD_VIDEO_STREAM") === undefined) return;
    await this.#ask("CCD_VIDEO_STREAM", () =>
      this.#client.newSwitches(this.#device, "CCD_VIDEO_STREAM", { STREAM_OFF: true }),
    );
  }

  /** Waits for the end of what a request started, or of the property itself. */
  async #ask(name, request) {
    const ended = this.#hear(
      (message) =>
        (message.tag === "set" && message.name === name && message.state !== "Busy") ||
        (message.tag === "delProperty" && isOf(message, name)),
    );
    request();
    if (!(await ended)) this.#violated(`${name} was not answered`);
  }

  /** Whether such a message about the camera came in time. */
  async #hear(matches) {
    try {
      return await this.#client.expect(
        (message) => message.device === this.#device && matches(message),
        { timeout: PATIENCE },
      );
    } catch (error) {
      if (error.name !== "TimeoutError") throw error;
      return false;
    }
  }

  async #until(condition, timeout) {
    await this.#client.until(condition, { timeout }).catch((error) => {
      if (error.name !== "TimeoutError") throw error;
    });
  }

  /** Whether the camera's connection has just ended, or is about to, for a reason that is told with CONNECTION. */
  async #isCutOff() {
    const isRecent = () => monotonic() - this.#cutOffAt < RECENT;
    await this.#until(isRecent, RECENT);
    return isRecent();
  }

  #count() {
    const listening = this.#client.expect((message) => {
      const isReason =
        message.name === "CONNECTION" && message.state === "Alert" && message.message;
      if (message.device === this.#device && isReason) this.#cutOffAt = monotonic();
      if (isBlob(message) && !isPicture(message)) this.liveFrames++;
      return false;
    });
    // It ends with the connection, which fails the work itself if it is early.
    listening.catch(() => undefined);
  }

  #violated(text) {
    this.violations.push(`${new Date().toISOString()} ${this.#device}: ${text}`);
  }
}

function isBlob({ tag, kind }) {
  return tag === "set" && kind === "BLOB";
}

function isPicture(message) {
  return isBlob(message) && !message.elements[0]?.format.startsWith(".stream");
}

/** A deletion of a property, or of everything. */
function isOf(message, name) {
  return message.name === undefined || message.name === name;
}

function ending({ state, message = "" }) {
  return state === "Busy" ? undefined : { state, message };
}
