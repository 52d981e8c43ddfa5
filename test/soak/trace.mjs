import { closeSync, openSync, readSync } from "node:fs";

const LINE = /^(\d+)\.(\d{9}) \d+ (\d+) (\d+) (\w+) ?(.*?) = (\S+)$/;
const PIECE_BYTES = 1024 * 1024;

/** What the trace of the simulated library has told so far, read as it grows. */
export class Trace {
  /** The frames the library has delivered: `{ at, pid, camera }`, times in milliseconds of CLOCK_MONOTONIC. */
  downloads = [];
  /** Relays closed less relays opened again, by camera and direction. */
  closedRelays = new Set();
  #file;
  #position = 0;
  #rest = "";
  #buffer = Buffer.alloc(PIECE_BYTES);
  #processes = new Map();

  /** @param {string} path */
  constructor(path) {
    this.#file = openSync(path);
  }

  /**
   * The process that has a camera open, as far as the trace tells.
   *
   * @param {number} camera
   */
  processOf(camera) {
    this.read();
    return this.#processes.get(camera);
  }

  /** Takes in what was written since the last time. */
  read() {
    for (;;) {
      const bytes = readSync(this.#file, this.#buffer, 0, PIECE_BYTES, this.#position);
      if (bytes === 0) return;
      this.#position += bytes;
      const lines = (this.#rest + this.#buffer.latin1Slice(0, bytes)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
  }

  close() {
    closeSync(this.#file);
  }

  #take(line) {
    const [, seconds, nanoseconds, process, number, name, args, result] = LINE.exec(line) ?? [];
    if (result !== "0") return;
    const at = Number(seconds) * 1e3 + Number(nanoseconds) / 1e6;
    const pid = Number(process);
    const camera = Number(number);
    const relay = `${camera} ${args}`;
    if (name === "ASIGetDataAfterExp") this.downloads.push({ at, pid, camera });
    else if (name === "ASIInitCamera") this.#processes.set(camera, pid);
    else if (name === "ASIPulseGuideOn") this.closedRelays.add(relay);
    else if (name === "ASIPulseGuideOff") this.closedRelays.delete(relay);
  }
}
