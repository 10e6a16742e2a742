"""Small real films, made and looked at by the browser itself: none is stored here."""

from base64 import b64decode, b64encode
from typing import Any

from playwright.sync_api import Page

LIBRARY = "/static/vendor/mediabunny/dist/bundles/mediabunny.min.mjs"
# Squares that come and go, and a tone: H.264 and Opus, which every Chromium can make.
RECORD = """async ({ library, seconds }) => {
  const bunny = await import(library);
  const target = new bunny.BufferTarget();
  const output = new bunny.Output({ format: new bunny.Mp4OutputFormat(), target });
  const canvas = new OffscreenCanvas(1280, 720);
  const brush = canvas.getContext("2d");
  const picture = new bunny.CanvasSource(canvas, { codec: "avc", bitrate: 6_000_000 });
  const sound = new bunny.AudioBufferSource({ codec: "opus", bitrate: 64_000 });
  output.addVideoTrack(picture, { frameRate: 25 });
  output.addAudioTrack(sound);
  await output.start();
  const sampleRate = 48_000;
  const tone = new AudioBuffer({ length: seconds * sampleRate, sampleRate, numberOfChannels: 1 });
  tone.getChannelData(0).forEach((_, at, all) => { all[at] = Math.sin(at / 20) / 2; });
  await sound.add(tone);
  for (let frame = 0; frame < seconds * 25; frame += 1) {
    for (let spot = 0; spot < 60; spot += 1) {
      brush.fillStyle = `hsl(${(frame * 60 + spot) % 360} 80% 50%)`;
      brush.fillRect((spot * 211 + frame * 97) % 1280, (spot * 157 + frame * 61) % 720, 40, 40);
    }
    await picture.add(frame / 25, 1 / 25);
  }
  await output.finalize();
  return new Uint8Array(target.buffer).toBase64();
}"""
LOOK = """async ({ library, film }) => {
  const bunny = await import(library);
  const source = new bunny.BlobSource(new Blob([Uint8Array.fromBase64(film)]));
  const input = new bunny.Input({ formats: bunny.ALL_FORMATS, source });
  const picture = await input.getPrimaryVideoTrack();
  const sound = await input.getPrimaryAudioTrack();
  return {
    seconds: await input.computeDuration(),
    picture: await picture.getCodec(),
    height: await picture.getDisplayHeight(),
    sound: await sound.getCodec(),
    heard: (await sound.computePacketStats()).packetCount,
  };
}"""


def record(page: Page, *, seconds: int) -> bytes:
    """Return a film with sound, 720 pixels high, that a browser recorded."""
    return b64decode(page.evaluate(RECORD, {"library": LIBRARY, "seconds": seconds}))


def look(page: Page, film: bytes) -> dict[str, Any]:
    """Return how long a film lasts, how high it is, and what its picture and sound are."""
    return page.evaluate(LOOK, {"library": LIBRARY, "film": b64encode(film).decode()})
