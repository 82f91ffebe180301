import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadOne } from '../../lib/config/load.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { writeDomains } from '../../lib/migration/domain-writer.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { addServer, removeServer, serverTested } from '../../lib/migration/server-change.js';
import { writeServers } from '../../lib/migration/server-writer.js';
import { settled } from '../../lib/migration/settled.js';
import { changeStage, isRefusal, type Refusal } from '../../lib/migration/stage-change.js';
import { writeStage } from '../../lib/migration/stage-writer.js';
import type { Reached } from '../../lib/provider/resources/reached.js';
import { withWithdrawal } from '../../lib/rehearsal/working-copy.js';
import { folderWith, removeFolders } from '../cli/harness.js';
import { diagnostics, nothing, recorded } from './pure-gate.js';

afterAll(removeFolders);

const platformFile = join(import.meta.dirname, '../../stacks/platforms/rehearsal.yaml');

/** Times as in the rehearsal, evidence for everything: what is left is what the commands write. */
const file = `name: Musterstadt
ags: '15081901'
stage: 0
order: { reference: FS-2025-0001, approvedOn: 2025-01-20 }
contacts: { technical: it@musterstadt.example, organisational: Hauptamt }
network: { link: c0, relayAlias: 192.168.10.250 }
servers:
  - inside: 192.168.10.5
    transfer: 10.128.0.1
domains:
  - name: a.example
    writer: landesnetz-dns
    connectionTestPassedOn: 2025-02-03
    outgoingTestPassedOn: 2025-02-24
    mx: { ttl: 5, records: [10 mail.a.example] }
    spf: { ttl: 5, value: v=spf1 mx -all }
    ndb: { reference: N1, reportedOn: 2025-02-10, confirmedOn: 2025-02-17 }
  - name: b.example
    writer: hoster
    connectionTestPassedOn: 2025-02-03
    outgoingTestPassedOn: 2025-02-24
    mx: { ttl: 5, records: [10 mail.b.example] }
    ndb: { reference: N2, reportedOn: 2025-02-10, confirmedOn: 2025-02-17 }
  - name: c.example
    writer: landesnetz-dns
    stage: 0
    connectionTestPassedOn: 2025-02-03
    outgoingTestPassedOn: 2025-02-24
    mx: { ttl: 30, records: [10 mail.c.example] }
    spf: { ttl: 30, value: v=spf1 mx -all }
    ndb: { reference: N3, reportedOn: 2025-02-10, confirmedOn: 2025-02-17 }
connectionTestPassedOn: 2025-02-03
forwarding: none
outgoingTestPassedOn: 2025-02-24
`;

/** What a person types; not every one of them has something to write where he stands. */
type Typed =
  | { command: 'stage'; by: 1 | -1 }
  | { command: 'domain'; name: string; by: 1 | -1 }
  | { command: '--drop-kept' | '--settled' | 'withdrawn' }
  | { command: 'add' | 'tested' | 'remove'; transfer: string }
  | { command: 'wait'; seconds: number };

const by = fc.constantFrom<1 | -1>(1, -1);
const typed: fc.Arbitrary<Typed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ command: fc.constant('stage' as const), by }) },
  {
    weight: 4,
    arbitrary: fc.record({
      command: fc.constant('domain' as const),
      name: fc.constantFrom('a.example', 'b.example', 'c.example'),
      by,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ command: fc.constantFrom('--drop-kept' as const, '--settled', 'withdrawn') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      command: fc.constantFrom('add' as const, 'tested', 'remove'),
      transfer: fc.constantFrom('10.128.0.1', '10.128.0.6', '10.128.0.7'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ command: fc.constant('wait' as const), seconds: fc.constantFrom(1, 5, 20, 90) }),
  },
);

interface Desk {
  text: string;
  m: Municipality;
  p: Platform;
  now: Date;
}

