/* Deterministic CBOR (RFC 8949, §4.2.1), reading only: one value has one spelling, or is refused.
 *   decode(bytes) → number | bigint | Uint8Array | string | array | Map
 */
import { NotVerified } from "./refusals.js";

const DEEPEST = 8;
const WIDTHS = { 24: 1, 25: 2, 26: 4, 27: 8 };
const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function decode(bytes) {
  const reader = { bytes, at: 0 };
  const value = item(reader, 0);
  if (reader.at !== bytes.length) refuse("Something stands behind the statement.");
  return value;
}

function item(reader, depth) {
  if (depth > DEEPEST) refuse("The statement is nested too deeply.");
  const [major, argument] = head(reader);
  switch (major) {
    case 0:
      return argument;
    case 1:
      return typeof argument === "bigint" ? -1n - argument : -1 - argument;
    case 2:
      return take(reader, argument);
    case 3:
      return text(take(reader, argument));
    case 4:
      return array(reader, argument, depth);
    case 5:
      return map(reader, argument, depth);
    default:
      return refuse("The statement holds a kind of value that has no place in it.");
  }
}

function array(reader, count, depth) {
  const items = [];
  for (let place = 0; place < count; place += 1) items.push(item(reader, depth + 1));
  return items;
}

function map(reader, count, depth) {
  const pairs = new Map();
  let before = new Uint8Array();
  for (let place = 0; place < count; place += 1) {
    const start = reader.at;
    const key = item(reader, depth + 1);
    const encoded = reader.bytes.subarray(start, reader.at);
    if (typeof key === "object" || !isLess(before, encoded)) refuse("The fields are not in order.");
    pairs.set(key, item(reader, depth + 1));
    before = encoded;
  }
  return pairs;
}

function head(reader) {
  const [first] = take(reader, 1);
  const information = first & 0x1f;
  if (information < 24) return [first >> 5, information];
  const width = WIDTHS[information] ?? refuse("The statement is not spelled in its one way.");
  const argument = take(reader, width).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const least = width === 1 ? 24n : 1n << BigInt(4 * width);
  if (argument < least) refuse("The statement is not spelled in its one way.");
  return [first >> 5, argument <= Number.MAX_SAFE_INTEGER ? Number(argument) : argument];
}

function take(reader, count) {
  const end = reader.at + Number(count);
  if (end > reader.bytes.length) refuse("The statement ends too early.");
  const taken = reader.bytes.slice(reader.at, end);
  reader.at = end;
  return taken;
}

function text(bytes) {
  try {
    return TEXT.decode(bytes);
  } catch {
    return refuse("The statement holds broken text.");
  }
}

function isLess(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let place = 0; place < shared; place += 1) {
    if (one[place] !== other[place]) return one[place] < other[place];
  }
  return one.length < other.length;
}

function refuse(detail) {
  throw new NotVerified("no_statement", detail);
}
