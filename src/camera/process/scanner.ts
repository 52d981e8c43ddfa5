import type { CameraIdentity } from "../camera-info.js";
import { USB_DEVICES } from "../presence.js";
import { Child, type ChildOptions } from "./child.js";
import type { ScanRequests, ScanResult } from "./messages.js";

/** A look at the USB bus takes a second at worst, opening each camera for its serial number some more. */
const SCAN_DEADLINE = 20_000;

/** The compiled entry of the process that scans. */
const SCAN_ENTRY = new URL("./scan-main.js", import.meta.url);

/** How cameras are looked for; tests have the places elsewhere. */
export interface ScannerOptions {
  readonly entry?: URL;
  /** Where the kernel shows its USB devices. */
  readonly usbDirectory?: string;
  /** Milliseconds until a search counts as hung. */
  readonly deadline?: number;
  /** Hears of each call of the vendor library; they are not traced if not given. */
  readonly onCall?: ((line: string) => void) | undefined;
}

/** Looks for cameras, in a process of its own. */
export class Scanner {
  readonly #options: ChildOptions;
  readonly #deadline: number;
  #child: Child<ScanRequests> | undefined;

  /** `libraryPath`: the vendor library, looked for in the usual places if not given. */
  constructor(
    libraryPath: string | undefined,
    env: NodeJS.ProcessEnv,
    options: ScannerOptions = {},
  ) {
    const { entry = SCAN_ENTRY, usbDirectory = USB_DEVICES, onCall } = options;
    const args = [usbDirectory, ...(libraryPath === undefined ? [] : [libraryPath])];
    this.#options = { entry, args, env, onCall };
    this.#deadline = options.deadline ?? SCAN_DEADLINE;
  }

  /** Starts the process, so that it is there when a scan is wanted. */
  prepare(): void {
    this.#child ??= this.#start();
  }

  /**
   * Lists the attached cameras, those that are `open` elsewhere without touching them. The process is kept for
   * the next scan until it is closed. Throws NoLibraryError, or CameraFailure when the library cannot say.
   */
  async scan(open: readonly CameraIdentity[]): Promise<ScanResult> {
    this.#child ??= this.#start();
    return this.#child.request("scan", { open }, { deadline: this.#deadline });
  }

  /** Ends the process; settles when it is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill("it is no longer needed");
    await child?.gone;
  }

  #start(): Child<ScanRequests> {
    const child = new Child<ScanRequests>(this.#options);
    void child.gone.then(() => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }
}
