/* Whose word is taken: a JSON Web Key Set (RFC 7517) with names, and ES256 by WebCrypto.
 *   const issuers = await readIssuers(json)   → [{key, thumbprint, name, did, startsAt, endsAt}]
 *   await holds(issuer, signature, signed)    → true | false
 *   base64url(text)                           → Uint8Array
 */
import { NotVerified } from "./refusals.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };

export async function readIssuers(json) {
  try {
    const { keys } = typeof json === "string" ? JSON.parse(json) : json;
    return await Promise.all(keys.map(issuer));
  } catch (broken) {
    throw new NotVerified("bad_list", `The list of issuers cannot be read: ${broken.message}`);
  }
}

export async function holds(issuer, signature, signed) {
  return signature.length === 64 && crypto.subtle.verify(ES256, issuer.key, signature, signed);
}

export function base64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError("This is not base64url.");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const again = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (again !== text) throw new TypeError("This base64url could have been written otherwise.");
  return bytes;
}

async function issuer({ kty, crv, x, y, name, iss = "", nbf, exp }) {
  if (kty !== "EC" || crv !== "P-256" || !name) throw new TypeError("not a P-256 key with a name");
  if (base64url(x).length !== 32 || base64url(y).length !== 32) throw new TypeError("not a point");
  const required = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`; // RFC 7638
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(required));
  return {
    key: await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, ["verify"]),
    thumbprint: new Uint8Array(digest),
    name,
    did: iss,
    startsAt: nbf === undefined ? -Infinity : seconds(nbf),
    endsAt: exp === undefined ? Infinity : seconds(exp),
  };
}

function seconds(claim) {
  if (!Number.isInteger(claim)) throw new TypeError("not a moment");
  return claim;
}
