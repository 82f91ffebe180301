import { WaysInTime } from '../../../lib/rehearsal/load/ways.js';
import { direct, natThenRelay, overTheInternet, relayThenNat } from '../../../lib/rehearsal/paths.js';

describe('the ways that a mail may take', () => {
  const incoming = 'internet → municipality';

  test('at rest only that of the stage', () => {
    const ways = new WaysInTime('vollstaendig', 1, 0);
    expect(ways.allowed(incoming, direct, 10, 20)).toBe(true);
    expect(ways.allowed(incoming, relayThenNat, 10, 20)).toBe(false);
  });

  test('during an edge those of both stages, after it only the new one', () => {
    const ways = new WaysInTime('vollstaendig', 3, 0);
    ways.begin(4, 100);
    ways.end(200);
    expect(ways.allowed(incoming, relayThenNat, 50, 99)).toBe(false);
    for (const way of [direct, relayThenNat]) expect(ways.allowed(incoming, way, 110, 120)).toBe(true);
    expect(ways.allowed(incoming, relayThenNat, 201, 210)).toBe(true);
    expect(ways.allowed(incoming, direct, 201, 210)).toBe(false);
    expect(ways.allowed('municipality → ndb', natThenRelay.ndb, 201, 210)).toBe(true);
  });

  test('a mail that waited over an edge may take the old way and the new one', () => {
    const ways = new WaysInTime('vollstaendig', 3, 0);
    ways.begin(4, 100);
    ways.end(200);
    for (const way of [direct, relayThenNat]) expect(ways.allowed(incoming, way, 50, 500)).toBe(true);
  });

  test('a path that an edge does not touch keeps its way', () => {
    const ways = new WaysInTime('teilweise', 1, 0);
    ways.begin(2, 100);
    ways.end(200);
    expect(ways.allowed('ndb → municipality', overTheInternet, 300, 310)).toBe(true);
    expect(ways.allowed('ndb → municipality', relayThenNat, 300, 310)).toBe(false);
  });

  test('there and back again: what ended is allowed anew', () => {
    const ways = new WaysInTime('vollstaendig', 1, 0);
    for (const [stage, at] of [
      [2, 100],
      [1, 300],
    ] as const) {
      ways.begin(stage, at);
      ways.end(at + 100);
    }
    const path = 'tenant → municipality';
    expect(ways.allowed(path, relayThenNat, 250, 260)).toBe(true);
    expect(ways.allowed(path, overTheInternet, 250, 260)).toBe(false);
    expect(ways.allowed(path, overTheInternet, 450, 460)).toBe(true);
    expect(ways.allowed(path, relayThenNat, 450, 460)).toBe(false);
  });
});
