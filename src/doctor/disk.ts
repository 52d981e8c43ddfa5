import type { Check } from "./finding.js";

const subject = "disk";

const GIGABYTE = 1e9;
/** Too little for a night of recordings, and for anything at all, in bytes. */
const SCARCE = 10 * GIGABYTE;
const NONE = GIGABYTE;

/** Whether settings, pictures and recordings can be written below the home directory. */
export const disk: Check = async ({ machine }) => {
  const { home } = machine;
  if (!(await machine.mayUse(home))) {
    return [
      {
        subject,
        severity: "problem",
        text: `This user may not write to ${home}: settings are not kept.`,
        remedy: "Let HOME name a directory of this user's own.",
      },
    ];
  }
  const free = await machine.freeBytes(home);
  if (free === undefined) return [];
  const text = `${(free / GIGABYTE).toFixed(1)} GB are free in ${home}`;
  if (free >= SCARCE) return [{ subject, severity: "ok", text }];
  return [
    {
      subject,
      severity: free < NONE ? "problem" : "warning",
      text,
      remedy:
        "Remove what is not needed, or set another directory in UPLOAD_SETTINGS and RECORD_FILE.",
    },
  ];
};
