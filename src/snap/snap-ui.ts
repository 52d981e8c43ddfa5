/** Where a snapshot shows how it goes. */
export interface SnapUi {
  /** Shows a line that stays. */
  message(text: string): void;
  /** Shows that `left` of `total` seconds of the exposure remain. */
  exposing(left: number, total: number): void;
  /** Shows that `received` of `total` bytes of the picture are here. */
  downloading(received: number, total: number): void;
  /** Ends what is being shown; called in any case. */
  end(): void;
}
