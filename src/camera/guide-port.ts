/** The relays of an ST4 port. */
export type Direction = "north" | "south" | "east" | "west";

/** The library's ASI_GUIDE_DIRECTION (manual 2.3). */
export const GUIDE_DIRECTION = { north: 0, south: 1, east: 2, west: 3 } as const;
