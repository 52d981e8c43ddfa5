#!/usr/bin/env node
import { fileURLToPath } from "node:url";
// Holds the definitions of a running daemon against a recording of another driver.
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";

const USAGE =
  "Usage: node scripts/compare-definitions.mjs RECORDING.xml [--host H] [--port P] [--device NAME]";

/** The code the tests use, which is TypeScript. */
async function load(path) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const server = await createViteServer({
    root,
    configFile: false,
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  });
  try {
    return await server.ssrLoadModule(path);
  } finally {
    await server.close();
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      host: { type: "string", default: "localhost" },
      port: { type: "string", default: "7624" },
      device: { type: "string" },
    },
  });
  const [recording] = positionals;
  if (positionals.length !== 1) throw new Error(USAGE);
  return { ...values, recording, port: Number(values.port) };
}

try {
  const wanted = readArguments();
  const { report } = await load("/test/contract/definition-comparison.ts");
  const { lines, isExplained } = await report(wanted);
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = isExplained ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
