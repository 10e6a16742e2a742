// Computes the SHA-256 of a file beside the page, a piece at a time.
import { sha256 } from "../../vendor/js-sha256/build/sha256.min.mjs";

const PIECE = 4 * 1024 * 1024;

self.addEventListener("message", async ({ data: file }) => {
  const digest = sha256.create();
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      digest.update(await file.slice(at, at + PIECE).arrayBuffer());
    }
    self.postMessage({ sha256: digest.hex() });
  } catch {
    self.postMessage({});
  }
});
