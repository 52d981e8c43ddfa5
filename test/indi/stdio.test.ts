import { spawn } from "node:child_process";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { Conversation } from "../support/conversation.js";
import { picture } from "../support/example-camera.js";

const EXAMPLE = fileURLToPath(new URL("../support/example-driver.js", import.meta.url));

/** The built example driver on two pipes, as a server starts it. */
function startExample() {
  const child = spawn(EXAMPLE, { stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill());
  const peer = new Conversation(Duplex.from({ readable: child.stdout, writable: child.stdin }));
  return { child, peer, stderr: text(child.stderr), exited: once(child, "exit") };
}

const CONNECT = `<newSwitchVector device="Stdio Camera" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`;
const EXPOSE = `<newNumberVector device="Stdio Camera" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">1</oneNumber></newNumberVector>`;

describe("a driver on standard input and output", () => {
  test("gives a server everything, BLOBs too, unasked", async () => {
    const { peer } = startExample();
    peer.send(`<getProperties version="1.7"/>\n`);
    await peer.expect("defSwitchVector", { device: "Stdio Camera", name: "CONNECTION" });
    peer.send(CONNECT);
    await peer.expect("defNumberVector", { name: "CCD_EXPOSURE" });
    peer.send(EXPOSE);
    const image = await peer.expect("setBLOBVector", { name: "CCD1" });
    expect(Buffer.from(picture(3_000_000)).equals(image.children[0]?.data ?? Buffer.of())).toBe(
      true,
    );
    await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
  });

  test("disconnects and leaves when its input ends", async () => {
    const { child, peer, stderr, exited } = startExample();
    peer.send(`<getProperties version="1.7"/>${CONNECT}`);
    await peer.expect("defNumberVector", { name: "CCD_EXPOSURE" });
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(await stderr).toBe("camera closed\n");
  });

  test("disconnects and leaves when its output is closed", async () => {
    const { child, peer, stderr, exited } = startExample();
    peer.send(`<getProperties version="1.7"/>${CONNECT}`);
    await peer.expect("defNumberVector", { name: "CCD_EXPOSURE" });
    child.stdout.destroy();
    peer.send(EXPOSE);
    expect(await exited).toEqual([0, null]);
    expect(await stderr).toBe("camera closed\n");
  });
});
