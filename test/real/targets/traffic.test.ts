import { once } from 'node:events';
import type { Element, Target } from '../../../lib/provider/element.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { describeReal } from '../requirements.js';
import { base, installFarEnd, localTargets, Namespace, put, removeFarEnd, type FarEnd } from './lab.js';

const server = `
const [name, port] = process.argv.slice(1);
for (const host of ['0.0.0.0', '::']) require('net').createServer((socket) => {
  socket.on('error', () => {});
  socket.write(name + ' saw ' + socket.remoteAddress.replace('::ffff:', ''));
}).listen({ host, port: Number(port), ipv6Only: true }, () => console.log('listening'));`;
const client = `
const [host, port, localAddress, localPort] = process.argv.slice(1);
const socket = require('net').connect({ host, port: Number(port), localAddress, localPort: Number(localPort) || undefined });
const end = (what) => { console.log(what); process.exit(); };
socket.setTimeout(1200, () => end('nothing'));
socket.on('data', (data) => end(String(data))).on('error', (error) => end('nothing'));`;

const relay = '10.64.0.10';
const customers = '10.64.0.12';
const inside = '192.168.10.5';
const alias = '192.168.10.250';
const by = (owner: string) => ({ owner, instance: 'i', order: 'MP-1' });

/** What one municipality behind a link has at stage 4. */
const municipality = (link: string, transfer: string): Element[] => {
  const owned = by(`150010${transfer.slice(-2).padStart(2, '0').replace('.', '0')}`);
  const toInside = ['ln0', transfer, 'tcp', '25'];
  const toRelay = [link, alias, 'tcp', '25'];
  return [
    { map: 'dnat', key: toInside, value: [inside, '2525'], ...owned },
    { map: 'dnat_link', key: toInside, value: [link], ...owned },
    { map: 'snat', key: ['ln0', link, relay, inside], value: [alias], ...owned },
    { map: 'allow', key: ['ln0', relay, transfer, 'tcp', '25'], value: [], ...owned },
    { map: 'dnat', key: toRelay, value: [customers, '25'], ...owned },
    { map: 'dnat_link', key: toRelay, value: ['ln0'], ...owned },
    { map: 'snat', key: [link, 'ln0', inside, customers], value: [transfer], ...owned },
    { map: 'allow', key: [link, inside, alias, 'tcp', '25'], value: [], ...owned },
  ];
};

