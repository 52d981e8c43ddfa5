import { BlockList, isIP, isIPv6 } from "node:net";
import { Refused } from "./errors.js";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/**
 * Words for ranges. Local are this machine, private networks (RFC 1918, RFC 4193) and the own link (RFC 3927, RFC 4291),
 * not 100.64.0.0/10 (RFC 6598): a provider's other customers are there as well as somebody's VPN.
 */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ["all", ["0.0.0.0/0", "::/0"]],
  [
    "local",
    [
      ...LOOPBACK,
      ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
      ...["169.254.0.0/16", "fe80::/10"],
    ],
  ],
  ["loopback", LOOPBACK],
]);

/** Ranges of IP addresses, of both families. */
export class AddressList {
  readonly #ranges: readonly string[];
  readonly #list = new BlockList();

  /** `ranges`: ADDRESS, ADDRESS/BITS, all, local or loopback; throws Refused at anything else. */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges;
    for (const range of ranges) {
      for (const plain of NAMED.get(range) ?? [range]) this.#add(plain);
    }
  }

  /** Whether an address is in a range; one of IPv4 written as IPv6 is the same, a zone does not matter. */
  includes(address: string): boolean {
    const plain = address.replace(/%.*$/, "");
    return isIP(plain) !== 0 && this.#list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
  }

  toString(): string {
    return this.#ranges.join(" ");
  }

  #add(range: string): void {
    const [, address = "", bits] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    const prefix = bits === undefined ? width : Number(bits);
    if (width < 0 || prefix > width) {
      throw new Refused(
        `"${range}" is no range of addresses: write ADDRESS, ADDRESS/BITS such as 192.168.1.0/24 or fd00::/8, or one of ${[...NAMED.keys()].join(", ")}.`,
      );
    }
    this.#list.addSubnet(address, prefix, width === 128 ? "ipv6" : "ipv4");
  }
}
