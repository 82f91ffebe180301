import { readFile, writeFile } from 'node:fs/promises';
import { Desk } from '../desk.js';
import { readyForMx } from '../move-mx.js';
import { Guarded, programWithout } from './guarded.js';

export const id = 'musterstadt';
export const domain = 'musterstadt.example';
export const zone = `${domain}.`;
export const spf = 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.25 -all';

const oldMx = '10 mail.musterstadt.example.';
const relayMx = '10 mx1.landesnetz.example.';

/** A municipality against the move of whose MX nothing stands: everything is deployed, tested and aged. */
export class Ready extends Guarded {
  /** The stack that asks for the move, the same without what settles, and the one that asks for the way back. */
  private readonly stacks = { forwards: '', forwardsUnkept: '', back: '' };

  static async prepare(): Promise<Ready> {
    const desk = await Desk.open(id);
    const { platformFile } = desk.rehearsal;
    const platform = (await readFile(platformFile, 'utf8')).replace(
      /^settlingTime: .*$/m,
      'settlingTime: 1s',
    );
    await writeFile(platformFile, `${platform}queueLimit: 1\n`);
    await desk.begin(id, 1, 2, 3);
    await desk.writeStage(id, 4);
    await desk.apply(id);
    const ready = new Ready(desk, id, await programWithout(desk));
    await ready.keepNothing();
    ready.stacks.back = await readFile(ready.stackFile, 'utf8');
    const { exitCode, output } = await ready.apply();
    if (exitCode !== 0) throw new Error(output);
    await readyForMx(desk, id);
    await desk.synth(id);
    await ready.keepNothing();
    ready.stacks.forwards = await readFile(ready.stackFile, 'utf8');
    const kept = await desk.edit(id, (text) => text.replace(/^settling: .*\n/m, ''));
    await desk.synth(id);
    ready.stacks.forwardsUnkept = await readFile(ready.stackFile, 'utf8');
    await desk.edit(id, () => kept);
    await desk.rehearsal.municipalityOutgoing(id, 'direct');
    return ready;
  }

  /** What the file asks for: that the MX moves, or that it goes back. */
  asks(way: keyof Ready['stacks']): Promise<void> {
    return writeFile(this.stackFile, this.stacks[way]);
  }

  /** The gate is told that this record is what the deploy writes: it takes nobody out of SPF. */
  async asksForSpf(record: string): Promise<void> {
    const stack = await readFile(this.stackFile, 'utf8');
    await writeFile(this.stackFile, stack.replace(/("spf_written": )"[^"]*"/, `$1"${record}"`));
  }

  /** Everything as it was, and a file that asks for the move. */
  async begin(): Promise<void> {
    await this.rememberRegister();
    await this.asks('forwards');
  }

  async end(): Promise<void> {
    await this.showMx(oldMx);
    await this.putRight();
  }

  showMx(data: string, ttl = 2): Promise<void> {
    return this.zone(zone, zone, 'MX', ttl, data);
  }

  /** What the zone's server shows. */
  async mxIsAt(host: 'relay' | 'municipality'): Promise<boolean> {
    const shown = await this.rehearsal.must('dns', ['knotc', 'zone-read', zone, zone, 'MX']);
    return shown.includes(host === 'relay' ? relayMx : oldMx);
  }

  async observe(...more: string[]): Promise<void> {
    const { exitCode, output } = await this.desk.mailversand('beobachten', id, ...more);
    if (exitCode !== 0) throw new Error(output);
  }

  /** The engine learns what is live, so that a plan that does not look begins with that. */
  async refresh(): Promise<void> {
    const { exitCode, output } = await this.apply('-refresh-only');
    if (exitCode !== 0) throw new Error(output);
  }
}