describeReal(
  'two municipalities with one inside address behind one gateway',
  { root: true, programs: ['nft', 'ip', 'conntrack'] },
  () => {
    let farEnd: FarEnd;
    let targets: OpenTargets;
    let gateway: Target;
    let hosts: Record<'gw' | 'ln' | 'one' | 'two', Namespace>;
    const mine = municipality('c1', '10.128.0.1');
    const theirs = municipality('c2', '10.128.0.2');

    /** A cable from a host to the gateway. */
    const cable = (
      to: 'ln' | 'one' | 'two',
      link: string,
      gatewayAddresses: string[],
      addresses: string[],
    ): void => {
      hosts.gw.ip(`link add ${link} type veth peer name eth0 netns ${hosts[to].name}`);
      for (const address of gatewayAddresses) hosts.gw.ip(`addr add ${address} dev ${link}`);
      for (const address of addresses) hosts[to].ip(`addr add ${address} dev eth0`);
      hosts.gw.ip(`link set ${link} up`);
      hosts[to].ip('link set eth0 up');
      hosts.gw.run('sysctl', '-qw', `net.ipv4.conf.${link}.rp_filter=0`);
      hosts[to].ip(`route add default via ${gatewayAddresses[0]?.split('/')[0] ?? ''}`);
    };
    const listen = async (on: keyof typeof hosts, name: string, port: string): Promise<void> => {
      await once(hosts[on].start('node', '-e', server, name, port).stdout, 'data');
    };
    const say = (
      from: keyof typeof hosts,
      to: string,
      port = '25',
      local = from === 'ln' ? relay : inside,
      localPort = '',
    ): string => hosts[from].run('node', '-e', client, to, port, local, localPort).trim();

    beforeAll(async () => {
      farEnd = installFarEnd();
      hosts = { gw: new Namespace(), ln: new Namespace(), one: new Namespace(), two: new Namespace() };
      // A link-local address under duplicate detection answers no neighbour: the first seconds would lose IPv6.
      for (const host of Object.values(hosts))
        host.run('sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0');
      hosts.gw.run(
        'sysctl',
        '-qw',
        'net.ipv4.ip_forward=1',
        'net.ipv4.conf.all.rp_filter=0',
        'net.ipv6.conf.all.forwarding=1',
      );
      cable(
        'ln',
        'ln0',
        ['10.64.0.1/24', 'fd00:a::1/64'],
        [`${relay}/24`, `${customers}/24`, 'fd00:a::10/64'],
      );
      cable(
        'one',
        'c1',
        ['192.168.10.1/24', `${alias}/24`, 'fd00:b::1/64'],
        [`${inside}/24`, 'fd00:b::5/64'],
      );
      cable('two', 'c2', ['192.168.10.1/24', `${alias}/24`], [`${inside}/24`]);
      for (const [link, mark] of [
        ['c1', '101'],
        ['c2', '102'],
      ] as const) {
        hosts.gw.ip(`rule add fwmark ${mark} lookup ${mark}`);
        hosts.gw.ip(`route add 192.168.10.0/24 dev ${link} table ${mark}`);
      }
      hosts.ln.ip('-6 route add default via fd00:a::1');
      hosts.one.ip('-6 route add default via fd00:b::1');
      await Promise.all([
        listen('one', 'one', '2525'),
        listen('two', 'two', '2525'),
        listen('ln', 'relay', '25'),
        listen('one', 'one', '80'),
      ]);
      expect(say('ln', 'fd00:b::5', '80', 'fd00:a::10')).toBe('one saw fd00:a::10');
      targets = localTargets(farEnd, hosts.gw.enter);
      gateway = targets({ kind: 'gateway', name: 'gw1' });
      await put(targets({ kind: 'gateway-base', name: 'gw1' }), ...base({ c1: '101', c2: '102' }));
    });
    afterAll(async () => {
      await targets.close();
      for (const host of Object.values(hosts)) host.remove();
      removeFarEnd(farEnd);
    });
    beforeEach(async () => {
      await put(gateway, ...mine, ...theirs);
    });
    afterEach(async () => {
      await gateway.apply({ expect: [], put: [], remove: await gateway.list() });
    });

    test('the relay reaches each, also with one source port at the same time, and is seen as the alias', () => {
      expect(say('ln', '10.128.0.1', '25', relay, '40001')).toBe(`one saw ${alias}`);
      expect(say('ln', '10.128.0.2', '25', relay, '40001')).toBe(`two saw ${alias}`);
    });

    test('each reaches the relay, also with one source port at the same time, and is seen as its transfer address', () => {
      expect(say('one', alias, '25', inside, '40002')).toBe('relay saw 10.128.0.1');
      expect(say('two', alias, '25', inside, '40002')).toBe('relay saw 10.128.0.2');
    });

    test('what each sends to the relay is counted, connection by connection, for itself', async () => {
      const counted = (link: string) =>
        targets.connections(`firewall_opening:gw1/${link}/${inside}/${alias}/tcp/25`);
      const [before, others] = [await counted('c1'), await counted('c2')];
      for (let n = 0; n < 3; n += 1) say('one', alias);
      expect(await counted('c1')).toEqual({ ...before, count: before.count + 3 });
      expect(await counted('c2')).toEqual(others);
      expect(await targets.connections(`firewall_opening:gw1/c1/${inside}/192.168.10.99/tcp/25`)).toEqual({
        count: 0,
        countedFrom: '-',
      });
      const found = (await gateway.list()).find(({ map, key }) => map === 'allow' && key[0] === 'c1');
      if (!found) throw new Error('the opening is not there');
      const longer = { ...found, order: `${found.order ?? ''}b` };
      await gateway.apply({ expect: [{ at: found, found }], put: [longer], remove: [] });
      const anew = await counted('c1');
      expect(anew.count).toBe(0);
      expect(anew.countedFrom).not.toBe(before.countedFrom);
      await gateway.apply({ expect: [{ at: found, found: longer }], put: [found], remove: [] });
    });

    test('an opening that is closed is closed, for live connections too, and the other one stays open', async () => {
      const talk = `const s = require('net').connect({ host: '10.128.0.1', port: 25, localAddress: '${relay}' });
      s.on('data', () => { console.log('open'); setInterval(() => s.write('x'), 50); }); setTimeout(() => process.exit(), 20000);`;
      const talking = hosts.ln.start('node', '-e', talk);
      await once(talking.stdout, 'data');
      expect(hosts.gw.run('conntrack', '-L', '--orig-dst', '10.128.0.1')).toContain('ESTABLISHED');
      const opening = mine[3];
      await gateway.apply({ expect: [], put: [], remove: opening ? [opening] : [] });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(hosts.gw.run('conntrack', '-L', '--orig-dst', '10.128.0.1')).not.toContain('ESTABLISHED');
      talking.kill('SIGKILL');
      expect(say('ln', '10.128.0.1')).toBe('nothing');
      expect(say('ln', '10.128.0.2')).toBe(`two saw ${alias}`);
      expect(say('one', alias)).toBe('relay saw 10.128.0.1');
    });

    test('outwards, closing one opening closes that one', async () => {
      const opening = mine[7];
      await gateway.apply({ expect: [], put: [], remove: opening ? [opening] : [] });
      expect(say('one', alias)).toBe('nothing');
      expect(say('two', alias)).toBe('relay saw 10.128.0.2');
    });

    test.each<[string, 'ln' | 'one' | 'two', string, string, string | undefined]>([
      ['straight to the inside address', 'ln', inside, '2525', undefined],
      ['from another host of the Landesnetz', 'ln', '10.128.0.1', '25', customers],
      ['to another port of the transfer address', 'ln', '10.128.0.1', '2525', undefined],
      ['from a municipality to the relay’s own address', 'one', customers, '25', undefined],
      ['from a municipality to another’s transfer address', 'two', '10.128.0.1', '25', undefined],
      ['over IPv6', 'ln', 'fd00:b::5', '80', 'fd00:a::10'],
    ])('nothing else passes: %s', (_what, from, to, port, local) => {
      expect(say(from, to, port, local)).toBe('nothing');
    });

    test('with its route lost, mail of one does not reach the other', () => {
      hosts.gw.ip('route del 192.168.10.0/24 dev c1 table 101');
      hosts.gw.ip('route del 192.168.10.0/24 dev c1');
      try {
        expect(say('ln', '10.128.0.1')).toBe('nothing');
        expect(say('ln', '10.128.0.2')).toBe(`two saw ${alias}`);
      } finally {
        hosts.gw.ip('route append 192.168.10.0/24 dev c1');
        hosts.gw.ip('route add 192.168.10.0/24 dev c1 table 101');
      }
    });
  },
);
