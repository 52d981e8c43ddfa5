import { defineNumbers, defineSwitches, defineTexts } from "./definition.js";

/*
 * The properties every INDI driver has, as libindi defines them.
 */

const OPTIONS = { group: "Options", perm: "rw" } as const;
const ENABLE_DISABLE = { ENABLE: { label: "Enable" }, DISABLE: { label: "Disable", on: true } };

/** Who the driver is; the interface is a sum of INDI's device classes. */
export const DRIVER_INFO = (driver: {
  name: string;
  executable: string;
  version: string;
  interface: number;
}) =>
  defineTexts("DRIVER_INFO", {
    label: "Driver Info",
    group: "General Info",
    perm: "ro",
    timeout: 60,
    elements: {
      DRIVER_NAME: { label: "Name", value: driver.name },
      DRIVER_EXEC: { label: "Exec", value: driver.executable },
      DRIVER_VERSION: { label: "Version", value: driver.version },
      DRIVER_INTERFACE: { label: "Interface", value: `${driver.interface}` },
    },
  });

/** How often the driver looks at what changes by itself. */
export const POLLING_PERIOD = defineNumbers("POLLING_PERIOD", {
  ...OPTIONS,
  label: "Polling",
  saved: true,
  elements: {
    PERIOD_MS: {
      label: "Period (ms)",
      format: "%.f",
      min: 10,
      max: 600_000,
      step: 1000,
      value: 1000,
    },
  },
});

/** Whether the driver tells clients all it does. */
export const DEBUG = defineSwitches("DEBUG", {
  ...OPTIONS,
  label: "Debug",
  saved: true,
  rule: "OneOfMany",
  elements: ENABLE_DISABLE,
});

/** Whether the device is simulated. */
export const SIMULATION = (isOn: boolean) =>
  defineSwitches("SIMULATION", {
    ...OPTIONS,
    label: "Simulation",
    rule: "OneOfMany",
    elements: {
      ENABLE: { label: "Enable", on: isOn },
      DISABLE: { label: "Disable", on: !isOn },
    },
  });

/** Loads, saves and deletes the device's settings. */
export const CONFIG_PROCESS = defineSwitches("CONFIG_PROCESS", {
  ...OPTIONS,
  label: "Configuration",
  rule: "AtMostOne",
  elements: {
    CONFIG_LOAD: { label: "Load" },
    CONFIG_SAVE: { label: "Save" },
    CONFIG_DEFAULT: { label: "Default" },
    CONFIG_PURGE: { label: "Purge" },
  },
});

/** A name of the user's for the device. */
export const NICKNAME = (nickname: string) =>
  defineTexts("NICKNAME", {
    label: "Nickname",
    group: "General Info",
    perm: "rw",
    timeout: 60,
    elements: { nickname: { label: "nickname", value: nickname } },
  });
