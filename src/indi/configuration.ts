import type { Device } from "./device.js";
import { errorText, Refused } from "./errors.js";
import { CONFIG_PROCESS } from "./general.js";
import type { NewVector } from "./messages.js";
import type { ConfigKind, SavedConfig } from "./saved-config.js";
import { systemTimer, type Timer } from "./timer.js";

const NOTHING_SAVED =
  "No previous configuration found. To save driver configuration, click Save Configuration in Options tab.";

/** Changes are written together at most this often, in milliseconds: sliders change many times a second. */
const SAVE_PAUSE = 2_000;

/** What a configuration needs besides its device and its file. */
export interface ConfigurationOptions {
  /** Hears of what could not be restored or saved without a client having asked. */
  warn(text: string): void;
  readonly timer?: Timer;
}

/** Whatever has properties that can be restored. */
export interface Restorable {
  restore(
    requests: readonly NewVector[],
    which: "saved" | "auto",
    tell: (text: string) => void,
  ): Promise<void>;
}

/** Loads, saves and deletes a device's settings for clients, and saves by itself what is to be. */
export class Configuration {
  readonly #device: Device;
  readonly #file: SavedConfig;
  readonly #options: ConfigurationOptions;
  readonly #changed = new Map<string, NewVector>();
  #stopTimer: (() => void) | undefined;

  /** Adds the property CONFIG_PROCESS. */
  constructor(device: Device, file: SavedConfig, options: ConfigurationOptions) {
    this.#device = device;
    this.#file = file;
    this.#options = options;
    device.onAutoSave((request) => this.#note(request));

    const actions = {
      CONFIG_LOAD: () => this.#load("config"),
      CONFIG_SAVE: () => this.#save(),
      CONFIG_DEFAULT: () => this.#load("default"),
      CONFIG_PURGE: () => this.#purge(),
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
        for (const { name } of property.definition.elements)
          if (wanted[name]) await actions[name]();
        return off;
      },
      { onFailure: off },
    );
  }

  /** Restores what the file holds for such properties of the target, silently; a broken file is none. */
  async restore(target: Restorable, which: "saved" | "auto"): Promise<void> {
    try {
      const requests = await this.#file.load("config", this.#device.name);
      await this.apply(target, requests ?? [], which);
    } catch (error) {
      this.#options.warn(`The saved configuration cannot be read: ${errorText(error)}`);
    }
  }

  /** Carries out requests on properties of the target. */
  async apply(
    target: Restorable,
    requests: readonly NewVector[],
    which: "saved" | "auto",
  ): Promise<void> {
    await target.restore(requests, which, (text) => this.#options.warn(text));
  }

  /** Writes at once what waits to be saved. */
  async flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#changed.size === 0) return;
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    try {
      // A file that begins with one setting would look as if it held them all.
      const isFirst = !(await this.#file.exists());
      await this.#file.save(isFirst ? [...this.#device.saved(), ...changes] : changes);
    } catch (error) {
      this.#options.warn(`The configuration cannot be saved: ${errorText(error)}`);
    }
  }

  async #load(kind: ConfigKind): Promise<void> {
    this.#device.message("Loading device configuration...");
    const requests = await this.#file.load(kind, this.#device.name);
    if (requests === undefined) throw new Refused(NOTHING_SAVED);
    const tell = (text: string) => this.#device.message(text, "warning");
    await this.#device.restore(requests, "saved", tell);
    this.#device.message("Device configuration applied.");
  }

  async #save(): Promise<void> {
    this.#device.message("Saving device configuration...");
    await this.flush();
    await this.#file.save(this.#device.saved());
    this.#device.message("Device configuration saved.");
  }

  async #purge(): Promise<void> {
    this.#changed.clear();
    if (!(await this.#file.purge())) throw new Refused(NOTHING_SAVED);
    this.#device.message("Configuration file successfully purged.");
  }

  #note(request: NewVector): void {
    this.#changed.set(request.name, request);
    const { timer = systemTimer } = this.#options;
    this.#stopTimer ??= timer(SAVE_PAUSE, () => void this.flush());
  }
}
