// What a film can become: how high its picture, at how many bits, and how many bytes that makes.
import { FilmRefused } from "./refused.js";

// The short side in pixels, and the bits per second at which hardly anybody sees a difference.
const LADDER = [
  [1080, 5_000_000],
  [720, 2_500_000],
  [480, 1_200_000],
  [360, 700_000],
];
const LEAST = 0.4; // part of those bits below which a smaller picture looks better
const FILLED = 0.94; // part of what is allowed that is aimed at, as an encoder only aims too
const SMALLER = 0.8; // part of its size above which a film is not worth the wait
const ADVISED = 720; // clear on every screen, and made in half the time of what is sharper

function bitsForPicture(bytes, film) {
  return ((bytes - film.soundBytes) * 8) / film.seconds;
}

// The sizes that fit, the sharpest first.
export function sizesFor(film, mostBytes = Infinity) {
  const most = bitsForPicture(Math.min(mostBytes * FILLED, film.bytes * SMALLER), film);
  const side = Math.min(film.width, film.height);
  return LADDER.filter(([height, full]) => height <= Math.max(side, 360) && full * LEAST <= most)
    .map(([height, full]) => ({ height, bitrate: Math.floor(Math.min(full, most)) }))
    .map((size) => ({
      ...size,
      bytes: Math.round((size.bitrate * film.seconds) / 8 + film.soundBytes),
    }));
}

export function advised(sizes) {
  return sizes.find((size) => size.height <= ADVISED) ?? sizes[0];
}

// Why no size fits.
export function refusalOf(film, mostBytes = Infinity) {
  const [, full] = LADDER.at(-1);
  if (bitsForPicture(mostBytes * FILLED, film) >= full * LEAST) return new FilmRefused("small");
  const soundBits = (film.soundBytes * 8) / film.seconds;
  return new FilmRefused("long", {
    seconds: (mostBytes * FILLED * 8) / (full * LEAST + soundBits),
  });
}
