import type { Check, Finding } from "./finding.js";
import { type UsbDevice, usbDevices } from "./usb-devices.js";

const subject = "USB";

/** The slowest port of USB 3, in Mbit/s. */
const USB3_SPEED = 5_000;

/** Which devices are plugged in where, whether they may be used, and whether their port is fast enough. */
export const usb: Check = async ({ machine, found }) => {
  const devices = await usbDevices(machine);
  if (devices === undefined) {
    return [
      {
        subject,
        severity: "note",
        text: "The kernel shows no USB here; this may be a container.",
        remedy: "Give the container /sys and /dev/bus/usb, or run outside of it.",
      },
    ];
  }
  const cameras = found instanceof Error ? [] : found.cameras;
  if (devices.length === 0 && cameras.length > 0) {
    return [{ subject, severity: "note", text: "The cameras are not on USB: they are simulated." }];
  }
  if (devices.length === 0) {
    return [
      {
        subject,
        severity: "warning",
        text: "No device of ZWO is plugged in.",
        remedy:
          "Look at cable, hub and the camera's power supply; lsusb -d 03c3: shows what arrives.",
      },
    ];
  }
  const findings = await Promise.all(
    devices.map(async (device): Promise<Finding> => {
      const camera = cameras.find(({ name }) => name.endsWith(device.product));
      if (!(await machine.mayUse(device.file))) return forbidden(device);
      const isUsb3 = device.isUsb3 || camera?.isUsb3Camera === true;
      return isUsb3 && device.speed < USB3_SPEED ? slow(device) : fine(device);
    }),
  );
  return findings;
};

function place({ product, port, speed }: UsbDevice): string {
  return `${product} at port ${port}, ${speed} Mbit/s`;
}

function fine(device: UsbDevice): Finding {
  return { subject, severity: "ok", text: place(device) };
}

function forbidden(device: UsbDevice): Finding {
  return {
    subject,
    severity: "problem",
    text: `${place(device)}: this user may not use ${device.file}`,
    remedy:
      "Copy udev/99-indi-asid.rules to /etc/udev/rules.d/, run sudo udevadm control --reload and " +
      "sudo adduser $USER plugdev, log in again and plug the camera in again.",
  };
}

function slow(device: UsbDevice): Finding {
  return {
    subject,
    severity: "warning",
    text: `${place(device)}: a camera of USB 3 in a port of USB 2`,
    remedy:
      "Use a port of USB 3 (often blue) and a cable with its nine wires: frames come ten times faster.",
  };
}
