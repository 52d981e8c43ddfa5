import { libcCall } from "./libc.js";

/** Ends this process at once, also where threads of it are stuck in the system; nothing is tidied up. */
export function exitNow(code: number): void {
  libcCall("_exit", code);
}
