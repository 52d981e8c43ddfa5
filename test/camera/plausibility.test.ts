import { expect, test } from "vitest";
import { RemoteCamera } from "../../src/camera/process/remote-camera.js";
import { findCameras, openCamera } from "../support/simulated-camera.js";

const ROOM = { headRoom: 2880, tailRoom: 2880 };

const NONSENSE = [
  ["ASIGetNumOfConnectedCameras", "255", "The library counts -1 cameras."],
  ["ASIGetNumOfConnectedCameras", "127", "The library counts 2139062143 cameras."],
  ["ASIGetCameraProperty", "0", 'The library describes a camera that cannot be: "", 0x0 pixels.'],
  ["ASIGetNumOfControls", "0", "The library counts 0 controls."],
  ["ASIGetControlCaps", "0", 'The library describes a control that cannot be: "", 0 to 0.'],
  ["ASIGetControlValue", "127", "The library has a control stand at 9187201950435737471."],
  ["ASIGetROIFormat", "0", "The camera reads 0x0 pixels at 0, 0, of 1936x1096."],
  ["ASIGetStartPos", "255", "The camera reads 1936x1096 pixels at -1, -1, of 1936x1096."],
] as const;

test.each(NONSENSE)(
  "A camera of which %s tells nonsense (%s) is not opened: %s",
  async (call, byte, message) => {
    const { rig, launch, cameras } = await findCameras("ASI290MM Mini");
    const [info] = cameras;
    if (info === undefined) throw new Error("There is no camera.");
    rig.steer("garble", call, byte);
    await expect(RemoteCamera.open(launch, info, info.sensor, ROOM)).rejects.toMatchObject({
      name: "CameraFailure",
      message,
      removed: false,
    });
  },
);

test("A region that the camera does not have is refused, and the next one works", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const roi = { left: 8, top: 8, width: 64, height: 32 };
  rig.steer("garble", "ASIGetROIFormat", "127");
  await expect(camera.setCapture({ roi, binning: 1, format: "RAW16" })).rejects.toThrow(
    "The camera reads 2139062143x2139062143 pixels at 8, 8, of 1936x1096.",
  );
  expect(await camera.setCapture({ roi, binning: 1, format: "RAW16" })).toMatchObject({ roi });
});
