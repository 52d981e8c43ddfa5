import { readFileSync } from "node:fs";

const manifest: unknown = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** This program's version, as its package says. */
export const VERSION =
  typeof manifest === "object" && manifest !== null && "version" in manifest
    ? `${manifest.version}`
    : "unknown";
