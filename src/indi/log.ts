/** Where this folder tells what it does; any logger with these four methods fits. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}
