import type { Clock } from "../camera/clock.js";
import { CONTROL } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import type { NumberVector } from "../indi/number-vector.js";
import { settled } from "../indi/task.js";
import { CoolerAlarm } from "./cooler-alarm.js";
import { approach, type CoolingTools, type Standstill } from "./cooling.js";
import { CCD_COOLER, CCD_COOLER_POWER, CCD_TEMP_RAMP, CCD_WARM_UP } from "./cooling-definitions.js";
import type { Thermometer } from "./thermometer.js";

const COOLING: Standstill = { degrees: 0.3, milliseconds: 180_000 };
const WARMING: Standstill = { degrees: 0.5, milliseconds: 60_000 };

/** How fast the sensor is warmed up before a disconnect where no ramp is set, in degrees a minute. */
const GENTLE_SLOPE = 5;

interface Surroundings {
  readonly clock: Clock;
  readonly thermometer: Thermometer;
  readonly celsius: NumberVector<"CCD_TEMPERATURE_VALUE">;
  message(text: string): void;
  warn(text: string): void;
}

/** The cooler of a camera: target, ramp, switch and power. Tells the target while it cools. */
export function cooler(
  connection: Connection,
  camera: RemoteCamera,
  { clock, thermometer, celsius, message, warn }: Surroundings,
): () => number | undefined {
  const targetControl = camera.opened.controls.find(
    ({ type }) => type === CONTROL.targetTemperature,
  );
  const range = { min: targetControl?.min ?? -50, max: targetControl?.max ?? 50 };
  const ramp = connection.add(CCD_TEMP_RAMP);
  const power = connection.add(CCD_COOLER_POWER);
  const switches = connection.add(CCD_COOLER(thermometer.latest.isCooling));
  const warmFirst = connection.add(CCD_WARM_UP);
  const alarm = new CoolerAlarm();
  /** What clients want, which the set-point is on its way to. */
  let target = thermometer.latest.isCooling ? targetControl?.value : undefined;
  let turnedAt = Number.NEGATIVE_INFINITY;
  let isWarming = false;

  const tools: CoolingTools = {
    latest: () => thermometer.latest,
    next: (signal) => thermometer.next(signal),
    async set(degrees) {
      const type = CONTROL.targetTemperature;
      await camera.setControl({ type, value: degrees, auto: false });
      // The set-point first: the camera still has an older one.
      if (!switches.value.COOLER_ON) await turn(true);
    },
  };
  const slope = () => ramp.value.RAMP_SLOPE;
  const threshold = () => ramp.value.RAMP_THRESHOLD;

  async function turn(isOn: boolean): Promise<void> {
    await camera.setControl({ type: CONTROL.coolerOn, value: isOn ? 1 : 0, auto: false });
    turnedAt = clock.now();
    // Switched on without a target, the camera has its last one.
    target = isOn ? (target ?? camera.control(CONTROL.targetTemperature)) : undefined;
    if (isOn) switches.publish({ COOLER_ON: true, COOLER_OFF: false }, "Ok");
  }

  async function warmUp(signal: AbortSignal, speed: () => number): Promise<void> {
    message("Warming up before the cooler is switched off.");
    const course = { target: range.max, range, slope: speed, threshold, standstill: WARMING };
    await approach(course, tools, signal);
    await turn(false);
  }

  ramp.onNew(({ RAMP_SLOPE }) => {
    const speed = `Gradual cooling and warming is regulated at ${RAMP_SLOPE} Celsius per minute.`;
    message(`Temperature ramp is ${RAMP_SLOPE > 0 ? `enabled. ${speed}` : "disabled."}`);
  });

  switches.onNew(async ({ COOLER_ON: isOn }, { signal, started, progress }) => {
    const wasWarming = isWarming;
    isWarming = false;
    if (isOn) {
      // A warming up that is over now has moved the set-point.
      if (wasWarming && target !== undefined) await tools.set(target);
      await turn(true);
      return settled({ COOLER_ON: true, COOLER_OFF: false }, "Ok");
    }
    await celsius.cancel();
    // Who asks for the end of warming up a second time wants it at once.
    if (slope() > 0 && thermometer.latest.isCooling && !wasWarming) {
      isWarming = true;
      progress({});
      started();
      await warmUp(signal, slope);
      isWarming = false;
    } else {
      await turn(false);
    }
    return settled({ COOLER_ON: false, COOLER_OFF: true }, "Idle");
  });

  celsius.onNew(async ({ CCD_TEMPERATURE_VALUE: wanted }, { signal, started }) => {
    // The camera regulates to whole degrees.
    const degrees = Math.round(wanted);
    if (degrees < range.min || degrees > range.max) {
      throw new Refused(
        `Error: Bad temperature value ${wanted}! Range is [${range.min}, ${range.max}] [C].`,
      );
    }
    isWarming = false;
    await switches.cancel();
    if (switches.value.COOLER_ON) switches.publish({}, "Ok");
    target = degrees;
    message(`Setting temperature to ${degrees.toFixed(2)} C.`);
    started();
    const course = { target: degrees, range, slope, threshold, standstill: COOLING };
    const outcome = await approach(course, tools, signal);
    const { celsius: now } = thermometer.latest;
    if (outcome === "ambient") {
      message(`The temperature stays at ${now.toFixed(1)} C: it is no warmer around the camera.`);
    }
    return { CCD_TEMPERATURE_VALUE: now };
  });

  thermometer.on("reading", (reading) => {
    if (alarm.check(reading, target)) {
      warn(
        `The temperature drifts away from ${target} C: ${reading.celsius.toFixed(1)} C with the cooler at full power.`,
      );
    }
    const state = alarm.isOn ? "Alert" : reading.power > 0 ? "Busy" : "Idle";
    power.publish({ CCD_COOLER_VALUE: reading.power }, state);
    const { isCooling: isOn, at } = reading;
    // A reading that began before the switch was turned knows nothing of it.
    if (switches.state === "Busy" || at < turnedAt || isOn === switches.value.COOLER_ON) return;
    switches.publish({ COOLER_ON: isOn, COOLER_OFF: !isOn }, isOn ? "Ok" : "Idle");
  });

  async function warmUpGently(signal: AbortSignal): Promise<void> {
    await Promise.all([celsius.cancel(), switches.cancel()]);
    await warmUp(signal, () => slope() || GENTLE_SLOPE);
  }

  connection.onFarewell((signal) => {
    const isWanted = warmFirst.selected === "INDI_ENABLED" && thermometer.latest.isCooling;
    return isWanted ? warmUpGently(signal) : undefined;
  });

  return () => target;
}
