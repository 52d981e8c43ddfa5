import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NoLibraryError } from "./camera/errors.js";

const SIMULATOR = fileURLToPath(new URL("../simulator", import.meta.url));

/** Our own library behind the vendor's interface, where `make -C simulator` puts it. */
const LIBRARY = join(SIMULATOR, "build/libASICamera2.so");

/** The models that are simulated when none are named: one for pictures, one for guiding. */
const DEFAULT_MODELS = ["ASI2600MC Pro", "ASI290MM Mini"] as const;

/** Simulated cameras for the processes started with this environment. */
export interface Simulation {
  readonly libraryPath: string;
  readonly env: NodeJS.ProcessEnv;
  /** What differs whenever cameras may have been plugged or unplugged, as usbDevices does for real ones. */
  attached(): Promise<ReadonlySet<string>>;
  /** Forgets the simulated hardware. */
  end(): void;
}

/**
 * Sets up simulated cameras of these models. Their state is a file that all processes share; one that the
 * environment names already is used as it is, so that somebody else can steer the hardware. Throws
 * NoLibraryError where the simulator has not been built.
 */
export function simulate(models: readonly string[], env: NodeJS.ProcessEnv): Simulation {
  if (!existsSync(LIBRARY)) {
    throw new NoLibraryError(`The simulator is not built yet; run: make -C ${SIMULATOR}`);
  }
  const cameras = models.length > 0 ? models.join(",") : env.ASI_SIM_CAMERAS;
  const simulated = { ...env, ASI_SIM_CAMERAS: cameras ?? DEFAULT_MODELS.join(",") };
  const given = env.ASI_SIM_STATE;
  const directory = given === undefined ? mkdtempSync(join(tmpdir(), "indi-asid-simulator-")) : "";
  const state = given ?? join(directory, "state");
  return {
    libraryPath: LIBRARY,
    env: { ...simulated, ASI_SIM_STATE: state },
    attached: () => orders(state),
    end() {
      if (given === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What was ordered of the simulated hardware so far; the simulator counts it in the length of a file. */
async function orders(state: string): Promise<ReadonlySet<string>> {
  const file = await stat(`${state}.orders`).catch(() => undefined);
  return new Set(file === undefined ? [] : [`${file.size}`]);
}
