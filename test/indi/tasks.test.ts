import { describe, expect, test } from "vitest";
import { defineNumbers, defineSwitches } from "../../src/indi/definition.js";
import { Refused } from "../../src/indi/errors.js";
import { settled } from "../../src/indi/task.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { Deferred, settle } from "../support/settle.js";

const spec = { group: "Main", perm: "rw" } as const;

const EXPOSURE = defineNumbers("EXPOSURE", {
  ...spec,
  label: "Expose",
  elements: { SECONDS: { label: "Duration", min: 0, max: 3600 } },
});

const CONTROLS = defineNumbers("CONTROLS", {
  ...spec,
  label: "Controls",
  elements: {
    Gain: { label: "Gain", min: 0, max: 600 },
    Offset: { label: "Offset", min: 0, max: 80 },
  },
});

const ABORT = defineSwitches("ABORT", {
  ...spec,
  label: "Abort",
  rule: "AtMostOne",
  elements: { ABORT: { label: "Abort" } },
});

/** A device whose exposure ends when the test says so. */
function camera() {
  const device = new RecordedDevice();
  const exposure = device.add(EXPOSURE);
  const controls = device.add(CONTROLS);
  const abort = device.add(ABORT);
  device.told();
  const expose = (seconds: number) =>
    device.ask("Number", "EXPOSURE", { SECONDS: String(seconds) });
  return { device, exposure, controls, abort, expose };
}

describe("the state of a property", () => {
  test("is Busy while the handler's promise is pending and Ok when it is fulfilled, with its value", async () => {
    const { device, exposure, expose } = camera();
    const frame = new Deferred();
    exposure.onNew(async () => {
      await frame.promise;
      return { SECONDS: 0 };
    });
    expose(5);
    expect(device.told()).toEqual(["EXPOSURE Busy SECONDS=0"]);
    frame.resolve();
    await settle();
    expect(device.told()).toEqual(["EXPOSURE Ok SECONDS=0"]);
  });

  test("shows progress as Busy, at once if it is told at once", async () => {
    const { device, exposure, expose } = camera();
    const second = new Deferred();
    exposure.onNew(async ({ SECONDS }, { progress }) => {
      progress({ SECONDS });
      await second.promise;
      progress({ SECONDS: SECONDS - 1 }, "[INFO] one second less");
      return { SECONDS: 0 };
    });
    expose(5);
    second.resolve();
    await settle();
    expect(device.told()).toEqual([
      "EXPOSURE Busy SECONDS=5",
      "EXPOSURE Busy SECONDS=4 [INFO] one second less",
      "EXPOSURE Ok SECONDS=0",
    ]);
  });

  test("is Ok without Busy where the handler waits for nothing", () => {
    const { device, controls } = camera();
    controls.onNew(({ Gain, Offset }) => ({ Gain: Math.min(Gain, 100), Offset }));
    device.ask("Number", "CONTROLS", { Gain: "500" });
    expect(device.told()).toEqual(["CONTROLS Ok Gain=100,Offset=0"]);
  });

  test("is Alert, once, with the error's message and the value for failures", async () => {
    const { device, exposure, expose } = camera();
    exposure.onNew(
      async ({ SECONDS }, { progress }) => {
        progress({ SECONDS });
        throw new Error("The camera was unplugged.");
      },
      { onFailure: { SECONDS: 0 } },
    );
    expose(5);
    await settle();
    expect(device.told()).toEqual([
      "EXPOSURE Busy SECONDS=5",
      "EXPOSURE Alert SECONDS=0 [ERROR] The camera was unplugged.",
    ]);
    expect(device.failures).toEqual(["EXPOSURE: Error: The camera was unplugged."]);
  });

  test("is Alert where the handler refuses, which is not reported as a failure", () => {
    const { device, exposure, expose } = camera();
    exposure.onNew(() => {
      throw new Refused("Not in the daytime.");
    });
    expose(5);
    expect(device.told()).toEqual(["EXPOSURE Alert SECONDS=0 [ERROR] Not in the daytime."]);
    expect(device.failures).toEqual([]);
  });

  test("is Alert where the handler's value has an unknown element", async () => {
    const { device, exposure, expose } = camera();
    const misspelt = { SECONDS: 0, SECOND: 0 };
    exposure.onNew(async () => misspelt);
    expose(5);
    await settle();
    expect(device.told()).toEqual([
      "EXPOSURE Busy SECONDS=0",
      "EXPOSURE Alert SECONDS=0 [ERROR] EXPOSURE has no element SECOND",
    ]);
    expect(device.failures).toHaveLength(1);
  });

  test("is Alert where the wish cannot be met now, and the handler is not asked", () => {
    const { device, controls } = camera();
    let refusal: string | false = "An exposure is running.";
    controls.onNew(() => {}, { unless: () => refusal });
    device.ask("Number", "CONTROLS", { Gain: "5" });
    refusal = false;
    device.ask("Number", "CONTROLS", { Gain: "5" });
    expect(device.told()).toEqual([
      "CONTROLS Alert Gain=0,Offset=0 [ERROR] An exposure is running.",
      "CONTROLS Ok Gain=5,Offset=0",
    ]);
  });

  test("is what the handler says where it is not Ok", async () => {
    const { device, exposure, expose } = camera();
    exposure.onNew(async ({ SECONDS }) => settled({ SECONDS }, "Idle", { message: "[INFO] done" }));
    expose(5);
    await settle();
    expect(device.told()).toEqual([
      "EXPOSURE Busy SECONDS=0",
      "EXPOSURE Idle SECONDS=5 [INFO] done",
    ]);
  });

  test("is Idle at rest after a cancellation, when the handler has ended", async () => {
    const { device, exposure, expose } = camera();
    const stopped = new Deferred();
    let isAborted = false;
    exposure.onNew(async ({ SECONDS }, { signal, progress }) => {
      progress({ SECONDS });
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      await stopped.promise;
      progress({ SECONDS: 4 });
      throw new Error("stopped");
    });
    expose(5);
    const cancelled = exposure.cancel({ SECONDS: 0 });
    expect(isAborted).toBe(true);
    expect(device.told()).toEqual(["EXPOSURE Busy SECONDS=5"]);
    stopped.resolve();
    await cancelled;
    expect(device.told()).toEqual(["EXPOSURE Idle SECONDS=0"]);
    expect(device.failures).toEqual([]);
  });

  test("does not change where there is nothing to cancel", async () => {
    const { device, exposure } = camera();
    await exposure.cancel({ SECONDS: 0 });
    expect(device.told()).toEqual([]);
  });

  test("is not ended by a request that is refused while it is Busy; only its sender is told", async () => {
    const { device, exposure, expose } = camera();
    const frame = new Deferred();
    exposure.onNew(async () => frame.promise);
    expose(5);
    expose(-1);
    expect(device.answered).toEqual([
      "EXPOSURE Alert SECONDS=0 Error: Invalid range for Expose (EXPOSURE). Valid range is from 0 to 3600. Requested value is -1",
    ]);
    frame.resolve();
    await settle();
    expect(device.told()).toEqual(["EXPOSURE Busy SECONDS=0", "EXPOSURE Ok SECONDS=5"]);
  });
});

