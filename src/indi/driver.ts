import { AttachedBlob } from "./attached-blob.js";
import { BlobText } from "./blob-text.js";
import { type Channel, Client, type ClientOptions } from "./client.js";
import type { Device, DeviceHost } from "./device.js";
import { Refused } from "./errors.js";
import { Laggards } from "./laggards.js";
import type { EnableBlob, Message, NewVector, SetVector } from "./messages.js";
import { OnceAMinute } from "./once-a-minute.js";
import type { Lane, Parcel } from "./outbox.js";
import { PiecePool } from "./piece-pool.js";
import { Snoop, SnoopedServer } from "./snoop.js";
import type { TextMemory } from "./text-memory.js";
import { systemTimer } from "./timer.js";
import { timestamp } from "./timestamp.js";
import { Traffic } from "./traffic.js";
import type { BlobContent } from "./vector.js";
import { attachedBlob, BLOB_CLOSING, blobOpening, write } from "./writer.js";

/** How a driver works, and what it reports to whoever runs it. */
export interface DriverOptions {
  /** Gives memory for so many characters of BLOBs' text; as Node itself writes it if not given. */
  readonly textMemory?: (size: number) => TextMemory;
  /** What a client is warned of that asks for everything, the first time. */
  warnings?(): readonly string[];
  /** Hears of a handler's error that is not a client's fault. */
  onError?(device: string, property: string, error: unknown): void;
}

/**
 * Live frames that may wait for a client: so many, and while they are small as many as are so many bytes. Frames come a
 * thousand times a second, and a client or this process may have to wait for its turn for 50 ms.
 */
const LIVE_FRAMES = 8;
const LIVE_BYTES = 16e6;

