import { setTimeout as delay } from "node:timers/promises";
import type { FunctionName } from "../../src/asi/functions.js";
import { DEADLINES, type TormentedCamera } from "./tormented-camera.js";

/** A small one that guides, a cooled one, and one with a trigger port and a GPS receiver. */
export const MODELS = ["ASI290MM Mini", "ASI2600MC Pro", "ASI174MM Trigger"] as const;

/** A function, or `+N`: to go wrong after so many calls that do not. */
export type Call = FunctionName | `${FunctionName}+${number}`;

/** Something clients do, in which each of these functions of the vendor library is called. */
export interface Phase {
  readonly name: string;
  readonly calls: readonly Call[];
  /** Those of them that find something out. */
  readonly finding: readonly Call[];
  readonly model: (typeof MODELS)[number];
  /** Comes before the fault is ordered. */
  prepare?(camera: TormentedCamera): Promise<void>;
  /** Settles when all that was asked has been answered; rejects where that is not so by its deadline. */
  act(camera: TormentedCamera): Promise<void>;
}

/** What two busy cores may add to any deadline, in milliseconds. */
const SLACK = 4_000;

/** Least time for reading out, in milliseconds; see src/camera/readout.ts. */
const READOUT = 5_000;

/** How long answers may take: what is asked may have to wait for a new process, and for that to open the camera. */
export const LIMIT = {
  connect: DEADLINES.open + DEADLINES.control + SLACK,
  control: DEADLINES.control + DEADLINES.open + SLACK,
  capture: DEADLINES.capture + DEADLINES.open + SLACK,
  // An attempt that ends late, after one step up the ladder; those that failed early take no time.
  exposure: READOUT + DEADLINES.margin + 2 * DEADLINES.open + SLACK,
  abort: DEADLINES.cancel + SLACK,
  stream: DEADLINES.alive + DEADLINES.open + SLACK,
  // It ends where the process does.
  recording: DEADLINES.alive + DEADLINES.cancel + DEADLINES.open + SLACK,
  pulse: DEADLINES.margin + DEADLINES.open + SLACK,
  close: DEADLINES.close + DEADLINES.cancel + SLACK,
} as const;

/** Sets numbers and waits for the answer. */
export async function set(
  camera: TormentedCamera,
  name: string,
  values: Readonly<Record<string, number>>,
  milliseconds: number,
): Promise<void> {
  const { client, device } = camera.observer;
  const answered = camera.ended(name, milliseconds);
  client.newNumbers(device, name, values);
  await answered;
}

/** Sets texts and waits for the answer. */
export async function write(
  camera: TormentedCamera,
  name: string,
  values: Readonly<Record<string, string>>,
  milliseconds: number,
): Promise<void> {
  const { client, device } = camera.observer;
  const answered = camera.ended(name, milliseconds);
  client.newTexts(device, name, values);
  await answered;
}

/** Turns a switch on and waits for the answer. */
export async function choose(
  camera: TormentedCamera,
  name: string,
  element: string,
  milliseconds: number,
): Promise<void> {
  const { client, device } = camera.observer;
  const answered = camera.ended(name, milliseconds);
  client.newSwitches(device, name, { [element]: true });
  await answered;
}

/** Connects; a word on an earlier wish may come in between. */
export async function connect(camera: TormentedCamera): Promise<void> {
  await choose(camera, "CONNECTION", "CONNECT", LIMIT.connect);
  await suffered(camera, LIMIT.connect);
}

/** Changes a control, whatever it stands at. */
export const touch = (camera: TormentedCamera) => {
  const gain = Number(camera.observer.values("CCD_CONTROLS").Gain);
  return set(camera, "CCD_CONTROLS", { Gain: gain === 100 ? 101 : 100 }, LIMIT.control);
};

/** Takes a picture, or is told that there is none. */
export const expose = (camera: TormentedCamera, seconds: number) =>
  set(camera, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds }, seconds * 1_000 + LIMIT.exposure);

/** Begins an exposure and waits until it runs; its end is another matter. */
export async function begin({ observer }: TormentedCamera, seconds: number): Promise<void> {
  const { client, device } = observer;
  const running = client.expect(
    (heard) =>
      heard.tag === "set" &&
      heard.kind === "Number" &&
      heard.name === "CCD_EXPOSURE" &&
      heard.state === "Busy" &&
      Number(heard.elements[0]?.value) < seconds,
    { timeout: LIMIT.exposure },
  );
  client.newNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
  await running;
}

/** Begins a stream; answers when it runs, or has failed to. */
export async function stream({ observer }: TormentedCamera): Promise<void> {
  const { client, device } = observer;
  const settled = client.expect(
    (heard) =>
      heard.tag === "set" &&
      heard.kind === "Switch" &&
      heard.name === "CCD_VIDEO_STREAM" &&
      (heard.state !== "Busy" || heard.elements.some(({ value }) => value === "On")),
    { timeout: LIMIT.stream },
  );
  client.newSwitches(device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  await settled;
}

/** Ends a stream. */
export const stop = (camera: TormentedCamera) =>
  choose(camera, "CCD_VIDEO_STREAM", "STREAM_OFF", LIMIT.stream);

/** Waits until what was ordered has happened, for at most so long. */
export async function suffered(camera: TormentedCamera, milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await delay(50)) {
    if (await camera.hasSuffered()) return;
  }
}

/** Has the next exposure be three of them. */
export async function wantSeries(camera: TormentedCamera): Promise<void> {
  await choose(camera, "CCD_FAST_TOGGLE", "INDI_ENABLED", LIMIT.control);
  await set(camera, "CCD_FAST_COUNT", { FRAMES: 3 }, LIMIT.control);
}

/** Takes them, and wants no more. */
export async function series(camera: TormentedCamera): Promise<void> {
  await expose(camera, 0.02);
  await suffered(camera, 1_000);
  await choose(camera, "CCD_ABORT_EXPOSURE", "ABORT", LIMIT.abort);
  await choose(camera, "CCD_FAST_TOGGLE", "INDI_DISABLED", LIMIT.control);
}
