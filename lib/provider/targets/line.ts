import type { Element, ElementKey, Transaction } from '../element.js';

// Elements as the forced commands read and write them: six tokens a line (templates/mailversand-session).

const plain = /[A-Za-z0-9._:/@+=~[\]-]/;

/** A part as a token: every byte that is not plain becomes %XX; an empty part is a lone %. */
export const encodePart = (part: string): string =>
  part === ''
    ? '%'
    : [...Buffer.from(part)]
        .map((byte) => {
          const character = String.fromCharCode(byte);
          return plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
        })
        .join('');

/** What somebody wrote by hand may be no proper encoding; then it is shown as it is. */
export function decodePart(token: string): string {
  if (token === '%') return '';
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** Parts are joined by commas; `-` stands for none, so a lone hyphen is written %2D. */
export const encodeParts = (parts: readonly string[]): string =>
  parts.length === 0 ? '-' : parts.length === 1 && parts[0] === '-' ? '%2D' : parts.map(encodePart).join(',');

export const decodeParts = (token: string): string[] =>
  token === '-' ? [] : token.split(',').map(decodePart);

const encodeOptional = (value: string | undefined): string => encodeParts(value === undefined ? [] : [value]);
const decodeOptional = (token: string): string | undefined => (token === '-' ? undefined : decodePart(token));

export const formatKey = ({ map, key }: ElementKey): string => `${encodePart(map)} ${encodeParts(key)}`;

export const formatElement = (element: Element): string =>
  [
    formatKey(element),
    encodeParts(element.value),
    encodeOptional(element.owner),
    encodeOptional(element.instance),
    encodeOptional(element.order),
  ].join(' ');

/** @throws when the far end does not speak this protocol. */
export function parseElement(line: string): Element {
  const tokens = line.split(' ');
  const [map = '', key = '', value = '', owner = '', instance = '', order = ''] = tokens;
  if (tokens.length !== 6) throw new Error(`not an element: ${line.slice(0, 200)}`);
  const by = {
    owner: decodeOptional(owner),
    instance: decodeOptional(instance),
    order: decodeOptional(order),
  };
  return {
    map: decodePart(map),
    key: decodeParts(key),
    value: decodeParts(value),
    ...(by.owner !== undefined && { owner: by.owner }),
    ...(by.instance !== undefined && { instance: by.instance }),
    ...(by.order !== undefined && { order: by.order }),
  };
}

/** The lines of `apply`: what is expected first, in the order of the transaction. */
export const formatTransaction = ({ expect, put, remove }: Transaction): string[] => [
  ...expect.map(({ at, found }) => (found ? `expect ${formatElement(found)}` : `absent ${formatKey(at)}`)),
  ...put.map((element) => `put ${formatElement(element)}`),
  ...remove.map((at) => `remove ${formatKey(at)}`),
];
