import { Testing } from 'cdktf';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { MunicipalMail } from '../../lib/constructs/municipal-mail.js';
import { PlatformProviders } from '../../lib/constructs/platform-providers.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { lastStage } from '../../lib/migration/stages.js';
import { now, platform as probe, withdrawn } from '../migration/examples.js';

/** The JSON of one municipality; without a backend, and so without folders. */
export const synth = (municipality: Municipality, platform: Platform = probe): string =>
  Testing.synthScope((scope) => {
    const providers = new PlatformProviders(scope, 'platform', { platform, providerVersion: '0.1.0-test' });
    new MunicipalMail(scope, 'mail', { municipality, providers });
  });

export interface Deploy {
  /** `2 → 3`, or `3, kept 4 gone` where an entry of `kept` has gone. */
  edge: string;
  municipality: Municipality;
}

/**
 * The deploys of a municipality on its way through all stages and back, as the command writes its file. What is
 * kept is taken away after each edge, or only at the end.
 */
export function journey(municipality: Municipality, dropping: 'after each edge' | 'at the end'): Deploy[] {
  const last = lastStage(municipality.routing);
  const stages = Array.from({ length: last }, (_, index) => index + 1);
  const deploys: Deploy[] = [{ edge: '0', municipality: { ...municipality, stage: 0, kept: [] } }];
  const current = (): Municipality => (deploys.at(-1) as Deploy).municipality;

  const drop = (): void => {
    // Each deploy a year after the one before: letting go of one entry may lengthen another.
    for (let year = 2100; current().kept.length > 0; year += 1) {
      const m = current().stage < 3 ? withdrawn(current()) : current();
      const review = dropKept(m, probe, new Date(Date.UTC(year, 0)));
      const gone = review.due.map(({ kept }) => ('stage' in kept ? kept.stage : kept.server.transfer));
      deploys.push({ edge: `${current().stage}, kept ${gone.join(', ')} gone`, municipality: review.after });
    }
  };
  for (const to of [...stages, ...stages.map((stage) => stage - 1).reverse()]) {
    const change = changeStage(current(), probe, to, now);
    if (isRefusal(change)) throw new Error(change.refused);
    deploys.push({ edge: `${current().stage} → ${to}`, municipality: change.after });
    if (dropping === 'after each edge' && change.edit.add.length > 0) drop();
  }
  drop();
  return deploys;
}
