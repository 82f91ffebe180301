import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { dnatRule } from '../../../lib/provider/resources/dnat-rule.js';
import { relayRoute } from '../../../lib/provider/resources/relay-route.js';
import { valueOf } from '../../../lib/provider/values.js';
import { engines } from '../dns/engine.js';
import { describeReal } from '../requirements.js';
import { type Resources, Workspace } from './workspace.js';

jest.setTimeout(120_000);

const owner = '15084490';
const lifecycle = { create_before_destroy: true };
const gw = 'gateway gw1';

const configured = (definition: Parameters<typeof valueOf>[0], more: Record<string, unknown> = {}): object =>
  Object.fromEntries(
    Object.entries<unknown>({ ...valueOf(definition, definition.example), ...more, lifecycle }).filter(
      ([, value]) => value !== null,
    ),
  );

const rule = (more: Record<string, unknown> = {}): object => configured(dnatRule, more);
const one = (more: Record<string, unknown> = {}, name = 'a'): Resources => ({
  landesnetz_dnat_rule: { [name]: rule(more) },
});

const nat = 'dnat_rule:gw1/ln0/10.128.0.1/tcp/25';
const route = 'relay_route:relay1/musterstadt.example';

interface Standing {
  /** Whether what stage 2 brought is held after going back. */
  kept?: boolean;
  declares?: string[];
}

/** A municipality at a stage, with what a construct declares and in its order. */
function municipality(stage: number, standing: Standing = {}): Resources {
  const { kept = false } = standing;
  const { declares = stage >= 2 ? [nat, route, 'settling:musterstadt'] : kept ? [nat, route] : [nat] } =
    standing;
  const facts = { municipality: 'musterstadt', owner, stage, declares };
  const holds = kept ? [{ id: route, since: '2026-03-01T12:00:00Z', until: '2026-03-01T12:00:00Z' }] : [];
  const gate = ['landesnetz_migration_gate.g'];
  const routed = stage >= 2 || kept;
  return {
    landesnetz_migration_gate: { g: { ...facts, holds, evidence: {}, moves: [], lifecycle } },
    landesnetz_dnat_rule: { a: { ...rule(), depends_on: gate } },
    ...(routed
      ? {
          landesnetz_relay_route: {
            r: { ...configured(relayRoute), depends_on: [...gate, 'landesnetz_dnat_rule.a'] },
          },
        }
      : {}),
    landesnetz_migration_stage: {
      s: {
        ...facts,
        holds,
        digest: '0'.repeat(64),
        depends_on: [...gate, 'landesnetz_dnat_rule.a', ...(routed ? ['landesnetz_relay_route.r'] : [])],
        lifecycle,
      },
    },
  };
}

