/*
 * Cuts the power while files are written: `node test/soak/power-cut.mjs --help`.
 *
 * The home directory of a daemon lies on a disk of its own, an ext4 file system in an image file. At a random moment all
 * processes are killed and the image is copied as the device has it: what the system still kept in memory is not in the
 * copy, as after a power failure. Then the copy is mounted and looked at.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Daemon } from "../../bench/daemon.mjs";
import { IndiClient } from "../../dist/indi/indi-client.js";
import { SavedConfig } from "../../dist/indi/saved-config.js";

const HELP = `Cuts the power while pictures, settings and a recording are written, and looks at what is left.
Needs root, mkfs.ext4, loop devices and fitsverify.

  node test/soak/power-cut.mjs [--rounds N]

  --rounds N  how often, 20 unless given

Exit codes: 0 nothing was lost that was promised, 1 something was, 2 wrong use.
`;

const IMAGER = "ZWO CCD ASI120MM";
const RECORDER = "ZWO CCD ASI290MM Mini";
const IMAGE_BYTES = 192 * 1024 * 1024;
const PATIENCE = { timeout: 30_000 };

/** A SER file's header, the place of its number of frames, and the bytes of the frames that are recorded here. */
const SER_HEADER = 178;
const SER_COUNT = 38;
const SER_FRAME = 64 * 48 * 2;

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "20" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`${values.rounds} is no number.`);
  if (process.getuid() !== 0) throw new TypeError("Only root can mount a disk.");
  const total = { pictures: 0, settings: 0, recordings: 0, broken: 0, unfinished: [] };
  for (let round = 0; round < rounds; round++) await cutOnce(total);
  const lines = [
    ["power cuts", rounds],
    ["pictures that were promised", total.pictures],
    ["settings that were promised", total.settings],
    ["recordings that were promised", total.recordings],
    ["recordings cut short, part of their frames left", total.unfinished.map(percent).join(" ")],
    ["promised and lost, or broken", total.broken],
  ];
  for (const [name, value] of lines) process.stdout.write(`${name.padEnd(52)} ${value}\n`);
  return total.broken === 0 ? 0 : 1;
}

