// Reviewing works without this. With it: one part of the work is shown at a time, a line or a moment
// is chosen where it is, a remark leaves the film playing, and feedback keeps itself.
import { showOneAtATime } from "./reviewing/parts.js";
import { remarkOnLines } from "./reviewing/lines.js";
import { sendRemarks } from "./reviewing/remarks.js";
import { useMoments } from "./reviewing/players.js";
import { keepFeedback } from "./reviewing/keeping.js";

const form = document.getElementById("review");

if (form) {
  const lines = remarkOnLines(form);
  showOneAtATime(form);
  useMoments(form);
  const keeping = keepFeedback(form);
  if (keeping) sendRemarks(form, keeping, lines);
}
