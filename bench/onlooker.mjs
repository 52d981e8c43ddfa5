/*
 * A client more, in a process of its own, that takes every picture of a camera. Arguments: port, device.
 */
import { WireClient } from "./wire-client.mjs";

const [port, device] = process.argv.slice(2);
const client = await WireClient.connect(Number(port));
await client.useCamera(device);
process.send("ready");
for (;;) await client.expect(/<\/setBLOBVector>/);
