// INDI writes numbers in two ways: printf's conversions, and `%<w>.<f>m` for degrees and hours in
// base 60, where f chooses how fine the fraction is.

/** How many units of the last place make one whole, by the f of `%<w>.<f>m`. */
const SEXAGESIMAL_UNITS: ReadonlyMap<number, number> = new Map([
  [9, 360_000],
  [8, 36_000],
  [6, 3_600],
  [5, 600],
]);

const NUMBER = String.raw`((?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)`;
const SEPARATOR = String.raw`(?:[^\d.a-z]+|[hdm])`;
const READABLE = new RegExp(
  `^([+-]?)${NUMBER}(?:${SEPARATOR}${NUMBER})?(?:${SEPARATOR}${NUMBER})?[s"]?$`,
  "i",
);

/** Reads a decimal or sexagesimal number (`-12:30:36`); undefined for anything else, nan and inf too. */
export function parseNumber(text: string): number | undefined {
  const match = READABLE.exec(text.replaceAll(/\s/g, ""));
  if (!match) return undefined;
  const [, sign, whole, minutes = "0", seconds = "0"] = match;
  const value = Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600;
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}

/** Writes a number as the shortest decimal that reads back as the same, never with an exponent. */
export function writeNumber(value: number): string {
  const text = String(value);
  const [mantissa = "", exponent] = text.split("e");
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.slice(sign.length).split(".");
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}

/** Shows a number in an INDI format, as clients do; a format that is neither kind shows it plainly. */
export function formatNumber(format: string, value: number): string {
  const match = /%([-+ 0#]*)(\d*)(?:\.(\d*))?[hlLqjzt]*([a-zA-Z])/.exec(format);
  if (!match) return writeNumber(value);
  const [conversion, flags = "", width = "", precision, letter = ""] = match;
  const places = precision === undefined ? undefined : Number(precision);
  const text =
    letter === "m"
      ? sexagesimal(value, Number(width), places ?? 0)
      : padded(printf(letter, value, places, flags), Number(width), flags);
  return format.replace(conversion, () => text);
}

/** The value in base 60; the whole part takes what the width leaves beside the fraction's places. */
function sexagesimal(value: number, width: number, fraction: number): string {
  const perUnit = SEXAGESIMAL_UNITS.get(fraction) ?? 60;
  const units = Math.round(Math.abs(value) * perUnit);
  const whole = Math.floor(units / perUnit);
  const rest = units % perUnit;
  const sign = value < 0 ? "-" : "";
  const minutes = Math.floor(rest / (perUnit / 60));
  const below = rest % (perUnit / 60);
  let text = `${(sign + whole).padStart(width - fraction)}:${twoDigits(minutes)}`;
  if (perUnit === 600) text += `.${below}`;
  if (perUnit >= 3600) text += `:${twoDigits(Math.floor(below / (perUnit / 3600)))}`;
  if (perUnit === 36_000) text += `.${below % 10}`;
  if (perUnit === 360_000) text += `.${twoDigits(below % 100)}`;
  return text;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

function printf(letter: string, value: number, places = 6, flags = ""): string {
  const text = digits(letter, Math.abs(value), places, flags);
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + text;
}

function digits(letter: string, value: number, places: number, flags: string): string {
  switch (letter.toLowerCase()) {
    case "d":
    case "i":
    case "u":
      return writeNumber(Math.trunc(value));
    case "e":
      return exponential(value, places);
    case "g":
      return general(value, Math.max(places, 1), flags.includes("#"));
    default:
      return value < 1e21 ? value.toFixed(places) : writeNumber(value);
  }
}

/** C's %g: so many significant digits, without the zeros at the end. */
function general(value: number, significant: number, keepZeros: boolean): string {
  const exponent = Number(value.toExponential(significant - 1).split("e")[1]);
  const plain = exponent >= -4 && exponent < significant;
  const text = plain
    ? value.toFixed(significant - 1 - exponent)
    : exponential(value, significant - 1);
  return keepZeros
    ? text
    : text.replace(/\.?0+(?=e|$)/, (zeros, at: number) => trimmed(text, zeros, at));
}

/** Zeros are only dropped behind the point. */
function trimmed(text: string, zeros: string, at: number): string {
  return zeros.startsWith(".") || text.slice(0, at).includes(".") ? "" : zeros;
}

/** An exponent of at least two digits, as C prints it. */
function exponential(value: number, places: number): string {
  return value.toExponential(places).replace(/e([+-])(\d)$/, "e$10$2");
}

function padded(text: string, width: number, flags: string): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
