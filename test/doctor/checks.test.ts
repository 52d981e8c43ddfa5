import { describe, expect, it } from "vitest";
import type { CameraInfo } from "../../src/camera/camera-info.js";
import { CameraFailure, NoLibraryError } from "../../src/camera/errors.js";
import { clock } from "../../src/doctor/clock.js";
import { disk } from "../../src/doctor/disk.js";
import type { Check, Patient } from "../../src/doctor/finding.js";
import { library } from "../../src/doctor/library.js";
import { port } from "../../src/doctor/port.js";
import { power } from "../../src/doctor/power.js";
import { programs } from "../../src/doctor/programs.js";
import { realtime } from "../../src/doctor/realtime.js";
import { usb } from "../../src/doctor/usb.js";
import { usbMemory } from "../../src/doctor/usb-memory.js";
import { found, machineOf, usbDevice } from "./machine-of.js";

const ASI6200: CameraInfo = {
  name: "ZWO ASI6200MM Pro",
  cameraId: 0,
  serial: "0123456789abcdef",
  sensor: {
    width: 9576,
    height: 6388,
    pixelSize: 3.76,
    bitDepth: 16,
    binnings: [1, 2],
    formats: ["RAW8", "RAW16"],
  },
  hasCooler: true,
  hasGuidePort: false,
  hasShutter: false,
  hasTrigger: false,
  isUsb3Camera: true,
  isUsb3Host: true,
};

/** What a check says of a machine, a line for each finding: how bad, and what it is. */
async function says(check: Check, patient: Partial<Patient>): Promise<string[]> {
  const findings = await check({ machine: machineOf({}), found: found(), port: 7624, ...patient });
  for (const { severity, remedy } of findings) {
    if (severity === "warning" || severity === "problem") expect(remedy).toBeTruthy();
  }
  return findings.map(({ severity, text }) => `${severity}: ${text}`);
}

describe("the vendor library", () => {
  it("is named with its version", async () => {
    expect(await says(library, {})).toEqual(["ok: /usr/lib/libASICamera2.so.1.37, version 1, 37"]);
  });

  it("may lack functions", async () => {
    const older = { ...found(), missingFunctions: ["ASIGPSGetData", "ASIGetSerialNumber"] };
    expect(await says(library, { found: older })).toEqual([
      "note: /usr/lib/libASICamera2.so.1.37, version 1, 37, without ASIGPSGetData, ASIGetSerialNumber",
    ]);
  });

  it("may be older than a camera", async () => {
    const camera = { product: "ASI9999MM Pro", productId: "9999", port: "2-1", isKnown: false };
    const [, finding] = await library({
      machine: machineOf({}),
      found: { ...found(), unlisted: [camera] },
      port: 7624,
    });
    expect(finding).toEqual({
      subject: "vendor library",
      severity: "problem",
      text: "The camera ASI9999MM Pro (USB 03c3:9999, port 2-1) is unknown to the vendor library: install a newer one.",
    });
  });

  it("may not be there, and the remedy says where it was looked for", async () => {
    const missing = new NoLibraryError("No library was found. Tried:\n  /usr/lib: no such file");
    const [finding] = await library({ machine: machineOf({}), found: missing, port: 7624 });
    expect(finding).toEqual({
      subject: "vendor library",
      severity: "problem",
      text: "No library was found. Tried:",
      remedy: "  /usr/lib: no such file",
    });
  });

  it("may crash when it is asked for cameras", async () => {
    const crash = new CameraFailure("The camera process ended: signal SIGSEGV.");
    expect(await says(library, { found: crash })).toEqual([
      "problem: It cannot tell which cameras there are: The camera process ended: signal SIGSEGV.",
    ]);
  });
});

