import { defineResource } from '../definition.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { order, owner, validUntil } from './common.js';

const text = (doc: string) => ({ type: 'string', doc, check: checks.text }) as const;

/** A row of the Freischaltungsmatrix. */
export const matrixEntry = defineResource({
  type: 'matrix_entry',
  doc: 'An ordered row of the Freischaltungsmatrix: who may talk to whom, why and until when. A row of the register.',
  attributes: {
    municipality: {
      type: 'string',
      key: true,
      doc: 'AGS of the municipality, 8 digits.',
      check: checks.owner,
    },
    entry: {
      type: 'string',
      key: true,
      doc: 'Name of the row, stable within the municipality.',
      check: checks.entry,
    },
    source: text('Source, as the Landesnetz sees it.'),
    destination: text('Destination, as the Landesnetz sees it.'),
    service: text('Protocol and port, as `tcp/25`.'),
    direction: {
      type: 'string',
      doc: '`eingehend` (towards the municipality) or `ausgehend`.',
      check: checks.oneOf('eingehend', 'ausgehend'),
    },
    purpose: text('What it is for, in German.'),
    approval: text('Day or reference of the approval; empty while there is none.'),
    validUntil,
    owner,
    order,
  },
  example: {
    municipality: '15084490',
    entry: '10.64.0.10-10.128.0.1-tcp-25',
    source: '10.64.0.10',
    destination: '10.128.0.1',
    service: 'tcp/25',
    direction: 'eingehend',
    purpose: 'E-Mail vom Relay zum Kundenmailserver',
    approval: '2025-03-01',
    validUntil: '2027-12-31',
    owner: '15084490',
    order: 'OZG-2025-0001',
  },
  target: () => ({ kind: 'register' }),
  elements: ({ municipality, entry, owner, order, validUntil = '', ...row }) => [
    {
      map: 'matrix',
      key: [municipality, entry],
      value: [row.source, row.destination, row.service, row.direction, row.purpose, row.approval, validUntil],
      owner,
      order,
    },
  ],
  fromElements: (key, live) => {
    const element = live.get('matrix', [key.municipality, key.entry]);
    if (!element) return undefined;
    const [source = '', destination = '', service = '', direction = '', purpose = '', approval = ''] =
      element.value;
    const { owner = '', order = '' } = element;
    const validUntil = element.value[6] || undefined;
    return { ...key, source, destination, service, direction, purpose, approval, validUntil, owner, order };
  },
  keyOf: ({ map, key: [municipality = '', entry = ''] }, ref) =>
    map === 'matrix' && ref.kind === 'register' ? { municipality, entry } : undefined,
});

export class MatrixEntry extends terraformClass(matrixEntry) {}