describe("a newer wish for the same property", () => {
  test("ends the running one, begins when that has ended, and is the only one to be answered", async () => {
    const { device, exposure, expose } = camera();
    const log: string[] = [];
    const ends = new Map([1, 2, 3].map((seconds) => [seconds, new Deferred()]));
    exposure.onNew(async ({ SECONDS }, { signal, replaces }) => {
      log.push(`begin ${SECONDS}${replaces ? " instead" : ""}`);
      await ends.get(SECONDS)?.promise;
      log.push(`end ${SECONDS} ${signal.aborted ? "aborted" : "wanted"}`);
      return { SECONDS };
    });
    expose(1);
    expose(2);
    expose(3);
    await settle();
    expect(log).toEqual(["begin 1"]);
    ends.get(1)?.resolve();
    await settle();
    ends.get(3)?.resolve();
    await settle();
    expect(log).toEqual(["begin 1", "end 1 aborted", "begin 3 instead", "end 3 wanted"]);
    expect(device.told()).toEqual([
      "EXPOSURE Busy SECONDS=0",
      "EXPOSURE Busy SECONDS=0",
      "EXPOSURE Ok SECONDS=3",
    ]);
  });

  test("keeps the other elements of the one it replaces", async () => {
    const { device, controls } = camera();
    const written = new Deferred();
    controls.onNew(async () => written.promise);
    device.ask("Number", "CONTROLS", { Gain: "100" });
    device.ask("Number", "CONTROLS", { Offset: "10" });
    written.resolve();
    await settle();
    expect(device.told().at(-1)).toBe("CONTROLS Ok Gain=100,Offset=10");
  });

  test("keeps nothing of one that was cancelled", async () => {
    const { device, controls } = camera();
    const written = new Deferred();
    controls.onNew(async () => written.promise);
    device.ask("Number", "CONTROLS", { Gain: "100" });
    const cancelled = controls.cancel();
    device.ask("Number", "CONTROLS", { Offset: "10" });
    written.resolve();
    await cancelled;
    await settle();
    expect(device.told()).toEqual([
      "CONTROLS Busy Gain=0,Offset=0",
      "CONTROLS Idle Gain=0,Offset=0",
      "CONTROLS Busy Gain=0,Offset=0",
      "CONTROLS Ok Gain=0,Offset=10",
    ]);
  });

  test("says which elements it named", () => {
    const { device, controls } = camera();
    const sent: string[][] = [];
    controls.onNew((_, task) => void sent.push([...task.sent]));
    device.ask("Number", "CONTROLS", { Offset: "10" });
    device.ask("Number", "CONTROLS", { Gain: "1", Offset: "10" });
    expect(sent).toEqual([["Offset"], ["Gain", "Offset"]]);
  });
});

