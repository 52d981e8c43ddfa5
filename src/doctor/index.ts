export { asText, examine } from "./doctor.js";
export { machineAt } from "./machine.js";
export { supportReport } from "./report.js";
