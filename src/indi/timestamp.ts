/** A moment as INDI writes it: UTC, whole seconds, no zone. */
export function timestamp(date = new Date()): string {
  return date.toISOString().slice(0, 19);
}
