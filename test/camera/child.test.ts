import { expect, onTestFinished, test } from "vitest";
import { CameraFailure, CameraRequestError } from "../../src/camera/errors.js";
import { Child } from "../../src/camera/process/child.js";
import { isAlive } from "../support/daemon.js";

/** What child-process.js can be asked. */
interface ToyRequests {
  echo: { args: string; result: string; news: never };
  fail: { args: string; result: null; news: never };
  refuse: { args: null; result: null; news: never };
  stumble: { args: null; result: null; news: never };
  never: { args: null; result: null; news: never };
  die: { args: null; result: null; news: never };
  tell: { args: { times: number; every: number }; result: string; news: number };
  untilCancelled: { args: null; result: null; news: never };
}

/** Ample where nothing is expected to take long. */
const DEADLINE = { deadline: 10_000 };

function child(): Child<ToyRequests> {
  const entry = new URL("./child-process.js", import.meta.url);
  const started = new Child<ToyRequests>({ entry, args: [], env: process.env });
  onTestFinished(async () => {
    started.kill("the test is over");
    await started.exited;
  });
  return started;
}

test("Requests are answered, each with its own answer", async () => {
  const process = child();
  const answers = ["one", "two", "three"].map((text) => process.request("echo", text, DEADLINE));
  expect(await Promise.all(answers)).toEqual(["one", "two", "three"]);
});

test("A failure keeps its kind and its code on the way", async () => {
  const process = child();
  await expect(process.request("fail", "ASI_ERROR_TIMEOUT", DEADLINE)).rejects.toSatisfy(
    (error) => error instanceof CameraFailure && error.codeName === "ASI_ERROR_TIMEOUT",
  );
  await expect(process.request("refuse", null, DEADLINE)).rejects.toBeInstanceOf(
    CameraRequestError,
  );
  await expect(process.request("stumble", null, DEADLINE)).rejects.toThrow("is not a camera");
});

test("A request that is not answered by its deadline ends the process, and all it was asked fails", async () => {
  const process = child();
  await process.request("echo", "ready", DEADLINE);
  const other = process.request("never", null, DEADLINE);
  const late = process.request("never", null, { deadline: 50 });
  await expect(late).rejects.toThrow("never was not answered in 0.1 s");
  await expect(other).rejects.toBeInstanceOf(CameraFailure);
  expect(await process.exited).toMatch(/not answered/);
  expect(isAlive(process.pid ?? 0)).toBe(false);
});

test("A process that dies fails what it was asked at once, with the reason", async () => {
  const process = child();
  const waiting = process.request("never", null, DEADLINE);
  const began = performance.now();
  process.request("die", null, DEADLINE).catch(() => undefined);
  await expect(waiting).rejects.toThrow("SIGABRT");
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("A request to a process that is dead is refused at once", async () => {
  const process = child();
  process.request("die", null, DEADLINE).catch(() => undefined);
  await process.exited;
  const began = performance.now();
  await expect(process.request("echo", "hello?", { deadline: 3_000 })).rejects.toBeInstanceOf(
    CameraFailure,
  );
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("A process that cannot be started fails what it is asked", async () => {
  const entry = new URL("./no-such-entry.js", import.meta.url);
  const process = new Child<ToyRequests>({ entry, args: [], env: {} });
  await expect(process.request("echo", "hello?", DEADLINE)).rejects.toBeInstanceOf(CameraFailure);
});

test("News that count as progress start the deadline anew", async () => {
  const process = child();
  await process.request("echo", "ready", DEADLINE);
  const heard: number[] = [];
  const options = { deadline: 400, onNews: (number: number) => heard.push(number) > 0 };
  expect(await process.request("tell", { times: 4, every: 150 }, options)).toBe("told");
  expect(heard).toEqual([1, 2, 3, 4]);
});

test("News that are no progress leave the deadline as it is", async () => {
  const process = child();
  await process.request("echo", "ready", DEADLINE);
  const options = { deadline: 300, onNews: () => false };
  await expect(process.request("tell", { times: 9, every: 100 }, options)).rejects.toThrow(
    "was not answered",
  );
});

test("Cancelling reaches the process, which goes on", async () => {
  const process = child();
  const control = new AbortController();
  const waiting = process.request("untilCancelled", null, { ...DEADLINE, signal: control.signal });
  control.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  expect(await process.request("echo", "still here", DEADLINE)).toBe("still here");
});

test("What is cancelled before it is asked is cancelled", async () => {
  const process = child();
  const signal = AbortSignal.abort();
  const waiting = process.request("untilCancelled", null, { ...DEADLINE, signal });
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});
