import { usbDevices } from "./camera/presence.js";
import { Scanner } from "./camera/process/scanner.js";
import { simulate } from "./simulation.js";

/** Which cameras a program works with. */
export interface HardwareOptions {
  /** The vendor library; looked for in the usual places if not given. */
  readonly libraryPath?: string | undefined;
  /** Models to simulate instead of real cameras. */
  readonly simulate?: readonly string[] | undefined;
  /** Hears of each call by which cameras are looked for; they are not traced if not given. */
  readonly onCall?: ((line: string) => void) | undefined;
}

/** Where the cameras come from: the USB of the machine and the vendor library, or our simulator in place of both. */
export class Hardware {
  /** The vendor library for all processes; looked for in the usual places if not given. */
  readonly libraryPath: string | undefined;
  readonly isSimulated: boolean;
  /** The environment of all processes that use the library. */
  readonly env: NodeJS.ProcessEnv;
  readonly scanner: Scanner;
  /** What is plugged in: another text for each plugging. */
  readonly attached: () => Promise<ReadonlySet<string>>;
  /** Forgets simulated cameras. */
  readonly end: () => void;

  /** Throws NoLibraryError where cameras are to be simulated and the simulator has not been built. */
  constructor(options: HardwareOptions, env: NodeJS.ProcessEnv = process.env) {
    const simulation = options.simulate === undefined ? undefined : simulate(options.simulate, env);
    this.libraryPath = simulation?.libraryPath ?? options.libraryPath;
    this.isSimulated = simulation !== undefined;
    this.env = simulation?.env ?? env;
    this.scanner = new Scanner(this.libraryPath, this.env, { onCall: options.onCall });
    this.attached = simulation?.attached ?? (() => usbDevices());
    this.end = () => simulation?.end();
  }
}
