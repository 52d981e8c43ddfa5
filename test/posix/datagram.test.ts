import { describe, expect, it } from "vitest";
import { sendDatagram } from "../../src/posix/index.js";
import { datagramReceiver } from "../support/datagram-receiver.js";

describe("sendDatagram", () => {
  it.each([["path"], ["abstract"]] as const)(
    "reaches a socket with an address that is a %s",
    async (kind) => {
      const receiver = await datagramReceiver(kind);
      sendDatagram(receiver.address, "READY=1\nSTATUS=größer");
      expect(await receiver.next()).toBe("READY=1\nSTATUS=größer");
    },
  );

  it("says that nobody is there", () => {
    expect(() => sendDatagram("/nowhere/notify", "READY=1")).toThrow("sendto failed (ENOENT)");
  });
});
