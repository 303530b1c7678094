/* Was it revoked since? A snapshot of bitstring status lists (W3C Bitstring Status List v1.0): one
 * signed credential (VC-JWT, ES256) a line.
 *
 *   const snapshot = await readSnapshot(text, issuersJson);
 *   snapshot.standingOf(did, statusIndex)
 *     → {standing: "good" | "revoked" | "corrected" | "unknown", asOf: Date | null,
 *        goodUntil: Date | null}   after goodUntil its issuer wants the snapshot to be replaced
 *
 * One line that does not hold spoils the snapshot: it rejects with NotVerified("bad_list").
 */
import { base64url, holds, readIssuers } from "./issuers.js";
import { NotVerified } from "./refusals.js";

const PLACES = 524288; // of one list; list n holds the places from n x 524288, its address ends in /n
const CONTEXT = "https://www.w3.org/ns/credentials/v2";
const PURPOSES = ["revocation", "refresh"];

export async function readSnapshot(text, issuersJson) {
  const issuers = await readIssuers(issuersJson);
  const lines = text.split("\n").filter((line) => line.trim());
  if (!lines.length) refuse("The snapshot is empty.");
  const lists = await Promise.all(lines.map((line) => statusList(line.trim(), issuers)));
  return { standingOf: (did, place) => standingOf(lists, did, place) };
}

function standingOf(lists, did, place) {
  const number = place === null ? -1 : Math.floor(place / PLACES);
  const [revoked, corrected] = PURPOSES.map((purpose) =>
    lists
      .filter((list) => list.issuer === did && list.number === number && list.purpose === purpose)
      .reduce((newest, list) => (newest && newest.asOf >= list.asOf ? newest : list), null),
  );
  if (!revoked) return { standing: "unknown", asOf: null, goodUntil: null };
  const used = corrected ? [revoked, corrected] : [revoked];
  const asOf = new Date(Math.min(...used.map((list) => list.asOf)));
  const until = Math.min(...used.map((list) => list.goodUntil));
  const goodUntil = Number.isFinite(until) ? new Date(until) : null;
  if (corrected && isSet(corrected, place)) return { standing: "corrected", asOf, goodUntil };
  return { standing: isSet(revoked, place) ? "revoked" : "good", asOf, goodUntil };
}

function isSet({ bits, number }, place) {
  const index = place - number * PLACES;
  return Boolean((bits[index >> 3] >> (7 - (index & 7))) & 1);
}

async function statusList(token, issuers) {
  // 1. It is a token that one of the keys of the issuer it names has signed.
  const { payload: credential, endsAt } = await signedByItsIssuer(token, issuers);

  // 2. It is a status list credential, and says which one.
  const { id, type, credentialSubject: subject } = credential;
  const contexts = credential["@context"];
  const isList = Array.isArray(type) && type.includes("BitstringStatusListCredential");
  const isOurs = Array.isArray(contexts) && contexts[0] === CONTEXT && (subject?.statusSize ?? 1) === 1;
  if (!isList || !isOurs || subject?.type !== "BitstringStatusList") refuse("It is no status list.");
  const numbered = /\/([0-9]{1,6})$/.exec(String(id));
  const asOf = Date.parse(zoned(credential.validFrom));
  const goodUntil = "validUntil" in credential ? Date.parse(zoned(credential.validUntil)) : Infinity;
  const isNamed = numbered && !Number.isNaN(asOf) && !Number.isNaN(goodUntil);
  if (!isNamed) refuse("The status list does not say which one it is.");
  if (!PURPOSES.includes(subject.statusPurpose)) refuse("Its purpose is not known here.");

  // 3. The key was still in use.
  if (asOf > endsAt * 1000) refuse("The status list was signed with a key that was not used any more.");

  // 4. Its bits unfold to exactly one list.
  return {
    issuer: credential.issuer,
    purpose: subject.statusPurpose,
    number: Number(numbered[1]),
    bits: await unfold(subject.encodedList),
    asOf,
    goodUntil,
  };
}

async function signedByItsIssuer(token, issuers) {
  const parts = token.split(".");
  let [header, payload, signature] = [];
  try {
    [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(utf8(base64url(part))));
    signature = base64url(parts[2]);
  } catch {
    refuse("The status list cannot be read.");
  }
  if (parts.length !== 3 || header.alg !== "ES256" || "crit" in header) refuse("Not signed with ES256.");
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  for (const issuer of issuers) {
    const isIts = issuer.did && issuer.did === payload.issuer;
    if (isIts && (await holds(issuer, signature, signed))) return { payload, endsAt: issuer.endsAt };
  }
  return refuse("None of the trusted issuers signed this status list.");
}

async function unfold(encoded) {
  if (typeof encoded !== "string" || !encoded.startsWith("u")) refuse("The bits are not multibase.");
  const bits = new Uint8Array(PLACES / 8);
  let filled = 0;
  try {
    const packed = new Blob([base64url(encoded.slice(1))]).stream();
    const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      bits.set(value, filled); // throws when there is more than one list holds
      filled += value.length;
    }
  } catch {
    refuse("The bits of the status list cannot be unfolded.");
  }
  if (filled !== bits.length) refuse("The status list does not hold what a list holds.");
  return bits;
}

const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
const zoned = (text) => (/(Z|[+-][0-9]{2}:[0-9]{2})$/.test(text) ? text : "");

function refuse(detail) {
  throw new NotVerified("bad_list", detail);
}
