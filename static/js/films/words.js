// Sizes and times as people say them, in the language of the page.

const MEGABYTE = 1024 * 1024;

function said(value, unit, options) {
  const language = document.documentElement.lang;
  return new Intl.NumberFormat(language, { style: "unit", unit, ...options }).format(value);
}

const inFull = (value, unit) => said(value, unit, { unitDisplay: "long" });

export function megabytes(bytes) {
  const value = bytes / MEGABYTE;
  return said(value, "megabyte", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (!minutes) return inFull(rest, "second");
  if (minutes >= 5 || !rest) return inFull(Math.round(whole / 60), "minute");
  return `${inFull(minutes, "minute")} ${inFull(rest, "second")}`;
}

// Time that is still to come: nobody counts its seconds.
export function about(seconds) {
  if (seconds <= 50) return inFull(10 * Math.max(1, Math.ceil(seconds / 10)), "second");
  return inFull(Math.ceil(seconds / 60), "minute");
}
