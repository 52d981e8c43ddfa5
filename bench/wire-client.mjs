import { once } from "node:events";
import { connect } from "node:net";
import { monotonic } from "./clock.mjs";

const LESS_THAN = "<".charCodeAt(0);

/** Room for one read: a client that reads little at a time would be what is measured. */
const READ_BYTES = 4 * 1024 * 1024;

/** What watchers get of the beginning of a BLOB's base64: enough for the pixels that tell a frame's number. */
const HEAD_BYTES = 344;

/**
 * An INDI client that costs next to nothing: one buffer for all that is read, BLOBs only counted.
 * Everything else is kept as text until somebody waits for it.
 */
export class WireClient {
  #socket;
  #text = "";
  #wake = () => {};
  #blobBytes = 0;
  #isInBlob = false;
  #head = Buffer.alloc(HEAD_BYTES);
  #watcher;

  /** @param {number} port of this machine */
  static async connect(port) {
    const client = new WireClient();
    client.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => client.#read(buffer.subarray(0, length)),
      },
    });
    await once(client.#socket, "connect");
    return client;
  }

  /** @param {string} xml */
  send(xml) {
    this.#socket.write(xml);
  }

  /**
   * Waits for text, a minute at most; drops all up to its end.
   *
   * @param {RegExp} pattern
   */
  async expect(pattern) {
    const givesUp = performance.now() + 60_000;
    while (performance.now() < givesUp) {
      const found = pattern.exec(this.#text);
      if (found !== null) {
        this.#text = this.#text.slice(found.index + found[0].length);
        return found;
      }
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 1_000).unref();
      });
    }
    throw new Error(`${pattern} did not come within a minute.`);
  }

  /** All text that has come and nobody has waited for. */
  takeText() {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  /**
   * Connects a device and has its BLOBs sent.
   *
   * @param {string} device
   */
  async useCamera(device) {
    this.send(`<getProperties version="1.7" device="${device}"/>`);
    await this.expect(/<\/defTextVector>/);
    this.send(`<enableBLOB device="${device}">Also</enableBLOB>`);
    this.choose(device, "CONNECTION", "CONNECT");
    await this.expect(/<def\w+ [^>]*name="SDK"/);
  }

  /**
   * Has a camera stream frames of 8 bits without a limit; settles with the first one.
   *
   * @param {string} device that is in use
   * @param {{ width: number, height: number, seconds: number }} frame
   */
  async startStream(device, { width, height, seconds }) {
    this.choose(device, "CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8");
    this.setNumbers(device, "CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: width, HEIGHT: height });
    this.setNumbers(device, "STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: seconds });
    this.setNumbers(device, "CCD_CONTROLS", { BandWidth: 100 });
    this.setNumbers(device, "LIMITS", { LIMITS_PREVIEW_FPS: 10_000 });
    await this.expect(/<setNumberVector [^>]*name="LIMITS"/);
    this.choose(device, "CCD_VIDEO_STREAM", "STREAM_ON");
    await this.expect(/<setBLOBVector/);
  }

  /**
   * Calls this with the first 344 characters and the length of the base64 of every BLOB from now on; all other text
   * is dropped meanwhile.
   *
   * @param {((head: Buffer, bytes: number) => void) | undefined} watcher
   */
  watchBlobs(watcher) {
    this.#watcher = watcher;
  }

  /**
   * Chooses a switch.
   *
   * @param {string} device
   * @param {string} vector
   * @param {string} element
   */
  choose(device, vector, element) {
    this.send(
      `<newSwitchVector device="${device}" name="${vector}"><oneSwitch name="${element}">On</oneSwitch></newSwitchVector>`,
    );
  }

  /**
   * Sets numbers.
   *
   * @param {string} device
   * @param {string} vector
   * @param {Record<string, number>} values
   */
  setNumbers(device, vector, values) {
    const elements = Object.entries(values).map(
      ([name, value]) => `<oneNumber name="${name}">${value}</oneNumber>`,
    );
    this.send(
      `<newNumberVector device="${device}" name="${vector}">${elements.join("")}</newNumberVector>`,
    );
  }

  /**
   * Takes a picture; how many milliseconds after it was asked for its last byte came, less the exposure, when that was
   * by the clock of the library's trace, in seconds, and how many bytes came in all.
   *
   * @param {string} device
   * @param {number} seconds
   */
  async expose(device, seconds) {
    const sent = performance.now();
    this.setNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
    await this.expect(/<\/setBLOBVector>/);
    const arrived = monotonic();
    const milliseconds = performance.now() - sent - seconds * 1000;
    await this.expect(/<setNumberVector [^>]*name="CCD_EXPOSURE"[^>]*state="Ok"/);
    return { milliseconds, arrived, bytes: this.#blobBytes };
  }

  close() {
    this.#socket.destroy();
  }

  #read(chunk) {
    for (let at = 0; at < chunk.length; ) {
      if (this.#isInBlob) {
        const tag = chunk.indexOf(LESS_THAN, at);
        const end = tag < 0 ? chunk.length : tag;
        if (this.#blobBytes < HEAD_BYTES) chunk.copy(this.#head, this.#blobBytes, at, end);
        this.#blobBytes += end - at;
        this.#isInBlob = tag < 0;
        if (tag >= 0) this.#watcher?.(this.#head, this.#blobBytes);
        at = end;
      } else {
        at = this.#readText(chunk, at);
      }
    }
    this.#wake();
  }

  /** Takes text up to the beginning of a BLOB, which may come in the middle of a chunk. */
  #readText(chunk, at) {
    const before = this.#text.length;
    // The tag of a BLOB is not longer than this; more of the chunk may be the BLOB itself.
    const piece = chunk.latin1Slice(at, Math.min(at + 4096, chunk.length));
    this.#text += piece;
    const tag = /<oneBLOB [^>]*>/g;
    tag.lastIndex = Math.max(0, before - 512);
    const found = tag.exec(this.#text);
    if (found === null || tag.lastIndex <= before) return at + piece.length;
    const taken = tag.lastIndex - before;
    // Without the tag: it would be found again at the next BLOB.
    this.#text = this.#watcher === undefined ? this.#text.slice(0, found.index) : "";
    this.#blobBytes = 0;
    this.#isInBlob = true;
    return at + taken;
  }
}
