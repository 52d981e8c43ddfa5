/** Calls back after a time in milliseconds unless the returned function is called before. */
export type Timer = (milliseconds: number, callback: () => void) => () => void;

/** The timer of the clock on the wall. */
export const systemTimer: Timer = (milliseconds, callback) => {
  const timeout = setTimeout(callback, milliseconds);
  return () => clearTimeout(timeout);
};

/** The same, but no reason for the program to go on. */
export const quietTimer: Timer = (milliseconds, callback) => {
  const timeout = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timeout);
};
