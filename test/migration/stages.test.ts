import {
  lastStage,
  missingOf,
  stageOf,
  stages,
  stageTitle,
  type EnteredStage,
} from '../../lib/migration/stages.js';
import { responsible, tasks } from '../../lib/migration/tasks.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { doppelstadt, musterstadt, platform, teilhausen, withdrawn } from './examples.js';

test('there are four stages, numbered from 1, each with a title', () => {
  expect(stages.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect([stageTitle(0), stageTitle(1), stageTitle(4)]).toEqual([
    'Bestellt',
    'Netzfreischaltung',
    'Umstellung der DNS-Einträge',
  ]);
});

test('partial routing ends at stage 3', () => {
  expect([lastStage(teilhausen.routing), lastStage(musterstadt.routing)]).toEqual([3, 4]);
});

const missing = (m: Municipality, n: EnteredStage): string[] => missingOf(stageOf(n).evidence(m));

test('what is missing for an edge is named by its place in the file', () => {
  const bare = {
    ...musterstadt,
    domains: musterstadt.domains.map((domain) => ({ ...domain, ndb: undefined })),
    order: { reference: 'EGM-2025-0001' },
    connectionTestPassedOn: undefined,
  };
  expect(missing(bare, 1)).toEqual(['order.approvedOn']);
  expect(missing(bare, 2)).toEqual(['connectionTestPassedOn']);
  expect(missing(bare, 3)).toEqual([
    'domains[musterstadt.example].ndb.reference',
    'domains[musterstadt.example].ndb.reportedOn',
  ]);
  expect(missing(bare, 4)).toEqual(['domains[musterstadt.example].ndb.confirmedOn']);
  expect(stages.flatMap(({ number }) => missing(musterstadt, number))).toEqual([]);
});

test('a report that was withdrawn is none', () => {
  expect(missing(withdrawn(musterstadt), 3)).toEqual([
    'domains[musterstadt.example].ndb (a new report, this one was withdrawn)',
  ]);
});

test('what a stage brought is kept for the caches, tables and queues that may still use it', () => {
  const seconds = stages.map(({ keepFor }) => keepFor(musterstadt, platform));
  expect(seconds).toEqual([0, 100, 20 + 100, 60 + 100]);
});

test('where a hoster has the zone nobody knows that the TTL was lowered: the old one counts', () => {
  expect(stages[3]?.keepFor(doppelstadt, platform)).toBe(86400 + 100);
});

test('there are thirteen tasks, each with exactly one party responsible', () => {
  expect(tasks.map(({ number }) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  for (const { roles } of tasks) {
    expect(Object.values(roles).filter((role) => role === 'V')).toHaveLength(1);
  }
  expect(responsible('06')).toBe('MID');
  expect(responsible('12')).toBe('Dataport Projektleitung');
});

test('who is responsible for what leads into each stage', () => {
  expect(stages.map((stage) => [stage.title, ...new Set(stage.tasks.map(responsible))])).toMatchSnapshot();
});
