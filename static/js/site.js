// What every page shares. Each page works without it.
import { guardDoubleSubmit } from "./submit.js";
import { focusErrorSummary } from "./errors.js";
import { submitOnChange } from "./filters.js";
import { closeDrawersWhenWide } from "./drawer.js";
import { offerCopying } from "./copy.js";
import { followAnswers } from "./follows.js";
import { dropEmptyFrames, keepFocusFromFrames } from "./frames.js";
import { keepFilesFromTheDoor, noticeSignedOut } from "./session.js";

if (window.htmx) {
  Object.assign(window.htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    allowScriptTags: false,
    historyCacheSize: 0,
  });
}

guardDoubleSubmit(document);
focusErrorSummary(document);
submitOnChange(document);
closeDrawersWhenWide(document);
noticeSignedOut(document);
keepFilesFromTheDoor(document);
offerCopying(document);
followAnswers(document);
dropEmptyFrames(document);
keepFocusFromFrames(document);
