import type { Call, Phase } from "./deeds.js";
import { type Fault, faults, nonsense } from "./faults.js";
import { FEATURE_PHASES } from "./feature-phases.js";
import { PHASES } from "./phases.js";

/** A fault in a call, during something clients do. */
export interface Combination {
  readonly phase: Phase;
  readonly call: Call;
  readonly fault: Fault;
}

/** How much is tried; with all error codes it takes long. */
export const WHICH = process.env.FAULT_MATRIX === "all" ? "all" : "typical";

const ALL_PHASES = [...PHASES, ...FEATURE_PHASES];

/** What is tried of a call in a phase: less where an earlier phase has tried the same call. */
function extent(call: Call, phase: Phase) {
  const isTried = ALL_PHASES.find(({ calls }) => calls.includes(call)) !== phase;
  return isTried && WHICH === "typical" ? "grave" : WHICH;
}

/** Everything that is tried with a camera. */
export const COMBINATIONS: readonly Combination[] = ALL_PHASES.flatMap((phase) => [
  ...phase.calls.flatMap((call) =>
    faults(extent(call, phase)).map((fault) => ({ phase, call, fault })),
  ),
  ...phase.finding.flatMap((call) =>
    nonsense(extent(call, phase)).map((fault) => ({ phase, call, fault })),
  ),
]);
