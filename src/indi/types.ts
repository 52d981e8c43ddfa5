/** How a property is doing; lights use the same four words as their values. */
export type State = "Idle" | "Ok" | "Busy" | "Alert";

/** What clients may do with a property. */
export type Permission = "ro" | "wo" | "rw";

/** How many switches of a vector may be on. */
export type SwitchRule = "OneOfMany" | "AtMostOne" | "AnyOfMany";

/** Whether a client wants BLOBs: not at all, beside other traffic, or nothing else. */
export type BlobPolicy = "Never" | "Also" | "Only";

/** The five kinds of property, as they stand in the tags. */
export type Kind = "Number" | "Switch" | "Text" | "Light" | "BLOB";

/** The severity a message to clients is marked with. */
export type MessageLevel = "error" | "warning" | "info" | "debug";

/** The limits of a number; `min === max` means none, `step` 0 means any. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}
