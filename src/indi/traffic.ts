/** What was sent to a peer, or to all of them. */
export class Traffic {
  /** Bytes that the system has taken. */
  sent = 0;
  /** Bytes of BLOBs that went by descriptor. */
  handedOver = 0;
  /** Live frames that gave way to newer ones before they were begun. */
  framesReplaced = 0;
  readonly #whole: Traffic | undefined;

  /** `whole`: the traffic that this one is part of. */
  constructor(whole?: Traffic) {
    this.#whole = whole;
  }

  addSent(bytes: number): void {
    this.sent += bytes;
    this.#whole?.addSent(bytes);
  }

  addHandedOver(bytes: number): void {
    this.handedOver += bytes;
    this.#whole?.addHandedOver(bytes);
  }

  addReplacedFrame(): void {
    this.framesReplaced++;
    this.#whole?.addReplacedFrame();
  }
}
