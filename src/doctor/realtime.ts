import type { Check } from "./finding.js";

const subject = "guide timing";

/** Whether the thread that times guide pulses goes before all other programs. */
export const realtime: Check = async ({ machine }) => {
  const scheduling = machine.scheduling();
  if (scheduling === "realtime") {
    return [{ subject, severity: "ok", text: "in real time" }];
  }
  return [
    {
      subject,
      severity: "note",
      text: "not in real time: pulses are less exact while the machine is busy",
      remedy:
        "The systemd service may (LimitRTPRIO=1); for a user, put the line '* - rtprio 1' into " +
        "/etc/security/limits.d/indi-asid.conf and log in again.",
    },
  ];
};
