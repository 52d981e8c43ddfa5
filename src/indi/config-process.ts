import type { Device } from "./device.js";
import { Refused } from "./errors.js";
import { CONFIG_PROCESS } from "./general.js";
import type { Message } from "./messages.js";
import type { ConfigKind, SavedConfig } from "./saved-config.js";

const NOTHING_SAVED =
  "No previous configuration found. To save driver configuration, click Save Configuration in Options tab.";

/** Adds the property by which clients load, save and delete a device's settings. */
export function configProcess(device: Device, config: SavedConfig): void {
  async function load(kind: ConfigKind): Promise<void> {
    device.message("Loading device configuration...");
    const requests = await config.load(kind);
    if (requests === undefined) throw new Refused(NOTHING_SAVED);
    for (const request of requests) {
      // Loading must not wait for a loading inside it.
      if (request.name === CONFIG_PROCESS.name) continue;
      // What this connection does not have, another one may have saved: the C++ driver skips it too.
      await device.perform(request, { deliver: passOnText });
    }
    device.message("Device configuration applied.");
  }

  /** A refusal inside the file is a line in the log, there being no client to answer. */
  function passOnText(message: Message): void {
    if ("message" in message && message.message !== undefined) {
      device.message(message.message.replace(/^\[\w+\] /, ""), "error");
    }
  }

  async function save(): Promise<void> {
    device.message("Saving device configuration...");
    await config.save(device.saved());
    device.message("Device configuration saved.");
  }

  async function purge(): Promise<void> {
    if (!(await config.purge())) throw new Refused(NOTHING_SAVED);
    device.message("Configuration file successfully purged.");
  }

  const actions = {
    CONFIG_LOAD: () => load("config"),
    CONFIG_SAVE: save,
    CONFIG_DEFAULT: () => load("default"),
    CONFIG_PURGE: purge,
  };

  const property = device.add(CONFIG_PROCESS);
  const off = {
    CONFIG_LOAD: false,
    CONFIG_SAVE: false,
    CONFIG_DEFAULT: false,
    CONFIG_PURGE: false,
  };
  property.onNew(
    async (wanted) => {
      for (const { name } of property.definition.elements) if (wanted[name]) await actions[name]();
      return off;
    },
    { onFailure: off },
  );
}
