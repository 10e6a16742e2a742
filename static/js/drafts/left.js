// What windows of before could not send is sent as theirs, from where they began: so the server sees
// whether somebody went on elsewhere meanwhile.

export async function sendLeft(keeping) {
  const { device, server, form } = keeping;
  const { keptWindow, keptTurn } = form.dataset;
  const arrived = [];
  for (const entry of device.left()) {
    if (entry.window === keeping.window) continue;
    if (entry.window === keptWindow && entry.turn <= Number(keptTurn)) {
      device.drop(entry);
      continue;
    }
    const told = await server.keep(entry);
    if (told.is === "there") {
      device.drop(entry);
      arrived.push(told);
    } else if (told.is === "refused") typeAgain(keeping, entry);
    else {
      keeping.says(told);
      return;
    }
  }
  await show(keeping, arrived);
}

// What the server does not take as it is: it is there again to be mended.
function typeAgain(keeping, entry) {
  keeping.device.drop(entry);
  if (keeping.isDirty) return;
  keeping.area.value = entry.text;
  keeping.revision = entry.revision;
  keeping.typed();
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
