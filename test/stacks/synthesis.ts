import { Testing } from 'cdktf';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { MunicipalMail } from '../../lib/constructs/municipal-mail.js';
import { PlatformProviders } from '../../lib/constructs/platform-providers.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
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
  /** When it is written. @default now of the examples */
  at?: Date;
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
  const drop = (): void => void deploys.push(...drops(current()));

  for (const to of [...stages, ...stages.map((stage) => stage - 1).reverse()]) {
    const change = changeStage(current(), probe, to, now);
    if (isRefusal(change)) throw new Error(change.refused);
    deploys.push({ edge: `${current().stage} → ${to}`, municipality: change.after });
    if (dropping === 'after each edge' && change.edit.add.length > 0) drop();
  }
  drop();
  return deploys;
}

/** The deploys of a municipality's last domain that joins beside the others, at its stage, and leaves again. */
export function domainJourney(municipality: Municipality): Deploy[] {
  const { name } = municipality.domains.at(-1) as Municipality['domains'][number];
  const domains = municipality.domains.filter((domain) => domain.name !== name);
  const tests = { connectionTestPassedOn: '2025-05-01', outgoingTestPassedOn: '2025-05-01' };
  const joined = municipality.domains.map((one) =>
    one.name === name ? { ...one, stage: 0 as const, ...tests } : one,
  );
  const deploys: Deploy[] = [
    { edge: 'without', municipality: { ...municipality, domains } },
    { edge: '0', municipality: { ...municipality, domains: joined } },
  ];
  const current = (): Municipality => (deploys.at(-1) as Deploy).municipality;
  for (const to of [1, 2, 3, 4, 3, 2, 1, 0]) {
    const change = changeDomainStage(current(), probe, name, to, now);
    if (isRefusal(change)) throw new Error(change.refused);
    deploys.push({ edge: `domain → ${to}`, municipality: change.after });
  }
  deploys.push(...drops(current()));
  const { municipality: left, at } = deploys.at(-1) as Deploy;
  return [...deploys, { edge: 'removed', municipality: { ...left, domains }, ...(at && { at }) }];
}

/** What is kept goes, each deploy a year after the one before: letting go of one entry may lengthen another. */
function drops(municipality: Municipality): Deploy[] {
  const deploys: Deploy[] = [];
  let here = municipality;
  for (let year = 2100; here.kept.length > 0; year += 1) {
    const at = new Date(Date.UTC(year, 0));
    const left = [here.stage, ...here.domains.map(({ stage = here.stage }) => stage)].some(
      (stage) => stage < 3,
    );
    const review = dropKept(left ? withdrawn(here) : here, probe, at);
    const gone = review.due.map(({ kept }) => ('stage' in kept ? kept.stage : kept.server.transfer));
    deploys.push({ edge: `${here.stage}, kept ${gone.join(', ')} gone`, municipality: review.after, at });
    here = review.after;
  }
  return deploys;
}
