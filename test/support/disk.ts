import { mkdirSync } from "node:fs";

/**
 * The words before a program that give it a file system in memory which no other program sees, for which one need
 * not be root. `folder` is made; `options` are those of mount, such as `size=1m` or `ro`.
 */
export function ownDisk(folder: string, options: string): string[] {
  mkdirSync(folder);
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const mount = `mount -t tmpfs -o ${options} none "${folder}" && exec "$@"`;
  return ["unshare", "--mount", ...asRoot, "sh", "-c", mount, "sh"];
}
