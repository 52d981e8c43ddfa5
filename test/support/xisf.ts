import { fileOf } from "./programs.js";
import { python } from "./python.js";

/** What an XISF file says, as the reader below has it. */
export interface XisfFile {
  readonly image: Readonly<Record<string, string>>;
  readonly keywords: readonly (readonly [name: string, value: string, comment: string])[];
  readonly properties: Readonly<Record<string, readonly [type: string, value: string]>>;
  readonly filter: Readonly<Record<string, string>> | null;
  readonly values: readonly number[];
}

/** A reader of monolithic XISF files written after the specification, in another language, sharing nothing with ours. */
const READER = `
import array, json, struct, sys, zlib
import xml.etree.ElementTree as ET

raw = open(sys.argv[1], "rb").read()
assert raw[:8] == b"XISF0100", raw[:8]
length, reserved = struct.unpack("<II", raw[8:16])
assert reserved == 0
root = ET.fromstring(raw[16:16 + length])
ns = "{http://www.pixinsight.com/xisf}"
assert root.tag == ns + "xisf" and root.get("version") == "1.0"
image, = root.findall(ns + "Image")
kind, position, size = image.get("location").split(":")
assert kind == "attachment"
position, size = int(position), int(size)
assert position >= 16 + length and position + size == len(raw)
data = raw[position:position + size]
if image.get("compression"):
    codec, uncompressed, *item = image.get("compression").split(":")
    data = zlib.decompress(data)
    assert len(data) == int(uncompressed)
    if codec.endswith("+sh"):
        item = int(item[0])
        count = len(data) // item
        data = bytes(data[place * count + i] for i in range(count) for place in range(item)) + data[count * item:]
code = {"UInt8": "B", "UInt16": "H"}[image.get("sampleFormat")]
values = array.array(code)
values.frombytes(data)
width, height, planes = map(int, image.get("geometry").split(":"))
assert len(values) == width * height * planes
assert planes == (3 if image.get("colorSpace") == "RGB" else 1)
properties = {p.get("id"): [p.get("type"), p.get("value") if p.get("value") is not None else p.text or ""]
              for p in root.iter(ns + "Property")}
filters = image.find(ns + "ColorFilterArray")
print(json.dumps({
    "image": image.attrib,
    "keywords": [[k.get("name"), k.get("value"), k.get("comment")] for k in image.findall(ns + "FITSKeyword")],
    "properties": properties,
    "filter": None if filters is None else filters.attrib,
    "values": values.tolist(),
}))`;

/** Reads an XISF file; fails where it breaks the specification. */
export function readXisf(file: Uint8Array): XisfFile {
  const read = python(READER, fileOf(file, "image.xisf"));
  if (!isXisfFile(read)) throw new Error("The reader said something else");
  return read;
}

function isXisfFile(read: unknown): read is XisfFile {
  return typeof read === "object" && read !== null && "image" in read && "values" in read;
}
