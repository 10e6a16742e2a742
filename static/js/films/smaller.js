// Makes a film smaller where it is: it is read, made and kept on this device, and sent nowhere.
import { openPlace } from "./keeping.js";
import { FilmRefused } from "./refused.js";
import { advised, refusalOf, sizesFor } from "./sizes.js";

// What every browser of today plays, the most played first; each is asked for by its name here, and
// by a name of WebCodecs.
const PICTURES = { avc: "avc1.42001f", vp9: "vp09.00.31.08" };
const PLAYED = ["aac", "mp3", "opus", "flac"]; // sound that is copied: not every browser makes it
const MADE = ["aac", "opus"]; // sound of another kind becomes one of these
const FRAMES = 30; // a second; what has noticeably more loses some
const LESS = 0.85; // part of its bits that a size gets where the one before came out too large

const library = () => import("../../vendor/mediabunny/dist/bundles/mediabunny.min.mjs");

// Whether this browser can do it at all; the library is not needed to know.
export async function canMakeSmaller() {
  if (!window.VideoEncoder || !window.VideoDecoder) return false;
  const asked = Object.values(PICTURES).map((codec) =>
    VideoEncoder.isConfigSupported({ codec, width: 1280, height: 720 }).catch(() => ({})),
  );
  return (await Promise.all(asked)).some((answer) => answer.supported);
}

// The facts of a film; throws FilmRefused where it cannot be made smaller here.
export async function readFilm(file) {
  if (!(await canMakeSmaller())) throw new FilmRefused("device");
  const bunny = await library();
  const input = openFilm(bunny, file);
  try {
    return await factsOf(input, file);
  } catch (error) {
    throw error instanceof FilmRefused ? error : new FilmRefused("unreadable", { cause: error });
  } finally {
    input.dispose();
  }
}

// Resolves to the smaller film, an MP4 of at most `mostBytes`. `size` is one of `sizesFor`, else the
// one that is advised; `onProgress` is told how much is done, from 0 to 1, and begins anew where a
// size came out too large, or cannot be made here, and the next is tried. Throws FilmRefused, or why
// `signal` stopped it.
export async function makeSmaller(file, { mostBytes, size, onProgress, signal } = {}) {
  const film = await readFilm(file);
  const sizes = sizesFor(film, mostBytes);
  const wanted = size ?? advised(sizes);
  if (!wanted) throw refusalOf(film, mostBytes);
  const tries = [wanted, ...sizes.filter(({ height }) => height < wanted.height)];
  const awake = await navigator.wakeLock?.request("screen").catch(() => null);
  try {
    return await firstThatFits(tries, (tried) =>
      convert(file, film, tried, { mostBytes, onProgress, signal }),
    );
  } finally {
    awake?.release();
  }
}

async function firstThatFits(sizes, make) {
  for (const [nth, { height, bitrate }] of sizes.entries()) {
    try {
      return await make({ height, bitrate: Math.floor(bitrate * LESS ** nth) });
    } catch (error) {
      const isOfSize = ["long", "device"].includes(error.reason);
      if (!isOfSize || nth === sizes.length - 1) throw error;
    }
  }
}

function openFilm({ BlobSource, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM }, file) {
  const formats = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS];
  return new Input({ formats, source: new BlobSource(file) });
}

async function factsOf(input, file) {
  const picture = await input.getPrimaryVideoTrack();
  if (!picture) throw new FilmRefused("unreadable");
  if (!(await picture.canDecode())) throw new FilmRefused("picture");
  const sound = await input.getPrimaryAudioTrack();
  if (sound && !(await sound.getCodec())) throw new FilmRefused("sound");
  const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  const soundBits = sound ? (await sound.computePacketStats(500)).averageBitrate : 0;
  return {
    bytes: file.size,
    seconds,
    width: await picture.getDisplayWidth(),
    height: await picture.getDisplayHeight(),
    frames: (await picture.computePacketStats(120)).averagePacketRate,
    soundBytes: Math.round((soundBits * seconds) / 8),
  };
}

async function convert(file, film, size, { mostBytes, onProgress, signal }) {
  const stopping = stoppedBy(signal);
  const bunny = await library();
  const place = await openPlace(bunny);
  const input = openFilm(bunny, file);
  const format = new bunny.Mp4OutputFormat({ fastStart: false }); // as whole it would be in memory
  const output = new bunny.Output({ format, target: place.target });
  let reached = 0; // seconds
  place.target.on("write", ({ end }) => {
    if (end > mostBytes) stopping.abort(new FilmRefused("long", { seconds: reached }));
  });
  try {
    const plan = await planOf(bunny, { input, output, film, size });
    const conversion = await bunny.Conversion.init(plan);
    refuseWhatIsLeftOut(conversion);
    stopping.signal.throwIfAborted();
    stopping.signal.addEventListener("abort", () => conversion.cancel().catch(() => {}));
    conversion.onProgress = (done, seconds) => {
      reached = seconds;
      onProgress?.(done);
    };
    await conversion.execute();
    stopping.signal.throwIfAborted();
    return new File([await place.read()], nameOf(file, size), { type: "video/mp4" });
  } catch (error) {
    await output.cancel().catch(() => {});
    await place.forget();
    stopping.signal.throwIfAborted();
    throw refused(error);
  } finally {
    input.dispose();
  }
}

// Stops as `signal` does, and can be stopped otherwise.
function stoppedBy(signal) {
  signal?.throwIfAborted();
  const stopping = new AbortController();
  signal?.addEventListener("abort", () => stopping.abort(signal.reason), { once: true });
  return stopping;
}

async function planOf(bunny, { input, output, film, size }) {
  const scale = Math.min(1, size.height / Math.min(film.width, film.height));
  const even = (side) => 2 * Math.round((side * scale) / 2);
  const [width, height] = [even(film.width), even(film.height)];
  const quality = new bunny.Quality({ bitrate: size.bitrate });
  const pictures = { width, height, quality };
  const codec = await bunny.getFirstEncodableVideoCodec(Object.keys(PICTURES), pictures);
  if (!codec) throw new FilmRefused("device");
  return {
    input,
    output,
    tracks: "primary",
    tags: {}, // where and with what it was recorded is nobody's business
    copy: { shiftTolerance: Infinity }, // also sound that begins before the picture
    showWarnings: false,
    video: {
      ...pictures,
      codec,
      fit: "fill",
      frameRate: film.frames > FRAMES * 1.1 ? FRAMES : undefined,
    },
    audio: (track) => soundPlan(bunny, track),
  };
}

async function soundPlan({ getFirstEncodableAudioCodec }, track) {
  if (PLAYED.includes(await track.getCodec())) return {};
  return { codec: (await getFirstEncodableAudioCodec(MADE)) ?? MADE[0] };
}

function refuseWhatIsLeftOut({ discardedTracks: [left] }) {
  if (left) throw new FilmRefused(left.track.type === "video" ? "picture" : "sound");
}

function refused(error) {
  if (error instanceof FilmRefused) return error;
  const isFull = error.name === "QuotaExceededError" || error instanceof RangeError;
  return new FilmRefused(isFull ? "room" : "broken", { cause: error });
}

function nameOf(file, { height }) {
  return `${file.name.replace(/\.[^.]*$/, "")}-${height}p.mp4`;
}
