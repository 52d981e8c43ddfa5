import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Driver } from "../../src/indi/driver.js";
import { ProtocolError } from "../../src/indi/errors.js";
import type { Message } from "../../src/indi/messages.js";
import { formatNumber, parseNumber, writeNumber } from "../../src/indi/number-format.js";
import { Reader } from "../../src/indi/reader.js";
import { write } from "../../src/indi/writer.js";
import { exampleCamera } from "../support/example-camera.js";
import { amount, longest, ownMegabytes } from "../support/fuzzing.js";
import { conversation, serving } from "../support/serving.js";

const SEEDS = [
  `<getProperties version="1.7" device="*"/>`,
  `<enableBLOB device="Camera" name="CCD1">Also</enableBLOB>`,
  `<newNumberVector device="Camera" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>`,
  `<newSwitchVector device="Camera" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
  `<newBLOBVector device="Camera" name="CCD1"><oneBLOB name="CCD1" size="5" format=".x">aGVsbG8=</oneBLOB></newBLOBVector>`,
  `<pingRequest uid="a"/><!-- c --><?xml version="1.0"?><message message="&amp;&lt;"/>`,
];

/** A message with some bytes replaced, left out or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(300), fc.nat(2), fc.uint8Array({ maxLength: 4 })), { maxLength: 5 }),
  )
  .map(([seed, edits]) => {
    const bytes = [...Buffer.from(seed)];
    for (const [at, removed, added] of edits)
      bytes.splice(at % (bytes.length + 1), removed, ...added);
    return Uint8Array.from(bytes);
  });

/** Words of the language in any order, which get deeper than bytes do. */
const soup = fc
  .array(
    fc.constantFrom(
      ...[
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "&",
      ],
      ...["&amp;", "&#0;", "&#x10FFFF;", "&lol;", '"', "'", "=", " ", "\n", "\0", "é", "\u{1F52D}"],
      ...[
        "newNumberVector",
        "newBLOBVector",
        "oneNumber",
        "oneBLOB",
        "enableBLOB",
        "getProperties",
      ],
      ...[
        ' device="Camera"',
        ' name="CCD1"',
        ' size="1e9"',
        ' size="-1"',
        " xmlns='a'",
        "aGk=",
        "On",
      ],
    ),
    { maxLength: 30 },
  )
  .map((words) => new Uint8Array(Buffer.from(words.join(""))));

const input = fc.oneof(mutated, mutated, soup, fc.uint8Array({ maxLength: 200 }));

describe("any bytes", () => {
  test(
    "are messages or a ProtocolError, the same however they are cut, and stay in no memory",
    () => {
      const read = (pieces: Uint8Array[]) => {
        const messages: Message[] = [];
        const reader = new Reader({ onMessage: (message) => void messages.push(message) });
        try {
          for (const piece of pieces) reader.write(piece);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          return [...messages, "error"];
        }
        return messages;
      };
      let inputs = 0;
      const before = ownMegabytes("self");
      fc.assert(
        fc.property(fc.array(input, { minLength: 2, maxLength: 4 }), fc.nat(), (parts, cut) => {
          inputs += parts.length;
          const bytes = Buffer.concat(parts);
          const at = cut % (bytes.length + 1);
          const whole = read([bytes]);
          const pieces = read([bytes.subarray(0, at), bytes.subarray(at)]);
          // Vitest's own comparison takes longer than all the rest.
          if (!isDeepStrictEqual(pieces, whole)) expect(pieces).toEqual(whole);
        }),
        amount(25_000),
      );
      process.stdout.write(`${inputs} inputs\n`);
      // What the garbage collector leaves about of all the texts that were made.
      expect(ownMegabytes("self") - before).toBeLessThan(200);
    },
    longest(120_000),
  );

  test("from one client leave the driver and another client at work", async () => {
    const driver = new Driver();
    driver.add(exampleCamera("Camera", 1000));
    const { port } = await serving(driver, { maxConnections: 1000 });
    const good = await conversation(port);
    await good.send(`<getProperties version="1.7"/>`).hearAll();
    await fc.assert(
      fc.asyncProperty(fc.array(input, { minLength: 1, maxLength: 5 }), async (parts) => {
        const bad = await conversation(port);
        bad.send(Buffer.concat(parts));
        await bad.finish();
        await good.hearAll();
      }),
      { numRuns: 400 },
    );
    good.send(
      `<newSwitchVector device="Camera" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
    );
    await good.expect("setSwitchVector", { name: "CONNECTION", state: "Ok" });
  });
});

describe("any text and number", () => {
  const plain = fc
    .string({ unit: "binary" })
    .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, "").trim());

  test("comes out of the reader as it went into the writer", () => {
    fc.assert(
      fc.property(
        plain,
        plain,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (device, value, number) => {
          const message: Message = {
            tag: "set",
            kind: "Number",
            device: `D${device}`,
            name: "N",
            elements: [{ name: "A", value, min: number }],
          };
          const read: Message[] = [];
          new Reader({ onMessage: (one) => void read.push(one) }).write(
            Buffer.from(write(message)),
          );
          expect(read).toEqual([{ ...message, elements: [{ name: "A", value, min: number + 0 }] }]);
        },
      ),
    );
  });

  test("is read back from what was written, and from base 60 within its last place", () => {
    fc.assert(
      fc.property(fc.double({ min: -360, max: 360, noNaN: true }), (value) => {
        expect(parseNumber(writeNumber(value))).toBe(value + 0);
        const shown = parseNumber(formatNumber("%12.9m", value)) ?? Number.NaN;
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(0.5 / 360_000 + 1e-9);
      }),
    );
  });
});
