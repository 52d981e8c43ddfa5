import { describe, expect, test } from "vitest";
import { defineTexts } from "../../src/indi/definition.js";
import { Device } from "../../src/indi/device.js";
import { Driver } from "../../src/indi/driver.js";
import type { Denied } from "../../src/indi/rights.js";
import { valuesIn } from "../support/conversation.js";
import { conversation, serving } from "../support/serving.js";

const NAMES = { label: "Name", group: "Main", perm: "rw" } as const;
const elements = { TEXT: { label: "Text", value: "true" } };

/** A device with a property for everybody and one for administrators, and somebody with these rights. */
async function somebody(denied: Denied) {
  const driver = new Driver();
  const device = new Device("Camera");
  const open = device.add(defineTexts("OPEN", { ...NAMES, elements }));
  const guarded = device.add(defineTexts("GUARDED", { ...NAMES, needs: "admin", elements }));
  driver.add(device);
  const { port } = await serving(driver, { denied: () => denied });
  const onlooker = await conversation((await serving(driver)).port);
  await onlooker.send(`<getProperties version="1.7"/>`).hearAll();
  const peer = await conversation(port);
  const set = (name: string, text: string) =>
    peer.send(
      `<newTextVector device="Camera" name="${name}"><oneText name="TEXT">${text}</oneText></newTextVector>`,
    );
  return { driver, device, open, guarded, peer, onlooker, set };
}

describe("somebody who has not the right", () => {
  test("to administrate is shown the true value and the reason, and changes what is open to all", async () => {
    const { guarded, open, peer, set, onlooker } = await somebody({ admin: "ask the owner." });
    set("GUARDED", "false");
    const answer = await peer.expect("setTextVector", { name: "GUARDED", state: "Alert" });
    expect(valuesIn(answer)).toEqual({ TEXT: "true" });
    expect(answer.attributes.message).toBe("[ERROR] Name (GUARDED) stays as it is: ask the owner.");
    set("OPEN", "changed");
    await peer.expect("setTextVector", { name: "OPEN", state: "Ok" });
    expect([guarded.value.TEXT, open.value.TEXT]).toEqual(["true", "changed"]);
    expect((await onlooker.hearAll()).map(({ attributes }) => attributes.name)).toEqual(["OPEN"]);
  });

  test("to change anything sees everything and changes nothing", async () => {
    const { guarded, open, peer, set, onlooker } = await somebody({ change: "look on only." });
    peer.send(`<getProperties version="1.7"/>`);
    expect(await peer.hearAll()).toHaveLength(2);
    for (const name of ["OPEN", "GUARDED"]) {
      set(name, "false");
      const answer = await peer.expect("setTextVector", { name, state: "Alert" });
      expect(valuesIn(answer)).toEqual({ TEXT: "true" });
      expect(answer.attributes.message).toContain("look on only.");
    }
    expect([guarded.value.TEXT, open.value.TEXT]).toEqual(["true", "true"]);
    expect(await onlooker.hearAll()).toEqual([]);
    open.publish({ TEXT: "news" });
    await peer.expect("setTextVector", { name: "OPEN" });
  });

  test("to change anything is not asked what other devices tell", async () => {
    const { driver, peer } = await somebody({ change: "look on only." });
    driver.snoop.watch("Mount", "EQUATORIAL_EOD_COORD");
    peer.send(`<getProperties version="1.7" device="*"/>`);
    await peer.expectNothing("getProperties");
  });

  test("is refused too when the property came after the request", async () => {
    const { device, peer, set } = await somebody({ admin: "ask the owner." });
    const late = defineTexts("LATE", { ...NAMES, needs: "admin", elements });
    const slow = device.add(defineTexts("SLOW", { ...NAMES, elements }));
    let finish = () => {};
    slow.onNew(() => new Promise<void>((resolve) => (finish = resolve)));
    set("SLOW", "1");
    set("LATE", "false");
    await peer.hearAll();
    const vector = device.add(late);
    finish();
    await peer.expect("setTextVector", { name: "LATE", state: "Alert" });
    expect(vector.value.TEXT).toBe("true");
  });
});
