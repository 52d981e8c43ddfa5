// The stretch that makes a dark, linear frame visible: the background is brought to a fixed grey
// and all below a few deviations of it to black. Formulas and constants are those of the "adaptive
// display function algorithm" in the XISF 1.0 specification, known as screen transfer function.

/** Deviations below the median where black begins. */
const CLIPPING_POINT = -2.8;
/** The grey that the background gets. */
const TARGET_BACKGROUND = 0.25;
/** Deviation of a normal distribution per median absolute deviation. */
const NORMAL_PER_MAD = 1.4826;
/** So many values say enough about a plane. */
const SAMPLES = 100_003;

/** Maps values from 0 to 1 to the screen: black at `shadows`, white at `highlights`. */
export interface DisplayFunction {
  readonly shadows: number;
  /** The value between them, from 0 to 1, that becomes half grey. */
  readonly midtones: number;
  readonly highlights: number;
}

/** Finds the stretch that suits a plane of values from 0 to 1. */
export function displayFunctionFor(plane: Float32Array): DisplayFunction {
  const values = sampled(plane);
  const median = medianOf(values);
  const deviation = NORMAL_PER_MAD * medianOf(values.map((value) => Math.abs(value - median)));
  // A plane without any noise has nothing to clip at.
  const margin = deviation === 0 ? Number.POSITIVE_INFINITY : CLIPPING_POINT * -deviation;
  if (median > 0.5) {
    const highlights = Math.min(1, median + margin);
    const midtones = midtonesTransfer(highlights - median, TARGET_BACKGROUND);
    return { shadows: 0, midtones, highlights };
  }
  const shadows = Math.max(0, median - margin);
  const midtones = midtonesTransfer(TARGET_BACKGROUND, median - shadows);
  return { shadows, midtones, highlights: 1 };
}

/** Stretches values from 0 to 1 to bytes. */
export function stretched(plane: Float32Array, display: DisplayFunction): Uint8Array {
  const { shadows, midtones, highlights } = display;
  const bytes = new Uint8Array(plane.length);
  for (let i = 0; i < bytes.length; i++) {
    const position = ((plane[i] ?? 0) - shadows) / (highlights - shadows);
    bytes[i] = Math.round(255 * midtonesTransfer(midtones, position));
  }
  return bytes;
}

/** The curve through (0, 0), (midtones, 1/2) and (1, 1). */
export function midtonesTransfer(midtones: number, value: number): number {
  if (value <= 0) return 0;
  if (value >= 1) return 1;
  return ((midtones - 1) * value) / ((2 * midtones - 1) * value - midtones);
}

/** Takes values at even distances; a prime count keeps clear of the columns of a picture. */
function sampled(plane: Float32Array): Float32Array {
  const step = plane.length / SAMPLES;
  if (step <= 1) return plane;
  return Float32Array.from({ length: SAMPLES }, (_, i) => plane[Math.floor(i * step)] ?? 0);
}

function medianOf(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
