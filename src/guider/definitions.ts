import { defineNumbers } from "../indi/definition.js";

/** Guide pulses along declination, in milliseconds. */
export const TELESCOPE_TIMED_GUIDE_NS = defineNumbers("TELESCOPE_TIMED_GUIDE_NS", {
  label: "Guide N/S", group: "Guider Control", perm: "rw", timeout: 60,
  elements: {
    TIMED_GUIDE_N: { label: "North (ms)", format: "%.f", min: 0, max: 60000, step: 100 },
    TIMED_GUIDE_S: { label: "South (ms)", format: "%.f", min: 0, max: 60000, step: 100 },
  },
});

/** Guide pulses along right ascension, in milliseconds. */
export const TELESCOPE_TIMED_GUIDE_WE = defineNumbers("TELESCOPE_TIMED_GUIDE_WE", {
  label: "Guide E/W", group: "Guider Control", perm: "rw", timeout: 60,
  elements: {
    TIMED_GUIDE_W: { label: "West (ms)", format: "%.f", min: 0, max: 60000, step: 100 },
    TIMED_GUIDE_E: { label: "East (ms)", format: "%.f", min: 0, max: 60000, step: 100 },
  },
});
