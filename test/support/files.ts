import { onTestFinished } from "vitest";
import { FileRoots } from "../../src/ccd/files/file-roots.js";
import { Files, type FilesOptions } from "../../src/ccd/files/files.js";

/** The process for files as it was built. */
const ENTRY = new URL("../../dist/ccd/files/files-main.js", import.meta.url);

/** Files in a folder, for one test. */
export function filesIn(folder: string, options: FilesOptions = {}): Files {
  const files = new Files(new FileRoots([folder]), { entry: ENTRY, ...options });
  onTestFinished(() => files.close());
  return files;
}
