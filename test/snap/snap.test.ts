import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { decode } from "fast-png";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  dataBytes,
  FitsHeader,
  type FitsImage,
  imageKeywords,
  wholeBlocks,
} from "../../src/fits/index.js";
import { IndiClient } from "../../src/indi/indi-client.js";
import { SnapError } from "../../src/snap/errors.js";
import { type SnapOptions, type SnapResult, takeSnapshot } from "../../src/snap/snap.js";
import type { SnapUi } from "../../src/snap/snap-ui.js";
import { type CameraBehaviour, type CameraServer, serveCameras } from "./camera-server.js";

/** Remembers what a user would have seen. */
class Spectator implements SnapUi {
  readonly messages: string[] = [];
  readonly countdown: number[] = [];
  readonly downloaded: [number, number][] = [];
  ended = 0;

  message(text: string): void {
    this.messages.push(text);
  }
  exposing(left: number): void {
    this.countdown.push(left);
  }
  downloading(received: number, total: number): void {
    this.downloaded.push([received, total]);
  }
  end(): void {
    this.ended++;
  }
}

const NEVER = new AbortController().signal;

let folder: string;
let ui: Spectator;
const servers: CameraServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "snap-"));
  ui = new Spectator();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function serve(...cameras: readonly CameraBehaviour[]): Promise<CameraServer> {
  const server = await serveCameras(cameras);
  servers.push(server);
  return server;
}

function snap(
  port: number,
  options: Partial<SnapOptions> = {},
  signal: AbortSignal = NEVER,
): Promise<SnapResult> {
  return takeSnapshot(
    {
      host: "127.0.0.1",
      port,
      seconds: 0.5,
      output: join(folder, "m31.fits"),
      waitSeconds: 10,
      graceSeconds: 10,
      ...options,
    },
    ui,
    signal,
  );
}

/** A FITS file of 16 bits with a star in the middle. */
function fits(width: number, height: number): Buffer {
  const image: FitsImage = { width, height, planes: 1, bits: 16 };
  const data = Buffer.alloc(wholeBlocks(dataBytes(image)));
  for (let i = 0; i < width * height; i++) data.writeInt16BE(1000 + ((i * 7) % 5) - 32768, 2 * i);
  data.writeInt16BE(20000 - 32768, 2 * ((height / 2) * width + width / 2));
  return Buffer.concat([new FitsHeader(imageKeywords(image)).bytes(), data]);
}

const PICTURE = { format: ".fits", bytes: fits(40, 30) };

/** Stays until the exposure is aborted. */
const endless: CameraBehaviour["expose"] = ({ signal, progress }) => {
  progress({ CCD_EXPOSURE_VALUE: 0.4 });
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
};

async function failure(attempt: Promise<unknown>): Promise<SnapError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SnapError))
    throw new Error("It did not fail as expected", { cause: error });
  return error;
}

test("the picture is written as the camera sent it, with a PNG of the same name beside it", async () => {
  const { port } = await serve({ picture: PICTURE });
  const result = await snap(port);

  expect(result).toEqual({
    device: "Test CCD",
    file: join(folder, "m31.fits"),
    png: join(folder, "m31.png"),
  });
  expect(await readFile(join(folder, "m31.fits"))).toEqual(PICTURE.bytes);
  const png = decode(await readFile(join(folder, "m31.png")));
  expect(png).toMatchObject({ width: 40, height: 30, channels: 1 });
  expect(png.data.indexOf(Math.max(...png.data))).toBe(15 * 40 + 20);
});

test("a name without .fits gets one", async () => {
  const { port } = await serve({ picture: PICTURE });
  await snap(port, { output: join(folder, "m31.v2") });

  expect((await readdir(folder)).sort()).toEqual(["m31.v2.fits", "m31.v2.png"]);
});

test("a camera that was not connected is connected for the picture and disconnected after it", async () => {
  const { port, requests } = await serve({ picture: PICTURE });
  await snap(port);
  await expect.poll(() => requests).toContain("disconnect");

  expect(requests).toEqual(["connect", 'CCD_EXPOSURE {"CCD_EXPOSURE_VALUE":0.5}', "disconnect"]);
});

test("a camera that was connected stays so", async () => {
  const { port, requests, driver } = await serve({ picture: PICTURE });
  const other = await IndiClient.connect({ host: "127.0.0.1", port });
  other.newSwitches("Test CCD", "CONNECTION", { CONNECT: true });
  await other.expect((message) => message.tag === "def" && message.name === "CCD1");
  await snap(port);
  await expect.poll(() => driver.clients.length).toBe(1);

  expect(requests).toEqual(["connect", 'CCD_EXPOSURE {"CCD_EXPOSURE_VALUE":0.5}']);
  await other.close();
});

