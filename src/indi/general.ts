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

/** Whether clients may choose what the driver tells of what it does, and where. */
export const DEBUG = defineSwitches("DEBUG", {
  ...OPTIONS,
  label: "Debug",
  saved: true,
  rule: "OneOfMany",
  elements: ENABLE_DISABLE,
});

const LEVELS = {
  ERROR: { label: "Errors", on: true },
  WARNING: { label: "Warnings", on: true },
  SESSION: { label: "Messages", on: true },
  DEBUG: { label: "Driver Debug" },
  EXTRA_1: { label: "Alignment Subsystem" },
} as const;

/** Which messages clients get to see; there only while DEBUG is enabled. */
export const DEBUG_LEVEL = defineSwitches("DEBUG_LEVEL", {
  ...OPTIONS,
  label: "Debug Levels",
  saved: true,
  rule: "AnyOfMany",
  elements: {
    DBG_ERROR: LEVELS.ERROR,
    DBG_WARNING: LEVELS.WARNING,
    DBG_SESSION: LEVELS.SESSION,
    DBG_DEBUG: LEVELS.DEBUG,
    DBG_EXTRA_1: LEVELS.EXTRA_1,
  },
});

/** Which messages go to the log file; there only while DEBUG is enabled. */
export const LOGGING_LEVEL = defineSwitches("LOGGING_LEVEL", {
  ...OPTIONS,
  label: "Logging Levels",
  saved: true,
  rule: "AnyOfMany",
  elements: {
    LOG_ERROR: LEVELS.ERROR,
    LOG_WARNING: LEVELS.WARNING,
    LOG_SESSION: LEVELS.SESSION,
    LOG_DEBUG: LEVELS.DEBUG,
    LOG_EXTRA_1: LEVELS.EXTRA_1,
  },
});

/** Where messages go at all; there only while DEBUG is enabled. */
export const LOG_OUTPUT = defineSwitches("LOG_OUTPUT", {
  ...OPTIONS,
  label: "Log Output",
  saved: true,
  rule: "AnyOfMany",
  elements: {
    CLIENT_DEBUG: { label: "To Client", on: true },
    FILE_DEBUG: { label: "To Log File" },
  },
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
    needs: "admin",
    elements: { nickname: { label: "nickname", value: nickname } },
  });
