import { bytesPerPixel } from "../camera/pixel-format.js";
import type { Check } from "./finding.js";
import { usbDevices } from "./usb-devices.js";

const subject = "USB memory";

/** The kernel's limit for the transfers of all programs together. */
const LIMIT = "/sys/module/usbcore/parameters/usbfs_memory_mb";

/** Enough for the vendor library with any one small camera, in megabytes. */
const LEAST = 200;
/** Frames of a camera that the vendor library keeps on their way. */
const FRAMES = 2;

/** Whether the kernel gives USB transfers as much memory as the frames of the cameras take. */
export const usbMemory: Check = async ({ machine, found }) => {
  const text = await machine.read(LIMIT);
  if (text === undefined) return [];
  const limit = Number(text);
  if (limit === 0) return [{ subject, severity: "ok", text: "as much as there is" }];
  const frames = (found instanceof Error ? [] : found.cameras).map(
    ({ sensor: { width, height, formats } }) =>
      (width * height * Math.max(...formats.map(bytesPerPixel))) / 2 ** 20,
  );
  const needed = Math.ceil(Math.max(LEAST, FRAMES * frames.reduce((all, one) => all + one, 0)));
  if (limit >= needed) return [{ subject, severity: "ok", text: `${limit} MB` }];
  const isUsed = ((await usbDevices(machine)) ?? []).length > 0;
  return [
    {
      subject,
      severity: isUsed ? "problem" : "warning",
      text: `${limit} MB for transfers, where ${needed} MB are needed: large frames do not arrive.`,
      remedy:
        "The udev rules raise it when a camera is plugged in; at once: " +
        `echo ${Math.max(1024, needed)} | sudo tee ${LIMIT}`,
    },
  ];
};
