import { ASI_ERROR_CODE } from "../../src/asi/constants.js";

/** Something that goes wrong in a call of the vendor library. */
export interface Fault {
  readonly name: string;
  /** As `asi-sim` takes it, for a function. */
  order(call: string): readonly string[];
}

/** More often than anybody tries. */
const ALWAYS = "100000";

/** Longer than anybody waits, in milliseconds. */
const FOR_EVER = "3600000";

const code = (name: string, value: number): Fault => ({
  name,
  order: (call) => ["fail", call, `${value}`],
});

const CODES = Object.entries(ASI_ERROR_CODE)
  .filter(([, value]) => value !== ASI_ERROR_CODE.ASI_SUCCESS)
  .map(([name, value]) => code(name, value));

const isRemoval = ({ name }: Fault) => name.includes("REMOVED");
const isTypical = ({ name }: Fault) => /REMOVED|GENERAL/.test(name);

/** What ends the process or the patience with it. */
const VIOLENT: readonly Fault[] = [
  { name: "hang", order: (call) => ["hang", call, FOR_EVER] },
  { name: "crash", order: (call) => ["crash", call] },
];

/** What disturbs those who read the same output. */
const PRINT: Fault = { name: "print", order: (call) => ["print", call] };

const REFUSED: Fault = {
  name: "ASI_ERROR_GENERAL_ERROR always",
  order: (call) => ["fail", call, `${ASI_ERROR_CODE.ASI_ERROR_GENERAL_ERROR}`, ALWAYS],
};

/** How much is tried: each of the library's errors, those seen most, or what has another outcome in each phase. */
export type Extent = "all" | "typical" | "grave";

/** What can go wrong in any call. */
export function faults(extent: Extent): readonly Fault[] {
  if (extent === "grave") return [...CODES.filter(isRemoval), REFUSED, ...VIOLENT];
  const codes = extent === "all" ? CODES : CODES.filter(isTypical);
  return [...codes, REFUSED, ...VIOLENT, PRINT];
}

/** What can go wrong in calls that find something out: nonsense of each kind. */
export function nonsense(extent: Extent): readonly Fault[] {
  return extent === "grave" ? NONSENSE.slice(-1) : NONSENSE;
}

const NONSENSE: readonly Fault[] = ["0", "127", "255"].map((byte) => ({
  name: `nonsense of ${byte}`,
  order: (call) => ["garble", call, byte],
}));
