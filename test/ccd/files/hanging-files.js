/* A process for files on a disk that does not answer. */
import { serve } from "../../../dist/camera/process/channel.js";

serve({
  admit: () => new Promise(() => {}),
  save: () => new Promise(() => {}),
});
