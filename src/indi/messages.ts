import type { BlobPolicy, Permission, State, SwitchRule } from "./types.js";

// Values are the texts of the wire, trimmed and unescaped: only the property that owns them knows
// what they mean.

/** The value of one element. */
export interface OneElement {
  readonly name: string;
  readonly value: string;
}

/** The value of a number, with limits where they have changed. */
export interface OneNumber extends OneElement {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

/** The content of a BLOB; `size` counts the bytes after inflating a format that ends in `.z`. */
export interface OneBlob {
  readonly name: string;
  readonly format: string;
  readonly size: number;
  readonly data: Uint8Array;
}

/** The definition of one element with its value. */
export interface DefElement extends OneElement {
  readonly label: string;
}

/** The definition of a number with its value. */
export interface DefNumber extends DefElement {
  readonly format: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

interface Addressed {
  readonly device: string;
  readonly name: string;
}

interface Noted {
  /** UTC as `YYYY-MM-DDThh:mm:ss`. */
  readonly timestamp?: string;
  readonly message?: string;
}

interface Def<K, E> extends Addressed, Noted {
  readonly tag: "def";
  readonly kind: K;
  readonly label: string;
  readonly group: string;
  readonly state: State;
  readonly elements: readonly E[];
}

interface WritableDef<K, E> extends Def<K, E> {
  readonly perm: Permission;
  /** The longest time in seconds the property may be Busy; 0 says nothing. */
  readonly timeout: number;
}

/** `def…Vector`: a property comes into being. */
export type DefVector =
  | WritableDef<"Number", DefNumber>
  | (WritableDef<"Switch", DefElement> & { readonly rule: SwitchRule })
  | WritableDef<"Text", DefElement>
  | Def<"Light", DefElement>
  | WritableDef<"BLOB", Omit<DefElement, "value">>;

interface Set<K, E> extends Addressed, Noted {
  readonly tag: "set";
  readonly kind: K;
  readonly state?: State;
  readonly timeout?: number;
  readonly elements: readonly E[];
}

/** `set…Vector`: a property's values and state as they are now. */
export type SetVector =
  | Set<"Number", OneNumber>
  | Set<"Switch" | "Text" | "Light", OneElement>
  | Set<"BLOB", OneBlob>;

interface New<K, E> extends Addressed {
  readonly tag: "new";
  readonly kind: K;
  readonly elements: readonly E[];
}

/** `new…Vector`: what a client wishes a property to become. */
export type NewVector = New<"Number" | "Switch" | "Text", OneElement> | New<"BLOB", OneBlob>;

/** `message`: a line for the log of a device, or of everyone. */
export interface TextMessage extends Noted {
  readonly tag: "message";
  readonly device?: string;
  readonly message: string;
}

/** `delProperty`: a property, or without a name the whole device, is gone. */
export interface DelProperty extends Noted {
  readonly tag: "delProperty";
  readonly device: string;
  readonly name?: string;
}

/** `getProperties`: a wish for definitions, and for all that follows. */
export interface GetProperties {
  readonly tag: "getProperties";
  readonly version?: string;
  readonly device?: string;
  readonly name?: string;
}

/** `enableBLOB`: whether BLOBs are wanted. */
export interface EnableBlob {
  readonly tag: "enableBLOB";
  readonly device?: string;
  readonly name?: string;
  readonly policy: BlobPolicy;
}

/** `pingRequest` and `pingReply`: a mark that comes back once all before it was carried out. */
export interface Ping {
  readonly tag: "pingRequest" | "pingReply";
  readonly uid: string;
}

/** Everything a driver or a client may receive. */
export type Message =
  | DefVector
  | SetVector
  | NewVector
  | TextMessage
  | DelProperty
  | GetProperties
  | EnableBlob
  | Ping;
