import { IndiClient } from "../../src/indi/indi-client.js";
import type { Message, OneBlob, SetVector } from "../../src/indi/messages.js";

const PATIENCE = { timeout: 20_000 };

/** Somebody at a client program who uses one camera. */
export class Observer {
  readonly client: IndiClient;
  readonly device: string;

  private constructor(client: IndiClient, device: string) {
    this.client = client;
    this.device = device;
  }

  /** Sits down at a port of this machine and waits for the camera to be there. */
  static async at(port: number, device: string): Promise<Observer> {
    const client = await IndiClient.connect({ port });
    client.getProperties();
    client.enableBlob("Also");
    await client.until(() => client.property(device, "CONNECTION"), PATIENCE);
    return new Observer(client, device);
  }

  /** Connects the camera. */
  async connect(): Promise<void> {
    await this.choose("CONNECTION", "CONNECT");
    // The last of the properties that every camera has.
    await this.client.until(() => this.client.property(this.device, "SDK"), PATIENCE);
  }

  /** Sets numbers and returns the answer. */
  async set(name: string, values: Readonly<Record<string, number>>): Promise<SetVector> {
    const answer = this.answer(name);
    this.client.newNumbers(this.device, name, values);
    return answer;
  }

  /** Turns one switch on and returns the answer. */
  async choose(name: string, element: string): Promise<SetVector> {
    const answer = this.answer(name);
    this.client.newSwitches(this.device, name, { [element]: true });
    return answer;
  }

  /** The next word on a property that is not merely that it is being worked on. */
  answer(name: string): Promise<SetVector> {
    return this.client.expect(
      (message) => this.#isOf(name, message) && message.state !== "Busy" && message,
      PATIENCE,
    );
  }

  /** The next picture; fails where the exposure does. */
  async picture(): Promise<OneBlob> {
    const [outcome] = await Promise.all([
      this.client.expect(
        (message) =>
          (this.#isOf("CCD1", message) || this.#isOf("CCD_EXPOSURE", message)) &&
          (message.kind === "BLOB" || message.state === "Alert") &&
          message,
        PATIENCE,
      ),
      this.answer("CCD_EXPOSURE"),
    ]);
    const [blob] = outcome.kind === "BLOB" ? outcome.elements : [];
    if (!blob) throw new Error(`The exposure failed: ${outcome.message}`);
    return blob;
  }

  /** Takes a picture. */
  async expose(seconds = 0.001): Promise<OneBlob> {
    const picture = this.picture();
    this.client.newNumbers(this.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
    return picture;
  }

  /** The values of a property as last told. */
  values(name: string): Record<string, string> {
    const elements = this.client.property(this.device, name)?.elements ?? new Map();
    return Object.fromEntries([...elements].map(([element, { value }]) => [element, value]));
  }

  #isOf(name: string, message: Message): message is SetVector {
    return message.tag === "set" && message.device === this.device && message.name === name;
  }
}
