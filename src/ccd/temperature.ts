import type { Clock } from "../camera/clock.js";
import { CONTROL } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { cooler } from "./cooler.js";
import { CCD_TEMPERATURE } from "./cooling-definitions.js";
import { type KeywordSource, noKeywords } from "./keywords.js";
import { Thermometer } from "./thermometer.js";

interface Surroundings {
  readonly clock: Clock;
  /** Milliseconds between two readings. */
  pollingPeriod(): number;
  /** Write a line to the clients' log. */
  message(text: string): void;
  warn(text: string): void;
}

/** The sensor's temperature and, where there is one, the cooler. */
export async function temperature(
  connection: Connection,
  camera: RemoteCamera,
  { clock, pollingPeriod: period, message, warn }: Surroundings,
): Promise<KeywordSource> {
  const { info, controls } = camera.opened;
  const has = (type: number) => controls.some((control) => control.type === type);
  if (!has(CONTROL.temperature)) return () => noKeywords;
  const hasCooler = info.hasCooler && has(CONTROL.targetTemperature) && has(CONTROL.coolerOn);

  const thermometer = await Thermometer.start(connection, camera, { clock, period });
  const { celsius: first } = thermometer.latest;
  const celsius = connection.add(CCD_TEMPERATURE(hasCooler ? "rw" : "ro", first));
  thermometer.on("reading", ({ celsius: now }) => {
    celsius.publish(
      { CCD_TEMPERATURE_VALUE: now },
      celsius.state === "Alert" ? "Idle" : celsius.state,
    );
  });
  thermometer.on("failure", () => {
    if (celsius.state !== "Busy") celsius.publish({}, "Alert");
  });
  const target = hasCooler
    ? cooler(connection, camera, { clock, thermometer, celsius, message, warn })
    : () => undefined;

  return () => (header) => {
    header.set("CCD-TEMP", real(thermometer.latest.celsius), "CCD Temperature (Celsius)");
    const setPoint = target();
    if (setPoint !== undefined) {
      header.set("SET-TEMP", real(setPoint), "CCD temperature setpoint (Celsius)");
    }
  };
}
