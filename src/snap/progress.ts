import { SingleBar } from "cli-progress";
import type { SnapUi } from "./snap-ui.js";

/** What a bar counts. */
interface Progress {
  readonly title: string;
  readonly unit: string;
}

const EXPOSURE: Progress = { title: "Exposing   ", unit: "s" };
const DOWNLOAD: Progress = { title: "Downloading", unit: "MB" };

/** Shows lines on a stream, and progress as bars where that is a terminal. */
export class TerminalUi implements SnapUi {
  readonly #stream: NodeJS.WritableStream;
  #bar: SingleBar | undefined;
  #shown: Progress | undefined;

  constructor(stream: NodeJS.WritableStream = process.stderr) {
    this.#stream = stream;
  }

  message(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  exposing(left: number, total: number): void {
    this.#show(EXPOSURE, total - left, total);
  }

  downloading(received: number, total: number): void {
    this.#show(DOWNLOAD, received / 1e6, total / 1e6);
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#shown = undefined;
  }

  #show(progress: Progress, value: number, total: number): void {
    if (this.#shown !== progress) {
      this.end();
      this.#shown = progress;
      this.#bar = new SingleBar({
        stream: this.#stream,
        format: `${progress.title} {bar} {value} of {total} ${progress.unit}`,
        formatValue: (number, _, type) =>
          type === "value" || type === "total" ? number.toFixed(1) : `${number}`,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        // The program answers signals itself.
        gracefulExit: false,
      });
      this.#bar.start(total, value);
    }
    this.#bar?.update(value);
  }
}
