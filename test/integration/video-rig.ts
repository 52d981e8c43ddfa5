import { readdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { OneBlob } from "../../src/indi/messages.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const PATIENCE = { timeout: 25_000 };

/** Somebody who looks at a camera's video. */
export class Viewer {
  readonly daemon: DaemonProcess;
  readonly observer: Observer;
  /** The live frames so far. */
  readonly frames: OneBlob[] = [];
  /** The messages so far. */
  readonly messages: string[] = [];

  private constructor(daemon: DaemonProcess, observer: Observer) {
    this.daemon = daemon;
    this.observer = observer;
    const { client, device } = observer;
    const listening = client.expect(
      (heard) => {
        if (heard.tag === "set" && heard.kind === "BLOB") this.frames.push(...heard.elements);
        const isOurs = "device" in heard && heard.device === device;
        if (isOurs && "message" in heard && heard.message) this.messages.push(heard.message);
        return false;
      },
      { timeout: 600_000 },
    );
    // It ends with the connection.
    listening.catch(() => undefined);
  }

  /** A daemon with one connected camera that shows the test pattern, for one test. */
  static async of(model: string, env: Readonly<Record<string, string>> = {}): Promise<Viewer> {
    const daemon = await startDaemon({ models: model, env: { ASI_SIM_PATTERN: "1", ...env } });
    onTestFinished(() => daemon.stop());
    const observer = await Observer.at(daemon.port, `ZWO CCD ${model}`);
    onTestFinished(() => void observer.client.close());
    await observer.connect();
    return new Viewer(daemon, observer);
  }

  /** Sets numbers and waits for the answer. */
  async set(name: string, values: Readonly<Record<string, number>>) {
    return this.observer.set(name, values);
  }

  /** Turns a switch on and waits until the property is in that state. */
  async turn(name: string, element: string, state: string): Promise<void> {
    const { client, device } = this.observer;
    const told = client.expect(
      (heard) =>
        heard.tag === "set" &&
        heard.device === device &&
        heard.name === name &&
        heard.state === state &&
        (state !== "Busy" ||
          heard.elements.some(
            (one) => one.name === element && "value" in one && one.value === "On",
          )),
      PATIENCE,
    );
    client.newSwitches(device, name, { [element]: true });
    await told;
  }

  /** The state a property is in. */
  state(name: string): string | undefined {
    return this.observer.client.property(this.observer.device, name)?.state;
  }

  /** Waits until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    await this.observer.client.until(isSo, PATIENCE);
  }

  /** Waits for that many more frames, and answers them. */
  async next(count: number): Promise<OneBlob[]> {
    const start = this.frames.length;
    await this.until(() => this.frames.length >= start + count);
    return this.frames.slice(start, start + count);
  }

  /** Records into files that are called `video.ser`. */
  async recordToVideos(): Promise<void> {
    const answer = this.observer.answer("RECORD_FILE");
    this.observer.client.newTexts(this.observer.device, "RECORD_FILE", {
      RECORD_FILE_DIR: this.videos,
      RECORD_FILE_NAME: "video",
    });
    await answer;
  }

  get videos(): string {
    return join(this.daemon.rig.home, "videos");
  }

  get recordings(): string[] {
    return readdirSync(this.videos)
      .sort()
      .map((name) => join(this.videos, name));
  }
}
