import { type CameraIdentity, identityKey, isDistinct } from "./camera/camera-info.js";
import type { Nicknames } from "./indi/nicknames.js";

/** The name all devices of this driver begin with; clients know the driver by it. */
export const DRIVER_NAME = "ZWO CCD";

/** C clients keep a device's name in 64 bytes, the last of them a zero. */
const LONGEST_NAME = 63;

/** The name of a camera's device without a number: its model without its maker, or the user's own name for it. */
function plainName(camera: CameraIdentity, nickname: string): string {
  const model = nickname === "" ? camera.name.replace(/^ZWO /, "") : nickname;
  return model.startsWith(DRIVER_NAME) ? model : `${DRIVER_NAME} ${model}`;
}

/** Whether a user's name for a camera leaves room for a number behind it. */
export function fits(nickname: string): boolean {
  return Buffer.byteLength(`${DRIVER_NAME} ${nickname} 99`) <= LONGEST_NAME;
}

/**
 * The names of devices, numbered where several cameras would have the same. Once two were there together, each
 * keeps its name, in whatever order they come back.
 */
export class CameraNames {
  readonly #file: Nicknames;
  readonly #onError: (error: unknown) => void;
  readonly #kept = new Map<string, string>();

  /**
   * `file`: where names are kept from one start to the next, by the keys of cameras. A name that could not be written
   * there is told to `onError`, and kept until the end.
   */
  constructor(file: Nicknames, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** Reads the names that were kept. */
  async load(): Promise<void> {
    for (const [key, name] of await this.#file.all()) this.#kept.set(key, name);
  }

  /** Chooses a camera's name beside those of the other devices, of whose cameras it wants to know the keys. */
  async choose(
    camera: CameraIdentity,
    nickname: string,
    others: ReadonlyMap<string, CameraIdentity>,
  ): Promise<string> {
    const plain = plainName(camera, nickname);
    const key = identityKey(camera);
    const kept = this.#kept.get(key);
    if (kept !== undefined && isOneOf(plain, kept) && !others.has(kept)) return kept;
    const ofOthers = [...this.#kept].filter(([other]) => other !== key).map(([, name]) => name);
    const taken = new Set([...others.keys(), ...ofOthers]);
    let name = plain;
    for (let number = 1; taken.has(name); number++) name = `${plain} ${number}`;
    if (name === plain) return plain;
    await this.#keep(camera, name);
    const first = others.get(plain);
    if (first !== undefined) await this.#keep(first, plain);
    return name;
  }

  async #keep(camera: CameraIdentity, name: string): Promise<void> {
    const key = identityKey(camera);
    if (this.#kept.get(key) === name) return;
    this.#kept.set(key, name);
    // A port or a number may be another camera's at the next start.
    if (isDistinct(camera)) await this.#file.set(key, name).catch(this.#onError);
  }
}

function isOneOf(plain: string, name: string): boolean {
  return (
    name === plain || (name.startsWith(`${plain} `) && /^\d+$/.test(name.slice(plain.length + 1)))
  );
}
