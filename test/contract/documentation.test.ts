import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FUNCTIONS } from "../../src/asi/functions.js";
import type { XmlElement } from "../../src/indi/xml-reader.js";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { explainedDifferences, tableBelow } from "./definition-differences.js";
import {
  type Definitions,
  live,
  readRecording,
  recordingOf,
  switchOn,
  turn,
} from "./definitions.js";

/** Together they have everything. */
const MODELS = ["ASI2600MC Pro", "ASI120MM", "ASI174MM Trigger"] as const;

const DOCUMENT = "../../docs/properties.md";
/** Where nobody is from who asks here. */
const ELSEWHERE = "192.0.2.1";

const document = readFileSync(new URL(DOCUMENT, import.meta.url), "utf8");

/** What brings the properties that are there only at some moments. */
const MOMENTS = [
  { property: "DEBUG", element: "ENABLE", state: "Ok" },
  { property: "UPLOAD_MODE", element: "UPLOAD_BOTH", state: "Ok" },
  { property: "WCS_CONTROL", element: "WCS_ENABLE", state: "Ok" },
] as const;

/** A property with its definitions by the cameras that have it. */
type Entries = ReadonlyMap<string, ReadonlyMap<string, XmlElement>>;

let daemon: DaemonProcess;
let entries: Entries;
/** The properties that are there before a camera is connected. */
let always: ReadonlySet<string>;
/** The properties that not everybody who may connect may change. */
let guarded: ReadonlySet<string>;

beforeAll(async () => {
  const args = ["--allow-admin", ELSEWHERE];
  daemon = await startDaemon({ models: MODELS.join(), args });
  const peer = await Conversation.connect(daemon.port);
  const found = new Map<string, Map<string, XmlElement>>();
  for (const model of MODELS) {
    for (const [name, definition] of await everything(peer, `ZWO CCD ${model}`)) {
      found.set(name, (found.get(name) ?? new Map()).set(model, definition));
    }
  }
  guarded = await guardedOf(peer, found);
  always = new Set(await disconnected(peer));
  peer.close();
  entries = found;
});
afterAll(() => daemon.stop());

async function everything(peer: Conversation, device: string): Promise<Definitions> {
  await turn(peer, device, "CONNECT");
  for (const moment of MOMENTS) await switchOn(peer, device, moment);
  return live(peer, device);
}

/** Asks for nothing of each property: what may not be changed is refused before anybody looks at the request. */
async function guardedOf(peer: Conversation, found: Entries): Promise<Set<string>> {
  for (const [name, cameras] of found) {
    const [model] = cameras.keys();
    peer.send(`<newBLOBVector device="ZWO CCD ${model}" name="${name}"/>`);
  }
  const refusals = (await peer.hearAll()).filter(({ attributes: { message } }) =>
    message?.includes("--allow-admin"),
  );
  return new Set(refusals.map(({ attributes }) => attributes.name ?? ""));
}

async function disconnected(peer: Conversation): Promise<string[]> {
  const names: string[] = [];
  for (const model of MODELS) {
    await turn(peer, `ZWO CCD ${model}`, "DISCONNECT");
    names.push(...(await live(peer, `ZWO CCD ${model}`)).keys());
  }
  return names;
}

