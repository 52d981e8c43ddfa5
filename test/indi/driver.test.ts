import { describe, expect, test } from "vitest";
import { defineNumbers } from "../../src/indi/definition.js";
import { Device } from "../../src/indi/device.js";
import { Driver } from "../../src/indi/driver.js";
import { valuesIn } from "../support/conversation.js";
import { exampleCamera, picture } from "../support/example-camera.js";
import { conversation, serving } from "../support/serving.js";
import { Deferred } from "../support/settle.js";

function numbers(name: string) {
  const elements = { A: { label: "a", min: 0, max: 10 }, B: { label: "b", min: 0, max: 10 } };
  return defineNumbers(name, { label: name, group: "Main", perm: "rw", elements });
}

/** Two devices with two properties each, on a free port. */
async function observatory() {
  const driver = new Driver();
  const [camera, mount] = [new Device("Camera"), new Device("Mount")];
  const vectors = [camera, mount].flatMap((device) => [
    device.add(numbers("ONE")),
    device.add(numbers("TWO")),
  ]);
  driver.add(camera);
  driver.add(mount);
  const { port } = await serving(driver);
  return { driver, camera, mount, vectors, join: () => conversation(port) };
}

const names = (elements: readonly { readonly attributes: Readonly<Record<string, string>> }[]) =>
  elements.map(({ attributes: { device, name } }) => `${device}.${name}`);

describe("a driver", () => {
  test.each([
    ["", ["Camera.ONE", "Camera.TWO", "Mount.ONE", "Mount.TWO"]],
    [`device="*"`, ["Camera.ONE", "Camera.TWO", "Mount.ONE", "Mount.TWO"]],
    [`device="Mount"`, ["Mount.ONE", "Mount.TWO"]],
    [`device="Mount" name="TWO"`, ["Mount.TWO"]],
    [`device="Nobody"`, []],
    [`device="Mount" name="NOSUCH"`, []],
    [`switch="2.0"`, ["Camera.ONE", "Camera.TWO", "Mount.ONE", "Mount.TWO"]],
  ])("defines what is asked for with getProperties %s", async (attributes, expected) => {
    const { join } = await observatory();
    const peer = await join();
    peer.send(`<getProperties version="1.7" ${attributes}/>`);
    expect(names(await peer.hearAll())).toEqual(expected);
    peer.send(`<getProperties ${attributes}/>`);
    expect(names(await peer.hearAll())).toEqual(expected);
  });

  test("tells each client what it asked for, and no more", async () => {
    const { join, camera, vectors } = await observatory();
    const [everything, device, property, stranger] = await Promise.all([
      join(),
      join(),
      join(),
      join(),
    ]);
    everything.send(`<getProperties version="1.7"/>`);
    device.send(`<getProperties version="1.7" device="Camera"/>`);
    property.send(`<enableBLOB device="Camera" name="TWO">Also</enableBLOB>`);
    const peers = [everything, device, property, stranger];
    for (const peer of peers) await peer.hearAll();
    for (const vector of vectors) vector.publish({ A: 5 }, "Ok");
    camera.message("hello");
    const heard = await Promise.all(peers.map((peer) => peer.hearAll()));
    expect(heard.map(names)).toEqual([
      ["Camera.ONE", "Camera.TWO", "Mount.ONE", "Mount.TWO", "Camera.undefined"],
      ["Camera.ONE", "Camera.TWO", "Camera.undefined"],
      ["Camera.TWO"],
      [],
    ]);
    expect(heard[0]?.at(-1)?.attributes.message).toBe("[INFO] hello");
  });

  test("takes a request as the first words of a client, and answers it", async () => {
    const { join } = await observatory();
    const [one, other] = await Promise.all([join(), join()]);
    await other.send(`<getProperties version="1.7"/>`).hearAll();
    one.send(
      `<newNumberVector device="Camera" name="ONE"><oneNumber name="B">7</oneNumber></newNumberVector>`,
    );
    const answer = await one.expect("setNumberVector", { name: "ONE", state: "Ok" });
    expect(valuesIn(answer)).toEqual({ A: "0", B: "7" });
    await other.expect("setNumberVector", { name: "ONE", state: "Ok" });
  });

  test("answers what is for nobody, to its sender alone", async () => {
    const { join } = await observatory();
    const [one, other] = await Promise.all([join(), join()]);
    other.send(`<getProperties version="1.7"/>`);
    await other.hearAll();
    one.send(`<newTextVector device="Dome" name="X"><oneText name="A">b</oneText></newTextVector>`);
    await one.expect("message", { message: "[ERROR] There is no device Dome." });
    one.send(
      `<newTextVector device="Camera" name="X"><oneText name="A">b</oneText></newTextVector>`,
    );
    await one.expect("message", { device: "Camera", message: "[ERROR] Camera has no property X." });
    one.send(`<newTextVector device="Camera"/>`);
    await one.expect("message", { message: "[ERROR] A newTextVector without name." });
    expect(await other.hearAll()).toEqual([]);
  });

  test("closes a client that sends malformed XML, with a word, and no other", async () => {
    const { join, vectors } = await observatory();
    const [bad, good] = await Promise.all([join(), join()]);
    for (const peer of [bad, good]) peer.send(`<getProperties version="1.7"/>`);
    await good.hearAll();
    bad.send("<newNumberVector><oops></newNumberVector>");
    await bad.expect("message");
    await bad.expectEnd();
    vectors[0]?.publish({ A: 1 });
    await good.expect("setNumberVector", { name: "ONE" });
  });

  test("tells a client that wants only BLOBs nothing else", async () => {
    const { join, vectors } = await observatory();
    const peer = await join();
    peer.send(`<enableBLOB device="Camera">Only</enableBLOB><getProperties version="1.7"/>`);
    vectors[0]?.publish({ A: 1 });
    peer.send(
      `<newNumberVector device="Camera" name="ONE"><oneNumber name="Q">7</oneNumber></newNumberVector>`,
    );
    expect(await peer.hearAll()).toEqual([]);
  });

  test("defines devices that come later and deletes those that go", async () => {
    const { driver, join, mount } = await observatory();
    const peer = await join();
    peer.send(`<getProperties version="1.7"/>`);
    await peer.hearAll();
    const dome = new Device("Dome");
    dome.add(numbers("SHUTTER"));
    driver.add(dome);
    await peer.expect("defNumberVector", { device: "Dome", name: "SHUTTER" });
    expect(() => driver.add(new Device("Dome"))).toThrow("There is a device Dome already");
    await driver.remove(mount);
    const deletion = await peer.expect("delProperty", { device: "Mount" });
    expect(deletion.attributes.name).toBeUndefined();
    mount.message("nobody hears this");
    await peer.expectNothing("message");
  });

  test("tells changed limits with the value", async () => {
    const { join, vectors } = await observatory();
    const peer = await join();
    peer.send(`<getProperties version="1.7"/>`);
    await peer.hearAll();
    vectors[0]?.limit({ B: { min: 1, max: 5, step: 0.5 } });
    const update = await peer.expect("setNumberVector", { name: "ONE" });
    expect(update.children.map(({ attributes }) => attributes)).toEqual([
      { name: "A" },
      { name: "B", min: "1", max: "5", step: "0.5" },
    ]);
  });
});

