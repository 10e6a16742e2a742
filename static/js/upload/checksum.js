// The SHA-256 of a file as this device has it; nothing where it cannot be computed here.

export function checksumOf(file, address) {
  return new Promise((resolve) => {
    let worker;
    try {
      worker = new Worker(address, { type: "module" });
    } catch {
      resolve("");
      return;
    }
    const end = (said) => {
      worker.terminate();
      resolve(said);
    };
    worker.addEventListener("message", ({ data }) => end(data.sha256 ?? ""));
    worker.addEventListener("error", () => end(""));
    worker.postMessage(file);
  });
}
