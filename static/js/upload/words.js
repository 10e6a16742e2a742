// What a field says, in the language of its page.

const MEGABYTE = 1024 * 1024;
const language = document.documentElement.lang || undefined;

const megabytes = (bytes, most) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: most < 10 * MEGABYTE ? 1 : 0 }).format(
    bytes / MEGABYTE,
  );

export const sizeOf = (bytes) => `${megabytes(bytes, bytes)} MB`;

// "61" of "95 MB": both as precise as the larger.
export const partOf = (bytes, all) => ({ there: megabytes(bytes, all), size: sizeOf(all) });

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
