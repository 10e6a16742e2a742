// Which files of a field are there already, for this window when it is loaded again. A browser that
// keeps nothing lets its person choose once more.

const keyOf = (place) => `uploads ${place}`;

export function remembered(place) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(place)) ?? "[]");
  } catch {
    return [];
  }
}

export function remember(place, tokens) {
  try {
    sessionStorage.setItem(keyOf(place), JSON.stringify(tokens));
  } catch {
    // nothing is kept
  }
}
