import type { Socket } from "node:net";
import type { SendBeside } from "./indi/outbox.js";
import { BesideSender, socketDescriptor } from "./posix/index.js";

/** How what is long is sent through a socket while the loop goes on. */
export function sendBesideThrough(socket: Socket): SendBeside {
  let sender: BesideSender | undefined;
  socket.once("close", () => sender?.close());
  return async (bytes) => {
    const descriptor = socketDescriptor(socket);
    if (descriptor === undefined) return 0;
    try {
      sender ??= new BesideSender(descriptor);
      return await sender.send(bytes);
    } catch {
      // No descriptor is left, or no room among the calls that wait: the socket itself needs neither.
      return 0;
    }
  };
}
