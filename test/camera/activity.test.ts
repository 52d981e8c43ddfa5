import { expect, test } from "vitest";
import { Activity } from "../../src/camera/process/activity.js";

function followed() {
  const activity = new Activity();
  const states: string[] = [];
  activity.on("change", (state) => void states.push(state));
  return { activity, states };
}

test("An exposure passes through its phases, and its picture is downloaded until it is delivered", () => {
  const { activity, states } = followed();
  for (const phase of ["waiting", "exposing", "exposing", "reading"] as const)
    activity.enter(phase);
  activity.end("picture");
  activity.delivered();
  expect(states).toEqual(["waiting", "exposing", "reading", "download", "idle"]);
});

test("The next exposure is what counts while earlier pictures are on their way", () => {
  const { activity, states } = followed();
  activity.enter("exposing");
  activity.end("picture");
  activity.enter("exposing");
  activity.delivered();
  activity.end("abort");
  expect(states).toEqual(["exposing", "download", "exposing", "idle"]);
});

test("A failure is seen until the next exposure", () => {
  const { activity, states } = followed();
  activity.enter("exposing");
  activity.end("failure");
  activity.enter("waiting");
  activity.end("abort");
  expect(states).toEqual(["exposing", "error", "waiting", "idle"]);
});