/** The file afterwards, by the functions behind the command; undefined: there is nothing to write. */
function written(
  { text, m, p, now }: Desk,
  typed: Exclude<Typed, { command: 'wait' }>,
): string | Refusal | undefined {
  switch (typed.command) {
    case 'stage': {
      const change = changeStage(m, p, m.stage + typed.by, now);
      return isRefusal(change) ? undefined : writeStage(reportedAgain(text), change.edit);
    }
    case 'domain': {
      const domain = m.domains.find(({ name }) => name === typed.name);
      const change = domain && changeDomainStage(m, p, typed.name, stageOfDomain(m, domain) + typed.by, now);
      return change === undefined || isRefusal(change)
        ? undefined
        : writeDomains(reportedAgain(text), change.edit);
    }
    case '--drop-kept': {
      const review = dropKept(m, p, now);
      return review.due.length > 0 ? writeStage(text, review.edit) : undefined;
    }
    case '--settled': {
      const over = settled(m, now);
      return over?.due ? writeStage(text, over.edit) : undefined;
    }
    case 'withdrawn':
      return m.stage < 3 ? withWithdrawal(text, '2025-06-01') : undefined;
    case 'add':
      return text.includes(typed.transfer)
        ? undefined
        : writeServers(
            text,
            addServer(
              m,
              { inside: `192.168.10.${typed.transfer.slice(-1)}`, transfer: typed.transfer, ports: [25] },
              now,
            ),
          );
    default: {
      const change =
        typed.command === 'tested'
          ? serverTested(m, p, typed.transfer, now)
          : removeServer(m, p, typed.transfer, now);
      return isRefusal(change) ? undefined : writeServers(text, change);
    }
  }
}

/** What was withdrawn is reported to the NdB anew before an edge. */
const reportedAgain = (text: string): string => text.replace(/,? *withdrawnOn: \d{4}-\d\d-\d\d/g, '');

/** The deploy, as often as `--wait` would try it; what refuses it for good. */
function deployed(
  { m, p, now: start }: Desk,
  from: Reached,
): { reached: Reached; now: Date; rules: string[] } {
  const { gate } = desiredState(m, p);
  const withdrawn = Object.fromEntries(m.domains.map(({ name }) => [name, '2025-06-01']));
  for (let now = start; ; now = new Date(now.getTime() + 5000)) {
    const found = diagnostics({ ...gate, withdrawn }, from, p, now).filter(
      ({ severity }) => severity === 'error',
    );
    const waits = found.every((one) => one.waits !== undefined);
    if (found.length === 0) return { reached: recorded(gate, from, now), now, rules: [] };
    if (!waits || now.getTime() - start.getTime() > longest)
      return { reached: from, now, rules: found.map(({ rule }) => rule) };
  }
}

/** What stage 4 brought is over, what stage 3 brought is kept anew from this second: SPF must outlive both. */
const backTwiceWithinASecond: Typed[] = [
  ...[1, 1, 1, 1, -1, -1].map((by) => ({ command: 'stage', by }) as Typed),
  { command: 'wait', seconds: 20 },
  { command: 'stage', by: 1 },
  { command: 'stage', by: -1 },
  { command: '--drop-kept' },
];

/** Milliseconds; longer than anything of the rehearsal's platform lasts. */
const longest = 600_000;

test('whatever the commands write, they can read again, and the gate lets it through once its time has come', () => {
  const municipalitiesDir = folderWith();
  const read = (text: string): Omit<Desk, 'now'> => {
    writeFileSync(join(municipalitiesDir, 'musterstadt.yaml'), text);
    const { municipality, platform, problems } = loadOne('musterstadt', { municipalitiesDir, platformFile });
    expect(problems).toEqual([]);
    return { text, m: municipality as Municipality, p: platform as Platform };
  };
  const beginning = read(file);
  fc.assert(
    fc.property(fc.array(typed, { maxLength: 80, size: 'max' }), (list) => {
      let desk: Desk = { ...beginning, now: new Date('2025-06-01T12:00:00Z') };
      let reached = nothing;
      for (const one of list) {
        if (one.command === 'wait') {
          desk = { ...desk, now: new Date(desk.now.getTime() + one.seconds * 1000) };
          continue;
        }
        const after = written(desk, one);
        if (after === undefined) continue;
        if (typeof after !== 'string') throw new Error(after.refused);
        desk = { ...desk, ...read(after) };
        const { rules, ...ran } = deployed(desk, reached);
        expect(rules).toEqual([]);
        reached = ran.reached;
        desk = { ...desk, now: ran.now };
      }
    }),
    { numRuns: 40, examples: [[backTwiceWithinASecond]] },
  );
});