describe.each(engines.length > 0 ? engines : [{ title: 'an engine', path: '' }])('$title', ({ path }) => {
  describeReal('with the provider', { programs: engines.length > 0 ? [] : ['tofu'] }, () => {
    const workspace = new Workspace(path);

    beforeAll(() => workspace.open());
    beforeEach(() => workspace.reset());
    afterAll(() => workspace.close());

    const neverAbsent = () => {
      const moments = workspace.history();
      expect(moments.length).toBeGreaterThan(1);
      for (const { elements } of moments) expect(elements[gw]?.some(({ map }) => map === 'dnat')).toBe(true);
    };

    test('a life: create, empty plan, drift by attribute, update, import after a lost state, destroy', async () => {
      workspace.declare(one());
      await workspace.apply();
      expect((await workspace.plan()).code).toBe(0);

      const memory = workspace.memory;
      for (const element of memory.elements[gw] ?? [])
        if (element.map === 'dnat') element.value = ['10.6.6.6', '25'];
      workspace.memory = memory;
      const drifted = await workspace.plan();
      expect(drifted).toMatchObject({
        code: 2,
        text: expect.stringContaining('"10.6.6.6" -> "192.168.10.5"') as string,
      });
      await workspace.apply();
      expect(workspace.live(gw, 'dnat')?.value).toEqual(['192.168.10.5', '25']);

      rmSync(join(workspace.folder, 'terraform.tfstate'));
      await workspace.must('import', 'landesnetz_dnat_rule.a', 'gw1/ln0/10.128.0.1/tcp/25');
      expect((await workspace.plan()).code).toBe(0);
      await workspace.must('destroy', '-auto-approve');
      expect(workspace.live(gw, 'dnat')).toBeUndefined();
    });

    test('a route from before there were limits is read and planned empty; a limit comes in place, and a hand edit shows', async () => {
      const routed = (internal_limit?: number): Resources => {
        const limits = { internal_limit, internet_limit: undefined };
        return { landesnetz_relay_route: { r: configured(relayRoute, limits) } };
      };
      workspace.declare(routed());
      await workspace.apply();
      const file = join(workspace.folder, 'terraform.tfstate');
      const state = readFileSync(file, 'utf8');
      const before = state.replace(/\n *"(internal|internet)_limit": null,/g, '');
      expect(before.length).toBeLessThan(state.length);
      writeFileSync(file, before);
      expect((await workspace.plan()).code).toBe(0);
      workspace.declare(routed(52_428_800));
      expect((await workspace.plan()).text).toMatch(/update in-place.*internal_limit = 52428800/s);
      await workspace.apply();
      const at = 'relay relay1';
      expect(workspace.live(at, 'transport')?.value[0]).toBe('internal=52428800');
      const { memory } = workspace;
      for (const element of memory.elements[at] ?? []) element.value = element.value.slice(1);
      workspace.memory = memory;
      expect((await workspace.plan()).text).toMatch(/\+ internal_limit = 52428800/);
    });

    test('what is not canonical is refused at its attribute', async () => {
      workspace.declare(one({ to_address: '010.0.0.1' }));
      const { code, text } = await workspace.plan();
      expect(code).toBe(1);
      expect(text).toMatch(
        /to_address is not of the canonical form \[canonical-form\].*main\.tf\.json.*"010\.0\.0\.1"/,
      );
    });

    test('another owner’s element and an unreachable far end fail the plan, and nothing is lost', async () => {
      workspace.declare(one());
      await workspace.apply();
      workspace.declare({
        ...one(),
        ...{ landesnetz_dnat_rule: { ...one()['landesnetz_dnat_rule'], b: rule({ owner: '15000001' }) } },
      });
      expect((await workspace.plan()).text).toMatch(/belongs to 15084490 \[foreign-owner\]/);
      workspace.memory = { ...workspace.memory, unreachable: [gw] };
      workspace.declare(one());
      expect((await workspace.plan()).text).toMatch(/\[unreachable\]/);
      expect(await workspace.must('state', 'list')).toContain('landesnetz_dnat_rule.a');
    });

    test('a hand edit between plan and apply is refused and stays', async () => {
      workspace.declare(one());
      await workspace.apply();
      workspace.declare(one({ to_address: '192.168.10.6' }));
      await workspace.must('plan', '-out=aged');
      const memory = workspace.memory;
      for (const element of memory.elements[gw] ?? []) element.order = 'by-hand';
      workspace.memory = memory;
      expect((await workspace.run('apply', 'aged')).text).toMatch(/\[conflict\]/);
      expect(workspace.live(gw, 'dnat')?.order).toBe('by-hand');
    });

    test('-replace and a tainted resource: the live element is never absent', async () => {
      workspace.declare(one());
      await workspace.apply();
      await workspace.apply('-replace=landesnetz_dnat_rule.a');
      await workspace.must('taint', 'landesnetz_dnat_rule.a');
      await workspace.apply();
      neverAbsent();
      expect((await workspace.plan()).code).toBe(0);
    });

    test('a renamed construct: the live element is never absent', async () => {
      workspace.declare(municipality(1));
      await workspace.apply();
      const text = JSON.stringify(municipality(1))
        .replaceAll('"a":', '"renamed":')
        .replaceAll('dnat_rule.a', 'dnat_rule.renamed');
      workspace.declare(JSON.parse(text) as Resources);
      await workspace.apply();
      neverAbsent();
      expect((await workspace.plan()).code).toBe(0);
    });

    test('a municipality goes forward and back, each plan afterwards is empty, and the record comes before what goes', async () => {
      for (const stage of [1, 2]) {
        workspace.declare(municipality(stage));
        await workspace.apply();
        expect((await workspace.plan()).code).toBe(0);
      }
      workspace.declare(municipality(1, { kept: true }));
      await workspace.apply();
      expect((await workspace.plan()).code).toBe(0);
      workspace.declare(municipality(1));
      await workspace.apply();
      expect((await workspace.plan()).code).toBe(0);
      expect(workspace.live('relay relay1', 'transport')).toBeUndefined();
      expect(workspace.live(gw, 'dnat')).toBeDefined();
      workspace.declare(municipality(0, { declares: [] }));
      const { landesnetz_dnat_rule: gone, ...rest } = municipality(0, { declares: [] });
      expect(gone).toBeDefined();
      delete (rest['landesnetz_migration_stage']?.['s'] as { depends_on?: string[] }).depends_on;
      workspace.declare(rest);
      await workspace.apply();
      expect(workspace.live(gw, 'dnat')).toBeUndefined();
      await workspace.must('destroy', '-auto-approve');
      // What was seen stays as evidence, as observations and tests do.
      const left = Object.values(workspace.memory.elements).flat();
      expect(left.filter(({ map }) => map !== 'queues')).toEqual([]);
    });

    test('a stage skipped is refused, by whatever way', async () => {
      workspace.declare(municipality(2));
      const refused = /\[gate-one-step\]/;
      expect((await workspace.run('apply', '-auto-approve')).text).toMatch(refused);
      expect((await workspace.run('apply', '-auto-approve', '-refresh=false')).text).toMatch(refused);
      expect(
        (await workspace.run('apply', '-auto-approve', '-target=landesnetz_relay_route.r')).text,
      ).toMatch(refused);
      expect(workspace.memory.elements).toEqual({});

      workspace.declare(municipality(1));
      await workspace.apply();
      workspace.declare(municipality(2));
      await workspace.must('plan', '-out=aged');
      const memory = workspace.memory;
      for (const element of memory.elements['register'] ?? [])
        if (element.map === 'stages') element.value = ['0', '', ''];
      workspace.memory = memory;
      expect((await workspace.run('apply', 'aged')).text).toMatch(refused);
      expect(workspace.live('relay relay1', 'transport')).toBeUndefined();
    });

    test('destroying a municipality whose mail flows is refused while planning', async () => {
      workspace.declare(municipality(1));
      await workspace.apply();
      workspace.declare(municipality(2));
      await workspace.apply();
      const { code, text } = await workspace.run('plan', '-destroy');
      expect(code).toBe(1);
      expect(text).toMatch(/\[gate-destroy\]/);
      expect((await workspace.run('destroy', '-auto-approve')).text).toMatch(/\[gate-destroy\]/);
      expect(workspace.live('relay relay1', 'transport')).toBeDefined();
    });
  });
});
