import { setTimeout as delay } from "node:timers/promises";

const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

/** Functions that run during the work, in which a fault is found soon. */
const FUNCTIONS = [
  "ASIStartExposure",
  "ASIGetExpStatus",
  "ASIGetDataAfterExp",
  "ASISetControlValue",
  "ASIGetControlValue",
  "ASIPulseGuideOn",
  "ASIStartVideoCapture",
  "ASIGetVideoData",
];

/** Error codes the library has for all of them: invalid mode, timeout, general error. */
const CODES = ["14", "11", "16"];

/** As many as the simulator keeps, with some room. */
const MOST_ORDERED = 10;

/** What happens to cameras at night: each torment does its worst, and says in words what it was. */
export class Torments {
  /** How often each came. */
  counts = {};
  /** Processes that were killed from outside: `{ pid, at }`, in milliseconds of CLOCK_MONOTONIC. */
  kills = [];
  unplugs = 0;
  #ordered = 0;
  #daemon;
  #trace;
  #random;

  constructor(daemon, trace, random) {
    this.#daemon = daemon;
    this.#trace = trace;
    this.#random = random;
  }

  /** Torments one of so many cameras after the other, at random moments, until the end. */
  async reign(cameras, signal) {
    const kinds = [
      ["kill", 2],
      ["unplug", 2],
      ["fail", 3],
      ["crash", 1],
      ["hang", 1],
      ["freeze", 0.3],
      ["exposure-fail", 1],
      ["exposure-stuck", 0.3],
      ["print", 1],
    ];
    const sum = kinds.reduce((total, [, weight]) => total + weight, 0);
    while (!signal.aborted) {
      await delay(1_000 + 5_000 * this.#random(), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      let dice = this.#random() * sum;
      const [kind] = kinds.find(([, weight]) => {
        dice -= weight;
        return dice < 0;
      }) ?? ["kill"];
      const camera = Math.floor(this.#random() * cameras);
      await this.#torment(kind, camera);
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    }
    this.#daemon.steer("clear");
  }

  async #torment(kind, camera) {
    const only = ["--camera", `${camera}`];
    const called = FUNCTIONS[Math.floor(this.#random() * FUNCTIONS.length)];
    switch (kind) {
      case "kill":
        this.#signal(camera, "SIGKILL");
        break;
      case "freeze":
        this.#signal(camera, "SIGSTOP");
        break;
      case "unplug":
        this.unplugs++;
        this.#daemon.steer("unplug", ...only);
        await delay(500 + 4_000 * this.#random());
        this.#daemon.steer("plug", ...only);
        break;
      case "fail": {
        const code = CODES[Math.floor(this.#random() * CODES.length)];
        this.#order("fail", called, code, `${1 + Math.floor(this.#random() * 3)}`, ...only);
        break;
      }
      case "hang":
        this.#order("hang", called, `${Math.round(20_000 * this.#random())}`, ...only);
        break;
      case "crash":
      case "print":
        this.#order(kind, called, ...only);
        break;
      default:
        this.#order(kind, ...only);
    }
  }

  /** Orders a fault of the library; those that have found no call for long give way. */
  #order(...words) {
    this.#ordered++;
    if (this.#ordered % MOST_ORDERED === 0) this.#daemon.steer("clear");
    this.#daemon.steer(...words);
  }

  #signal(camera, signal) {
    const pid = this.#trace.processOf(camera);
    if (pid === undefined || !this.#daemon.pids.includes(pid)) return;
    process.kill(pid, signal);
    this.kills.push({ pid, at: monotonic() });
  }
}
