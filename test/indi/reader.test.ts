import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/indi/errors.js";
import type { Message } from "../../src/indi/messages.js";
import { Reader } from "../../src/indi/reader.js";
import type { ReaderLimits } from "../../src/indi/xml-reader.js";

function read(pieces: Iterable<Uint8Array>, limits: Partial<ReaderLimits> = {}): Message[] {
  const messages: Message[] = [];
  const reader = new Reader({ onMessage: (message) => void messages.push(message) }, limits);
  for (const piece of pieces) reader.write(piece);
  return messages;
}

const readText = (text: string, limits?: Partial<ReaderLimits>) =>
  read([Buffer.from(text)], limits);

const EXAMPLES: readonly [string, string, Message | undefined][] = [
  [
    "a number definition",
    `<defNumberVector device="Camera" name="CCD_EXPOSURE" label="Expose" group="Main Control" state="Idle" perm="rw" timeout="60" timestamp="2026-01-02T03:04:05">
      <defNumber name="CCD_EXPOSURE_VALUE" label="Duration (s)" format="%5.2f" min="0.01" max="3600" step="1">
1.5
      </defNumber></defNumberVector>`,
    {
      tag: "def",
      kind: "Number",
      device: "Camera",
      name: "CCD_EXPOSURE",
      label: "Expose",
      group: "Main Control",
      state: "Idle",
      perm: "rw",
      timeout: 60,
      timestamp: "2026-01-02T03:04:05",
      elements: [
        {
          name: "CCD_EXPOSURE_VALUE",
          label: "Duration (s)",
          format: "%5.2f",
          min: 0.01,
          max: 3600,
          step: 1,
          value: "1.5",
        },
      ],
    },
  ],
  [
    "a switch definition",
    `<defSwitchVector device='Camera' name='CONNECTION' label='Connection' group='Main' state='Ok' perm='rw' rule='OneOfMany' timeout='60'>
<defSwitch name='CONNECT' label='Connect'>On</defSwitch><defSwitch name='DISCONNECT' label='Disconnect'>Off</defSwitch></defSwitchVector>`,
    {
      tag: "def",
      kind: "Switch",
      device: "Camera",
      name: "CONNECTION",
      label: "Connection",
      group: "Main",
      state: "Ok",
      perm: "rw",
      rule: "OneOfMany",
      timeout: 60,
      elements: [
        { name: "CONNECT", label: "Connect", value: "On" },
        { name: "DISCONNECT", label: "Disconnect", value: "Off" },
      ],
    },
  ],
  [
    "a text definition without timeout and label",
    `<defTextVector device="Camera" name="T" state="Idle" perm="ro"><defText name="A"> a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; </defText></defTextVector>`,
    {
      tag: "def",
      kind: "Text",
      device: "Camera",
      name: "T",
      label: "",
      group: "",
      state: "Idle",
      perm: "ro",
      timeout: 0,
      elements: [{ name: "A", label: "", value: `a <b> & "c" 'd'` }],
    },
  ],
  [
    "a light definition",
    `<defLightVector device="Camera" name="L" label="Lights" group="G" state="Busy"><defLight name="A" label="a">Alert</defLight></defLightVector>`,
    {
      tag: "def",
      kind: "Light",
      device: "Camera",
      name: "L",
      label: "Lights",
      group: "G",
      state: "Busy",
      elements: [{ name: "A", label: "a", value: "Alert" }],
    },
  ],
  [
    "a BLOB definition",
    `<defBLOBVector device="Camera" name="CCD1" label="Image" group="G" state="Idle" perm="ro" timeout="60"><defBLOB name="CCD1" label="Image"/></defBLOBVector>`,
    {
      tag: "def",
      kind: "BLOB",
      device: "Camera",
      name: "CCD1",
      label: "Image",
      group: "G",
      state: "Idle",
      perm: "ro",
      timeout: 60,
      elements: [{ name: "CCD1", label: "Image" }],
    },
  ],
  [
    "new limits with a number",
    `<setNumberVector device="Camera" name="N" state="Ok" timeout="0" message="a &gt; b"><oneNumber name="A" min="0" max="5" step="1">2</oneNumber></setNumberVector>`,
    {
      tag: "set",
      kind: "Number",
      device: "Camera",
      name: "N",
      state: "Ok",
      timeout: 0,
      message: "a > b",
      elements: [{ name: "A", value: "2", min: 0, max: 5, step: 1 }],
    },
  ],
  [
    "a set of switches without a state",
    `<setSwitchVector device="Camera" name="S"><oneSwitch name="A">On</oneSwitch></setSwitchVector>`,
    {
      tag: "set",
      kind: "Switch",
      device: "Camera",
      name: "S",
      elements: [{ name: "A", value: "On" }],
    },
  ],
  [
    "a request for numbers with attributes of no meaning",
    `<newNumberVector device="Camera" name="N" timestamp="x"><oneNumber name="A">0.10000000000000000555</oneNumber><other/></newNumberVector>`,
    {
      tag: "new",
      kind: "Number",
      device: "Camera",
      name: "N",
      elements: [{ name: "A", value: "0.10000000000000000555" }],
    },
  ],
  [
    "a request for texts in UTF-8",
    `<newTextVector device="Camera" name="T"><oneText name="A">20 °C — 星</oneText></newTextVector>`,
    {
      tag: "new",
      kind: "Text",
      device: "Camera",
      name: "T",
      elements: [{ name: "A", value: "20 °C — 星" }],
    },
  ],
  [
    "a BLOB in one line",
    `<setBLOBVector device="Camera" name="CCD1" state="Ok"><oneBLOB name="CCD1" size="5" format=".fits">aGVsbG8=</oneBLOB></setBLOBVector>`,
    {
      tag: "set",
      kind: "BLOB",
      device: "Camera",
      name: "CCD1",
      state: "Ok",
      elements: [{ name: "CCD1", format: ".fits", size: 5, data: Buffer.from("hello") }],
    },
  ],
  [
    "a BLOB in wrapped lines with blanks around, larger than announced",
    `<newBLOBVector device="Camera" name="B"><oneBLOB name="B" size="2" format=".txt">
      aGVs
      bG8gd2
      9ybGQ=
    </oneBLOB></newBLOBVector>`,
    {
      tag: "new",
      kind: "BLOB",
      device: "Camera",
      name: "B",
      elements: [{ name: "B", format: ".txt", size: 2, data: Buffer.from("hello world") }],
    },
  ],
  [
    "a message",
    `<message timestamp="2026-01-02T03:04:05" message="[INFO] hi"/>`,
    { tag: "message", timestamp: "2026-01-02T03:04:05", message: "[INFO] hi" },
  ],
  [
    "a deletion",
    `<delProperty device="Camera" name="N"/>`,
    { tag: "delProperty", device: "Camera", name: "N" },
  ],
  [
    "a getProperties without version",
    `<getProperties device="*"/>`,
    { tag: "getProperties", device: "*" },
  ],
  [
    "an enableBLOB as indiserver reprints it",
    `<enableBLOB device="Camera">\nAlso\n</enableBLOB>`,
    { tag: "enableBLOB", device: "Camera", policy: "Also" },
  ],
  ["an enableBLOB in unknown words", `<enableBLOB device="Camera">Maybe</enableBLOB>`, undefined],
  ["a ping", `<pingRequest uid="SetBLOB/1"/>`, { tag: "pingRequest", uid: "SetBLOB/1" }],
  ["a reply to a ping", `<pingReply uid="1"/>`, { tag: "pingReply", uid: "1" }],
  [
    "an element INDI does not know",
    `<somethingElse device="x"><inside>text</inside></somethingElse>`,
    undefined,
  ],
  [
    "an attribute with an unescaped > in it",
    `<message message="a > b"/>`,
    { tag: "message", message: "a > b" },
  ],
  [
    "attributes named like parts of objects",
    `<message __proto__="2" constructor="3" message="x"/>`,
    { tag: "message", message: "x" },
  ],
];

