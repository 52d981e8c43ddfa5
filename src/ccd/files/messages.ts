import type { FilePattern } from "./picture-file.js";

/** What the process for files can be asked. */
export interface FileRequests {
  /** For the real path of a file or folder that clients name, if it may be there. */
  admit: { args: { roots: readonly string[]; path: string }; result: Verdict; news: never };
  /** To save a picture; the result is the path of its file. */
  save: {
    args: { roots: readonly string[]; pattern: FilePattern; file: PlacedFile };
    result: Verdict;
    news: never;
  };
}

/** A path, or why there is none: it is not allowed, or the system could not. */
export type Verdict =
  | { readonly path: string }
  | { readonly refused: string }
  | { readonly failure: string };

/** The file of a picture that is not on disk yet, in memory of the daemon's. */
export interface PlacedFile {
  /** With its dot. */
  readonly extension: string;
  /** The daemon's descriptor of the memory. */
  readonly memory: number;
  /** Where in the memory the file is. */
  readonly offset: number;
  readonly length: number;
}
