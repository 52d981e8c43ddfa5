import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import koffi from "koffi";
import { expect, test } from "vitest";
import * as constants from "../../src/asi/constants.js";
import { FUNCTIONS } from "../../src/asi/functions.js";
import { STRUCTS } from "../../src/asi/structs.js";
import { compile } from "./compile.js";

const INCLUDE = fileURLToPath(new URL("../../simulator/include", import.meta.url));
const PREAMBLE = `
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "ASICamera2.h"
`;

/** The layout koffi computed: one line for the size of a struct and one for each member's offset. */
function layout(): readonly string[] {
  return Object.entries(STRUCTS).flatMap(([struct, type]) => [
    `${struct} ${koffi.sizeof(type)}`,
    ...Object.values(type.members ?? {}).map(
      (member) => `${struct}.${member.name} ${member.offset} ${member.type.size}`,
    ),
  ]);
}

test("Structs have the sizes, offsets and member sizes that a C compiler gives the header's", () => {
  const prints = Object.entries(STRUCTS).flatMap(([struct, type]) => [
    `printf("${struct} %zu\\n", sizeof(${struct}));`,
    ...Object.values(type.members ?? {}).map(
      ({ name }) =>
        `printf("${struct}.${name} %zu %zu\\n", offsetof(${struct}, ${name}), sizeof(((${struct} *)0)->${name}));`,
    ),
  ]);
  const program = compile(
    `${PREAMBLE} int main(void) { ${prints.join("\n")} return 0; }`,
    "layout",
    `-I${INCLUDE}`,
  );
  const printed = execFileSync(program, { encoding: "utf8" }).trimEnd().split("\n");
  expect(printed).toHaveLength(52);
  expect(layout()).toEqual(printed);
});

test.runIf(koffi.sizeof("long") === 8)("Where long has 8 bytes, structs lie as recorded", () => {
  expect(layout()).toEqual(
    expect.arrayContaining([
      "ASI_CAMERA_INFO 248",
      "ASI_CAMERA_INFO.CameraID 64 4",
      "ASI_CAMERA_INFO.MaxHeight 72 8",
      "ASI_CAMERA_INFO.MaxWidth 80 8",
      "ASI_CAMERA_INFO.SupportedBins 96 64",
      "ASI_CAMERA_INFO.SupportedVideoFormat 160 32",
      "ASI_CAMERA_INFO.PixelSize 192 8",
      "ASI_CAMERA_INFO.ElecPerADU 220 4",
      "ASI_CAMERA_INFO.Unused 232 16",
      "ASI_CONTROL_CAPS 264",
      "ASI_CONTROL_CAPS.MaxValue 192 8",
      "ASI_CONTROL_CAPS.MinValue 200 8",
      "ASI_CONTROL_CAPS.ControlType 224 4",
      "ASI_ID 8",
      "ASI_SN 8",
      "ASI_SUPPORTED_MODE 64",
      "ASI_DATE_TIME 96",
      "ASI_GPS_DATA 184",
      "ASI_GPS_DATA.Longitude 104 8",
      "ASI_GPS_DATA.Altitude 112 4",
    ]),
  );
});

test("Constants have the header's names and values, and none of the header's is missing", () => {
  const checks = Object.entries(constants).flatMap(([type, values]) => [
    ...Object.entries(values).map(
      ([name, value]) => `_Static_assert((int)${name} == ${value}, "${name}");`,
    ),
    // With -Wall -Werror a switch that leaves out a value of its enum does not compile.
    `switch ((${type})value) { ${Object.keys(values)
      .concat(type === "ASI_ERROR_CODE" ? "ASI_ERROR_END" : [])
      .map((name) => `case ${name}: return 0;`)
      .join(" ")} }`,
  ]);
  compile(
    `${PREAMBLE} int check(int value) { ${checks.join("\n")} return 1; }`,
    "constants.o",
    "-c",
    `-I${INCLUDE}`,
  );
});

test("Prototypes agree with the header's, and none of the header's is missing", () => {
  // A second declaration that differs from the header's does not compile.
  const declarations = Object.entries(FUNCTIONS).map(
    ([name, { returns, takes }]) => `${returns} ${name}(${takes.replaceAll("_Out_ ", "")});`,
  );
  compile(PREAMBLE + declarations.join("\n"), "prototypes.o", "-c", `-I${INCLUDE}`);

  const header = readFileSync(`${INCLUDE}/ASICamera2.h`, "utf8");
  const declared = Array.from(header.matchAll(/\b(ASI\w+)\(/g), ([, name]) => name);
  expect(Object.keys(FUNCTIONS).toSorted()).toEqual(declared.toSorted());
});
