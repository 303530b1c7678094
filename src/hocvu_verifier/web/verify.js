/* What the QR code on a certificate says, checked without a network: a CWT (RFC 8392) in a
 * COSE_Sign1 (RFC 9052) with ES256, written as one decimal number behind the "#" of an address.
 *
 *   import { verifyStatement, readSnapshot, NotVerified } from "./verify.js";
 *   const said = await verifyStatement(scannedText, issuersJson);
 *   said → {holderName, serialNumber, programmeCode, issuedOn: "2026-02-05", expiresAt: Date|null,
 *           statusIndex: number|null, issuer: {name, did}}
 *   beginsAfter(said, Date.now())   → true | false
 *
 * It rejects with NotVerified (refusals.js). The reader compares what is said with the paper.
 */
import { decode } from "./cbor.js";
import { holds, readIssuers } from "./issuers.js";
import { NotVerified } from "./refusals.js";

export { NotVerified } from "./refusals.js";
export { readSnapshot } from "./status.js";

const [SUBJECT, EXPIRES, ISSUED, SERIAL, OURS] = [2, 4, 6, 7, -65537];
const CLAIMS = [SUBJECT, ISSUED, SERIAL, OURS];
const [ALGORITHM, CRITICAL, KEY_ID, ES256] = [1, 2, 4, -7];
const VIETNAM = 7 * 3600; // seconds before UTC; no summer time since 1975
const [DAY, LATEST] = [86400, 2 ** 36]; // seconds
const ASCII = /^[\x20-\x7e]+$/;

export async function verifyStatement(scanned, issuersJson) {
  // 1. It holds one decimal number, and that is a signed message in its one spelling.
  const message = messageIn(scanned);

  // 2. A trusted issuer's key made the signature.
  const issuers = await readIssuers(issuersJson);
  const issuer = await signerOf(message, issuers);

  // 3. It says what a statement says, and nothing else.
  const claims = decode(message.payload);
  const known = claims instanceof Map && CLAIMS.every((claim) => claims.has(claim));
  if (!known || claims.size !== CLAIMS.length + Number(claims.has(EXPIRES))) refuse();
  const [code, place = null, ...others] = asArray(claims.get(OURS));
  const index = place === null || (Number.isInteger(place) && place >= 0);
  if (others.length || !index) refuse();
  const issuedAt = moment(claims.get(ISSUED));

  // 4. The key was in use on the day of issue.
  if (issuedAt + DAY <= issuer.startsAt || issuedAt > issuer.endsAt) {
    throw new NotVerified("key_not_in_use", "The key was not in use on the day of issue.");
  }
  return {
    holderName: words(claims.get(SUBJECT)),
    serialNumber: serial(claims.get(SERIAL)),
    programmeCode: words(code),
    issuedOn: new Date((issuedAt + VIETNAM) * 1000).toISOString().slice(0, 10),
    expiresAt: claims.has(EXPIRES) ? new Date(moment(claims.get(EXPIRES)) * 1000) : null,
    statusIndex: place,
    issuer: { name: issuer.name, did: issuer.did },
  };
}

/** Whether its day of issue is still to come; clocks that differ by hours do not count. */
export function beginsAfter(statement, now) {
  return statement.issuedOn > new Date(now + (DAY + VIETNAM) * 1000).toISOString().slice(0, 10);
}

function messageIn(scanned) {
  const digits = scanned.trim().slice(scanned.trim().lastIndexOf("#") + 1);
  if (!/^[1-9][0-9]{199,4095}$/.test(digits)) refuse("This is not the code of a certificate.");
  const hex = BigInt(digits).toString(16);
  const pairs = (hex.length % 2 ? `0${hex}` : hex).match(/../g);
  const parts = decode(Uint8Array.from(pairs, (pair) => parseInt(pair, 16)));
  if (!Array.isArray(parts) || parts.length !== 4) refuse("This is not a signed statement.");
  const [protectedHeaders, unprotected, payload, signature] = parts;
  const isBytes = [protectedHeaders, payload, signature].every((part) => part instanceof Uint8Array);
  const isBare = unprotected instanceof Map && unprotected.size === 0;
  if (!isBytes || !isBare) refuse("This is not a signed statement.");
  const headers = decode(protectedHeaders);
  const known = headers instanceof Map && headers.get(ALGORITHM) === ES256 && !headers.has(CRITICAL);
  const keyId = known ? headers.get(KEY_ID) : null;
  if (!(keyId instanceof Uint8Array) || keyId.length !== 4) refuse("It names no key of ours.");
  return { protectedHeaders, keyId, payload, signature };
}

async function signerOf({ protectedHeaders, keyId, payload, signature }, issuers) {
  const candidates = issuers.filter(({ thumbprint }) =>
    keyId.every((byte, place) => byte === thumbprint[place]),
  );
  if (!candidates.length) throw new NotVerified("stranger", "No trusted issuer uses this key.");
  const context = new TextEncoder().encode("\x6aSignature1"); // RFC 9052, §4.4
  const parts = [protectedHeaders, new Uint8Array(), payload].flatMap(byteString);
  const signed = new Uint8Array(await new Blob([Uint8Array.of(0x84), context, ...parts]).arrayBuffer());
  for (const candidate of candidates) {
    if (await holds(candidate, signature, signed)) return candidate;
  }
  throw new NotVerified("changed", "The statement is not the one that was signed.");
}

function byteString(bytes) {
  const size = bytes.length;
  if (size < 24) return [Uint8Array.of(0x40 | size), bytes];
  return [size < 256 ? Uint8Array.of(0x58, size) : Uint8Array.of(0x59, size >> 8, size & 255), bytes];
}

const asArray = (claim) => (Array.isArray(claim) && claim.length ? claim : refuse());
const moment = (claim) => (Number.isInteger(claim) && claim >= 0 && claim < LATEST ? claim : refuse());

function words(claim) {
  const good = typeof claim === "string" && claim.length > 0 && [...claim].length <= 150;
  const odd = /[\p{C}\p{Z}]/u.test(good ? claim.replaceAll(" ", "") : "");
  const shown = good && !odd && claim.normalize("NFC") === claim;
  return shown ? claim : refuse("The statement holds words that cannot be shown.");
}

function serial(claim) {
  const text = claim instanceof Uint8Array ? String.fromCharCode(...claim) : "";
  return ASCII.test(text) ? words(text) : refuse("The statement holds no serial number.");
}

function refuse(detail = "The statement does not say what a certificate's statement says.") {
  throw new NotVerified("no_statement", detail);
}
