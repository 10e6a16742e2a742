// What a field says, in the language of its page.

const MEGABYTE = 1024 * 1024;
const language = document.documentElement.lang || undefined;

// In the unit of the whole: "61" of "95 MB", "12" of "340 KB".
function amount(bytes, all) {
  const [unit, digits] = all < MEGABYTE ? [1024, 0] : [MEGABYTE, all < 10 * MEGABYTE ? 1 : 0];
  const round = digits ? bytes / unit : (bytes < all ? Math.floor : Math.round)(bytes / unit);
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(round);
}

export const sizeOf = (bytes) => `${amount(bytes, bytes)} ${bytes < MEGABYTE ? "KB" : "MB"}`;

export const partOf = (bytes, all) => ({ there: amount(bytes, all), size: sizeOf(all) });

export function timeOf(seconds) {
  const [unit, amount] = seconds < 90 ? ["second", seconds] : ["minute", seconds / 60];
  const round = unit === "second" ? Math.max(5, Math.ceil(amount / 5) * 5) : Math.round(amount);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(round);
}

export class Words {
  constructor(template) {
    this.said = template.content;
  }

  of(name, values = {}) {
    const words = this.said.querySelector(`[data-word="${name}"]`).textContent;
    return words.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  }
}
