import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test } from "vitest";
import { Driver } from "../../src/indi/driver.js";
import { ConnectionLost, IndiClient, type IndiClientOptions } from "../../src/indi/indi-client.js";
import { exampleCamera, picture } from "../support/example-camera.js";
import { serving } from "../support/serving.js";

async function client(options: IndiClientOptions = {}) {
  const driver = new Driver();
  driver.add(exampleCamera("Camera", 500_000));
  const { port } = await serving(driver);
  const indi = await IndiClient.connect({ port, ...options });
  onTestFinished(() => indi.close());
  return { driver, indi };
}

const wait = { timeout: 5000 };

describe("a client", () => {
  test("gives up in time, whatever the garbage collector does meanwhile", async () => {
    const { indi } = await client();
    const waiting = indi.until(() => undefined, { timeout: 300 });
    setFlagsFromString("--expose-gc");
    const collect = setInterval(runInNewContext("gc"), 20);
    onTestFinished(() => clearInterval(collect));
    await expect(waiting).rejects.toThrow("timeout");
  });

  test("takes a picture", async () => {
    const progress: number[] = [];
    const { indi } = await client({
      onBlobProgress: ({ received }) => void progress.push(received),
    });
    indi.getProperties();
    await indi.until(() => indi.property("Camera", "CONNECTION") !== undefined, wait);
    indi.newSwitches("Camera", "CONNECTION", { CONNECT: true });
    await indi.until(() => indi.property("Camera", "CCD1") !== undefined, wait);
    expect(indi.devices).toEqual(["Camera"]);
    expect(indi.properties("Camera").map(({ name }) => name)).toEqual([
      "CONNECTION",
      "CCD_EXPOSURE",
      "CCD_FRAME_TYPE",
      "CCD1",
    ]);
    expect(indi.property("Camera", "CCD_EXPOSURE")).toEqual({
      device: "Camera",
      name: "CCD_EXPOSURE",
      kind: "Number",
      label: "Expose",
      group: "Main Control",
      perm: "rw",
      state: "Idle",
      toldAt: expect.any(Number),
      elements: new Map([
        [
          "CCD_EXPOSURE_VALUE",
          { label: "Duration (s)", value: "0", range: { min: 0, max: 3600, step: 1 } },
        ],
      ]),
    });
    indi.enableBlob("Also", "Camera");
    const image = indi.expect(
      (message) => message.tag === "set" && message.kind === "BLOB" && message.elements[0],
      wait,
    );
    indi.newNumbers("Camera", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect((await image).data).toEqual(Buffer.from(picture(500_000)));
    expect(progress.at(-1)).toBe(500_000);
    await indi.until(() => indi.property("Camera", "CCD_EXPOSURE")?.state === "Ok", wait);
    indi.newSwitches("Camera", "CONNECTION", { DISCONNECT: true });
    await indi.until(() => indi.properties("Camera").length === 1, wait);
  });

  test("waits as long as it is told, or until it is told otherwise", async () => {
    const { indi } = await client();
    await expect(indi.expect(() => false, { timeout: 10 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    const abort = new AbortController();
    const waiting = indi.until(() => false, { signal: abort.signal });
    abort.abort(new Error("never mind"));
    await expect(waiting).rejects.toThrow("never mind");
    await expect(indi.until(() => false, { signal: abort.signal })).rejects.toThrow("never mind");
  });

  test("says when the server has ended the connection", async () => {
    const { indi, driver } = await client();
    const waiting = indi.expect(() => false);
    void driver.close();
    await expect(waiting).rejects.toBeInstanceOf(ConnectionLost);
    await expect(indi.until(() => false)).rejects.toBeInstanceOf(ConnectionLost);
  });

  test("says when the server sends what cannot be read, and when nobody listens", async () => {
    const server = createServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    server.listen(0);
    await once(server, "listening");
    const port = portOf(server.address());
    const indi = await IndiClient.connect({ port });
    await expect(indi.expect(() => false)).rejects.toThrow("Text outside of an element");
    await indi.closed;
    server.close();
    await once(server, "close");
    await expect(IndiClient.connect({ port })).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("answers pings", async () => {
    const server = createServer((socket) => void socket.write(`<pingRequest uid="7"/>`));
    server.listen(0);
    await once(server, "listening");
    const [[socket], indi] = await Promise.all([
      once(server, "connection"),
      IndiClient.connect({ port: portOf(server.address()) }),
    ]);
    const [answer] = await once(socket, "data");
    expect(`${answer}`).toMatch(/^<pingReply uid="7"\s*\/>\s*$/);
    await indi.close();
    server.close();
  });
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
