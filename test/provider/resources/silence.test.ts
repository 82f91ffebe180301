import { UnreachableError } from '../../../lib/provider/element.js';
import { clientSilent, listenerSilent, ndbWithdrawn } from '../../../lib/provider/resources/gate-silence.js';
import type { Edge } from '../../../lib/provider/resources/gate-rule.js';
import {
  heard,
  measure,
  notSilent,
  openingsOf,
  recordSilence,
  unmeasured,
  usedAlone,
  watched,
  type Path,
  type Silent,
} from '../../../lib/provider/resources/silence.js';
import type { Held } from '../../../lib/provider/resources/declared.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../memory-far-ends.js';

const owner = '15084490';
const client = 'relay_client:relay1/10.128.0.1';
const ndb = 'relay_acceptance:relay1/stadt.example/ndb';
const opening = 'firewall_opening:gw1/c0/192.168.10.5/192.168.10.250/tcp/25';
const now = new Date('2026-03-01T12:00:00Z');
const at = (seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString().replace('.000Z', 'Z');
const silent = (path: Path, since: number, seenAt = since): Silent => ({
  ...path,
  since: at(since),
  seenAt: at(seenAt),
});

const { logSince } = emptyMemory();

const held = (id: string, key: string[], value: string[] = []): Held => ({
  id,
  element: { map: '', key, value },
});
const all = [
  held(
    'snat_rule:gw1/c0/ln0/192.168.10.5/10.64.0.12',
    ['c0', 'ln0', '192.168.10.5', '10.64.0.12'],
    ['10.128.0.1'],
  ),
  held(
    'snat_rule:gw1/c0/ln0/192.168.10.6/10.64.0.12',
    ['c0', 'ln0', '192.168.10.6', '10.64.0.12'],
    ['10.128.0.2'],
  ),
  held(opening, []),
  held('firewall_opening:gw1/c0/192.168.10.6/192.168.10.250/tcp/25', []),
  held('firewall_opening:gw1/ln0/10.64.0.10/10.128.0.1/tcp/25', []),
];

describe('the clock of silence', () => {
  test('begins with the first look, runs while the mark stands still, and begins anew with a mail', () => {
    const path = { id: client, mark: '5' };
    const first = heard(undefined, path, at(0));
    expect(first).toEqual(silent(path, 0));
    expect(heard(first, path, at(9))).toEqual(silent(path, 0, 9));
    expect(heard(first, { ...path, mark: '6' }, at(9))).toEqual(silent({ ...path, mark: '6' }, 9));
  });

  test('begins anew where the log goes back only to after the last look: what came between, nobody heard', () => {
    const path = { id: ndb, mark: '-' };
    const known = silent(path, -90, -80);
    expect(heard(known, { ...path, logSince: at(-81) }, at(0))).toEqual(silent(path, -90, 0));
    expect(heard(known, { ...path, logSince: at(-79) }, at(0))).toEqual(silent(path, 0));
  });

  test.each([
    [
      'never looked at',
      { id: client, mark: '5' },
      undefined,
      [{ what: `${client} was never looked at: its clock has not begun` }],
    ],
    [
      'a municipality sends',
      { id: client, mark: '8 1' },
      silent({ id: client, mark: '5 1' }, -90),
      [{ what: `${client}: new connections (3) since ${at(-90)}` }],
    ],
    [
      'an opening written again',
      { id: client, mark: '5 2' },
      silent({ id: client, mark: '5 1' }, -90),
      [{ what: `${client}: its counter began anew since ${at(-90)}` }],
    ],
    [
      'a user still forwards',
      { id: 'forwarding:verein.example', mark: 'B -' },
      silent({ id: 'forwarding:verein.example', mark: 'A -' }, -90),
      [{ what: `forwarding:verein.example: mail came by it since ${at(-90)}` }],
    ],
    [
      'an NdB partner sends',
      { id: ndb, mark: 'B' },
      silent({ id: ndb, mark: 'A' }, -90),
      [{ what: `${ndb}: mail came by it since ${at(-90)}` }],
    ],
    [
      'not for long enough',
      { id: ndb, mark: 'A' },
      silent({ id: ndb, mark: 'A' }, -59),
      [{ what: `${ndb} is silent since ${at(-59)}`, until: at(1) }],
    ],
    ['silent', { id: ndb, mark: 'A' }, silent({ id: ndb, mark: 'A' }, -60), []],
    [
      'a log that was rotated away since the last look',
      { id: ndb, mark: '-', logSince: at(-10) },
      silent({ id: ndb, mark: '-' }, -90, -80),
      [
        {
          what: `${ndb} was looked at last at ${at(-80)}, and the log goes back to ${at(-10)}: its clock begins anew with the next look`,
        },
      ],
    ],
  ])('%s', (_, path, known, waits) => {
    expect(notSilent(path, known, 60, now)).toEqual(waits);
  });
});

/** What is held, all of it declared too. */
const stands = (...ids: string[]) => ({ declares: ids, holds: ids.map((id) => ({ id })) });

describe('what is measured', () => {
  test('of a sender domain the last mail from each server that may send', async () => {
    const clients = [client, 'relay_client:relay2/10.128.0.2'].map((id) => held(id, []));
    const memory = {
      ...emptyMemory(),
      lastMail: { 'customers/10.128.0.1 stadt.example': 'A1', 'customers/10.128.0.2 verein.example': 'B2' },
    };
    const farEnds = memoryFarEnds(storeOf(memory));
    const senders = ['sender:stadt.example', 'forwarding:verein.example'];
    expect(await measure(senders, clients, farEnds)).toEqual([
      { id: 'sender:stadt.example', mark: 'A1 -', logSince },
      { id: 'forwarding:verein.example', mark: '- B2', logSince },
    ]);
    expect(await measure(senders, all, farEnds)).toEqual([]);
  });

  test('of sender domains nothing where the servers go, whose connections say all', () => {
    const gone = ['sender:stadt.example', 'forwarding:verein.example', ndb];
    expect(usedAlone(gone, new Set())).toEqual([ndb]);
    expect(usedAlone(gone, new Set([client]))).toEqual(gone);
  });

  test('is missing of what goes and has no mark, if anybody could come by it', () => {
    const measured = [{ id: ndb, mark: 'A' }];
    expect(unmeasured([client, ndb, 'sender:stadt.example', opening], measured)).toEqual([
      client,
      'sender:stadt.example',
    ]);
  });

  test('is watched of what is held, and of what users forward as long as they do', () => {
    const declares = [client, ndb, 'sender:stadt.example', 'forwarding:verein.example'];
    const holds = [{ id: 'sender:stadt.example' }, { id: ndb }, { id: opening }];
    expect(watched({ declares, holds })).toEqual(['sender:stadt.example', ndb, 'forwarding:verein.example']);
  });

  test('of a client the openings of the server that its address hides', () => {
    expect(openingsOf(client, all)).toEqual([opening]);
  });

  test('connections of a client, the last mail of a listener, and nothing where nobody could come by', async () => {
    const memory = {
      ...emptyMemory(),
      connections: { [opening]: 7 },
      lastMail: { 'ndb stadt.example': 'A1' },
    };
    const ids = [
      client,
      ndb,
      'relay_client:relay1/10.128.0.9',
      'relay_acceptance:relay1/stadt.example/internet',
      opening,
    ];
    expect(await measure(ids, all, memoryFarEnds(storeOf(memory)))).toEqual([
      { id: client, mark: '7 1' },
      { id: ndb, mark: 'A1', logSince },
    ]);
  });

  test('is recorded of what is held, and goes on from what was recorded', async () => {
    const memory = { ...emptyMemory(), lastMail: { 'ndb stadt.example': 'A1' } };
    const look = (): Promise<void> =>
      recordSilence('stadt', owner, stands(ndb, opening), memoryFarEnds(storeOf(memory)));
    await look();
    await recordSilence('stadt', owner, stands(opening), memoryFarEnds(storeOf(memory)));
    memory.now = '2026-03-01T13:00:00Z';
    await look();
    expect(memory.elements['register']).toEqual([
      { map: 'silence', key: ['stadt', ndb], value: ['A1', at(0), at(3600)], owner },
    ]);
  });

  test('a far end that cannot be asked holds up nobody', async () => {
    const memory = { ...emptyMemory(), unreachable: ['relay relay1'] };
    await recordSilence('stadt', owner, stands(client, ndb), memoryFarEnds(storeOf(memory)));
    expect(memory.elements['register'] ?? []).toEqual([]);
    const broken = {
      ...memoryFarEnds(storeOf(emptyMemory())),
      lastMail: () => Promise.reject(new TypeError('a fault')),
    };
    await expect(recordSilence('stadt', owner, stands(ndb), broken)).rejects.toThrow('a fault');
    const away = {
      ...memoryFarEnds(storeOf(emptyMemory())),
      lastMail: () => Promise.reject(new UnreachableError('relay1')),
    };
    await expect(recordSilence('stadt', owner, stands(ndb), away)).resolves.toBeUndefined();
  });
});

describe('the gate', () => {
  const edge = (change: Partial<Edge>): Edge =>
    ({
      municipality: 'stadt',
      declares: new Set(),
      reached: { declares: new Set([client, ndb]) },
      leaving: [
        { id: client, mark: '5' },
        { id: ndb, mark: 'A' },
      ],
      unmeasured: [],
      testValidity: 3600,
      silent: [],
      silenceTime: 60,
      withdrawn: {},
      now,
      ...change,
    }) as Edge;

  test('refuses each of what may still be used by its own rule, and time heals it', () => {
    const [refused] = clientSilent.check(edge({}));
    expect(refused).toMatchObject({
      rule: 'gate-client-silent',
      waits: [{ what: expect.stringContaining(client) as string }],
    });
    expect(listenerSilent.check(edge({}))[0]?.waits).toHaveLength(1);
  });

  test('lets a name that users forward go only when nothing comes under it', () => {
    const leaving = [{ id: 'forwarding:verein.example', mark: 'A' }];
    expect(clientSilent.check(edge({ leaving }))).toHaveLength(1);
    expect(listenerSilent.check(edge({ leaving }))).toEqual([]);
    expect(clientSilent.check(edge({ leaving, silent: leaving.map((path) => silent(path, -60)) }))).toEqual(
      [],
    );
  });

  test('refuses what nothing can measure while a gateway or relay does not answer', () => {
    const unknown = edge({ leaving: [], unmeasured: [client, ndb] });
    expect(clientSilent.check(unknown)[0]?.detail).toContain(`${client} cannot be measured`);
    expect(listenerSilent.check(unknown)[0]?.detail).toContain(`${ndb} cannot be measured`);
  });

  test('lets go what is silent', () => {
    const quiet = edge({ silent: edge({}).leaving.map((path) => silent(path, -60)) });
    expect([clientSilent, listenerSilent].flatMap(({ check }) => check(quiet))).toEqual([]);
  });

  test('lets the NdB’s acceptance go only with its confirmation, which no time replaces', () => {
    const [refused] = ndbWithdrawn.check(edge({}));
    expect(refused?.detail).toContain('domains[stadt.example].ndb.withdrawnOn');
    expect(refused?.waits).toBeUndefined();
    expect(ndbWithdrawn.check(edge({ withdrawn: { 'stadt.example': '2026-02-28' } }))).toEqual([]);
    const [tooEarly] = ndbWithdrawn.check(edge({ withdrawn: { 'stadt.example': '2027-02-28' } }));
    expect(tooEarly?.detail).toContain('ndb.withdrawnOn is 2027-02-28, which has not come yet');
    expect(ndbWithdrawn.check(edge({ declares: new Set([ndb]) }))).toEqual([]);
  });
});
