import { readdirSync, readFileSync } from "node:fs";

/** What a process and its children hold at this moment. */
export function holdings(pid, pids) {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const megabytes = (field) =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return {
    // Without the shared memory of frames, which comes and goes with them.
    anonymousMegabytes: megabytes("RssAnon"),
    megabytes: megabytes("VmRSS"),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    processes: pids.length,
  };
}

/** The slope of the straight line through points `[x, y]` with the least squares. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(points.map(([x]) => x));
  const height = mean(points.map(([, y]) => y));
  const above = points.reduce((sum, [x, y]) => sum + (x - middle) * (y - height), 0);
  const below = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** Numbers from 0 up to 1 that a seed settles: the run can be had again, as far as the machine lets it. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    // The generator "mulberry32".
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
