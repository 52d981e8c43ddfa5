import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { ServiceManager } from "../src/service-manager.js";
import { datagramReceiver } from "./support/datagram-receiver.js";

it("a part that never answers is no sign of life", async () => {
  const receiver = await datagramReceiver("path");
  const manager = new ServiceManager({ NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: "40000" });
  const end = new AbortController();
  let asked = 0;
  void manager.watch(
    {
      status: "waiting",
      answers: () => {
        asked++;
        return asked === 1 ? Promise.resolve() : new Promise(() => undefined);
      },
    },
    end.signal,
  );
  expect(await receiver.next()).toBe("READY=1\nSTATUS=waiting");
  expect(await receiver.next()).toBe("WATCHDOG=1");
  const silence = await Promise.race([receiver.next(), delay(200, "silence")]);
  expect(silence).toBe("silence");
  expect(asked).toBe(2);
  end.abort();
});

it("signs of life that another process is asked for are not given", async () => {
  const receiver = await datagramReceiver("path");
  const env = { NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: "40000", WATCHDOG_PID: "1" };
  const manager = new ServiceManager(env);
  const end = new AbortController();
  void manager.watch({ status: "ready", answers: () => Promise.resolve() }, end.signal);
  expect(await receiver.next()).toBe("READY=1\nSTATUS=ready");
  const silence = await Promise.race([receiver.next(), delay(200, "silence")]);
  expect(silence).toBe("silence");
  end.abort();
});