function row([name, cameras]: [string, ReadonlyMap<string, XmlElement>]): string {
  const definitions = [...cameras.values()];
  const { label, group } = definitions[0]?.attributes ?? {};
  const cells = [
    `\`${name}\``,
    `${label}, *${group}*`,
    `${distinct(definitions.map(kind)).join(" / ")}${guarded.has(name) ? ", `--allow-admin`" : ""}`,
    cameras.size === MODELS.length ? "all" : [...cameras.keys()].join(", "),
    elementsOf(definitions).join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function kind({ tag, attributes: { perm, rule } }: XmlElement): string {
  return [tag.replace(/^def|Vector$/g, "").toLowerCase(), perm, rule].filter(Boolean).join(" ");
}

/** All elements of a property, each with the ranges it has with different cameras. */
function elementsOf(definitions: readonly XmlElement[]): string[] {
  const all = definitions.flatMap(({ children }) => children.map(({ attributes }) => attributes));
  return distinct(all.map(({ name }) => name)).map((name) => {
    const same = all.filter((one) => one.name === name);
    const ranges = distinct(
      same.map(({ min, max }) => (min === undefined ? "" : ` ${min} to ${max}`)),
    );
    return `\`${name}\` ${same[0]?.label}${ranges.join(" /")}`;
  });
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

/** The hand-written rows, in the words of their head. */
const notes = tableBelow(document, "## What they do").map(
  ([property = "", exists = "", purpose = "", functions = "", ascom = "", cpp = ""]) => {
    return { property: property.replaceAll("`", ""), exists, purpose, functions, ascom, cpp };
  },
);

describe("docs/properties.md", () => {
  it("lists the properties as they are", async () => {
    const table = [
      "| property | label, *tab* | kind | cameras | elements |",
      "|---|---|---|---|---|",
      ...[...entries].map(row),
    ].join("\n");
    const current = document.replace(
      /(<!-- made by .*-->\n)[\s\S]*?(<!-- end -->)/,
      (_, start: string, end: string) => `${start}\n${table}\n\n${end}`,
    );
    await expect(current).toMatchFileSnapshot(DOCUMENT);
  });

  it("tells of each property what it does, and of no other", () => {
    const told = notes.map(({ property }) => property);
    expect(told.toSorted()).toEqual([...entries.keys()].toSorted());
    const incomplete = notes.filter((note) => Object.values(note).includes(""));
    expect(incomplete).toEqual([]);
  });

  it("tells which properties there are before a camera is connected", () => {
    const told = notes.filter(({ exists }) => /^always\b/.test(exists));
    expect(told.map(({ property }) => property).toSorted()).toEqual([...always].toSorted());
    expect(notes.filter(({ exists }) => !/^(always|connected)\b/.test(exists))).toEqual([]);
  });

  it("names the cameras that lack a property by what they lack", () => {
    const everywhere = notes.filter(({ exists }) =>
      /^(always|connected)(, while .*)?$/.test(exists),
    );
    const missing = everywhere.filter(
      ({ property }) => entries.get(property)?.size !== MODELS.length,
    );
    expect(missing).toEqual([]);
  });

  it("names every function of the library, and none that it has not", () => {
    const named = new Set(document.match(/\bASI(?!_)[A-Z][A-Za-z]+/g));
    expect([...named].toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
  });

  it("names every member of the ASCOM camera interface", () => {
    expect(ASCOM_MEMBERS.filter((member) => !ascomMembersNamed().has(member))).toEqual([]);
  });

  it("tells as the recordings do which properties the C++ driver has, and has differently", () => {
    const differing = new Set(explainedDifferences().map(({ property }) => property));
    const recorded = new Set(
      ["ASI2600MC Pro", "ASI120MM"].flatMap((model) => [
        ...readRecording(recordingOf(model, "after")).definitions.keys(),
      ]),
    );
    const wrong = notes.filter(({ property, cpp }) => {
      if (recorded.has(property)) return cpp !== (differing.has(property) ? "differs" : "same");
      return cpp === "differs" || (differing.has(property) && cpp !== "new");
    });
    expect(wrong).toEqual([]);
  });
});

function ascomMembersNamed(): ReadonlySet<string> {
  return new Set(document.match(/\b[A-Z][A-Za-z]+\b/g));
}

/** ICamera of the ASCOM platform, version 1. */
const ASCOM_MEMBERS = [
  ...["AbortExposure", "BinX", "BinY", "CameraState", "CameraXSize", "CameraYSize"],
  ...["CanAbortExposure", "CanAsymmetricBin", "CanGetCoolerPower", "CanPulseGuide"],
  ...["CanSetCCDTemperature", "CanStopExposure", "CCDTemperature", "Connected", "CoolerOn"],
  ...["CoolerPower", "Description", "ElectronsPerADU", "FullWellCapacity", "HasShutter"],
  ...["HeatSinkTemperature", "ImageArray", "ImageArrayVariant", "ImageReady", "IsPulseGuiding"],
  ...["LastError", "LastExposureDuration", "LastExposureStartTime", "MaxADU", "MaxBinX"],
  ...["MaxBinY", "NumX", "NumY", "PixelSizeX", "PixelSizeY", "PulseGuide", "SetCCDTemperature"],
  ...["SetupDialog", "StartExposure", "StartX", "StartY", "StopExposure"],
];
