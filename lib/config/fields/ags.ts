import { text } from './field.js';

/**
 * Amtlicher Gemeindeschlüssel: Land (2 digits), Regierungsbezirk (1), Kreis (2), Gemeinde (3). The last three
 * are 000 for a kreisfreie Stadt, and for the Kreis itself, which is no Gemeinde.
 */
export const ags = text(
  {
    rule: 'ags',
    pattern: '^[0-9]{8}$',
    expected: 'the Amtlicher Gemeindeschlüssel: 8 digits in quotes',
    remedy:
      "write it as in the official list, like ags: '15081999' (without quotes YAML drops leading zeros)",
    example: '15081999',
  },
  agsComplaint,
);

function agsComplaint(value: string): { expected: string } | undefined {
  const parts = /^([0-9]{2})([0-9])([0-9]{2})([0-9]{3})$/.exec(value);
  if (!parts) return undefined;
  const [land, region, district, municipality] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (land < 1 || land > 16) return { expected: 'the first two digits are the Land, 01 to 16' };
  return land === 15 ? saxonyAnhalt(region, district, municipality) : undefined;
}

/** Sachsen-Anhalt since 2007: no Regierungsbezirke, three kreisfreie Städte (01–03), eleven Landkreise (81–91). */
function saxonyAnhalt(
  region: number,
  district: number,
  municipality: number,
): { expected: string } | undefined {
  if (region !== 0) return { expected: 'Sachsen-Anhalt has no Regierungsbezirke: the third digit is 0' };
  if (district >= 1 && district <= 3) {
    return municipality === 0
      ? undefined
      : { expected: 'the key of a kreisfreie Stadt (15001 to 15003) ends in 000' };
  }
  if (district < 81 || district > 91) {
    return { expected: 'the fourth and fifth digit are the Kreis: 01 to 03 or 81 to 91 in Sachsen-Anhalt' };
  }
  return municipality === 0 ? { expected: 'a Gemeinde: 000 at the end is the Landkreis itself' } : undefined;
}
