import type { Check } from "./finding.js";

const subject = "clock";

/** Whether the clock is set by another one: times in headers are as good as it is. */
export const clock: Check = async ({ machine }) => {
  const { isSynchronised, maxError } = machine.clock();
  if (isSynchronised) {
    const text = `synchronised, wrong by ${maxError.toFixed(3)} s at most`;
    return [{ subject, severity: "ok", text }];
  }
  return [
    {
      subject,
      severity: "warning",
      text: "The clock is not synchronised: times in headers and file names may be wrong.",
      remedy:
        "sudo timedatectl set-ntp true; without a network, chrony with a GPS receiver, or a real-time clock.",
    },
  ];
};
