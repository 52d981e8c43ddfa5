import { NoLibraryError } from "../camera/errors.js";
import { describeUnlisted } from "../camera/unlisted.js";
import type { Check, Finding } from "./finding.js";

const subject = "vendor library";

/** Whether there is a usable vendor library, and what it lacks. */
export const library: Check = async ({ found }) => {
  if (found instanceof NoLibraryError) {
    const [text = "", ...places] = found.message.split("\n");
    return [{ subject, severity: "problem", text, remedy: places.join("\n") }];
  }
  if (found instanceof Error) {
    return [
      {
        subject,
        severity: "problem",
        text: `It cannot tell which cameras there are: ${found.message}`,
        remedy: "Plug the cameras in again; if that does not help, install another version of it.",
      },
    ];
  }
  const { libraryPath, sdkVersion, missingFunctions, unlisted } = found;
  const strangers = unlisted.map((camera): Finding => {
    return { subject, severity: "problem", text: describeUnlisted(camera) };
  });
  const text = `${libraryPath}, version ${sdkVersion}`;
  if (missingFunctions.length === 0) return [{ subject, severity: "ok", text }, ...strangers];
  return [
    {
      subject,
      severity: "note",
      text: `${text}, without ${missingFunctions.join(", ")}`,
      remedy: "What needs these functions is not offered; a newer library may have them.",
    },
    ...strangers,
  ];
};
