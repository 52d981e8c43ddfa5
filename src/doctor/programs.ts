import type { Check, Finding, Severity } from "./finding.js";
import { runningPrograms } from "./processes.js";

const subject = "other programs";

/** Programs known to use cameras, and what to do about it. */
const KNOWN: Readonly<Record<string, { readonly severity: Severity; readonly remedy: string }>> = {
  indi_asi_ccd: {
    severity: "warning",
    remedy: "It opens every ZWO camera: stop it, and take its entry out of the profile.",
  },
  indi_asi_single_ccd: {
    severity: "warning",
    remedy: "It opens every ZWO camera: stop it, and take its entry out of the profile.",
  },
  indiserver: {
    severity: "note",
    remedy: "Its drivers may have cameras; indi-asid itself needs no indiserver.",
  },
  phd2: {
    severity: "note",
    remedy: "Choose INDI Camera in it: as ZWO ASI Camera it has the camera for itself.",
  },
  "phd2.bin": {
    severity: "note",
    remedy: "Choose INDI Camera in it: as ZWO ASI Camera it has the camera for itself.",
  },
};

/** Our own processes, which share cameras with each other. */
const OURS = new Set(["indi-asid", "indi_asid_ccd", "camera-main.js", "scan-main.js"]);

/** Who else may have a camera: known programs, and whoever has the vendor library loaded. */
export const programs: Check = async ({ machine }) => {
  const others = (await runningPrograms(machine)).filter(({ name }) => !OURS.has(name));
  const findings = await Promise.all(
    others.map(async ({ pid, name }): Promise<readonly Finding[]> => {
      const text = `${name} is running (process ${pid})`;
      const maps = (await machine.read(`/proc/${pid}/maps`)) ?? "";
      if (maps.includes("libASICamera2.so")) {
        return [
          {
            subject,
            severity: "warning",
            text: `${text} and uses the vendor library`,
            remedy: KNOWN[name]?.remedy ?? "A camera serves one program at a time: stop it.",
          },
        ];
      }
      const known = KNOWN[name];
      return known === undefined ? [] : [{ subject, text, ...known }];
    }),
  );
  const all = findings.flat();
  return all.length > 0 ? all : [{ subject, severity: "ok", text: "none that uses cameras" }];
};
