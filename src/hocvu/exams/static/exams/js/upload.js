// Sends a form with a file and says how far it is; `fetch` cannot.
//   const { status, told, retryAfter, signedOut } = await upload(address, body, headers, (share) => …)

const SILENCE = 30_000;  // nothing moved for so long: the network is gone

export function upload(address, body, headers, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), SILENCE);
    };
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => { heard(); progress(total ? loaded / total : 0); };
    request.onerror = request.onabort = () => { clearTimeout(silence); reject(new Error("not sent")); };
    request.onload = () => {
      clearTimeout(silence);
      resolve({ status: request.status, told: read(request), retryAfter: Number(request.getResponseHeader("Retry-After")), signedOut: wasRedirected(request, address) });
    };
    heard();
    request.send(body);
  });
}

function read(request) {
  if (!request.getResponseHeader("Content-Type")?.includes("json")) return null;
  try { return JSON.parse(request.responseText); } catch { return null; }
}

// To the page where people sign in: it is not an answer.
const wasRedirected = (request, address) => new URL(request.responseURL).pathname !== new URL(address, location).pathname;
