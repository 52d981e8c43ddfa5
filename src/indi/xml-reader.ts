import { StringDecoder } from "node:string_decoder";
import sax from "sax";
import { Base64Decoder } from "./base64-decoder.js";
import { errorText, ProtocolError } from "./errors.js";

//   bytes ──> markup ──> sax ──> elements
//                └─────> base64 ──> the content of a oneBLOB
//
// The bytes are cut at every tag, so that declarations and comments never reach sax, and the content
// of a BLOB, which may be hundreds of megabytes, goes around it.

/** One element of the stream with everything in it; text is trimmed. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** The decoded content of a oneBLOB. */
  readonly data?: Uint8Array;
}

/** How far a BLOB has arrived. */
export interface BlobProgress {
  readonly name: string;
  readonly received: number;
  /** As announced by the sender. */
  readonly size: number;
}

/** What a peer may send at most before it is a {@link ProtocolError}. */
export interface ReaderLimits {
  /** Elements in elements. */
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Characters in one element. */
  readonly text: number;
  /** Bytes of one top-level element, without its BLOBs. */
  readonly message: number;
  /** Elements in one top-level element. */
  readonly elements: number;
  /** Decoded bytes of one BLOB; with 0 its content is passed over, however long. */
  readonly blob: number;
}

/** Ample for every INDI message there is; BLOBs from clients are small. */
const DEFAULT_LIMITS: ReaderLimits = {
  depth: 4,
  attributes: 64,
  text: 1024 * 1024,
  message: 2 * 1024 * 1024,
  elements: 4096,
  blob: 2 * 1024 * 1024,
};

/** What a reader reports. */
export interface XmlHandlers {
  onElement(element: XmlElement): void;
  onBlobProgress?(progress: BlobProgress): void;
}

interface OpenElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
  decoder?: Base64Decoder | "passed over";
}

/** Outside a tag, just after `<`, in a tag, in a declaration or comment, in the content of a BLOB. */
type Place = "text" | "opening" | "tag" | "skipped" | "blob";

const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const EXCLAMATION = 0x21;
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const SAX_OPTIONS = { strictEntities: true, position: false };

/** Cuts a byte stream without a root into its top-level elements. */
export class XmlReader {
  readonly #handlers: XmlHandlers;
  readonly #limits: ReaderLimits;
  readonly #parser = sax.parser(true, SAX_OPTIONS);
  readonly #decoder = new StringDecoder("utf8");
  readonly #open: OpenElement[] = [];
  #attributes: Record<string, string> = Object.create(null);
  #attributeCount = 0;
  #place: Place = "text";
  #quote: number | undefined;
  #skipped = "";
  #messageBytes = 0;
  #elementCount = 0;
  /** Handed over outside of the parser, whose errors must not be mixed with the handler's. */
  #complete: XmlElement | undefined;

