import { Refused } from "./errors.js";
import { parseMessage } from "./message-parser.js";
import type { Message } from "./messages.js";
import { type BlobProgress, type ReaderLimits, type XmlElement, XmlReader } from "./xml-reader.js";

/** What comes out of a peer's bytes. */
export interface ReaderHandlers {
  onMessage(message: Message): void;
  /** Hears of an element that says too little to be carried out. */
  onRefused?(refusal: Refused): void;
  onBlobProgress?(progress: BlobProgress): void;
}

/** Turns the bytes of a peer into messages; elements that INDI does not know are passed over. */
export class Reader {
  readonly #handlers: ReaderHandlers;
  readonly #xml: XmlReader;

  constructor(handlers: ReaderHandlers, limits: Partial<ReaderLimits> = {}) {
    this.#handlers = handlers;
    this.#xml = new XmlReader(
      {
        onElement: (element) => this.#onElement(element),
        onBlobProgress: (progress) => handlers.onBlobProgress?.(progress),
      },
      limits,
    );
  }

  /** Takes the next bytes; throws a ProtocolError after which nothing more can be read. */
  write(chunk: Uint8Array): void {
    this.#xml.write(chunk);
  }

  #onElement(element: XmlElement): void {
    let message: Message | undefined;
    try {
      message = parseMessage(element);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#handlers.onRefused?.(error);
    }
    if (message) this.#handlers.onMessage(message);
  }
}
