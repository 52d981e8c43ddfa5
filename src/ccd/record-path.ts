import { homedir } from "node:os";
import { resolve } from "node:path";

const EXTENSION = ".ser";

/** What the marks of a recording's name stand for. */
export interface RecordMarks {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of the filter in use, if that is known. */
  readonly filter: string;
}

/**
 * The path of a recording. In folder and name stand, in UTC: `_D_` for the date, `_H_` for the time of
 * day, `_T_` for both; `_F_` for the filter and `_HOME_` for the home directory. The name gets the
 * extension `.ser` if it has not got it; a relative folder is one of the home directory.
 */
export function recordPath(folder: string, name: string, { time, filter }: RecordMarks): string {
  const [date = "", clock = ""] = new Date(time).toISOString().slice(0, 19).split("T");
  const marks: readonly (readonly [string, string])[] = [
    ["_D_", date],
    ["_H_", clock],
    ["_T_", `${date}@${clock}`],
    ["_F_", filter.replaceAll("/", "-")],
    ["_HOME_", homedir()],
  ];
  // Colons are no characters of file names everywhere.
  const filled = (text: string) =>
    marks
      .reduce((result, [mark, value]) => result.replaceAll(mark, () => value), text)
      .replaceAll(":", "-");
  const file = filled(name);
  return resolve(
    homedir(),
    filled(folder),
    file.endsWith(EXTENSION) ? file : `${file}${EXTENSION}`,
  );
}
