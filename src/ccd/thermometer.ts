import { EventEmitter, once } from "node:events";
import type { Clock } from "../camera/clock.js";
import { CONTROL, type ControlValue } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";

/** The sensor's temperature and what the cooler did at one moment. */
export interface Reading {
  readonly celsius: number;
  /** In percent. */
  readonly power: number;
  readonly isCooling: boolean;
  /** Milliseconds of the clock, when it was asked for. */
  readonly at: number;
}

/** While nothing cools, the temperature drifts slowly: it is read once in so many periods. */
const PERIODS_AT_REST = 5;

interface ThermometerEvents {
  reading: [Reading];
  failure: [];
}

/** Reads temperature and cooler for as long as the connection lasts. */
export class Thermometer extends EventEmitter<ThermometerEvents> {
  readonly #camera: RemoteCamera;
  readonly #clock: Clock;
  #latest: Reading;

  private constructor(camera: RemoteCamera, clock: Clock) {
    super();
    this.#camera = camera;
    this.#clock = clock;
    this.#latest = { celsius: 0, power: 0, isCooling: false, at: clock.now() };
  }

  /** Takes a first reading and goes on; `period` tells the milliseconds between two while the camera is cooled. */
  static async start(
    connection: Connection,
    camera: RemoteCamera,
    { clock, period }: { readonly clock: Clock; period(): number },
  ): Promise<Thermometer> {
    const thermometer = new Thermometer(camera, clock);
    await thermometer.#read();
    let timer: NodeJS.Timeout | undefined;
    const poll = () => {
      clearTimeout(timer);
      const isCooled = camera.control(CONTROL.coolerOn) === 1;
      timer = setTimeout(
        async () => {
          await thermometer.#tell();
          if (!connection.signal.aborted) poll();
        },
        period() * (isCooled ? 1 : PERIODS_AT_REST),
      );
    };
    poll();
    const hurry = ({ type }: ControlValue) => {
      if (type === CONTROL.coolerOn) poll();
    };
    camera.on("control", hurry);
    connection.onClose(() => clearTimeout(timer));
    return thermometer;
  }

  get latest(): Reading {
    return this.#latest;
  }

  /** Waits for the next reading. */
  async next(signal: AbortSignal): Promise<void> {
    await once(this, "reading", { signal });
  }

  async #tell(): Promise<void> {
    try {
      await this.#read();
    } catch {
      // Whoever supervises the camera tells what is wrong with it.
      this.emit("failure");
      return;
    }
    this.emit("reading", this.#latest);
  }

  async #read(): Promise<void> {
    const at = this.#clock.now();
    const { controls } = this.#camera.opened;
    const types = [CONTROL.temperature, CONTROL.coolerPower, CONTROL.coolerOn].filter((type) =>
      controls.some((control) => control.type === type),
    );
    const values = await this.#camera.readControls(types);
    const told = (type: number) => values.find((value) => value.type === type)?.value ?? 0;
    this.#latest = {
      // The library counts tenths of a degree (manual 2.10).
      celsius: told(CONTROL.temperature) / 10,
      power: told(CONTROL.coolerPower),
      isCooling: told(CONTROL.coolerOn) === 1,
      at,
    };
  }
}
