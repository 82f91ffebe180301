import { Testing } from 'cdktf';
import { PlatformBase } from '../../lib/constructs/platform-base.js';
import { PlatformProviders } from '../../lib/constructs/platform-providers.js';
import { doppelstadt, musterstadt, platform, teilhausen } from '../migration/examples.js';
import { render, renderEdge, resources } from './rendering.js';
import { journey, synth } from './synthesis.js';

const asText = (lines: string[]): string => `\n${lines.join('\n')}\n`;

describe('what each deploy does, through all stages and back', () => {
  test.each([
    ['Musterstadt', musterstadt],
    ['Teilhausen (partial routing)', teilhausen],
    ['Doppelstadt (two servers, two domains, one zone at a hoster)', doppelstadt],
  ])('of %s', (_, municipality) => {
    const deploys = journey(municipality, 'after each edge').map((deploy) => ({
      ...deploy,
      json: synth(deploy.municipality),
    }));
    const edges = deploys.flatMap(({ edge, json }, index) => {
      const before = deploys[index - 1]?.json;
      const lines = before === undefined ? render(json) : renderEdge(before, json);
      return [`stage ${edge}`, ...lines.map((line) => `  ${line}`)];
    });
    expect(asText(edges)).toMatchSnapshot();
  });
});

test('a municipality at stage 4, as the engine reads it', () => {
  expect(synth({ ...musterstadt, stage: 4 })).toMatchSnapshot();
});

test('a deploy that changes nothing has nothing to say', () => {
  const json = synth({ ...musterstadt, stage: 3 });
  expect(renderEdge(json, synth({ ...musterstadt, stage: 3 }))).toEqual([]);
});

test('the platform: its base on every gateway and relay', () => {
  const json = Testing.synthScope((scope) => {
    new PlatformProviders(scope, 'platform', { platform, providerVersion: '0.1.0-test' });
    new PlatformBase(scope, 'base', { platform });
  });
  expect(asText(render(json))).toMatchInlineSnapshot(`
   "
   gateway_base gateway=gw1 landesnetz_link=ln0 links={"c0":"1","c1":"2"} (after nothing)
   relay_base relay=relay1 routes={"amt.example":"[10.64.0.20]:25","bund.example":"[10.64.0.30]:25"} (after nothing)
   "
  `);
  expect(resources(json).filter(({ createBeforeDestroy }) => !createBeforeDestroy)).toEqual([]);
});