describe("a reader", () => {
  test.each(EXAMPLES)("understands %s", (_, text, message) => {
    expect(readText(text)).toEqual(message ? [message] : []);
  });

  test.each(EXAMPLES)("understands %s, cut at every byte", (_, text, message) => {
    const bytes = Buffer.from(`${text}\n<pingReply uid="end"/>`);
    const expected = [...(message ? [message] : []), { tag: "pingReply", uid: "end" }];
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test("passes over declarations, comments and document types anywhere", () => {
    const text = `<?xml version='1.0'?>
      <!DOCTYPE indi><!-- <message message="a"/> -- > -->
      <getProperties version="1.7"/><?xml version='1.0'?><!---->
      <newTextVector device="Camera" name="T"><!-- > --><oneText name="A">a<!-- b -->c</oneText></newTextVector>`;
    expect(readText(text)).toEqual([
      { tag: "getProperties", version: "1.7" },
      {
        tag: "new",
        kind: "Text",
        device: "Camera",
        name: "T",
        elements: [{ name: "A", value: "ac" }],
      },
    ]);
  });

  test("tells of an element that lacks what it needs, and goes on", () => {
    const refusals: string[] = [];
    const messages: Message[] = [];
    const reader = new Reader({
      onMessage: (message) => void messages.push(message),
      onRefused: ({ message }) => void refusals.push(message),
    });
    reader.write(Buffer.from(`<newNumberVector name="N"/><pingReply uid="1"/>`));
    expect(refusals).toEqual(["A newNumberVector without device."]);
    expect(messages).toEqual([{ tag: "pingReply", uid: "1" }]);
  });

  test("takes bytes that are no UTF-8 as unknown characters", () => {
    const bytes = Buffer.from(
      `<newTextVector device="C" name="T"><oneText name="A">\xe9</oneText></newTextVector>`,
      "latin1",
    );
    expect(read([bytes])).toMatchObject([{ elements: [{ value: "\ufffd" }] }]);
  });

  test.each([
    ["tags that do not match", "<a></b>"],
    ["an end without a beginning", "</a>"],
    ["the end of the stream's own root", "</stream>"],
    ["text outside of elements", "GET / HTTP/1.1\r\n\r\n<a/>"],
    ["an attribute without quotes", "<a b=c/>"],
    ["an unknown entity", "<a>&nbsp;</a>"],
    ["a NUL", "\0"],
    ["an attribute that confuses the parser", `<a hasOwnProperty="1" b="2"/>`],
    [
      "a BLOB that is not base64",
      `<setBLOBVector device="C" name="B"><oneBLOB name="B" size="3" format=".x">a*b!</oneBLOB></setBLOBVector>`,
    ],
  ])("does not follow %s", (_, text) => {
    expect(() => readText(text)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code: "malformed" }),
    );
  });

  test.each([
    ["too many levels", "<a><b><c><d><e/></d></c></b></a>", {}],
    [
      "too many attributes",
      `<a ${Array.from({ length: 65 }, (_, n) => `a${n}=""`).join(" ")}/>`,
      {},
    ],
    ["too long a text", `<a>${"x".repeat(2000)}</a>`, { text: 1000 }],
    ["too long a message", `<a b="${"x".repeat(2000)}"/>`, { message: 1000 }],
    ["a message without an end", `<a>${"<b/>".repeat(1000)}`, { message: 1000 }],
    ["too many elements", `<a>${"<b/>".repeat(4096)}</a>`, {}],
    ["too long a comment", `<!-- ${"x".repeat(2000)} -->`, { message: 1000 }],
    ["too large a BLOB", `<oneBLOB size="1">${"AAAA".repeat(1000)}</oneBLOB>`, { blob: 1000 }],
    ["too large a BLOB by its own words", `<oneBLOB size="4000000000">`, {}],
  ])("stops at %s", (_, text, limits) => {
    expect(() => readText(text, limits)).toThrow(ProtocolError);
    expect(() => readText(text, limits)).toThrow(expect.objectContaining({ code: "limit" }));
  });

  test("counts the size of each message by itself, and BLOBs not at all", () => {
    const blob = `<setBLOBVector device="C" name="B"><oneBLOB name="B" size="3000" format=".x">${"AAAA".repeat(1000)}</oneBLOB></setBLOBVector>`;
    const text = `${`<message message="${"x".repeat(500)}"/>\n`.repeat(10)}${blob}`;
    expect(readText(text, { message: 1000 })).toHaveLength(11);
  });

  test("passes over BLOBs of any length where none are wanted", () => {
    const text = `<newBLOBVector device="C" name="B"><oneBLOB name="B" size="2000000000" format=".x">${"AAA=A".repeat(1000)}</oneBLOB></newBLOBVector>`;
    expect(readText(text, { blob: 0 })).toEqual([
      expect.objectContaining({
        tag: "new",
        elements: [{ name: "B", format: ".x", size: 2_000_000_000, data: new Uint8Array() }],
      }),
    ]);
  });

  test("tells how far a BLOB has come", () => {
    const seen: string[] = [];
    const reader = new Reader({
      onMessage: () => {},
      onBlobProgress: ({ name, received, size }) => void seen.push(`${name} ${received}/${size}`),
    });
    reader.write(
      Buffer.from(`<setBLOBVector device="C" name="B"><oneBLOB name="B" size="6" format=".x">aGVs`),
    );
    reader.write(Buffer.from(`bG8h</oneBLOB></setBLOBVector>`));
    expect(seen).toEqual(["B 3/6", "B 6/6"]);
  });
});
