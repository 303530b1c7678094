// One statement of a QR code, checked on this device: signature by the issuers' keys, standing by
// the revocation lists it carries. Both are fetched as static files and kept by the worker.
//
//   const result = await check(text)   →  { kind, reason, statement, asOf, isOld }
//
// `kind` is one of the design's verdicts; it is "valid" only when every part could be checked.
import { beginsAfter, readSnapshot, verifyStatement } from "./verifier/verify.js";

const ISSUERS = "/trust/issuers.json";
const SNAPSHOT = "/trust/snapshot.txt";
const OLDEST = 35 * 24 * 3600 * 1000; // of a list whose issuer names no day to replace it
const KINDS = { good: "valid", revoked: "revoked", corrected: "superseded", unknown: "unknown" };

export const holdsStatement = (text) => /(^|#)[1-9][0-9]{199,4095}$/.test(text.trim());

export async function check(text, now = Date.now()) {
  let issuers;
  try {
    issuers = await fetched(ISSUERS);
  } catch {
    return { kind: "unknown", reason: "no_issuers" };
  }
  let statement;
  try {
    statement = await verifyStatement(text.trim(), issuers);
  } catch (refused) {
    const reason = refused.reason ?? "no_statement";
    return { kind: reason === "changed" ? "altered" : "unknown", reason };
  }
  if (statement.expiresAt && statement.expiresAt.getTime() <= now) {
    return { kind: "unknown", reason: "expired", statement };
  }
  if (beginsAfter(statement, now)) return { kind: "unknown", reason: "early", statement };
  return { ...(await standing(statement, issuers, now)), statement };
}

async function standing(statement, issuers, now) {
  let answer;
  try {
    const snapshot = await readSnapshot(await fetched(SNAPSHOT), issuers);
    answer = snapshot.standingOf(statement.issuer.did, statement.statusIndex);
  } catch (refused) {
    return { kind: "unknown", reason: refused.reason === "bad_list" ? "bad_list" : "no_list" };
  }
  const { asOf, goodUntil } = answer;
  if (answer.standing === "unknown" || !asOf) return { kind: "unknown", reason: "no_list" };
  const isOld = now > (goodUntil?.getTime() ?? asOf.getTime() + OLDEST);
  if (answer.standing === "good" && isOld) return { kind: "unknown", reason: "old_list", asOf };
  return { kind: KINDS[answer.standing], reason: answer.standing, asOf };
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}