test("what is asked for is set before the exposure, in an order in which it holds", async () => {
  const { port, requests } = await serve({ picture: PICTURE });
  await snap(port, {
    gain: 120,
    offset: 30,
    bin: 2,
    roi: { left: 10, top: 20, width: 40, height: 30 },
    format: "raw 16 BIT",
    frameType: "dark",
    temperature: -10,
  });

  expect(requests.slice(0, -1)).toEqual([
    "connect",
    "at -2",
    "at -6",
    "at -10",
    'CCD_CAPTURE_FORMAT {"ASI_IMG_RAW8":false,"ASI_IMG_RAW16":true}',
    'CCD_CONTROLS {"Gain":120,"Offset":0}',
    'CCD_CONTROLS {"Gain":120,"Offset":30}',
    'CCD_BINNING {"HOR_BIN":2,"VER_BIN":2}',
    'CCD_FRAME {"X":10,"Y":20,"WIDTH":40,"HEIGHT":30}',
    'CCD_FRAME_TYPE {"FRAME_LIGHT":false,"FRAME_BIAS":false,"FRAME_DARK":true,"FRAME_FLAT":false}',
    'CCD_EXPOSURE {"CCD_EXPOSURE_VALUE":0.5}',
  ]);
});

test("a format may be given by the name of its element too", async () => {
  const { port, requests } = await serve({ picture: PICTURE });
  await snap(port, { format: "asi_img_raw16" });

  expect(requests).toContain('CCD_CAPTURE_FORMAT {"ASI_IMG_RAW8":false,"ASI_IMG_RAW16":true}');
});

test("the countdown and the bytes that arrive are shown, then the end", async () => {
  const picture = { format: ".fits", bytes: fits(1000, 800) };
  const { port } = await serve({
    picture,
    expose: ({ progress }) => {
      progress({ CCD_EXPOSURE_VALUE: 0.3 });
      progress({ CCD_EXPOSURE_VALUE: 0.1 });
    },
  });
  await snap(port);

  expect(ui.messages).toEqual(["Taking a picture with Test CCD"]);
  expect(ui.countdown).toEqual([0.5, 0.3, 0.1]);
  expect(ui.downloaded.length).toBeGreaterThan(1);
  expect(ui.downloaded.at(-1)).toEqual([picture.bytes.length, picture.bytes.length]);
  expect(ui.ended).toBeGreaterThan(0);
});

test("without a name the first device that is a camera is taken", async () => {
  const { port } = await serve(
    { name: "Mount", interface: 1 },
    { name: "Camera 1", interface: 6, picture: PICTURE },
    { name: "Camera 2", picture: PICTURE },
  );

  expect(await snap(port)).toMatchObject({ device: "Camera 1" });
  expect(await snap(port, { device: "Camera 2" })).toMatchObject({ device: "Camera 2" });
});

test("a server that comes up later is waited for", async () => {
  const { port, close } = await serveCameras([]);
  await close();
  const result = snap(port);
  await delay(100);
  servers.push(await serveCameras([{ picture: PICTURE }], port));

  expect(await result).toMatchObject({ device: "Test CCD" });
});

test("where no server comes up, the address is named", async () => {
  const { port, close } = await serveCameras([]);
  await close();
  const error = await failure(snap(port, { waitSeconds: 0.4 }));

  expect(error.code).toBe("UNREACHABLE");
  expect(error.message).toContain(`No INDI server answers at 127.0.0.1 port ${port}`);
});

test("where the camera does not appear, the devices there are are named", async () => {
  const { port } = await serve({ name: "Mount", interface: 1 });
  const anyCamera = await failure(snap(port, { waitSeconds: 0.3 }));
  const named = await failure(snap(port, { waitSeconds: 0.3, device: "ZWO CCD ASI120MM" }));

  expect(anyCamera).toMatchObject({
    code: "NO_CAMERA",
    message: "The INDI server has no camera: Mount",
  });
  expect(named).toMatchObject({
    code: "NO_CAMERA",
    message: "The INDI server has no device ZWO CCD ASI120MM: Mount",
  });
});

test("a camera that does not connect says why", async () => {
  const { port } = await serve({
    connect: () => {
      throw new Error("The camera is open in another program");
    },
  });

  expect(await failure(snap(port))).toMatchObject({
    code: "REFUSED",
    message: "Test CCD: The camera is open in another program",
  });
});

test("an exposure that fails says why", async () => {
  const { port } = await serve({
    expose: () => {
      throw new Error("The exposure failed three times");
    },
  });

  expect(await failure(snap(port))).toMatchObject({
    code: "REFUSED",
    message: "Test CCD: The exposure failed three times",
  });
  expect(await readdir(folder)).toEqual([]);
});

test("a value out of range says why, and no picture is taken", async () => {
  const { port, requests } = await serve({ picture: PICTURE });

  expect(await failure(snap(port, { gain: 301 }))).toMatchObject({
    code: "REFUSED",
    message:
      "Test CCD: Invalid range for Controls (CCD_CONTROLS). Valid range is from 0 to 300. Requested value is 301 (Gain)",
  });
  expect(requests.join()).not.toContain("CCD_EXPOSURE");
});

