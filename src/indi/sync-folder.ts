import { open } from "node:fs/promises";

/** Some file systems, such as those of Windows, cannot be told to write a folder down. */
const CANNOT = ["EINVAL", "ENOTSUP"];

/** Settles when the names in a folder are on the disk: a power failure takes none of them back. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!CANNOT.includes(code)) throw error;
  } finally {
    await folder.close();
  }
}
