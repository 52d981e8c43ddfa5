import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const SEND = `
  import { once } from "node:events";
  import { openSync } from "node:fs";
  import { connect, createServer } from "node:net";
  import { sendBesideThrough } from "${new URL("../dist/send-beside.js", import.meta.url)}";
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  connect(server.address().port, "127.0.0.1").on("error", () => {});
  const [socket] = await once(server, "connection");
  const send = sendBesideThrough(socket);
  let reason;
  while (reason === undefined) {
    try {
      openSync("/dev/null");
    } catch (error) {
      reason = error.code;
    }
  }
  console.log(reason, await send(Buffer.from("picture")));
  process.exit();
`;

test("Where no descriptor is left, what is long is left to the socket itself", () => {
  const script = 'ulimit -n 64; exec "$0" --input-type=module -e "$1"';
  const { stdout } = spawnSync("bash", ["-c", script, process.execPath, SEND], {
    encoding: "utf8",
  });
  expect(stdout).toBe("EMFILE 0\n");
});
