import type { Connection } from "../../src/indi/connection.js";
import {
  defineBlobs,
  defineNumbers,
  defineSwitches,
  defineTexts,
} from "../../src/indi/definition.js";
import { Device } from "../../src/indi/device.js";
import { Driver } from "../../src/indi/driver.js";
import type { Task } from "../../src/indi/task.js";
import { TcpServer } from "../../src/indi/tcp-server.js";
import type { BlobContent } from "../../src/indi/vector.js";

/** How a camera of the test server is made and what it does. */
export interface CameraBehaviour {
  readonly name?: string;
  readonly interface?: number;
  readonly hasControls?: boolean;
  readonly savesLocally?: boolean;
  readonly connect?: () => void;
  readonly expose?: (task: Task<{ CCD_EXPOSURE_VALUE: number }>) => Promise<void> | void;
  readonly picture?: BlobContent;
}

/** A server with cameras that note what is asked of them. */
export interface CameraServer {
  readonly driver: Driver;
  readonly port: number;
  /** What was asked, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts a server with these cameras, on a free port if none is given. */
export async function serveCameras(
  cameras: readonly CameraBehaviour[],
  port = 0,
): Promise<CameraServer> {
  const driver = new Driver();
  const requests: string[] = [];
  for (const camera of cameras) driver.add(cameraDevice(camera, requests));
  const server = await TcpServer.listen(driver, { port, addresses: ["127.0.0.1"] });
  return {
    driver,
    port: server.port,
    requests,
    close: async () => {
      await server.close();
      await driver.close();
    },
  };
}

const group = "Main Control";

function cameraDevice(camera: CameraBehaviour, requests: string[]): Device {
  const device = new Device(camera.name ?? "Test CCD");
  device.onConnect((connection) => {
    requests.push("connect");
    camera.connect?.();
    addProperties(connection, camera, requests);
    connection.onClose(() => void requests.push("disconnect"));
  });
  device.add(
    defineTexts("DRIVER_INFO", {
      label: "Driver Info",
      group,
      perm: "ro",
      elements: {
        DRIVER_INTERFACE: { label: "Interface", value: `${camera.interface ?? 2}` },
      },
    }),
  );
  return device;
}

function addProperties(connection: Connection, camera: CameraBehaviour, requests: string[]) {
  const note = (name: string) => (values: object) => {
    requests.push(`${name} ${JSON.stringify(values)}`);
  };
  const exposure = connection.add(
    defineNumbers("CCD_EXPOSURE", {
      label: "Expose",
      group,
      perm: "rw",
      elements: { CCD_EXPOSURE_VALUE: { label: "Duration (s)", min: 0.001, max: 3600, value: 1 } },
    }),
  );
  const abort = connection.add(
    defineSwitches("CCD_ABORT_EXPOSURE", {
      label: "Abort",
      group,
      perm: "rw",
      rule: "AtMostOne",
      elements: { ABORT: { label: "Abort" } },
    }),
  );
  const image = connection.add(
    defineBlobs("CCD1", {
      label: "Image Data",
      group,
      perm: "ro",
      elements: { CCD1: { label: "Image" } },
    }),
  );
  exposure.onNew(async (wanted, task) => {
    note("CCD_EXPOSURE")(wanted);
    task.started();
    await camera.expose?.(task);
    if (camera.picture) await image.send("CCD1", camera.picture);
    return { CCD_EXPOSURE_VALUE: 0 };
  });
  abort.onNew(
    async () => {
      requests.push("abort");
      await exposure.cancel();
      return { ABORT: false };
    },
    { order: "immediate" },
  );
  connection
    .add(
      defineNumbers("CCD_BINNING", {
        label: "Binning",
        group,
        perm: "rw",
        elements: {
          HOR_BIN: { label: "X", min: 1, max: 4 },
          VER_BIN: { label: "Y", min: 1, max: 4 },
        },
      }),
    )
    .onNew(note("CCD_BINNING"));
  connection
    .add(
      defineNumbers("CCD_FRAME", {
        label: "Frame",
        group,
        perm: "rw",
        elements: {
          X: { label: "Left", min: 0, max: 99 },
          Y: { label: "Top", min: 0, max: 79 },
          WIDTH: { label: "Width", min: 1, max: 100, value: 100 },
          HEIGHT: { label: "Height", min: 1, max: 80, value: 80 },
        },
      }),
    )
    .onNew(note("CCD_FRAME"));
  connection
    .add(
      defineSwitches("CCD_FRAME_TYPE", {
        label: "Frame Type",
        group,
        perm: "rw",
        rule: "OneOfMany",
        elements: {
          FRAME_LIGHT: { label: "Light", on: true },
          FRAME_BIAS: { label: "Bias" },
          FRAME_DARK: { label: "Dark" },
          FRAME_FLAT: { label: "Flat" },
        },
      }),
    )
    .onNew(note("CCD_FRAME_TYPE"));
  connection
    .add(
      defineSwitches("CCD_CAPTURE_FORMAT", {
        label: "Format",
        group,
        perm: "rw",
        rule: "OneOfMany",
        elements: {
          ASI_IMG_RAW8: { label: "Raw 8 bit", on: true },
          ASI_IMG_RAW16: { label: "Raw 16 bit" },
        },
      }),
    )
    .onNew(note("CCD_CAPTURE_FORMAT"));
  const temperature = connection.add(
    defineNumbers("CCD_TEMPERATURE", {
      label: "Temperature",
      group,
      perm: "rw",
      elements: {
        CCD_TEMPERATURE_VALUE: { label: "Temperature (C)", min: -50, max: 50, value: 20 },
      },
    }),
  );
  temperature.onNew(async ({ CCD_TEMPERATURE_VALUE: wanted }, task) => {
    task.started();
    for (const step of [8, 4, 0]) {
      requests.push(`at ${wanted + step}`);
      task.progress({ CCD_TEMPERATURE_VALUE: wanted + step });
    }
    await new Promise((resolve) => task.signal.addEventListener("abort", resolve));
  });
  if (camera.hasControls ?? true) {
    connection
      .add(
        defineNumbers("CCD_CONTROLS", {
          label: "Controls",
          group,
          perm: "rw",
          elements: {
            Gain: { label: "Gain", min: 0, max: 300 },
            Offset: { label: "Offset", min: 0, max: 80 },
          },
        }),
      )
      .onNew(note("CCD_CONTROLS"));
  }
  if (camera.savesLocally) {
    connection
      .add(
        defineSwitches("UPLOAD_MODE", {
          label: "Upload",
          group,
          perm: "rw",
          rule: "OneOfMany",
          elements: {
            UPLOAD_CLIENT: { label: "Client" },
            UPLOAD_LOCAL: { label: "Local", on: true },
            UPLOAD_BOTH: { label: "Both" },
          },
        }),
      )
      .onNew(note("UPLOAD_MODE"));
  }
}
