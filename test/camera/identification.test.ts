import { describe, expect, test } from "vitest";
import { type CameraInfo, identityKey } from "../../src/camera/camera-info.js";
import { type Distinction, identify } from "../../src/camera/identification.js";

function camera(cameraId: number, name = "ZWO ASI120MM-S"): CameraInfo {
  return {
    name,
    cameraId,
    sensor: {
      width: 1280,
      height: 960,
      pixelSize: 3.75,
      bitDepth: 12,
      binnings: [1],
      formats: ["RAW8"],
    },
    hasCooler: false,
    hasGuidePort: true,
    hasShutter: false,
    hasTrigger: false,
    isUsb3Camera: true,
    isUsb3Host: true,
  };
}

/** Identifies cameras of which the `n`-th tells `told[n]`, nothing if another program has it. */
async function identified(
  listed: readonly CameraInfo[],
  told: readonly (Distinction | undefined)[],
  { open = [], ports = [] }: { open?: readonly CameraInfo[]; ports?: readonly string[] } = {},
) {
  const touched: number[] = [];
  const cameras = await identify(listed, {
    open,
    ports: () => ports,
    read: async (info) => {
      const index = listed.indexOf(info);
      touched.push(index);
      return told[index];
    },
  });
  return { touched, keys: cameras.map(identityKey).sort(), cameras };
}

const A = { serial: "aa" };
const B = { serial: "bb" };

describe("attached cameras", () => {
  test("are told apart by serial number, by flash memory, by port, or by number", async () => {
    const two = [camera(0), camera(1)];
    expect((await identified(two, [A, { flashId: "0102" }])).keys).toEqual([
      "ZWO ASI120MM-S/aa",
      "ZWO ASI120MM-S/flash 0102",
    ]);
    expect((await identified(two, [{}, {}], { ports: ["1-1", "1-2.4"] })).keys).toEqual([
      "ZWO ASI120MM-S@1-1",
      "ZWO ASI120MM-S@1-2.4",
    ]);
    expect((await identified(two, [{}, {}], { ports: ["1-1"] })).keys).toEqual([
      "ZWO ASI120MM-S#0",
      "ZWO ASI120MM-S#1",
    ]);
  });

  test("that are open in our own processes are not touched", async () => {
    const open = [{ ...camera(0), ...A }];
    const alone = await identified([camera(0)], [A], { open });
    expect(alone.touched).toEqual([]);
    expect(alone.keys).toEqual(["ZWO ASI120MM-S/aa"]);
    const beside = await identified([camera(0), camera(1)], [undefined, B], { open });
    expect(beside.touched).toEqual([1]);
    expect(beside.keys).toEqual(["ZWO ASI120MM-S/aa", "ZWO ASI120MM-S/bb"]);
  });

  test("are told apart although the library numbers them otherwise than when one was opened", async () => {
    const open = [{ ...camera(0), ...A }];
    const { touched, cameras } = await identified([camera(0), camera(1)], [B, undefined], { open });
    expect(touched).toEqual([1, 0]);
    expect(cameras.map(({ cameraId, serial }) => [cameraId, serial])).toEqual([
      [0, "aa"],
      [0, "bb"],
    ]);
  });

  test("are all answered where one of several open ones is missing, none where all are", async () => {
    const open = [
      { ...camera(0), ...A },
      { ...camera(1), ...B },
    ];
    const one = await identified([camera(5)], [undefined], { open });
    expect(one.touched).toEqual([]);
    expect(one.keys).toEqual(["ZWO ASI120MM-S/aa", "ZWO ASI120MM-S/bb"]);
    expect((await identified([], [], { open })).keys).toEqual([]);
  });

  test("of another program are answered without what they would tell", async () => {
    const { keys } = await identified([camera(0), camera(1)], [undefined, B]);
    expect(keys).toEqual(["ZWO ASI120MM-S#0", "ZWO ASI120MM-S/bb"]);
  });

  test("of other models do not matter", async () => {
    const open = [{ ...camera(0, "ZWO ASI174MM"), ...A }];
    const listed = [camera(0), camera(1, "ZWO ASI174MM")];
    const { touched, keys } = await identified(listed, [B, undefined], { open });
    expect(touched).toEqual([0]);
    expect(keys).toEqual(["ZWO ASI120MM-S/bb", "ZWO ASI174MM/aa"]);
  });
});
