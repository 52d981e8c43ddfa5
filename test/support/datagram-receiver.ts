import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { PYTHON } from "./python.js";

/** Binds the socket it is given, then prints each datagram as a line of JSON. */
const PROGRAM = `
import json, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1].replace("@", "\\0"))
print("null", flush=True)
while True:
    print(json.dumps(receiver.recv(65536).decode()), flush=True)
`;

/** A program with a unix datagram socket, in the place of systemd's. */
export interface DatagramReceiver {
  /** As NOTIFY_SOCKET has it. */
  readonly address: string;
  /** The next datagram, once it is there. */
  next(): Promise<string>;
}

/** Listens on a socket until the test ends. */
export async function datagramReceiver(kind: "path" | "abstract"): Promise<DatagramReceiver> {
  const directory = mkdtempSync(join(tmpdir(), "indi-asid-notify-"));
  const address = kind === "path" ? join(directory, "notify") : `@${directory}/notify`;
  const receiver = spawn(PYTHON, ["-c", PROGRAM, address], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    receiver.kill();
    rmSync(directory, { recursive: true });
  });
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => JSON.parse((await lines.next()).value);
  await next();
  return { address, next };
}
