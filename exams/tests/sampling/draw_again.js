// Draws samples again as decision 0051 describes it, sharing nothing with the product: reads
// [{seed, size, list}] and writes which works are drawn of each.
const { createHash } = require("crypto");
const { readFileSync } = require("fs");

function rank(seed, work) {
  return createHash("sha256").update(`${seed}:${work}`).digest("hex");
}

function draw({ seed, size, list }) {
  const drawn = new Set(list.filter((one) => one.must).map((one) => one.work));
  const themes = new Set(list.filter((one) => one.must).map((one) => one.theme));
  const ordered = [...list].sort((a, b) => (rank(seed, a.work) < rank(seed, b.work) ? -1 : 1));
  for (const one of ordered) {
    if (!themes.has(one.theme)) {
      themes.add(one.theme);
      drawn.add(one.work);
    }
  }
  for (const one of ordered) {
    if (drawn.size < size) {
      drawn.add(one.work);
    }
  }
  return list.filter((one) => drawn.has(one.work)).map((one) => one.work);
}

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(draw)));