describe("USB", () => {
  it("shows each device of ZWO with port and speed", async () => {
    const machine = machineOf({
      ...usbDevice("2-1.4"),
      "/sys/bus/usb/devices/1-1/idVendor": "046d",
    });
    expect(await says(usb, { machine })).toEqual(["ok: ASI2600MC Pro at port 2-1.4, 5000 Mbit/s"]);
  });

  it("is too slow for a camera of USB 3 in a port of USB 2", async () => {
    const machine = machineOf(usbDevice("1-3", { speed: "480", version: " 2.10" }));
    expect(await says(usb, { machine })).toEqual([
      "warning: ASI2600MC Pro at port 1-3, 480 Mbit/s: a camera of USB 3 in a port of USB 2",
    ]);
  });

  it("is too slow for one the vendor library knows as USB 3", async () => {
    const device = { product: "ASI6200MM Pro", speed: "480", version: " 2.00" };
    const machine = machineOf(usbDevice("1-3", device));
    expect(await says(usb, { machine, found: found(ASI6200) })).toEqual([
      "warning: ASI6200MM Pro at port 1-3, 480 Mbit/s: a camera of USB 3 in a port of USB 2",
    ]);
  });

  it("is fast enough for a camera of USB 2", async () => {
    const device = { product: "ASI120MM", speed: "480", version: " 2.00" };
    const machine = machineOf(usbDevice("1-3", device));
    expect(await says(usb, { machine })).toEqual(["ok: ASI120MM at port 1-3, 480 Mbit/s"]);
  });

  it("may not be used by everybody", async () => {
    const machine = machineOf(usbDevice("2-1"), {
      mayUse: async (path) => !path.startsWith("/dev"),
    });
    expect(await says(usb, { machine })).toEqual([
      "problem: ASI2600MC Pro at port 2-1, 5000 Mbit/s: this user may not use /dev/bus/usb/002/013",
    ]);
  });

  it("may have nothing of ZWO on it", async () => {
    const machine = machineOf({ "/sys/bus/usb/devices/1-1/idVendor": "046d" });
    expect(await says(usb, { machine })).toEqual(["warning: No device of ZWO is plugged in."]);
    expect(await says(usb, { machine, found: found(ASI6200) })).toEqual([
      "note: The cameras are not on USB: they are simulated.",
    ]);
  });

  it("is not seen from a container", async () => {
    expect(await says(usb, {})).toEqual([
      "note: The kernel shows no USB here; this may be a container.",
    ]);
  });
});

describe("the memory for USB transfers", () => {
  const file = "/sys/module/usbcore/parameters/usbfs_memory_mb";

  it.each([
    ["1024", "ok: 1024 MB"],
    ["0", "ok: as much as there is"],
    ["16", "problem: 16 MB for transfers, where 234 MB are needed: large frames do not arrive."],
  ])("of %s MB for an ASI6200", async (text, finding) => {
    const machine = machineOf({ ...usbDevice("2-1"), [file]: `${text}\n` });
    expect(await says(usbMemory, { machine, found: found(ASI6200) })).toEqual([finding]);
  });

  it("is a warning as long as no camera is plugged in", async () => {
    expect(await says(usbMemory, { machine: machineOf({ [file]: "16" }) })).toEqual([
      "warning: 16 MB for transfers, where 200 MB are needed: large frames do not arrive.",
    ]);
  });
});

describe("the power supply", () => {
  const throttled = "/sys/devices/platform/soc/soc:firmware/get_throttled";

  it.each([
    ["0", "ok: Neither voltage nor heat have been a trouble."],
    ["50005", "problem: The voltage is too low now."],
    ["50000", "warning: The voltage was too low since the machine was started."],
    ["80008", "ok: Neither voltage nor heat have been a trouble."],
    ["4", "warning: The processor is or was slowed down because of heat."],
  ])("of a Raspberry Pi whose firmware tells %s", async (bits, finding) => {
    expect(await says(power, { machine: machineOf({ [throttled]: `${bits}\n` }) })).toEqual([
      finding,
    ]);
  });

  it("is told by vcgencmd where the kernel does not", async () => {
    const run = async (program: string) =>
      program === "vcgencmd" ? "throttled=0x10000" : undefined;
    expect(await says(power, { machine: machineOf({}, { run }) })).toEqual([
      "warning: The voltage was too low since the machine was started.",
    ]);
  });

  it("is told by the sensor of the voltage where there is nothing else", async () => {
    const alarm = (text: string) => machineOf({ "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": text });
    expect(await says(power, { machine: alarm("1\n") })).toEqual([
      "problem: The voltage is or was too low.",
    ]);
    expect(await says(power, { machine: alarm("0\n") })).toEqual([
      "ok: The voltage has been high enough.",
    ]);
  });

  it("is no subject on other machines", async () => {
    expect(await says(power, {})).toEqual([]);
  });
});

