// Where a film that is being made is written: into a file of the browser's own, which nobody else
// sees, so that memory does not grow with it; where that cannot be, into memory.

const FOLDER = "films";
const A_DAY = 24 * 60 * 60 * 1000; // milliseconds

export async function openPlace({ BufferTarget, StreamTarget }) {
  try {
    return await openFile(StreamTarget);
  } catch {
    const target = new BufferTarget();
    return { target, read: async () => target.buffer, forget: async () => {} };
  }
}

async function openFile(StreamTarget) {
  // Safari writes zeros into it while it encodes: github.com/Vanilagy/mediabunny/issues/459
  if (navigator.vendor.startsWith("Apple")) throw new Error("no file of Safari's own");
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  await sweep(folder);
  const name = `${crypto.randomUUID()}.mp4`;
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  const forget = async () => {
    await stream.abort().catch(() => {}); // it is closed, or nothing was written yet
    await folder.removeEntry(name).catch(() => {});
  };
  window.addEventListener("pagehide", (event) => {
    if (!event.persisted) forget();
  });
  const target = new StreamTarget(stream, { chunked: true });
  return { target, read: () => handle.getFile(), forget };
}

// What a browser that was closed too suddenly left behind.
async function sweep(folder) {
  for await (const [name, entry] of folder.entries()) {
    const { lastModified } = await entry.getFile();
    if (Date.now() - lastModified > A_DAY) await folder.removeEntry(name).catch(() => {});
  }
}
