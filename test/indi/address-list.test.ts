import { describe, expect, test } from "vitest";
import { AddressList } from "../../src/indi/address-list.js";

describe("the word local", () => {
  const local = new AddressList(["local"]);

  test.each([
    ...["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"],
    ...["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0"],
    ...["192.168.255.255", "::ffff:192.168.1.9", "::ffff:c0a8:109", "169.254.0.1"],
    ...["fc00::", "fdff:ffff::1", "fe80::1", "fe80::1%eth0", "febf::1"],
  ])("means %s", (address) => {
    expect(local.includes(address)).toBe(true);
  });

  test.each([
    ...["126.255.255.255", "128.0.0.1", "::2", "9.255.255.255", "11.0.0.0", "172.15.255.255"],
    ...["172.32.0.0", "192.167.255.255", "192.169.0.0", "169.253.255.255", "169.255.0.0"],
    ...["100.64.0.1", "8.8.8.8", "::ffff:8.8.8.8", "fbff::1", "fe00::1", "fec0::1", "2001:db8::1"],
    ...["", "localhost", "10.0.0", "10.0.0.1.", "0.0.0.0", "::"],
  ])("does not mean %j", (address) => {
    expect(local.includes(address)).toBe(false);
  });
});

describe("a list of addresses", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7", "203.0.113.8"],
    ["203.0.113.7/24", "203.0.113.255", "203.0.114.0"],
    ["0.0.0.0/0", "8.8.8.8", "2001:db8::1"],
    ["::/0", "2001:db8::1", "nobody"],
    ["2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"],
    ["::ffff:203.0.113.0/120", "203.0.113.9", "203.0.114.9"],
    ["all", "8.8.8.8", "nobody"],
    ["loopback", "127.0.0.1", "10.0.0.1"],
  ])("with %s has %s and not %s", (range, inside, outside) => {
    const list = new AddressList([range]);
    expect([list.includes(inside), list.includes(outside)]).toEqual([true, false]);
  });

  test("has all its ranges, and nothing without any", () => {
    const list = new AddressList(["203.0.113.7", "2001:db8::/32"]);
    expect(list.includes("203.0.113.7") && list.includes("2001:db8::1")).toBe(true);
    expect(new AddressList([]).includes("127.0.0.1")).toBe(false);
    expect(`${list}`).toBe("203.0.113.7 2001:db8::/32");
  });

  test.each([
    ...["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/0x8"],
    ...["::/129", "fe80::1%eth0", "localhost", "10.0.0.0-10.0.0.9", "LOCAL", "256.0.0.1"],
  ])("cannot have %j", (range) => {
    expect(() => new AddressList([range])).toThrow(
      `"${range}" is no range of addresses: write ADDRESS, ADDRESS/BITS such as 192.168.1.0/24 or fd00::/8, or one of all, local, loopback.`,
    );
  });
});
