import { createVector } from "./create-vector.js";
import type { Device } from "./device.js";
import { DEBUG, DEBUG_LEVEL, LOG_OUTPUT, LOGGING_LEVEL } from "./general.js";
import type { MessageLevel } from "./types.js";

/** A file that takes messages of devices. */
export interface MessageFile {
  readonly path: string;
  write(device: string, level: MessageLevel, text: string): void;
}

/** The part of an element's name that stands for a level. */
const LEVEL = { error: "ERROR", warning: "WARNING", info: "SESSION", debug: "DEBUG" } as const;

/**
 * Adds the property DEBUG and, while it is enabled, those by which clients choose the messages they see and
 * those that go to a file. Each device has choices of its own; without them clients see all but debugging.
 */
export function debugging(device: Device, file: MessageFile): void {
  const debug = device.add(DEBUG);
  const shown = createVector(DEBUG_LEVEL);
  const logged = createVector(LOGGING_LEVEL);
  const output = createVector(LOG_OUTPUT);
  const choices = [shown, logged, output];

  device.onMessage((text, level) => {
    if (debug.selected === "DISABLE") return level !== "debug";
    const { CLIENT_DEBUG, FILE_DEBUG } = output.value;
    if (FILE_DEBUG && logged.value[`LOG_${LEVEL[level]}`]) file.write(device.name, level, text);
    return CLIENT_DEBUG && shown.value[`DBG_${LEVEL[level]}`];
  });

  output.onNew(({ FILE_DEBUG }) => {
    if (FILE_DEBUG && !output.value.FILE_DEBUG) device.message(`Session log file ${file.path}`);
  });

  debug.onNew(({ ENABLE }) => {
    device.message(`Debug is ${ENABLE ? "enabled" : "disabled"}.`);
    if (ENABLE === debug.value.ENABLE) return;
    for (const choice of choices) {
      if (ENABLE) {
        device.announce(choice);
      } else {
        device.retire(choice);
        choice.withdraw();
      }
    }
  });
}