async function cutOnce(total) {
  const folder = mkdtempSync(join(tmpdir(), "indi-asid-power-"));
  const [disk, left] = ["disk", "left"].map((name) => join(folder, name));
  try {
    execFileSync("truncate", ["-s", `${IMAGE_BYTES}`, `${disk}.img`]);
    execFileSync("mkfs.ext4", ["-q", `${disk}.img`]);
    mount(disk);
    const promises = await workUntilCut(disk);
    copyFileSync(`${disk}.img`, `${left}.img`);
    execFileSync("umount", [disk]);
    mount(left);
    await judge(left, disk, promises, total);
    execFileSync("umount", [left]);
  } finally {
    for (const each of [disk, left]) spawnSync("umount", [each], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  }
}

function mount(disk) {
  mkdirSync(disk);
  execFileSync("mount", ["-o", "loop", `${disk}.img`, disk]);
}

/** What was promised until all processes were killed. */
async function workUntilCut(home) {
  const daemon = await Daemon.start("ASI120MM,ASI290MM Mini", { home });
  const client = await IndiClient.connect({ port: daemon.port });
  const promises = { pictures: [], gain: undefined, recordings: [], frames: 0 };
  client.getProperties();
  await connect(client, IMAGER);
  await connect(client, RECORDER);
  listen(client, promises);
  client.newSwitches(IMAGER, "UPLOAD_MODE", { UPLOAD_LOCAL: true });
  client.newNumbers(IMAGER, "CCD_FRAME", { X: 0, Y: 0, WIDTH: 640, HEIGHT: 480 });
  client.newSwitches(RECORDER, "CCD_CAPTURE_FORMAT", { ASI_IMG_RAW16: true });
  client.newNumbers(RECORDER, "CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 48 });
  client.newTexts(RECORDER, "RECORD_FILE", { RECORD_FILE_DIR: home, RECORD_FILE_NAME: "video" });
  const work = Promise.allSettled([
    again(() => answered(client, IMAGER, "CCD_EXPOSURE", () => expose(client))),
    again((round) => save(client, promises, round)),
    again((round) => record(client, round)),
  ]);
  await delay(3_000 + 20_000 * Math.random());
  for (const pid of daemon.pids.reverse()) process.kill(pid, "SIGKILL");
  await work;
  return promises;
}

async function again(act) {
  for (let round = 1; ; round++) await act(round);
}

async function connect(client, device) {
  await client.until(() => client.property(device, "CONNECTION"), PATIENCE);
  client.newSwitches(device, "CONNECTION", { CONNECT: true });
  await client.until(() => client.property(device, "SDK"), PATIENCE);
}

function listen(client, promises) {
  const listening = client.expect((message) => {
    const told = message.message ?? "";
    const saved = /Image saved to (.*)/.exec(told)?.[1];
    if (saved !== undefined) promises.pictures.push(saved);
    const started = /Record file is (.*)/.exec(told)?.[1];
    if (started !== undefined) promises.recordings.push({ path: started });
    const frames = /millisec \/ (\d+) frames/.exec(told)?.[1];
    if (frames !== undefined) promises.recordings.at(-1).frames = Number(frames);
    if (message.name === "RECORD_STATS" && message.elements) {
      promises.frames = Number(message.elements[0]?.value);
    }
    return false;
  });
  listening.catch(() => undefined);
}

async function answered(client, device, name, ask) {
  const answer = client.expect(
    (message) =>
      message.tag === "set" &&
      message.device === device &&
      message.name === name &&
      message.state !== "Busy" &&
      message,
    PATIENCE,
  );
  ask();
  return answer;
}

function expose(client) {
  client.newNumbers(IMAGER, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
}

async function save(client, promises, round) {
  const gain = round % 100;
  await answered(client, RECORDER, "CCD_CONTROLS", () =>
    client.newNumbers(RECORDER, "CCD_CONTROLS", { Gain: gain }),
  );
  const { state } = await answered(client, RECORDER, "CONFIG_PROCESS", () =>
    client.newSwitches(RECORDER, "CONFIG_PROCESS", { CONFIG_SAVE: true }),
  );
  if (state === "Ok") promises.gain = round;
}

/** Short recordings and a long one take turns. */
async function record(client, round) {
  const frames = round % 2 === 1 ? 20 : 100_000;
  client.newNumbers(RECORDER, "RECORD_OPTIONS", { RECORD_FRAME_TOTAL: frames });
  await answered(client, RECORDER, "RECORD_STREAM", () =>
    client.newSwitches(RECORDER, "RECORD_STREAM", { RECORD_FRAME_ON: true }),
  );
}

async function judge(home, before, { pictures, gain, recordings, frames }, total) {
  const broken = (text) => {
    total.broken++;
    process.stdout.write(`BROKEN: ${text}\n`);
  };
  for (const path of pictures) {
    total.pictures++;
    if (!existsSync(join(home, relative(before, path))))
      broken(`${path} was saved and is not there`);
  }
  for (const name of readdirSync(home).filter((each) => /^IMAGE.*\.fits$/.test(each))) {
    const { stdout } = spawnSync("fitsverify", ["-q", join(home, name)], { encoding: "utf8" });
    if (!stdout.includes("verification OK")) broken(`${name}: ${stdout.trim()}`);
  }
  const file = join(home, `.indi/${RECORDER}_config.xml`);
  try {
    const requests = await new SavedConfig(file).load("config", RECORDER);
    const saved = requests
      ?.find(({ name }) => name === "CCD_CONTROLS")
      ?.elements.find(({ name }) => name === "Gain")?.value;
    if (gain !== undefined) total.settings += gain;
    // The next one may have been on its way.
    const allowed = [gain, (gain ?? 0) + 1].map((round) =>
      round === undefined ? undefined : `${round % 100}`,
    );
    if (gain !== undefined && !allowed.includes(saved))
      broken(`gain ${gain} was saved, ${saved} is there`);
  } catch (error) {
    broken(`${file}: ${error.message}`);
  }
  for (const { path, frames: promised } of recordings) {
    const real = join(home, relative(before, path));
    const size = existsSync(real) ? statSync(real).size : 0;
    const whole = Math.max(0, Math.floor((size - SER_HEADER) / SER_FRAME));
    if (promised === undefined) {
      total.unfinished.push(frames === 0 ? 0 : whole / frames);
      continue;
    }
    total.recordings++;
    const told = size < SER_HEADER ? 0 : readFileSync(real).readInt32LE(SER_COUNT);
    if (told !== promised || whole < promised) broken(`${path}: ${told} of ${promised} frames`);
  }
}

function percent(part) {
  return `${(100 * part).toFixed()}%`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
