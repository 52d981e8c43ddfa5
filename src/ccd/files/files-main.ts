import { closeSync, openSync } from "node:fs";
import { serve } from "../../camera/process/channel.js";
import { Refused } from "../../indi/errors.js";
import { mapMemory, preferProcessNoLonger, unmapMemory } from "../../posix/index.js";
import { FileRoots } from "./file-roots.js";
import type { FileRequests, PlacedFile, Verdict } from "./messages.js";
import { FileFailure, saveFile } from "./picture-file.js";

/* A process that works with the files of a camera's clients, so that a disk that hangs holds nobody else. */

// What the daemon starts is preferred as it is, and files have time.
preferProcessNoLonger();

serve<FileRequests>({
  admit: ({ roots, path }) => verdictOn(new FileRoots(roots).admit(path)),

  async save({ roots, pattern, file }, { signal }) {
    const { extension, offset, length } = file;
    const memory = memoryOf(file);
    try {
      const bytes = memory.subarray(offset, offset + length);
      return await verdictOn(saveFile(pattern, new FileRoots(roots), { extension, bytes }, signal));
    } finally {
      unmapMemory(memory);
    }
  },
});

function memoryOf({ memory, offset, length }: PlacedFile): Uint8Array {
  const fd = openSync(`/proc/${process.ppid}/fd/${memory}`, "r+");
  try {
    return mapMemory(fd, offset + length);
  } finally {
    closeSync(fd);
  }
}

async function verdictOn(finding: Promise<string>): Promise<Verdict> {
  try {
    return { path: await finding };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message };
    if (error instanceof FileFailure) return { failure: error.message };
    throw error;
  }
}

// The daemon decides when this ends; what is being saved when the daemon dies is saved first.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("SIGUSR2", () => undefined);
