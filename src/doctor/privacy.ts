import { isIP } from "node:net";

/** What of a machine nobody else needs to know. */
export interface Secrets {
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly homes: readonly string[];
  /** What users call their cameras. */
  readonly nicknames: readonly string[];
  /** What tells equal cameras apart. */
  readonly serials: readonly string[];
}

/** Everybody has this user, and these addresses. */
const PUBLIC_USER = "root";
const PUBLIC_ADDRESS = /^(127\.[\d.]+|0\.0\.0\.0|::1?)$/;

const HOME = /\/home\/[^/\s:"'<]+/g;
const ADDRESS = /(?<![\w.:])[\da-f]*[.:][\da-f.:]*[\da-f:](?![\w:])/gi;
const HARDWARE_ADDRESS = /(?<![\w:])(?:[\da-f]{2}:){5}[\da-f]{2}(?![\w:])/gi;
const LOCAL_HOST = /(?<![\w.-])[\w-]+\.(local|lan|home|fritz\.box)(?![\w-])/gi;
const SERIAL = /(?<![\w])[\da-f]{16}(?!\w)/gi;

/** Text without names of users, machines and cameras, home directories, addresses and serial numbers. */
export function withoutSecrets(text: string, secrets: Secrets): string {
  const { users, hosts, homes, nicknames, serials } = secrets;
  const replaced = (all: string, word: string, by: string) => all.replace(whole(word), by);
  const numbered = [...new Set(serials)];
  let masked = text;
  for (const home of homes) masked = masked.replaceAll(home, "~");
  masked = masked.replace(HOME, "/home/<user>");
  for (const nickname of nicknames) masked = replaced(masked, nickname, "<nickname>");
  for (const [index, serial] of numbered.entries()) {
    masked = replaced(masked, serial, `<serial ${index + 1}>`);
  }
  masked = masked.replace(SERIAL, "<serial>").replace(HARDWARE_ADDRESS, "<address>");
  masked = masked.replace(ADDRESS, (word) =>
    isIP(word) === 0 || PUBLIC_ADDRESS.test(word) ? word : "<address>",
  );
  for (const host of hosts) masked = replaced(masked, host, "<host>");
  masked = masked.replace(LOCAL_HOST, "<host>");
  for (const user of users.filter((name) => name !== PUBLIC_USER)) {
    masked = replaced(masked, user, "<user>");
  }
  return masked;
}

/** A word that is not part of a longer one. */
function whole(word: string): RegExp {
  return new RegExp(`(?<![\\w.-])${word.replace(/[^\w]/g, "\\$&")}(?![\\w-])`, "g");
}
