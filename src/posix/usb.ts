import { ioctlBeside } from "./libc.js";

/** _IO('U', 20) of linux/usbdevice_fs.h. */
const USBDEVFS_RESET = 0x5514;

/**
 * Resets the USB device whose file under /dev/bus/usb is open for writing; rejects with a PosixError where it cannot.
 * The kernel takes a good part of a second for it, and longer for a device that is sick.
 */
export function resetUsb(fd: number): Promise<void> {
  return ioctlBeside(fd, USBDEVFS_RESET);
}
