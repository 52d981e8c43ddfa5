import { describe, expect, test } from "vitest";
import { BlobPolicies } from "../../src/indi/blob-policy.js";
import { Interest } from "../../src/indi/interest.js";
import type { BlobPolicy } from "../../src/indi/types.js";

type Said = readonly [BlobPolicy, string?, string?];

describe("what a client says with enableBLOB", () => {
  // Who said what, then: BLOBs of Camera.CCD1, BLOBs of Camera.CCD2, anything but BLOBs.
  test.each<[Said[], boolean, boolean, boolean]>([
    [[], false, false, true],
    [[["Never"]], false, false, true],
    [[["Also"]], true, true, true],
    [[["Only"]], true, true, false],
    [[["Also", "Camera"]], true, true, true],
    [[["Also", "Zzz"]], true, true, true],
    [[["Only", "Camera"]], true, true, false],
    [[["Never", "Camera"]], false, false, true],
    [[["Also", "Camera", "CCD1"]], true, false, true],
    [[["Only", "Camera", "CCD1"]], true, false, true],
    [[["Never", "Camera", "CCD1"]], false, false, true],
    [[["Also"], ["Never", "Camera", "CCD1"]], true, true, true],
    [[["Only"], ["Never", "Camera", "CCD1"]], true, true, false],
    [[["Also", "Camera", "CCD1"], ["Never"]], false, false, true],
    [[["Never"], ["Also", "Camera", "CCD1"]], true, false, true],
    [[["Only"], ["Never", "Camera"]], false, false, true],
    [
      [
        ["Only", "Camera", "CCD1"],
        ["Never", "Camera", "CCD1"],
      ],
      false,
      false,
      true,
    ],
  ])("%j", (said, first, second, others) => {
    const policies = new BlobPolicies();
    for (const [policy, device, name] of said) policies.set(policy, device, name);
    expect(policies.delivers("Camera", "CCD1")).toBe(first);
    expect(policies.delivers("Camera", "CCD2")).toBe(second);
    expect(!policies.isOnlyBlobs).toBe(others);
  });
});

describe("what a client has asked for", () => {
  test.each<[[string?, string?][], Record<string, boolean>]>([
    [[], { Camera: false, "Camera.A": false, Mount: false }],
    [[[]], { Camera: true, "Camera.A": true, Mount: true }],
    [[["*"]], { Camera: true, "Camera.A": true, Mount: true }],
    [[["Camera"]], { Camera: true, "Camera.A": true, Mount: false, "Mount.A": false }],
    [[["Camera", "A"]], { Camera: false, "Camera.A": true, "Camera.B": false }],
    [
      [
        ["Camera", "A"],
        ["Camera", "B"],
      ],
      { Camera: false, "Camera.A": true, "Camera.B": true },
    ],
  ])("%j", (asked, covered) => {
    const interest = new Interest();
    for (const [device, name] of asked) interest.add(device, name);
    for (const [address, expected] of Object.entries(covered)) {
      const [device = "", name] = address.split(".");
      expect(interest.covers(device, name), address).toBe(expected);
    }
  });

  test("includes messages of no device, and the end of a device of which one property was asked for", () => {
    const interest = new Interest();
    expect(interest.includes({ tag: "message", message: "hello" })).toBe(true);
    expect(interest.includes({ tag: "message", device: "Camera", message: "hello" })).toBe(false);
    interest.add("Camera", "A");
    expect(interest.includes({ tag: "message", device: "Camera", message: "hello" })).toBe(false);
    expect(interest.includes({ tag: "delProperty", device: "Camera" })).toBe(true);
    expect(interest.includes({ tag: "delProperty", device: "Camera", name: "B" })).toBe(false);
    expect(interest.includes({ tag: "delProperty", device: "Mount" })).toBe(false);
  });
});

describe("what is remembered of a client", () => {
  test("is not more than thousands of properties: then everything is taken to be asked for", () => {
    const interest = new Interest();
    const name = (number: number) => `PROPERTY_${number}`;
    for (let number = 0; number < 5_000; number++) interest.add("Camera", name(number));
    expect([interest.covers("Camera", name(0)), interest.covers("Mount")]).toEqual([true, false]);
    for (let number = 0; number < 1_000_000; number++) interest.add("Camera", name(number));
    expect([interest.covers("Camera", name(0)), interest.covers("Mount")]).toEqual([true, true]);
  });

  test("is not more than thousands of BLOB policies: then others are refused", () => {
    const policies = new BlobPolicies();
    const enable = (count: number, policy: BlobPolicy) => {
      for (let number = 0; number < count; number++) policies.set(policy, "Camera", `CCD${number}`);
    };
    enable(1_000_000, "Never");
    enable(3_000, "Also");
    expect(() => enable(1_000_000, "Also")).toThrow(
      "There are too many properties with a BLOB policy of their own.",
    );
    expect(policies.delivers("Camera", "CCD0")).toBe(true);
    policies.set("Never");
    expect(policies.delivers("Camera", "CCD0")).toBe(false);
    enable(1, "Also");
    expect(policies.delivers("Camera", "CCD0")).toBe(true);
  });
});
