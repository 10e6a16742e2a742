// What windows of before could not send is sent as theirs, from where they began: so the server sees
// whether somebody went on elsewhere meanwhile.
import { REFUSED } from "./server.js";

export async function sendLeft(keeping) {
  const { device, server, form } = keeping;
  const { keptWindow, keptTurn } = form.dataset;
  const arrived = [];
  for (const entry of device.left()) {
    if (entry.window === keeping.window || keeping.refusedLeft.has(entry.window)) continue;
    if (entry.window === keptWindow && entry.turn <= Number(keptTurn)) {
      device.drop(entry);
      continue;
    }
    const told = await server.keep(entry);
    if (told.is === "there") {
      device.drop(entry);
      arrived.push(told);
    } else if (REFUSED.has(told.is)) typeAgain(keeping, entry);
    else {
      keeping.says(told);
      return;
    }
  }
  await show(keeping, arrived);
}

// What the server does not take as it is: it is there again to be mended. It leaves the device only
// once this window has it there; beside another text it waits for the next time.
function typeAgain(keeping, entry) {
  keeping.refusedLeft.add(entry.window);
  if (keeping.isDirty) return;
  keeping.area.value = entry.text;
  keeping.revision = entry.revision;
  keeping.typed();
  if (keeping.isOnDevice) keeping.device.drop(entry);
}

async function show(keeping, arrived) {
  if (!keeping.hasArrived) keeping.last = { is: "there" };
  if (!arrived.length) return;
  const ahead = arrived.filter((told) => told.is_ahead).at(-1);
  if (ahead) await keeping.catchUp(ahead.said);
  if (arrived.some((told) => !told.is_ahead)) {
    keeping.says({ is: "beside", said: keeping.saying.of("left-beside") });
  }
}
