import { expect, it } from "vitest";
import { withoutSecrets } from "../../src/doctor/privacy.js";

const SECRETS = {
  users: ["ada", "indi", "root"],
  hosts: ["observatory"],
  homes: ["/srv/stars"],
  nicknames: ["Ada's guider"],
  serials: ["0f3a1b2c4d5e6f70", "9e8d7c6b5a493827"],
};

it.each([
  ["/home/ada/Pictures/IMAGE_001.fits", "/home/<user>/Pictures/IMAGE_001.fits"],
  ["/srv/stars/.indi/logs", "~/.indi/logs"],
  ["started by ada (not by adam)", "started by <user> (not by adam)"],
  ["root runs indi-asid for indi", "root runs indi-asid for <user>"],
  ["observatory kernel: observatory.local", "<host> kernel: <host>.local"],
  ["rig.local:7624", "<host>:7624"],
  ["client: 192.168.1.17 port 50123 is closed", "client: <address> port 50123 is closed"],
  ["fe80::1ff:fe23:4567:890a and 2001:db8::7", "<address> and <address>"],
  ["listening on :: and 127.0.0.1, not 0.0.0.0", "listening on :: and 127.0.0.1, not 0.0.0.0"],
  ["eth0 dc:a6:32:01:02:03 up", "eth0 <address> up"],
  ["ZWO CCD ASI120MM Ada's guider: connected", "ZWO CCD ASI120MM <nickname>: connected"],
  ['"serial": "9e8d7c6b5a493827"', '"serial": "<serial 2>"'],
  ["unknown 00ff00ff00ff00ff", "unknown <serial>"],
  ["2026-11-20T16:01:39.123Z at 16:01:39", "2026-11-20T16:01:39.123Z at 16:01:39"],
  ["version 1, 37, 0, 0 of libASICamera2.so.1.37", "version 1, 37, 0, 0 of libASICamera2.so.1.37"],
])("%s becomes %s", (text, masked) => {
  expect(withoutSecrets(text, SECRETS)).toBe(masked);
});