  constructor(handlers: XmlHandlers, limits: Partial<ReaderLimits> = {}) {
    this.#handlers = handlers;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    // sax wants one root and drops text behind the first element without it.
    this.#parser.write("<stream>");
    this.#parser.onattribute = ({ name, value }) => this.#onAttribute(name, value);
    this.#parser.onopentag = ({ name }) => this.#onOpen(name);
    this.#parser.ontext = (text) => this.#onText(text);
    this.#parser.onclosetag = () => this.#onClose();
    this.#parser.onerror = (error) => {
      throw new ProtocolError("malformed", error.message, { cause: error });
    };
  }

  /** Takes the next bytes; throws a {@link ProtocolError} after which nothing more can be read. */
  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; ) {
      at = this.#advance(bytes, at);
      const element = this.#complete;
      this.#complete = undefined;
      if (element) this.#handlers.onElement(element);
    }
  }

  #advance(bytes: Buffer, at: number): number {
    try {
      return this.#step(bytes, at);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      throw new ProtocolError("malformed", errorText(error), { cause: error });
    }
  }

  /** Consumes one stretch of bytes of the same place and gives where the next begins. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#place) {
      case "text":
      case "blob":
        return this.#throughContent(bytes, at);
      case "opening":
        return this.#openMarkup(bytes, at);
      case "tag":
        return this.#throughTag(bytes, at);
      case "skipped":
        return this.#throughSkipped(bytes, at);
    }
  }

  #throughContent(bytes: Buffer, at: number): number {
    const mark = bytes.indexOf(LESS, at);
    const end = mark < 0 ? bytes.length : mark;
    const content = bytes.subarray(at, end);
    if (this.#place === "blob") this.#feedBlob(content);
    else this.#feedText(content);
    if (mark < 0) return end;
    this.#place = "opening";
    return end + 1;
  }

  #openMarkup(bytes: Buffer, at: number): number {
    const isSkipped = bytes[at] === QUESTION || bytes[at] === EXCLAMATION;
    this.#place = isSkipped ? "skipped" : "tag";
    this.#skipped = "";
    if (!isSkipped) this.#parser.write(`${this.#decoder.end()}<`);
    return at;
  }

  #throughTag(bytes: Buffer, at: number): number {
    let end = at;
    let isOver = false;
    while (end < bytes.length && !isOver) {
      const byte = bytes[end++];
      if (this.#quote !== undefined) {
        if (byte === this.#quote) this.#quote = undefined;
      } else if (byte === SINGLE_QUOTE || byte === DOUBLE_QUOTE) {
        this.#quote = byte;
      } else {
        isOver = byte === GREATER;
      }
    }
    this.#count(end - at);
    this.#parser.write(this.#decoder.write(bytes.subarray(at, end)));
    if (isOver) this.#returnToContent();
    return end;
  }

  /** As C peers do, ends a declaration at the first `>`; only a comment may contain some. */
  #throughSkipped(bytes: Buffer, at: number): number {
    const mark = bytes.indexOf(GREATER, at);
    const end = mark < 0 ? bytes.length : mark + 1;
    this.#count(end - at);
    const skipped = this.#skipped + bytes.toString("latin1", at, end);
    const isOpenComment = skipped.startsWith("!--") && !/^!--.*-->$/s.test(skipped);
    // Only both ends matter; keeping more would make a long comment costly.
    this.#skipped = skipped.length > 6 ? skipped.slice(0, 3) + skipped.slice(-3) : skipped;
    if (mark >= 0 && !isOpenComment) this.#returnToContent();
    return end;
  }

  #returnToContent(): void {
    this.#place = this.#open.at(-1)?.decoder ? "blob" : "text";
  }

  #feedText(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (this.#open.length > 0) {
      this.#count(bytes.length);
      this.#parser.write(text);
    } else if (text.trim() !== "") {
      throw new ProtocolError("malformed", "Text outside of an element");
    }
  }

  #feedBlob(bytes: Buffer): void {
    const element = this.#open.at(-1);
    if (!element?.decoder || element.decoder === "passed over") return;
    element.decoder.write(bytes);
    this.#handlers.onBlobProgress?.({
      name: element.attributes.name ?? "",
      received: element.decoder.length,
      size: announcedSize(element),
    });
  }

  #count(bytes: number): void {
    this.#messageBytes += bytes;
    within(this.#messageBytes, this.#limits.message, "bytes in a message");
  }

  #onAttribute(name: string, value: string): void {
    this.#attributes[name] = value;
    within(++this.#attributeCount, this.#limits.attributes, "attributes of an element");
  }

  #onOpen(tag: string): void {
    const element: OpenElement = { tag, attributes: this.#attributes, children: [], text: "" };
    this.#attributes = Object.create(null);
    this.#attributeCount = 0;
    this.#open.push(element);
    within(this.#open.length, this.#limits.depth, "levels of elements");
    within(++this.#elementCount, this.#limits.elements, "elements in a message");
    if (tag === "oneBLOB") {
      const { blob } = this.#limits;
      element.decoder =
        blob === 0 ? "passed over" : new Base64Decoder(announcedSize(element), blob);
    }
  }

  #onText(text: string): void {
    const element = this.#open.at(-1);
    if (!element) return;
    element.text += text;
    within(element.text.length, this.#limits.text, "characters in an element");
  }

  #onClose(): void {
    const element = this.#open.pop();
    if (!element) throw new ProtocolError("malformed", "An element ends that did not begin");
    const { tag, attributes, children, decoder } = element;
    const text = element.text.trim();
    const closed =
      decoder && decoder !== "passed over"
        ? { tag, attributes, children, text, data: decoder.end() }
        : { tag, attributes, children, text };
    const parent = this.#open.at(-1);
    if (parent) {
      parent.children.push(closed);
    } else {
      this.#messageBytes = 0;
      this.#elementCount = 0;
      this.#complete = closed;
    }
  }
}

function announcedSize({ attributes }: OpenElement): number {
  const size = Number(attributes.size);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}

function within(count: number, limit: number, what: string): void {
  if (count > limit) throw new ProtocolError("limit", `More than ${limit} ${what}`);
}
