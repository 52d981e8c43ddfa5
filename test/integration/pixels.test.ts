import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";
import { type Depth, flaw, pattern } from "./pattern.js";

let daemon: DaemonProcess;
beforeAll(async () => {
  daemon = await startDaemon({
    models: "ASI178MC,ASI2600MC Pro,ASI120MM,ASI6200MM Pro",
    env: { ASI_SIM_PATTERN: "1" },
  });
});
afterAll(() => daemon.stop());

type Rectangle = readonly [left: number, top: number, width: number, height: number];

const frame = ([X, Y, WIDTH, HEIGHT]: Rectangle) => ({ X, Y, WIDTH, HEIGHT });

const published = ([X, Y, WIDTH, HEIGHT]: Rectangle) => ({
  X: `${X}`,
  Y: `${Y}`,
  WIDTH: `${WIDTH}`,
  HEIGHT: `${HEIGHT}`,
});

/** A camera in use, which counts the pictures it has delivered. */
class Camera {
  #frames = 0;
  readonly observer: Observer;

  constructor(observer: Observer) {
    this.observer = observer;
  }

  static async connected(model: string): Promise<Camera> {
    const observer = await Observer.at(daemon.port, `ZWO CCD ${model}`);
    await observer.connect();
    return new Camera(observer);
  }

  async format(format: string): Promise<void> {
    await this.observer.choose("CCD_CAPTURE_FORMAT", `ASI_IMG_${format}`);
  }

  async binning(factor: number) {
    return this.observer.set("CCD_BINNING", { HOR_BIN: factor, VER_BIN: factor });
  }

  async frame(rectangle: Rectangle) {
    return this.observer.set("CCD_FRAME", frame(rectangle));
  }

