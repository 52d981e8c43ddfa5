/*
 * A minimal program that sends as many bytes of base64 as it is told, with nothing to do besides: what the
 * machine's loopback can do. Argument: the number of bytes. Every byte received asks for all of them once.
 */
import { createServer } from "node:net";

const [opening, closing] = ["<setBLOBVector><oneBLOB name='plain'>", "</oneBLOB></setBLOBVector>"];
const bytes = Buffer.alloc(opening.length + Number(process.argv[2]) + closing.length, "A");
bytes.write(opening);
bytes.write(closing, bytes.length - closing.length);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", ({ length }) => {
    for (let asked = 0; asked < length; asked++) socket.write(bytes);
  });
  // A client that has seen enough leaves in the middle of a message.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => server.close());
});
server.listen(0, "127.0.0.1", () => process.send?.(server.address().port));
