import type { Connection } from "../indi/connection.js";
import type { TextVector } from "../indi/text-vector.js";
import type { MessageLevel } from "../indi/types.js";
import { CCD_FILE_PATH, UPLOAD_MODE, UPLOAD_SETTINGS } from "./definitions.js";
import type { Files } from "./files/files.js";
import type { PlacedFile } from "./files/messages.js";
import { type FilePattern, folderOf } from "./files/picture-file.js";

/** Where pictures go, settled when an exposure begins. */
export interface Upload {
  readonly isForClients: boolean;
  readonly isForDisk: boolean;
  /** Writes a picture to disk if it is to be there; rejects with FileFailure, or Refused where it may not be. */
  save(file: PlacedFile, signal: AbortSignal): Promise<void>;
}

const WORDS = {
  UPLOAD_CLIENT: "client only",
  UPLOAD_LOCAL: "local only",
  UPLOAD_BOTH: "client and local",
} as const;

/** Lets clients choose whether pictures are sent, saved on this machine, or both. */
export function upload(
  connection: Connection,
  { files, message }: { readonly files: Files; message(text: string, level?: MessageLevel): void },
): () => Upload {
  const mode = connection.add(UPLOAD_MODE);
  const settings = connection.add(UPLOAD_SETTINGS(files.home));
  let path: TextVector<"FILE_PATH"> | undefined;

  settings.onNew(async (wanted) => void (await files.admit(folderOf(patternOf(wanted)))));

  mode.onNew(async ({ UPLOAD_CLIENT, UPLOAD_LOCAL }) => {
    if (UPLOAD_CLIENT && path !== undefined) {
      await connection.remove(path);
      path = undefined;
    } else if (!UPLOAD_CLIENT) {
      path ??= connection.add(CCD_FILE_PATH);
    }
    const chosen = UPLOAD_CLIENT ? "UPLOAD_CLIENT" : UPLOAD_LOCAL ? "UPLOAD_LOCAL" : "UPLOAD_BOTH";
    message(`Upload settings set to ${WORDS[chosen]}.`);
  });

  return () => {
    const pattern = patternOf(settings.value);
    const shown = path;
    const isForClients = mode.selected !== "UPLOAD_LOCAL";
    return {
      isForClients,
      isForDisk: shown !== undefined,
      async save(file, signal) {
        if (shown === undefined) return;
        try {
          const saved = await files.save(pattern, file, signal);
          message(`Image saved to ${saved}`);
          shown.publish({ FILE_PATH: saved }, "Ok");
        } catch (error) {
          shown.publish({}, "Alert");
          if (!isForClients && !signal.aborted) {
            message("The picture that was for the disk goes to clients.", "warning");
          }
          throw error;
        }
      },
    };
  };
}

function patternOf({
  UPLOAD_DIR: directory,
  UPLOAD_PREFIX: prefix,
}: Readonly<Record<"UPLOAD_DIR" | "UPLOAD_PREFIX", string>>): FilePattern {
  return { directory, prefix };
}
