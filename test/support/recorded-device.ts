import { Device, type DeviceHost } from "../../src/indi/device.js";
import type { Message } from "../../src/indi/messages.js";
import type { Vector } from "../../src/indi/vector.js";

/** A device without clients: what it would tell them is written down, a line a message. */
export class RecordedDevice extends Device {
  /** What only the sender of a request was told. */
  readonly answered: string[] = [];
  /** The errors reported as not being a client's fault. */
  readonly failures: string[] = [];
  /** The properties connections have brought so far. */
  readonly brought: Vector[] = [];
  readonly #told: string[] = [];

  constructor(name = "Camera") {
    super(name);
    const host: DeviceHost = {
      send: (message) => void this.#told.push(line(message)),
      isHandedOver: () => false,
      sendBlob: async ({ name: vector }, element, { format, bytes }) =>
        void this.#told.push(`${vector}.${element} ${format} ${bytes.length}`),
      failed: (_device, property, error) => void this.failures.push(`${property}: ${error}`),
    };
    this.attach(host);
  }

  override announce(vector: Vector): void {
    this.brought.push(vector);
    super.announce(vector);
  }

  /** What all clients were told since the last look, such as `CCD_FRAME Ok X=1,Y=2`. */
  told(): string[] {
    return this.#told.splice(0);
  }

  /** Asks for something as a client does. */
  ask(kind: "Number" | "Switch" | "Text", name: string, values: Record<string, string>): void {
    const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
    const request = { tag: "new", kind, device: this.name, name, elements } as const;
    this.receive(request, { deliver: (message) => void this.answered.push(line(message)) });
  }
}

function line(message: Message): string {
  const text = "message" in message ? message.message : undefined;
  const parts = [text];
  if (message.tag === "delProperty") parts.unshift(`del ${message.name}`);
  if (message.tag === "def" || message.tag === "set") {
    const values = message.elements.map((one) =>
      "value" in one ? `${one.name}=${one.value}` : one.name,
    );
    const verb = message.tag === "def" ? "def " : "";
    parts.unshift(`${verb}${message.name} ${message.state} ${values.join(",")}`);
  }
  return parts.filter((part) => part !== undefined).join(" ");
}
