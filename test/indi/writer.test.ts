import { describe, expect, test } from "vitest";
import type { Message } from "../../src/indi/messages.js";
import { Reader } from "../../src/indi/reader.js";
import { blobOpening, write } from "../../src/indi/writer.js";

const NUMBERS: Message = {
  tag: "def",
  kind: "Number",
  device: "Camera",
  name: "N",
  label: "Numbers",
  group: "Main",
  state: "Idle",
  timestamp: "2026-01-02T03:04:05",
  perm: "rw",
  timeout: 60,
  elements: [
    { name: "A", label: "a", format: "%g", min: 0, max: 10, step: 0.5, value: "1" },
    { name: "B", label: "b", format: "%g", min: 0, max: 0, step: 0, value: "2" },
  ],
};

const MESSAGES: readonly Message[] = [
  NUMBERS,
  {
    tag: "def",
    kind: "Switch",
    device: "Camera",
    name: "S",
    label: "Switches",
    group: "Main",
    state: "Ok",
    perm: "rw",
    rule: "AtMostOne",
    timeout: 0,
    elements: [{ name: "A", label: "a", value: "On" }],
  },
  {
    tag: "def",
    kind: "Light",
    device: "Camera",
    name: "L",
    label: "Lights",
    group: "Main",
    state: "Ok",
    elements: [{ name: "A", label: "a", value: "Alert" }],
  },
  {
    tag: "def",
    kind: "BLOB",
    device: "Camera",
    name: "CCD1",
    label: "Image",
    group: "Main",
    state: "Ok",
    perm: "ro",
    timeout: 60,
    elements: [{ name: "CCD1", label: "Image" }],
  },
  {
    tag: "set",
    kind: "Number",
    device: "Camera",
    name: "N",
    state: "Busy",
    timeout: 60,
    message: "[INFO] a & b",
    elements: [{ name: "A", min: 0, max: 5, step: 1, value: "2" }],
  },
  {
    tag: "set",
    kind: "BLOB",
    device: "Camera",
    name: "CCD1",
    elements: [{ name: "CCD1", format: ".fits", size: 5, data: Buffer.from("hello") }],
  },
  {
    tag: "new",
    kind: "Text",
    device: "Camera",
    name: "T",
    elements: [{ name: "A", value: `<"'&>` }],
  },
  { tag: "message", device: "Camera", message: "[ERROR] it's °C" },
  { tag: "delProperty", device: "Camera", name: "N" },
  { tag: "getProperties", device: "*", version: "1.7" },
  { tag: "enableBLOB", device: "Camera", name: "CCD1", policy: "Only" },
  { tag: "pingRequest", uid: "1" },
];

describe("a writer", () => {
  test("writes a definition as one element with double quotes and no declaration", () => {
    expect(write(NUMBERS)).toBe(
      `<defNumberVector device="Camera" name="N" label="Numbers" group="Main" state="Idle" timestamp="2026-01-02T03:04:05" perm="rw" timeout="60">
<defNumber name="A" label="a" format="%g" min="0" max="10" step="0.5">1</defNumber>
<defNumber name="B" label="b" format="%g" min="0" max="0" step="0">2</defNumber>
</defNumberVector>
`,
    );
  });

  test.each(MESSAGES.map((message) => [write(message), message] as const))(
    "writes what a reader understands: %s",
    (xml, message) => {
      const read: Message[] = [];
      new Reader({ onMessage: (one) => void read.push(one) }).write(Buffer.from(xml));
      expect(read).toEqual([message]);
    },
  );

  test("escapes five characters and leaves out what is no XML", () => {
    const text = `a<b>&"c'\0\u0007\td`;
    expect(
      write({
        tag: "new",
        kind: "Text",
        device: text,
        name: "T",
        elements: [{ name: "A", value: text }],
      }),
    ).toBe(
      `<newTextVector device="a&lt;b&gt;&amp;&quot;c&apos;   d" name="T">
<oneText name="A">a&lt;b&gt;&amp;&quot;c&apos;\td</oneText>
</newTextVector>
`,
    );
  });

  test("opens a BLOB with its size before compression where that differs", () => {
    const vector = {
      tag: "set",
      kind: "BLOB",
      device: "Camera",
      name: "CCD1",
      state: "Ok",
      elements: [],
    } as const;
    const bytes = new Uint8Array(10);
    expect(blobOpening(vector, "CCD1", { format: ".fits", bytes })).toBe(
      `<setBLOBVector device="Camera" name="CCD1" state="Ok">\n<oneBLOB name="CCD1" size="10" format=".fits">`,
    );
    expect(blobOpening(vector, "CCD1", { format: ".fits.z", bytes, size: 99 })).toContain(
      `size="99"`,
    );
  });

  test("writes exponents out in full", () => {
    const message: Message = {
      ...NUMBERS,
      elements: [
        { name: "A", label: "a", format: "%g", min: 1e-7, max: 1e22, step: 0, value: "1" },
      ],
    };
    expect(write(message)).toContain(`min="0.0000001" max="10000000000000000000000"`);
  });
});
