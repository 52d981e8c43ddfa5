import { defineNumbers, defineSwitches } from "../indi/definition.js";
import { INDI_SWITCH } from "./definitions.js";

/*
 * Temperature and cooler as the C++ driver shows them. Where a definition differs, docs/properties.md says why.
 */

const MAIN = "Main Control";
const OPTIONS = "Options";

/** The sensor's temperature; writable where there is a cooler. */
export const CCD_TEMPERATURE = (perm: "ro" | "rw", celsius: number) =>
  defineNumbers("CCD_TEMPERATURE", {
    label: "Temperature", group: MAIN, perm, timeout: 60,
    elements: { CCD_TEMPERATURE_VALUE: { label: "Temperature (C)", format: "%5.2f", min: -50, max: 50, value: celsius } },
  });

/** How hard the cooler works, in percent. */
export const CCD_COOLER_POWER = defineNumbers("CCD_COOLER_POWER", {
  label: "Cooling Power", group: MAIN, perm: "ro", timeout: 60,
  elements: { CCD_COOLER_VALUE: { label: "Cooling Power (%)", format: "%+06.2f", min: 0, max: 100, step: 1 } },
});

/** How fast the set-point moves, both ways; 0 moves it at once. The target counts as reached that close to it. */
export const CCD_TEMP_RAMP = defineNumbers("CCD_TEMP_RAMP", {
  label: "Temp. Ramp", group: MAIN, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    RAMP_SLOPE:     { label: "Max. dT (C/min)", format: "%.f",  min: 0,   max: 30, step: 1 },
    RAMP_THRESHOLD: { label: "Threshold (C)",   format: "%.1f", min: 0.1, max: 2,  step: 0.1, value: 0.2 },
  },
});

/** Whether the sensor is warmed up before a client's disconnecting leaves the camera to itself; not in the C++ driver. */
export const CCD_WARM_UP = defineSwitches("CCD_WARM_UP", {
  label: "Warm up first", group: OPTIONS, perm: "rw", rule: "OneOfMany", saved: true,
  elements: INDI_SWITCH,
});

/** The cooler's switch. */
export const CCD_COOLER = (on: boolean) =>
  defineSwitches("CCD_COOLER", {
    label: "Cooler", group: MAIN, perm: "rw", rule: "OneOfMany", saved: true,
    buildsOn: ["CCD_TEMP_RAMP"],
    elements: { COOLER_ON: { label: "ON", on }, COOLER_OFF: { label: "OFF", on: !on } },
  });
