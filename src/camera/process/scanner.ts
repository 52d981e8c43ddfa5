import { Child } from "./child.js";
import type { ScanRequests, ScanResult } from "./messages.js";
import type { Launch } from "./remote-camera.js";

/** A look at the USB bus takes a second at worst, opening each camera for its serial number some more. */
const SCAN_DEADLINE = 20_000;

/** Looks for cameras, in a process of its own. */
export class Scanner {
  readonly #launch: Launch;
  #child: Child<ScanRequests> | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  /**
   * Lists the attached cameras; throws CameraFailure when the library cannot say. Cameras in `open` are not
   * opened for their serial number. `keep` leaves the process running for the next scan.
   */
  async scan(open: readonly number[], { keep }: { keep: boolean }): Promise<ScanResult> {
    const child = this.#child ?? this.#start();
    try {
      return await child.request("scan", { open }, { deadline: SCAN_DEADLINE });
    } finally {
      if (!keep) this.close();
    }
  }

  /** Ends the process, if one is kept. */
  close(): void {
    this.#child?.release();
    this.#child = undefined;
  }

  #start(): Child<ScanRequests> {
    const child = new Child<ScanRequests>(this.#launch.entry, [this.#launch.libraryPath]);
    this.#child = child;
    void child.exited.then(() => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }
}