test("what the camera does not have is a wrong option", async () => {
  const { port } = await serve({ picture: PICTURE, hasControls: false });

  expect(await failure(snap(port, { gain: 100 }))).toMatchObject({
    code: "BAD_OPTION",
    message: "Test CCD has no gain that can be set",
  });
  expect(await failure(snap(port, { format: "Raw 12 bit" }))).toMatchObject({
    code: "BAD_OPTION",
    message: "Test CCD has no format Raw 12 bit, only: Raw 8 bit, Raw 16 bit",
  });
});

test("a picture that does not come is given up, and the exposure aborted", async () => {
  const { port, requests } = await serve({ expose: endless });
  const error = await failure(snap(port, { seconds: 0.1, graceSeconds: 0.2 }));
  await expect.poll(() => requests).toContain("disconnect");

  expect(error).toMatchObject({
    code: "TIMEOUT",
    message: "Test CCD has not sent the picture in time",
  });
  expect(requests).toEqual([
    "connect",
    'CCD_EXPOSURE {"CCD_EXPOSURE_VALUE":0.1}',
    "abort",
    "disconnect",
  ]);
});

test("whoever cancels gets the reason back, and the exposure is aborted", async () => {
  const user = new AbortController();
  const { port, requests } = await serve({
    expose: (task) => {
      setImmediate(() => user.abort("enough"));
      return endless(task);
    },
  });

  await expect(snap(port, { seconds: 30 }, user.signal)).rejects.toBe("enough");
  await expect.poll(() => requests.slice(2)).toEqual(["abort", "disconnect"]);
});

test("whoever cancels before there is a server gets the reason back at once", async () => {
  const { port, close } = await serveCameras([]);
  await close();

  await expect(snap(port, { waitSeconds: 60 }, AbortSignal.abort("enough"))).rejects.toBe("enough");
});

test("a server that goes away in the exposure is noticed", async () => {
  const { port, close } = await serveCameras([
    {
      expose: (task) => {
        setImmediate(close);
        return endless(task);
      },
    },
  ]);

  expect((await failure(snap(port, { seconds: 30 }))).code).toBe("LOST");
});

test("a camera that is disconnected in the exposure is noticed", async () => {
  const { port, driver } = await serve({
    expose: (task) => {
      setImmediate(() => void driver.devices[0]?.disconnect());
      return endless(task);
    },
  });

  expect(await failure(snap(port, { seconds: 30 }))).toMatchObject({
    code: "LOST",
    message: "Test CCD was disconnected",
  });
});

test("a camera that exposes for another client is left alone", async () => {
  const { port, requests } = await serve({ expose: endless });
  const other = await IndiClient.connect({ host: "127.0.0.1", port });
  other.newSwitches("Test CCD", "CONNECTION", { CONNECT: true });
  other.newNumbers("Test CCD", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 60 });
  await expect.poll(() => requests.length).toBe(2);

  expect(await failure(snap(port))).toMatchObject({
    code: "REFUSED",
    message: "Test CCD is exposing for another client",
  });
  expect(requests).toEqual(["connect", 'CCD_EXPOSURE {"CCD_EXPOSURE_VALUE":60}']);
  await other.close();
});

test("a camera that keeps its pictures is asked to send them as well", async () => {
  const { port, requests } = await serve({ picture: PICTURE, savesLocally: true });
  await snap(port);

  expect(requests).toContain(
    'UPLOAD_MODE {"UPLOAD_CLIENT":false,"UPLOAD_LOCAL":false,"UPLOAD_BOTH":true}',
  );
});

test("a compressed picture is written as FITS", async () => {
  const { port } = await serve({
    picture: {
      format: ".fits.z",
      bytes: deflateSync(PICTURE.bytes),
      size: PICTURE.bytes.length,
    },
  });
  await snap(port);

  expect(await readFile(join(folder, "m31.fits"))).toEqual(PICTURE.bytes);
  expect((await readdir(folder)).sort()).toEqual(["m31.fits", "m31.png"]);
});

test("a picture of another format is written as it is, under its own ending", async () => {
  const bytes = Buffer.from("not really a jpeg");
  const { port } = await serve({ picture: { format: ".jpg", bytes } });

  expect(await snap(port)).toMatchObject({ file: join(folder, "m31.jpg") });
  expect(await readdir(folder)).toEqual(["m31.jpg"]);
  expect(await readFile(join(folder, "m31.jpg"))).toEqual(bytes);
  expect(ui.messages).toContain("The picture is .jpg, not FITS, and was saved as it is");
});

test("a folder that is not there is told before the camera is touched", async () => {
  const { port, requests } = await serve({ picture: PICTURE });
  const error = await failure(snap(port, { output: join(folder, "none", "m31.fits") }));

  expect(error.code).toBe("CANNOT_WRITE");
  expect(error.message).toContain(join(folder, "none", "m31.fits"));
  expect(requests).toEqual([]);
});
