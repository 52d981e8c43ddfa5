import { EventEmitter, once } from "node:events";
import type { Clock } from "../camera/clock.js";
import { CONTROL } from "../camera/controls.js";
import { CameraFailure } from "../camera/errors.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { settled } from "../indi/task.js";
import { CCD_COOLER, CCD_COOLER_POWER, CCD_TEMPERATURE } from "./definitions.js";
import type { Keywords } from "./keywords.js";

/** The target counts as reached this close to it, in degrees Celsius. */
const THRESHOLD = 0.2;

/** A temperature that moves less than this ... */
const STANDSTILL = 0.3;
/** ... in this many milliseconds will not move any further. */
const STANDSTILL_TIME = 180_000;

interface Reading {
  readonly celsius: number;
  readonly power: number;
  readonly at: number;
}

interface Surroundings {
  readonly clock: Clock;
  /** Milliseconds between two readings. */
  pollingPeriod(): number;
  /** Writes a line to the clients' log. */
  message(text: string): void;
}

/** The sensor's temperature and, where there is one, the cooler. */
export async function temperature(
  connection: Connection,
  camera: RemoteCamera,
  { clock, pollingPeriod, message }: Surroundings,
): Promise<Keywords> {
  const { info, controls } = camera.opened;
  const has = (type: number) => controls.some((control) => control.type === type);
  if (!has(CONTROL.temperature)) return () => undefined;
  const hasCooler = info.hasCooler && has(CONTROL.targetTemperature) && has(CONTROL.coolerOn);

  const readings = new EventEmitter<{ reading: [Reading] }>();
  let latest = await read();
  const celsius = connection.add(CCD_TEMPERATURE(hasCooler ? "rw" : "ro", latest.celsius));
  const cooler = hasCooler ? addCooler() : undefined;
  let timer: NodeJS.Timeout | undefined;
  poll();
  connection.onClose(() => clearTimeout(timer));

  async function read(): Promise<Reading> {
    const types = has(CONTROL.coolerPower)
      ? [CONTROL.temperature, CONTROL.coolerPower]
      : [CONTROL.temperature];
    const [temperature, power] = await camera.readControls(types);
    // The library counts tenths of a degree (manual 2.10).
    return { celsius: (temperature?.value ?? 0) / 10, power: power?.value ?? 0, at: clock.now() };
  }

  function poll(): void {
    timer = setTimeout(async () => {
      try {
        latest = await read();
        celsius.publish(
          { CCD_TEMPERATURE_VALUE: latest.celsius },
          celsius.state === "Alert" ? "Idle" : celsius.state,
        );
        cooler?.power.publish(
          { CCD_COOLER_VALUE: latest.power },
          latest.power > 0 ? "Busy" : "Idle",
        );
        readings.emit("reading", latest);
      } catch {
        // Whoever supervises the camera tells what is wrong with it.
        if (celsius.state !== "Busy") celsius.publish({}, "Alert");
      }
      if (!connection.signal.aborted) poll();
    }, pollingPeriod());
  }

  function addCooler() {
    const range = controls.find(({ type }) => type === CONTROL.targetTemperature);
    const on = controls.find(({ type }) => type === CONTROL.coolerOn)?.value === 1;
    const power = connection.add(CCD_COOLER_POWER);
    const cooler = connection.add(CCD_COOLER(on));

    async function turn(isOn: boolean): Promise<void> {
      await camera.setControl({ type: CONTROL.coolerOn, value: isOn ? 1 : 0, auto: false });
    }

    cooler.onNew(async (wanted) => {
      await turn(wanted.COOLER_ON);
      if (!wanted.COOLER_ON) await celsius.cancel();
      return settled(wanted, wanted.COOLER_ON ? "Ok" : "Idle");
    });

    celsius.onNew(async ({ CCD_TEMPERATURE_VALUE: wanted }, { signal, started }) => {
      // The camera regulates to whole degrees.
      const target = Math.round(wanted);
      if (range !== undefined && (target < range.min || target > range.max)) {
        throw new Refused(
          `Bad temperature value ${wanted}! Range is [${range.min}, ${range.max}] [C].`,
        );
      }
      await camera.setControl({ type: CONTROL.targetTemperature, value: target, auto: false });
      if (!cooler.value.COOLER_ON) {
        await turn(true);
        cooler.publish({ COOLER_ON: true, COOLER_OFF: false }, "Ok");
      }
      message(`Setting temperature to ${target.toFixed(2)} C.`);
      started();
      await reach(target, signal);
      return { CCD_TEMPERATURE_VALUE: latest.celsius };
    });
    return { power };
  }

  /** Settles when the target is reached, or when it is warmer outside than wanted and nothing moves any more. */
  async function reach(target: number, signal: AbortSignal): Promise<void> {
    let landmark = latest;
    while (Math.abs(latest.celsius - target) > THRESHOLD) {
      await once(readings, "reading", { signal });
      if (Math.abs(latest.celsius - landmark.celsius) > STANDSTILL) landmark = latest;
      if (latest.at - landmark.at < STANDSTILL_TIME) continue;
      const where = `The temperature stays at ${latest.celsius.toFixed(1)} C`;
      if (target < latest.celsius) {
        throw new CameraFailure(`${where} although the cooler works at ${latest.power} %.`);
      }
      message(`${where}: it is no warmer around the camera.`);
      return;
    }
  }

  return (header) => header.set("CCD-TEMP", real(latest.celsius), "CCD Temperature (Celsius)");
}
