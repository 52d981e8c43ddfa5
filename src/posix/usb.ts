import { libcCall } from "./libc.js";

/** _IO('U', 20) of linux/usbdevice_fs.h. */
const USBDEVFS_RESET = 0x5514;

/** Resets the USB device whose file under /dev/bus/usb is open for writing; throws a PosixError where it cannot. */
export function resetUsb(fd: number): void {
  libcCall("ioctl", fd, USBDEVFS_RESET, null);
}
