import { afterEach, expect, it } from "vitest";
import { CONTROL, until, World } from "./world.js";

let world: World | undefined;
afterEach(() => world?.close());

function open(environment: Record<string, string>): World {
  world = new World({ ASI_SIM_CAMERAS: "ASI1600MM Pro", ...environment });
  world.open(0);
  return world;
}

it("is at the ambient temperature with the cooler off", () => {
  const world = open({ ASI_SIM_AMBIENT: "12.5" });
  expect(world.value(0, CONTROL.TEMPERATURE)).toBe(125);
  expect(world.value(0, CONTROL.COOLER_POWER)).toBe(0);
  expect(world.value(0, CONTROL.COOLER_ON)).toBe(0);
});

it("falls at full power with its time constant", async () => {
  const world = open({ ASI_SIM_COOLER_SECONDS: "1" });
  world.call("ASISetControlValue", 0, CONTROL.TARGET_TEMP, -40, 0);
  const started = performance.now();
  world.call("ASISetControlValue", 0, CONTROL.COOLER_ON, 1, 0);
  await until(() => performance.now() - started > 500);
  const expected = () => 20 - 40 * (1 - Math.exp((started - performance.now()) / 1000));
  const highest = expected();
  const celsius = world.value(0, CONTROL.TEMPERATURE) / 10;
  const lowest = expected();
  expect(world.value(0, CONTROL.COOLER_POWER)).toBe(100);
  expect(celsius).toBeLessThan(highest + 0.5);
  expect(celsius).toBeGreaterThan(lowest - 0.5);
});

it("holds the target with the power that needs, and warms up when off", async () => {
  const world = open({ ASI_SIM_COOLER_SECONDS: "0.1" });
  world.call("ASISetControlValue", 0, CONTROL.TARGET_TEMP, -10, 0);
  world.call("ASISetControlValue", 0, CONTROL.COOLER_ON, 1, 0);
  await until(() => world.value(0, CONTROL.TEMPERATURE) === -100);
  await until(() => world.value(0, CONTROL.COOLER_POWER) === 75);
  expect(world.value(0, CONTROL.TARGET_TEMP)).toBe(-10);
  world.call("ASISetControlValue", 0, CONTROL.COOLER_ON, 0, 0);
  expect(world.value(0, CONTROL.COOLER_POWER)).toBe(0);
  await until(() => world.value(0, CONTROL.TEMPERATURE) === 200);
});

it("cannot go further than 40 degrees below ambient", async () => {
  const world = open({ ASI_SIM_COOLER_SECONDS: "0.05" });
  world.call("ASISetControlValue", 0, CONTROL.TARGET_TEMP, -40, 0);
  world.call("ASISetControlValue", 0, CONTROL.COOLER_ON, 1, 0);
  await until(() => world.value(0, CONTROL.TEMPERATURE) === -200);
  expect(world.value(0, CONTROL.COOLER_POWER)).toBe(100);
});