  /** Takes a picture and tells what is wrong with it, if it ought to show these binned pixels. */
  async flaw(rectangle: Rectangle, binning: number, depth: Depth) {
    const [left, top, width, height] = rectangle;
    const shown = { left, top, width, height, binning, frame: this.#frames++ };
    const { data, format } = await this.observer.expose();
    expect(format).toBe(".fits");
    return flaw(data, shown, depth);
  }

  /** Takes a picture for its header. */
  async keywords() {
    this.#frames++;
    const { data } = await this.observer.expose();
    return Object.fromEntries(readFits(data).keywords);
  }

  async bare() {
    const frame = this.#frames++;
    return { frame, ...(await this.observer.expose()) };
  }
}

describe("a colour camera of 3096 x 2080 pixels and 14 bits", () => {
  let camera: Camera;
  beforeAll(async () => {
    camera = await Camera.connected("ASI178MC");
  });

  it.each([
    ["RAW8", 8],
    ["RGB24", "RGB24"],
    ["Y8", 8],
    ["RAW16", 14],
  ] as const)("delivers every pixel of a full %s frame", async (format, depth) => {
    await camera.format(format);
    expect(await camera.flaw([0, 0, 3096, 2080], 1, depth)).toBeUndefined();
  });

  it.each([
    [2, [0, 0, 1544, 1040]],
    [3, [0, 0, 1032, 692]],
    [4, [0, 0, 768, 520]],
  ] as const)("delivers every pixel at binning %i in all formats", async (binning, shown) => {
    await camera.frame([0, 0, 3096, 2080]);
    const { state } = await camera.binning(binning);
    expect(state).toBe("Ok");
    for (const [format, depth] of [
      ["RAW8", 8],
      ["RGB24", "RGB24"],
      ["Y8", 8],
      ["RAW16", 14],
    ] as const) {
      await camera.format(format);
      expect(await camera.flaw(shown, binning, depth), format).toBeUndefined();
    }
    await camera.binning(1);
  });

  it.each([
    { roi: [101, 51, 333, 201], binning: 1, shown: [101, 51, 333, 201] },
    { roi: [0, 0, 1, 1], binning: 1, shown: [0, 0, 1, 1] },
    { roi: [3095, 2079, 1, 1], binning: 1, shown: [3095, 2079, 1, 1] },
    { roi: [1763, 1179, 1333, 901], binning: 1, shown: [1763, 1179, 1333, 901] },
    { roi: [202, 102, 667, 403], binning: 2, shown: [101, 51, 333, 201] },
    { roi: [33, 31, 500, 400], binning: 3, shown: [11, 10, 166, 133] },
  ] as const)("delivers exactly the frame $roi at binning $binning", async (one) => {
    await camera.binning(one.binning);
    for (const [format, depth] of [
      ["RAW16", 14],
      ["RAW8", 8],
      ["RGB24", "RGB24"],
    ] as const) {
      await camera.format(format);
      const { state } = await camera.frame(one.roi);
      expect(state).toBe("Ok");
      expect(await camera.flaw(one.shown, one.binning, depth), format).toBeUndefined();
    }
    await camera.binning(1);
  });

  it.each([
    [[0, 0, 64, 64], "RGGB"],
    [[1, 0, 64, 64], "GRBG"],
    [[0, 1, 64, 64], "GBRG"],
    [[1, 1, 64, 64], "BGGR"],
  ] as const)("names the colours as the frame %j shows them: %s", async (roi, colours) => {
    await camera.format("RAW16");
    await camera.frame(roi);
    expect((await camera.keywords()).BAYERPAT).toBe(colours);
  });

  it("names no colours of a matrix where the pixels have none", async () => {
    for (const format of ["RGB24", "Y8"]) {
      await camera.format(format);
      expect(await camera.keywords()).not.toHaveProperty("BAYERPAT");
    }
  });

  it("tells the geometry and the time of the picture in the header", async () => {
    await camera.format("RAW16");
    await camera.frame([202, 102, 666, 402]);
    await camera.binning(2);
    const before = Date.now();
    const header = await camera.keywords();
    expect(header).toMatchObject({
      BITPIX: 16,
      NAXIS: 2,
      NAXIS1: 333,
      NAXIS2: 201,
      ROWORDER: "TOP-DOWN",
      INSTRUME: "ZWO CCD ASI178MC",
      EXPTIME: 0.001,
      XBINNING: 2,
      YBINNING: 2,
      PIXSIZE1: 2.4,
      XPIXSZ: 4.8,
      XORGSUBF: 101,
      YORGSUBF: 51,
      FRAME: "Light",
      GAIN: 0,
      OFFSET: 10,
    });
    const start = Date.parse(`${header["DATE-OBS"]}Z`);
    expect(start).toBeGreaterThanOrEqual(before - 2);
    expect(start).toBeLessThan(Date.now());
    expect(Date.parse(`${header["DATE-END"]}Z`) - start).toBeLessThanOrEqual(2);
    await camera.binning(1);
  });

  it("sends the camera's own bytes in the native encoding", async () => {
    await camera.observer.choose("CCD_TRANSFER_FORMAT", "FORMAT_NATIVE");
    await camera.format("RAW16");
    await camera.frame([5, 3, 77, 55]);
    const { frame: number, format, size, data } = await camera.bare();
    const shown = { left: 5, top: 3, width: 77, height: 55, binning: 1, frame: number };
    expect(format).toBe(".bin");
    expect(size).toBe(77 * 55 * 2);
    expect(Buffer.from(data)).toEqual(Buffer.from(pattern(shown, 14).buffer));
    await camera.observer.choose("CCD_TRANSFER_FORMAT", "FORMAT_FITS");
  });
});

describe("a camera that moves the start of frames to fours and twos by itself", () => {
  it("delivers odd frames exactly all the same", async () => {
    const camera = await Camera.connected("ASI2600MC Pro");
    for (const roi of [
      [3, 1, 1001, 801],
      [5247, 3375, 1001, 801],
      [1, 0, 6247, 9],
    ] as const) {
      await camera.frame(roi);
      expect(camera.observer.values("CCD_FRAME")).toEqual(published(roi));
      expect(await camera.flaw(roi, 1, 16), `${roi}`).toBeUndefined();
    }
  });
});

describe("the ASI120MM, which takes only frames of multiples of 1024 pixels", () => {
  let camera: Camera;
  beforeAll(async () => {
    camera = await Camera.connected("ASI120MM");
  });

  it.each([
    [1, [0, 0, 1280, 960], [0, 0, 1280, 960]],
    [1, [7, 5, 333, 201], [7, 5, 333, 201]],
    [1, [1247, 927, 33, 33], [1247, 927, 33, 33]],
    [2, [0, 0, 1280, 960], [0, 0, 640, 480]],
    [2, [14, 10, 200, 100], [7, 5, 100, 50]],
  ] as const)("delivers at binning %i the frame %j", async (binning, roi, shown) => {
    await camera.binning(binning);
    await camera.frame(roi);
    await camera.format("RAW8");
    expect(await camera.flaw(shown, binning, 8)).toBeUndefined();
    await camera.format("RAW16");
    expect(await camera.flaw(shown, binning, 12)).toBeUndefined();
  });
});

describe("the ASI6200MM Pro of 62 megapixels", () => {
  let camera: Camera;
  beforeAll(async () => {
    camera = await Camera.connected("ASI6200MM Pro");
  });

  it("delivers each of 61 million pixels of a 16-bit frame", async () => {
    expect(await camera.flaw([0, 0, 9576, 6388], 1, 16)).toBeUndefined();
  });

  it("publishes what is really read where the binned sensor is no multiple of 8", async () => {
    await camera.binning(2);
    expect(camera.observer.values("CCD_FRAME")).toEqual(published([0, 0, 9568, 6388]));
    expect(await camera.flaw([0, 0, 4784, 3194], 2, 16)).toBeUndefined();
  });

  it("keeps the frame the client asked for through changes of binning", async () => {
    await camera.frame([100, 200, 333, 201]);
    for (const factor of [2, 3, 4, 2, 1]) await camera.binning(factor);
    expect(camera.observer.values("CCD_FRAME")).toEqual(published([100, 200, 333, 201]));
    expect(await camera.flaw([100, 200, 333, 201], 1, 16)).toBeUndefined();
  });

  it("keeps of a frame what a request does not name", async () => {
    await camera.frame([100, 200, 333, 201]);
    const { state } = await camera.observer.set("CCD_FRAME", { WIDTH: 400 });
    expect(state).toBe("Ok");
    expect(camera.observer.values("CCD_FRAME")).toEqual(published([100, 200, 400, 201]));
  });

  it("takes either half of a binning for both", async () => {
    const { state } = await camera.observer.set("CCD_BINNING", { VER_BIN: 2 });
    expect(state).toBe("Ok");
    expect(camera.observer.values("CCD_BINNING")).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
    await camera.binning(1);
  });

  it.each([
    ["a binning of two factors", "CCD_BINNING", { HOR_BIN: 2, VER_BIN: 1 }],
    ["a binning the camera has not", "CCD_BINNING", { HOR_BIN: 2.5, VER_BIN: 2.5 }],
    ["a frame beyond the sensor", "CCD_FRAME", { X: 9000, WIDTH: 1000 }],
  ])("refuses %s and changes nothing", async (_, name, values) => {
    await camera.frame([100, 200, 400, 201]);
    const { state, message } = await camera.observer.set(name, values);
    expect(state).toBe("Alert");
    expect(message).toMatch(/^\[ERROR\] |^Error: /);
    expect(camera.observer.values("CCD_BINNING")).toEqual({ HOR_BIN: "1", VER_BIN: "1" });
    expect(camera.observer.values("CCD_FRAME")).toEqual(published([100, 200, 400, 201]));
    expect(await camera.flaw([100, 200, 400, 201], 1, 16)).toBeUndefined();
  });

  it("shows the whole sensor again after a reset of the frame", async () => {
    await camera.frame([100, 200, 400, 201]);
    await camera.observer.choose("CCD_FRAME_RESET", "RESET");
    expect(camera.observer.values("CCD_FRAME")).toEqual(published([0, 0, 9576, 6388]));
  });
});
