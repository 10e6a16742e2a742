// What this device keeps of an answer until the server has it: for each window by itself, and under
// the key of one person, so that nobody else who uses the computer is shown it.

const PREFIX = "draft";

export class Device {
  constructor(person, work) {
    this.mine = `${PREFIX} ${person} ${work} `;
  }

  // Whether it is kept: a browser may be full, or keep nothing at all.
  put(entry) {
    try {
      localStorage.setItem(this.mine + entry.window, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }

  // Only what the server has by now: a newer text of that window stays.
  drop({ window: name, turn }) {
    const there = this.read(this.mine + name);
    if (!there || there.turn > turn) return;
    try {
      localStorage.removeItem(this.mine + name);
    } catch {
      // nothing was kept
    }
  }

  // What windows left behind, the oldest first.
  left() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.mine))
        .map((key) => this.read(key))
        .filter(Boolean)
        .sort((one, other) => one.at - other.at);
    } catch {
      return [];
    }
  }

  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }
}
