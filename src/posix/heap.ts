import { libcCall } from "./libc.js";

/** How mallopt(3) of the GNU C library calls the number of heaps. */
const M_ARENA_MAX = -8;

/**
 * Has all threads of this process allocate from one heap: each would have one of its own, of which hardly anything is
 * used.
 */
export function shareHeap(): void {
  libcCall("mallopt", M_ARENA_MAX, 1);
}