/** A set of devices and the clients that see them. */
export class Driver implements DeviceHost {
  /** What the servers among the peers tell of other drivers' devices. */
  readonly snoop = new Snoop();
  /** What was sent to clients, those that have left included. */
  readonly traffic = new Traffic();
  readonly #devices = new Map<string, Device>();
  readonly #clients = new Set<Client>();
  readonly #servers = new Map<Client, SnoopedServer>();
  readonly #pieces: PiecePool;
  /** What all clients are told; one that is too slow may come back again and again. */
  readonly #warnings = new OnceAMinute((text) =>
    this.send({ tag: "message", timestamp: timestamp(), message: `[WARNING] ${text}` }),
  );
  readonly #options: DriverOptions;

  constructor(options: DriverOptions = {}) {
    this.#options = options;
    this.#pieces = new PiecePool(options.textMemory);
  }

  get devices(): readonly Device[] {
    return [...this.#devices.values()];
  }

  get clients(): readonly Client[] {
    return [...this.#clients];
  }

  /** Adds a device and defines its properties; device names are unique. */
  add(device: Device): void {
    if (this.#devices.has(device.name))
      throw new TypeError(`There is a device ${device.name} already`);
    this.#devices.set(device.name, device);
    device.attach(this);
    for (const definition of device.definitions()) this.send(definition);
  }

  /** Disconnects a device and deletes it. */
  async remove(device: Device): Promise<void> {
    await device.disconnect();
    if (!this.#devices.delete(device.name)) return;
    device.attach(undefined);
    this.send({ tag: "delProperty", device: device.name, timestamp: timestamp() });
  }

  /** Serves a peer until it leaves or is closed. */
  attach(channel: Channel, options: ClientOptions = {}): Client {
    const handlers = {
      traffic: this.traffic,
      onMessage: (client: Client, message: Message) => this.#receive(client, message),
      onClosed: (client: Client) => this.#forget(client),
      onTooSlow: (reason: string) =>
        this.#warnings.tell(`A slow client was closed: ${reason}. The log of the server names it.`),
    };
    const client = new Client(channel, handlers, options);
    this.#clients.add(client);
    if (options.peer === "server") this.#snoopOn(client);
    return client;
  }

  /** Closes every client, each once what waits for it has been sent or a second has passed. */
  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  /** Sends a message to every client that asked for it. */
  send(message: Message): void {
    const clients = this.clients.filter((client) => client.wants(message));
    if (clients.length === 0) return;
    const bytes = Buffer.from(write(message));
    for (const client of clients) client.sendBytes(bytes);
  }

  /**
   * Sends a BLOB to every client that enabled it; settles when each has all of it, has left, or will
   * get a later frame instead.
   */
  async sendBlob(vector: SetVector, element: string, content: BlobContent): Promise<void> {
    const clients = this.clients.filter((client) => client.wantsBlob(vector.device, vector.name));
    if (clients.length === 0) return;
    const opening = blobOpening(vector, element, content);
    const text = new BlobText(opening, content, BLOB_CLOSING, this.#pieces);
    const isShared = clients.some(({ handOver }) => handOver !== undefined);
    const shared = isShared ? content.share?.() : undefined;
    const message = shared && Buffer.from(attachedBlob(vector, element, content));
    const parcel = ({ handOver, traffic }: Client): Parcel =>
      message && handOver
        ? new AttachedBlob(message, shared.descriptor, handOver, () =>
            traffic.addHandedOver(content.bytes.length),
          )
        : text;
    const lane = content.isLive ? liveLane(vector, content) : undefined;
    const laggards = new Laggards(clients, systemTimer);
    const recall = () => laggards.recall();
    if (content.recall?.aborted) recall();
    content.recall?.addEventListener("abort", recall, { once: true });
    await Promise.all(
      clients.map(async (client) => {
        await client.sendParcel(parcel(client), lane);
        laggards.done(client);
      }),
    );
    content.recall?.removeEventListener("abort", recall);
    laggards.end();
    shared?.close();
    text.dispose();
  }

  isHandedOver(device: string, property: string): boolean {
    return this.clients.some(
      (client) => client.handOver !== undefined && client.wantsBlob(device, property),
    );
  }

  failed(device: string, property: string, error: unknown): void {
    this.#options.onError?.(device, property, error);
  }

  #receive(client: Client, message: Message): void {
    switch (message.tag) {
      case "getProperties":
        // Only servers that chain to this one ask for a device of that name.
        if (message.device === "*" && !client.denied.change) this.#snoopOn(client);
        this.#define(client, message.device, message.name);
        break;
      case "enableBLOB":
        this.#enableBlob(client, message);
        break;
      case "new":
        this.#request(client, message);
        break;
      default:
        this.#servers.get(client)?.note(message);
    }
  }

  #enableBlob(client: Client, { policy, device, name }: EnableBlob): void {
    try {
      client.policies.set(policy, device, name);
      if (device !== undefined) client.interest.add(device, name);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      client.tell(error.message);
    }
  }

  #snoopOn(client: Client): void {
    if (this.#servers.has(client)) return;
    const server = new SnoopedServer((message) => client.send(message));
    this.#servers.set(client, server);
    this.snoop.attach(server);
  }

  #forget(client: Client): void {
    this.#clients.delete(client);
    const server = this.#servers.get(client);
    this.#servers.delete(client);
    if (server) this.snoop.detach(server);
  }

  #request(client: Client, request: NewVector): void {
    const { device: deviceName, name } = request;
    const device = this.#devices.get(deviceName);
    // indi_setprop asks for nothing before it sets, and may still wait for the outcome.
    if (device && !client.interest.covers(deviceName, name)) client.interest.add(deviceName);
    if (device) device.receive(request, client);
    else client.tell(`There is no device ${deviceName}.`);
  }

  #define(client: Client, name?: string, property?: string): void {
    const isNew = !client.interest.covers("*");
    client.interest.add(name, property);
    const isGeneral = name === undefined || name === "*";
    if (isGeneral && isNew) for (const text of this.#options.warnings?.() ?? []) client.warn(text);
    for (const device of this.#devices.values()) {
      if (!isGeneral && device.name !== name) continue;
      for (const definition of device.definitions(property)) client.deliver(definition);
    }
  }
}

function liveLane({ device, name }: SetVector, { bytes }: BlobContent): Lane {
  const most = Math.max(LIVE_FRAMES, Math.floor(LIVE_BYTES / bytes.length));
  return { name: `${device}.${name}`, most };
}