describe("an exposure over the wire", () => {
  test("is Busy, then a BLOB, then Ok", async () => {
    const driver = new Driver();
    driver.add(exampleCamera("Camera", 100_000));
    const { port } = await serving(driver);
    const peer = await conversation(port);
    peer.send(`<getProperties version="1.7"/><enableBLOB device="Camera">Also</enableBLOB>`);
    await peer.expect("defSwitchVector", { name: "CONNECTION" });
    peer.send(
      `<newSwitchVector device="Camera" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
    );
    await peer.expect("setSwitchVector", { name: "CONNECTION", state: "Ok" });
    await peer.expect("defBLOBVector", { name: "CCD1" });
    peer.send(
      `<newNumberVector device="Camera" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.05</oneNumber></newNumberVector>`,
    );
    const busy = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
    expect(valuesIn(busy)).toEqual({ CCD_EXPOSURE_VALUE: "0.05" });
    const blob = await peer.expect("setBLOBVector", { name: "CCD1", state: "Ok" });
    expect(blob.children[0]?.attributes).toEqual({ name: "CCD1", size: "100000", format: ".fits" });
    expect(blob.children[0]?.data).toEqual(Buffer.from(picture(100_000)));
    const ok = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
    expect(valuesIn(ok)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
  });

  test("reports what goes wrong in a handler", async () => {
    const reported = new Deferred<string>();
    const driver = new Driver({
      onError: (device, property, error) => reported.resolve(`${device} ${property} ${error}`),
    });
    const camera = new Device("Camera");
    camera.add(numbers("ONE")).onNew(async () => Promise.reject(new Error("no answer")));
    driver.add(camera);
    const { port } = await serving(driver);
    const peer = await conversation(port);
    peer.send(
      `<newNumberVector device="Camera" name="ONE"><oneNumber name="A">1</oneNumber></newNumberVector>`,
    );
    await peer.expect("setNumberVector", { state: "Alert", message: "[ERROR] no answer" });
    expect(await reported.promise).toBe("Camera ONE Error: no answer");
  });
});
