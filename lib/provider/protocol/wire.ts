/**
 * Protocol buffers on the wire, as far as the plugin protocol needs it: varints and length-delimited fields.
 * Written by hand because a start of the provider is a start of Node: a protobuf library costs more than the
 * whole handshake (FACTS: 75 to 200 ms).
 */

/** A field's values in order of appearance: a number for a varint, bytes for everything else. */
export type Fields = Map<number, (number | Buffer)[]>;

const varintEnd = 0x80;

/** @throws RangeError on a truncated or unknown encoding. */
export function decodeFields(message: Uint8Array): Fields {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('message ends inside a varint');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < varintEnd) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('varint is longer than 64 bits');
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('message ends inside a field');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = decodeValue(tag & 7, varint, take);
    const id = tag >>> 3;
    const earlier = fields.get(id);
    if (earlier === undefined) fields.set(id, [value]);
    else earlier.push(value);
  }
  return fields;
}

function decodeValue(
  wireType: number,
  varint: () => number,
  take: (length: number) => Buffer,
): number | Buffer {
  switch (wireType) {
    case 0:
      return varint();
    case 1:
      return take(8);
    case 2:
      return take(varint());
    case 5:
      return take(4);
    default:
      throw new RangeError(`unknown wire type ${wireType}`);
  }
}

// Getters with proto3's defaults: a field that is not there has its type's empty value, the last one wins.

export function bytesOf(fields: Fields, id: number): Buffer {
  const value = fields.get(id)?.at(-1);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

export const stringOf = (fields: Fields, id: number): string => bytesOf(fields, id).toString('utf8');

export function numberOf(fields: Fields, id: number): number {
  const value = fields.get(id)?.at(-1);
  return typeof value === 'number' ? value : 0;
}

// Encoders leave out what equals the default, as proto3 does.

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | varintEnd);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const nothing = Buffer.alloc(0);

export const varintField = (id: number, value: number | boolean): Buffer =>
  Number(value) === 0 ? nothing : Buffer.concat([varintBytes(id << 3), varintBytes(Number(value))]);

/** A message that is present but empty is written too, unlike an empty string. */
export const messageField = (id: number, message: Uint8Array | undefined): Buffer =>
  message === undefined
    ? nothing
    : Buffer.concat([varintBytes((id << 3) | 2), varintBytes(message.length), message]);

export const bytesField = (id: number, value: Uint8Array): Buffer =>
  value.length === 0 ? nothing : messageField(id, value);

export const stringField = (id: number, value: string): Buffer => bytesField(id, Buffer.from(value, 'utf8'));

export const repeatedField = (id: number, messages: readonly Uint8Array[]): Buffer =>
  Buffer.concat(messages.map((message) => messageField(id, message)));

/** map<string, message> */
export const mapField = (id: number, entries: Record<string, Uint8Array>): Buffer =>
  repeatedField(
    id,
    Object.entries(entries).map(([key, value]) =>
      Buffer.concat([stringField(1, key), messageField(2, value)]),
    ),
  );
