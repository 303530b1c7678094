// newId() → a random UUID, also where `randomUUID` is missing (an address without TLS).

export const newId = () => crypto.randomUUID?.() ?? made(crypto.getRandomValues(new Uint8Array(16)));

function made(bytes) {
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