describe("the requests for one device", () => {
  test("are carried out in order, each after the end of the one before", async () => {
    const { device, exposure, controls, expose } = camera();
    const log: string[] = [];
    const written = new Deferred();
    controls.onNew(async ({ Gain }) => {
      log.push(`gain ${Gain}`);
      await written.promise;
      log.push("gain written");
    });
    exposure.onNew(({ SECONDS }) => void log.push(`expose ${SECONDS}`));
    device.ask("Number", "CONTROLS", { Gain: "100" });
    expose(5);
    device.ask("Number", "CONTROLS", { Gain: "200" });
    await settle();
    expect(log).toEqual(["gain 100"]);
    written.resolve();
    await settle();
    expect(log).toEqual(["gain 100", "gain written", "expose 5", "gain 200", "gain written"]);
  });

  test("go on when one says that it has started", async () => {
    const { device, exposure, controls, expose } = camera();
    const started = new Deferred();
    const frame = new Deferred();
    exposure.onNew(async (_, task) => {
      await started.promise;
      task.started();
      await frame.promise;
    });
    expose(5);
    device.ask("Number", "CONTROLS", { Gain: "100" });
    await settle();
    expect(controls.value.Gain).toBe(0);
    started.resolve();
    await settle();
    expect(controls.value.Gain).toBe(100);
    expect(exposure.state).toBe("Busy");
    frame.resolve();
    await settle();
    expect(exposure.state).toBe("Ok");
  });

  test("are checked when their turn comes", async () => {
    const { device, exposure, controls, expose } = camera();
    controls.onNew(async () => exposure.limit({ SECONDS: { min: 0, max: 10, step: 0 } }));
    device.ask("Number", "CONTROLS", { Gain: "100" });
    expose(20);
    await settle();
    expect(device.told().at(-1)).toContain("Valid range is from 0 to 10. Requested value is 20");
  });

  test("are overtaken by what is to interrupt, for which later ones wait", async () => {
    const { device, exposure, abort, expose } = camera();
    const stopped = new Deferred();
    exposure.onNew(async () => stopped.promise);
    abort.onNew(
      async () => {
        await exposure.cancel({ SECONDS: 0 });
        return { ABORT: false };
      },
      { order: "immediate" },
    );
    expose(5);
    device.ask("Number", "CONTROLS", { Gain: "1" });
    device.ask("Switch", "ABORT", { ABORT: "On" });
    device.ask("Number", "CONTROLS", { Gain: "2" });
    await settle();
    expect(device.told()).toEqual(["EXPOSURE Busy SECONDS=0", "ABORT Busy ABORT=Off"]);
    stopped.resolve();
    await settle();
    expect(device.told()).toEqual([
      "EXPOSURE Idle SECONDS=0",
      "ABORT Ok ABORT=Off",
      "CONTROLS Ok Gain=1,Offset=0",
      "CONTROLS Ok Gain=2,Offset=0",
    ]);
  });

  test("can be cancelled while they wait", async () => {
    const { device, exposure, controls, expose } = camera();
    const written = new Deferred();
    const exposed: number[] = [];
    controls.onNew(async () => written.promise);
    exposure.onNew(({ SECONDS }) => void exposed.push(SECONDS));
    device.ask("Number", "CONTROLS", { Gain: "1" });
    expose(5);
    await exposure.cancel({ SECONDS: 0 });
    written.resolve();
    await settle();
    expect(exposed).toEqual([]);
    expect(device.told()).toEqual([
      "CONTROLS Busy Gain=0,Offset=0",
      "EXPOSURE Idle SECONDS=0",
      "CONTROLS Ok Gain=1,Offset=0",
    ]);
  });

  test("for a property that does not exist are answered in their turn, to their sender", async () => {
    const { device, controls } = camera();
    const written = new Deferred();
    controls.onNew(async () => written.promise);
    device.ask("Number", "CONTROLS", { Gain: "1" });
    device.ask("Number", "NOSUCH", { A: "1" });
    await settle();
    expect(device.answered).toEqual([]);
    written.resolve();
    await settle();
    expect(device.answered).toEqual(["[ERROR] Camera has no property NOSUCH."]);
  });

  test("find a property that an earlier one has brought", async () => {
    const device = new RecordedDevice();
    const abort = device.add(ABORT);
    const ready = new Deferred();
    abort.onNew(async () => {
      await ready.promise;
      device.add(EXPOSURE);
    });
    device.ask("Switch", "ABORT", { ABORT: "On" });
    device.ask("Number", "EXPOSURE", { SECONDS: "5" });
    ready.resolve();
    await settle();
    expect(device.told().at(-1)).toBe("EXPOSURE Ok SECONDS=5");
  });
});

describe("a wish of the driver's own", () => {
  test("goes the way of a client's, and settles when it has ended", async () => {
    const { device, controls } = camera();
    controls.onNew(async ({ Gain }) => ({ Gain: Gain + 1 }));
    await controls.perform({ Gain: 5 });
    await controls.perform({ Gain: 5000 });
    expect(device.told()).toEqual([
      "CONTROLS Busy Gain=0,Offset=0",
      "CONTROLS Ok Gain=6,Offset=0",
      expect.stringContaining("CONTROLS Alert Gain=6,Offset=0 Error: Invalid range"),
    ]);
  });
});
