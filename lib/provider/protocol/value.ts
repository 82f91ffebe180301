import { decode, encode, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import { type Value, type ValueType, unknown } from '../served.js';

// Values on the wire: msgpack, where an extension means unknown; sets are arrays, numbers may be strings.

/** Stands for {@link unknown} inside msgpack, which knows no symbols. Type 0: unknown and nothing more is said. */
const unknownMark = new ExtData(0, Uint8Array.of(0));
const unknowns: ExtensionCodecType<undefined> = {
  tryToEncode: (value) => (value instanceof ExtData ? value : null),
  // Whatever the extension's type: 12, for example, is an unknown of which the engine knows a range.
  decode: () => unknownMark,
};

/** tfplugin6.DynamicValue's msgpack field. */
export const decodeValue = (type: ValueType, bytes: Uint8Array): Value =>
  conform(type, decode(bytes, { extensionCodec: unknowns }));

/** State in JSON as the engine stored it: what an older build left out is null, what it had more is dropped. */
export const decodeJsonState = (type: ValueType, state: unknown): Value => conform(type, state);

/** Shapes raw data after its type. @throws TypeError when it does not fit. */
function conform(type: ValueType, raw: unknown): Value {
  if (raw === unknownMark) return unknown;
  if (raw === null || raw === undefined) return null;
  if (type === 'number' && (typeof raw === 'number' || typeof raw === 'string')) return Number(raw);
  if (type === 'string' && typeof raw === 'string') return raw;
  if (type === 'bool' && typeof raw === 'boolean') return raw;
  if (typeof type === 'string' || typeof raw !== 'object') throw misfit(type, raw);
  const [kind, inner] = type;
  switch (kind) {
    case 'list':
    case 'set':
      if (!Array.isArray(raw)) throw misfit(type, raw);
      return raw.map((item) => conform(inner, item));
    case 'map':
      return mapMembers({ ...raw }, (item) => conform(inner, item));
    case 'object': {
      const members = new Map<string, unknown>(Object.entries(raw));
      return mapMembers(inner, (of, name) => conform(of, members.get(name)));
    }
  }
}

/**
 * The other way. @throws TypeError when an object lacks a member or has one too many: the engine would notice
 * later, and say less.
 */
export function encodeValue(type: ValueType, value: Value): Buffer {
  const { buffer, byteOffset, byteLength } = encode(toWire(type, value), { extensionCodec: unknowns });
  return Buffer.from(buffer, byteOffset, byteLength);
}

function toWire(type: ValueType, value: Value): unknown {
  if (value === unknown) return unknownMark;
  if (value === null || typeof value !== 'object') return value;
  if (typeof type === 'string') throw misfit(type, value);
  const [kind, inner] = type;
  if (Array.isArray(value)) {
    if (kind !== 'list' && kind !== 'set') throw misfit(type, value);
    return value.map((item) => toWire(inner, item));
  }
  switch (kind) {
    case 'list':
    case 'set':
      throw misfit(type, value);
    case 'map':
      return mapMembers(value, (item) => toWire(inner, item));
    case 'object': {
      const missing = Object.keys(inner).filter((name) => !(name in value));
      if (missing.length > 0) throw new TypeError(`value lacks ${missing.join(', ')}`);
      return mapMembers(value, (item, name) => {
        const member = inner[name];
        if (member === undefined) throw new TypeError(`value has ${name}, its type has not`);
        return toWire(member, item);
      });
    }
  }
}

const mapMembers = <From, To>(
  members: Record<string, From>,
  convert: (item: From, name: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(members).map(([name, item]) => [name, convert(item, name)]));

const misfit = (type: ValueType, raw: unknown): TypeError =>
  new TypeError(`expected ${JSON.stringify(type)}, found ${typeof raw}`);
