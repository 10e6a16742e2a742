// What a field asks of the server besides sending bytes.

let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const loading = new Map();

export const csrf = () => token;

// The library that sends in pieces, once for the page.
export function senderFrom(address) {
  if (!loading.has(address)) {
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.tus);
      script.onerror = reject;
      document.head.append(script);
    });
    loaded.catch(() => loading.delete(address));
    loading.set(address, loaded);
  }
  return loading.get(address);
}

// Which uploads of a field are under way; null while nobody is signed in or the server is away. Who
// signed in again has another token.
export async function underWay(address, place) {
  const response = await fetch(`${address}?place=${encodeURIComponent(place)}`).catch(() => null);
  if (!response?.ok) return null;
  const said = await response.json();
  token = said.csrf;
  return said.uploads;
}

async function told(address, options = {}) {
  const headers = { "X-CSRFToken": token };
  const response = await fetch(address, { headers, ...options }).catch(() => null);
  if (response?.ok || response?.status === 422) return response.json();
  return response?.status === 404 ? { state: "gone" } : null;
}

export const stateOf = (address) => told(address);

export function compare(address, sha256) {
  return told(`${address}compare/`, { method: "POST", body: new URLSearchParams({ sha256 }) });
}

export function forget(address) {
  fetch(address, { method: "DELETE", headers: { "X-CSRFToken": token }, keepalive: true }).catch(
    () => {},
  );
}
