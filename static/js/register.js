// The register works without this. With it: marks follow the meetings that are chosen, the bar says
// what changed, names are filtered while typing, the keyboard does everything, nothing gets lost.
import { followMeetings, toggleAllPresent } from "./register/marks.js";
import { countChanges } from "./register/changes.js";
import { useKeys } from "./register/keys.js";
import { filterNames } from "./register/names.js";
import { focusRemarks } from "./register/remarks.js";
import { warnBeforeLeaving } from "./register/leaving.js";

const form = document.getElementById("register");

if (form) {
  const changes = countChanges(form);
  followMeetings(form, changes.update);
  toggleAllPresent(form, changes.update);
  filterNames(form);
  useKeys(form);
  focusRemarks(form);
  warnBeforeLeaving(form, changes);
  changes.update();
}
