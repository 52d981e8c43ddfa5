import { expect, it } from "vitest";
import { Repetitions } from "../../src/indi/repetitions.js";

function setUp() {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const repetitions = new Repetitions((_, callback) => {
    due.push(callback);
    return () => undefined;
  });
  return {
    say: (text: string) => repetitions.pass(text, (line) => told.push(line)),
    told: () => told.splice(0),
    passMinute: () => {
      for (const callback of due.splice(0)) callback();
    },
  };
}

it("a text is told ten times a minute, then only counted until the minute is over", () => {
  const { say, told, passMinute } = setUp();
  for (let attempt = 1; attempt <= 25; attempt++) say(`Attempt ${attempt} failed after 8.0 s.`);
  say("Something else.");
  expect(told()).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => `Attempt ${number} failed after 8.0 s.`),
    "Something else.",
  ]);
  passMinute();
  expect(told()).toEqual([
    "Attempt 25 failed after 8.0 s. (15 such messages were left out in a minute.)",
  ]);
});

it("a text that goes on is told once a minute, until there was a minute without", () => {
  const { say, told, passMinute } = setUp();
  for (let time = 0; time < 11; time++) say("Slow disk.");
  passMinute();
  told();
  say("Slow disk.");
  say("Slow disk.");
  expect(told()).toEqual([]);
  passMinute();
  expect(told()).toEqual(["Slow disk. (2 such messages were left out in a minute.)"]);
  passMinute();
  say("Slow disk.");
  expect(told()).toEqual(["Slow disk."]);
});
