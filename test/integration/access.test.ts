import { execFile, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Authority } from "../support/certificates.js";
import { Conversation, valuesIn } from "../support/conversation.js";
import { type DaemonProcess, PROGRAMS, startDaemon } from "../support/daemon.js";
import { indiTool } from "../support/indi-tools.js";
import { freePort } from "../support/indiserver.js";
import { ADDRESSES, Network } from "../support/network.js";
import { Observer } from "./observer.js";

const MODEL = "ASI290MM Mini";
const DEVICE = `ZWO CCD ${MODEL}`;
const PING = `<pingRequest uid="1"/>`;

const setText = (name: string, element: string, text: string) =>
  `<newTextVector device="${DEVICE}" name="${name}"><oneText name="${element}">${text}</oneText></newTextVector>`;

/** The number of times a text is in the log. */
const count = (log: string, text: string) => log.split(text).length - 1;

/** A daemon with an extra port, which it names in its log with these words. */
async function withPort(words: string, ...args: readonly string[]) {
  const daemon = await startDaemon({ models: MODEL, args });
  onTestFinished(() => daemon.stop());
  const [, port] = await daemon.says(new RegExp(`port (\\d+) ${words}`));
  return { daemon, port: Number(port) };
}

describe("on a network with strangers", () => {
  let network: Network;
  let daemon: DaemonProcess;
  beforeAll(async () => {
    network = await Network.create();
    daemon = await startDaemon({ models: MODEL, prefix: network.prefix });
  });
  afterAll(async () => {
    await daemon.stop();
    await network.remove();
  });

  /** What somebody hears who sends a ping from there. */
  async function ping(address: string, at: DaemonProcess = daemon): Promise<string> {
    const peer = network.call(address, at.port);
    try {
      return (await peer.send(PING).expect("pingReply")).tag;
    } catch (error) {
      return String(error);
    }
  }

  it.each(["127.0.0.1", "::1", ADDRESSES.neighbour, ADDRESSES.neighbourIpv6])(
    "serves %s",
    async (address) => {
      expect(await ping(address)).toBe("pingReply");
    },
  );

  it.each([ADDRESSES.stranger, ADDRESSES.strangerIpv6, ADDRESSES.provider])(
    "closes the connections of %s without a byte, and says so once",
    async (address) => {
      for (let attempt = 0; attempt < 3; attempt++) {
        expect(await ping(address)).toMatch(/the conversation is over after: nothing$/);
      }
      const line = `${address} is turned away: --allow has only local; with "--allow local ${address}" it may connect`;
      expect(count(daemon.stderr, line)).toBe(1);
      expect(daemon.stderr).not.toContain(`${address} port`);
    },
  );

  it("goes by --allow and --deny", async () => {
    const args = ["--allow", "local", "203.0.113.0/24", "--deny", "192.168.0.0/16", "fd77::7"];
    const choosy = await startDaemon({ models: MODEL, prefix: network.prefix, args });
    onTestFinished(() => choosy.stop());
    const { stranger, neighbour, neighbourIpv6 } = ADDRESSES;
    expect(await ping(stranger, choosy)).toBe("pingReply");
    expect(await ping(neighbour, choosy)).toMatch(/nothing$/);
    expect(await ping(neighbourIpv6, choosy)).toMatch(/nothing$/);
    expect(choosy.stderr).toContain(
      `${neighbour} is turned away: --deny has 192.168.0.0/16 fd77::7`,
    );
  });

  it("lets a neighbour use the camera, and this machine alone change what outlasts the session", async () => {
    const neighbour = network.call(ADDRESSES.neighbour, daemon.port);
    neighbour.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
    neighbour.send(setText("NICKNAME", "nickname", "Mine"));
    const answer = await neighbour.expect("setTextVector", { name: "NICKNAME", state: "Alert" });
    expect(valuesIn(answer)).toEqual({ nickname: "" });
    neighbour.send(setText("NICKNAME", "nickname", "Mine"));
    await neighbour.expect("setTextVector", { name: "NICKNAME", state: "Alert" });
    const line = `${ADDRESSES.neighbour} may not change ${DEVICE}.NICKNAME`;
    expect(count(daemon.stderr, line)).toBe(1);
    expect(answer.attributes.message).toBe(
      `[ERROR] Nickname (NICKNAME) stays as it is: it takes the consent of whoever runs the machine. Start indi-asid with "--allow-admin loopback ${ADDRESSES.neighbour}" to permit it from here.`,
    );
    neighbour.send(
      `<newSwitchVector device="${DEVICE}" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
    );
    await neighbour.expect("setSwitchVector", { name: "CONNECTION", state: "Ok" });
    await neighbour.expect("defSwitchVector", { name: "USB_RESET" });
    neighbour.send(
      `<newSwitchVector device="${DEVICE}" name="USB_RESET"><oneSwitch name="INDI_ENABLED">On</oneSwitch></newSwitchVector>`,
    );
    const refused = await neighbour.expect("setSwitchVector", { name: "USB_RESET" });
    expect(valuesIn(refused)).toEqual({ INDI_ENABLED: "Off", INDI_DISABLED: "On" });
    const here = network.call("127.0.0.1", daemon.port);
    here.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
    here.send(setText("NICKNAME", "nickname", ""));
    await here.expect("setTextVector", { name: "NICKNAME", state: "Ok" });
    for (const peer of [neighbour, here]) peer.close();
  });

  it("lets change it whom --allow-admin names, and then nobody else", async () => {
    const args = ["--allow-admin", "192.168.0.0/16"];
    const trusting = await startDaemon({ models: MODEL, prefix: network.prefix, args });
    onTestFinished(() => trusting.stop());
    for (const [address, state] of [
      ["127.0.0.1", "Alert"],
      [ADDRESSES.neighbour, "Ok"],
    ] as const) {
      const peer = network.call(address, trusting.port);
      peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
      await peer.expect("defTextVector", { name: "NICKNAME" });
      peer.send(setText("NICKNAME", "nickname", ""));
      await peer.expect("setTextVector", { name: "NICKNAME", state });
      peer.close();
    }
  });
});

describe("a port to look on", () => {
  it("shows everything, pictures too, to the tools of INDI, and changes nothing for them", async () => {
    const { daemon, port } = await withPort("for looking on", "--read-only-port", "0");
    const observer = await Observer.at(daemon.port, DEVICE);
    await observer.connect();
    const gain = `${DEVICE}.CCD_CONTROLS.Gain`;
    const before = await indiTool("indi_getprop", port, [gain]);
    await indiTool("indi_setprop", port, [`${gain}=17`]).catch(() => undefined);
    const peer = await Conversation.connect(port);
    peer.send(`<enableBLOB device="${DEVICE}">Also</enableBLOB>`);
    peer.send(
      `<newNumberVector device="${DEVICE}" name="CCD_CONTROLS"><oneNumber name="Gain">17</oneNumber></newNumberVector>`,
    );
    const answer = await peer.expect("setNumberVector", { name: "CCD_CONTROLS", state: "Alert" });
    expect(answer.attributes.message).toBe(
      "[ERROR] Controls (CCD_CONTROLS) stays as it is: this port is for looking on only.",
    );
    expect(`${gain}=${valuesIn(answer).Gain?.trim()}\n`).toBe(before);
    expect(await indiTool("indi_getprop", daemon.port, [gain])).toBe(before);
    await observer.expose();
    await peer.expect("setBLOBVector", { name: "CCD1" });
    await indiTool("indi_setprop", daemon.port, [`${gain}=17`]);
    await peer.expect("setNumberVector", { name: "CCD_CONTROLS", state: "Ok" });
    expect(await indiTool("indi_getprop", port, [gain])).toBe(`${gain}=17\n`);
    peer.close();
  });
});

describe("a port with TLS", () => {
  it("serves openssl's client with a certificate, and reads new certificates at SIGHUP", async () => {
    const authority = new Authority();
    const server = authority.sign("server");
    const { daemon, port } = await withPort(
      "with TLS",
      ...["--tls-port", "0", "--tls-ca", authority.ca],
      ...["--tls-cert", server.cert, "--tls-key", server.key],
    );
    const astronomer = authority.sign("astronomer");
    const talk = async (...own: readonly string[]) => {
      const words = [
        "s_client",
        "-quiet",
        "-connect",
        `localhost:${port}`,
        "-CAfile",
        authority.ca,
      ];
      const talking = promisify(execFile)("openssl", [...words, ...own], { timeout: 10_000 });
      talking.child.stdin?.write(PING);
      talking.child.stdout?.once("data", () => talking.child.kill());
      return talking.then(
        ({ stdout }) => stdout,
        ({ stdout }) => `${stdout}`,
      );
    };
    const own = ["-cert", astronomer.cert, "-key", astronomer.key];
    expect(await talk(...own)).toContain(`<pingReply uid="1"/>`);
    expect(await talk()).toBe("");
    process.kill(daemon.pid, "SIGHUP");
    await daemon.says(/the certificates were read again/);
    expect(await talk(...own)).toContain(`<pingReply uid="1"/>`);
    expect(daemon.stderr).toMatch(/is turned away: TLS: /);
    expect(daemon.stderr).not.toMatch(/PRIVATE KEY/);
  });
});

it("A tool that knows no TLS comes in through stunnel", async () => {
  const authority = new Authority();
  const server = authority.sign("server");
  const { port } = await withPort(
    "with TLS",
    ...["--tls-port", "0", "--tls-ca", authority.ca],
    ...["--tls-cert", server.cert, "--tls-key", server.key],
  );
  const astronomer = authority.sign("astronomer");
  const local = await freePort();
  const configuration = authority.write(
    "stunnel.conf",
    `foreground = yes
pid =
[indi]
client = yes
accept = 127.0.0.1:${local}
connect = 127.0.0.1:${port}
cert = ${astronomer.cert}
key = ${astronomer.key}
CAfile = ${authority.ca}
verifyChain = yes
checkHost = localhost
`,
  );
  const stunnel = spawn("stunnel", [configuration], { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void stunnel.kill());
  await said(stunnel.stderr, /Configuration successful/);
  const property = `${DEVICE}.CONNECTION.CONNECT`;
  expect(await indiTool("indi_getprop", local, [property])).toBe(`${property}=Off\n`);
});

/** Waits until a stream has said something; fails with all it said when it ends first. */
async function said(stream: Readable, what: RegExp): Promise<void> {
  let heard = "";
  for await (const text of stream) {
    heard += text;
    if (what.test(heard)) return;
  }
  throw new Error(heard);
}

it.each([
  [["--allow", "10.0.0.0/33"], 2, /'10\.0\.0\.0\/33' is invalid.*write ADDRESS, ADDRESS\/BITS/],
  [["--client-memory", "0"], 2, /'0' is invalid.*It is a whole number from 1 to 4096\./],
  [["--deny", "somebody"], 2, /"somebody" is no range of addresses/],
  [["--tls-port", "7"], 2, /--tls-port, --tls-cert, --tls-key and --tls-ca belong together/],
  [
    ["--tls-port", "0", "--tls-cert", "/a", "--tls-key", "/b", "--tls-ca", "/c"],
    1,
    /^indi-asid: \/a cannot be read: ENOENT/m,
  ],
])("%j is wrong", async (words, code, complaint) => {
  const args = ["--simulate", "ASI120MM", "--port", "0", ...words];
  const running = promisify(execFile)(PROGRAMS.daemon, args, { timeout: 10_000 });
  await expect(running).rejects.toMatchObject({ code, stderr: expect.stringMatching(complaint) });
});

it("finds connections that are dead by TCP's keep-alive", async () => {
  const daemon = await startDaemon({ models: MODEL });
  onTestFinished(() => daemon.stop());
  const peer = await Conversation.connect(daemon.port);
  peer.send(PING);
  await peer.expect("pingReply");
  const { stdout } = await promisify(execFile)("ss", ["-Htno", `sport = :${daemon.port}`]);
  expect(stdout).toMatch(/timer:\(keepalive,(30|2\d)/);
  peer.close();
});