/** A row of /proc/net/tcp for a socket that listens. */
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1DC8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1
   1: 0100007F:1DC9 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1`;

describe("the port", () => {
  it.each([
    ["/usr/bin/indiserver\0-v\0", "problem: 7624 is taken by indiserver (process 77)"],
    ["node\0/usr/bin/indi-asid\0serve\0", "ok: 7624 is served by indi-asid (process 77)"],
  ])("belongs to %j", async (cmdline, finding) => {
    const machine = machineOf({
      "/proc/net/tcp6": TABLE,
      "/proc/77/cmdline": cmdline,
      "/proc/77/fd/5": "->socket:[4711]",
    });
    expect(await says(port, { machine })).toEqual([finding]);
  });

  it("belongs to somebody whose processes are hidden", async () => {
    const machine = machineOf({ "/proc/net/tcp": TABLE });
    expect(await says(port, { machine })).toEqual([
      "problem: 7624 is taken by another user's program",
    ]);
  });

  it("is free although somebody is connected from it", async () => {
    const machine = machineOf({ "/proc/net/tcp": TABLE });
    expect(await says(port, { machine, port: 7625 })).toEqual(["ok: 7625 is free"]);
  });
});

describe("other programs", () => {
  it("are known by name", async () => {
    const machine = machineOf({
      "/proc/70/cmdline": "/usr/bin/indi_asi_ccd\0",
      "/proc/71/cmdline": "indiserver\0indi_eqmod_telescope\0",
      "/proc/72/cmdline": "/usr/bin/phd2.bin\0",
      "/proc/73/cmdline": "bash\0",
      "/proc/74/cmdline": "",
    });
    expect(await says(programs, { machine })).toEqual([
      "warning: indi_asi_ccd is running (process 70)",
      "note: indiserver is running (process 71)",
      "note: phd2.bin is running (process 72)",
    ]);
  });

  it("are known by the vendor library they have loaded", async () => {
    const maps = "7f00-7f10 r-xp 00000000 08:01 42 /usr/lib/libASICamera2.so.1.37\n";
    const machine = machineOf({
      "/proc/70/cmdline": "python3\0-u\0/opt/allsky/capture.py\0",
      "/proc/70/maps": maps,
      "/proc/71/cmdline": "node\0/usr/lib/indi-asid/dist/camera/process/camera-main.js\0x\0",
      "/proc/71/maps": maps,
    });
    expect(await says(programs, { machine })).toEqual([
      "warning: capture.py is running (process 70) and uses the vendor library",
    ]);
  });

  it.each([
    ["node\0--max-old-space-size=512\0--import=/opt/trace.mjs\0/opt/rig/guide.js\0", "guide.js"],
    ["node\0--require\0/opt/hook.js\0/opt/rig/guide.js\0-r\0", "guide.js"],
    ["python3\0-W\0ignore\0-u\0/opt/allsky/capture.py\0", "capture.py"],
    ["python3.11\0-m\0indiweb.main\0-v\0", "indiweb.main"],
    ["/bin/bash\0-c\0capture /dev/video0\0", "bash"],
    ["java\0-cp\0/opt/lib/a.jar\0-jar\0/opt/sky.jar\0", "sky.jar"],
    ["python3\0", "python3"],
  ])("are called by the script of %j", async (cmdline, name) => {
    const maps = "7f00-7f10 r-xp 00000000 08:01 42 /usr/lib/libASICamera2.so.1.37\n";
    const machine = machineOf({ "/proc/70/cmdline": cmdline, "/proc/70/maps": maps });
    expect(await says(programs, { machine })).toEqual([
      `warning: ${name} is running (process 70) and uses the vendor library`,
    ]);
  });

  it("are none", async () => {
    expect(await says(programs, {})).toEqual(["ok: none that uses cameras"]);
  });
});

describe("the clock, the disk and the guide thread", () => {
  it("are well", async () => {
    expect(await says(clock, {})).toEqual(["ok: synchronised, wrong by 0.010 s at most"]);
    expect(await says(disk, {})).toEqual(["ok: 50.0 GB are free in /home/ada"]);
    expect(await says(realtime, {})).toEqual(["ok: in real time"]);
  });

  it("are not", async () => {
    const machine = machineOf(
      {},
      {
        clock: () => ({ isSynchronised: false, maxError: 16 }),
        freeBytes: async () => 0.5e9,
        scheduling: () => "ordinary",
      },
    );
    expect(await says(clock, { machine })).toEqual([
      "warning: The clock is not synchronised: times in headers and file names may be wrong.",
    ]);
    expect(await says(disk, { machine })).toEqual(["problem: 0.5 GB are free in /home/ada"]);
    expect(await says(realtime, { machine })).toEqual([
      "note: not in real time: pulses are less exact while the machine is busy",
    ]);
  });

  it("a disk with a few gigabytes is a warning, a home of somebody else's a problem", async () => {
    const scarce = machineOf({}, { freeBytes: async () => 3e9 });
    expect(await says(disk, { machine: scarce })).toEqual([
      "warning: 3.0 GB are free in /home/ada",
    ]);
    const foreign = machineOf({}, { mayUse: async () => false });
    expect(await says(disk, { machine: foreign })).toEqual([
      "problem: This user may not write to /home/ada: settings are not kept.",
    ]);
  });
});
