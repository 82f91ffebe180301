import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import type { Municipality } from '../config/municipality.js';
import { desiredState } from '../migration/desired-state.js';
import { Dns, isWritten } from './dns.js';
import { Firewall } from './firewall.js';
import { Freischaltungsmatrix } from './freischaltungsmatrix.js';
import { MigrationStage } from './migration-stage.js';
import { Nat } from './nat.js';
import { NdbReport } from './ndb-report.js';
import type { PlatformProviders } from './platform-providers.js';
import { RelayRoutes } from './relay-route.js';

export interface MunicipalMailProps {
  readonly municipality: Municipality;
  /** The platform, and how its far ends are reached. */
  readonly providers: PlatformProviders;
}

/**
 * Everything that one municipality's stage and `kept` ask for, in its order: the network carries mail before
 * the relay routes into it, the relay accepts a domain before a report or an MX sends its mail there, and the
 * stage is recorded last. Backwards the same holds in reverse.
 */
export class MunicipalMail extends Construct {
  constructor(scope: Construct, id: string, { municipality, providers }: MunicipalMailProps) {
    super(scope, id);
    const { gate: edge, ...state } = desiredState(municipality, providers.platform);
    const stage = new MigrationStage(this, 'stage', { edge, digest: digest(state) });
    const { gate } = stage;

    const nat = new Nat(this, 'nat', { gate, dnatRules: state.dnatRules, snatRules: state.snatRules });
    const firewall = new Firewall(this, 'firewall', { gate, openings: state.openings });
    const matrix = new Freischaltungsmatrix(this, 'matrix', { gate, entries: state.matrix });
    const network = [nat, firewall, matrix].flatMap(({ resources }) => resources);

    const relay = new RelayRoutes(this, 'relay', {
      gate,
      after: network,
      routes: state.relayRoutes,
      acceptances: state.relayAcceptances,
      clients: state.relayClients,
    });

    const before = (domain: string) => relay.accepting(domain);
    const ndb = new NdbReport(this, 'ndb', { gate, before, domains: state.ndbDomains });
    // At every stage: a set that is only being released still needs its provider.
    for (const { writer, zone } of municipality.domains) {
      if (isWritten({ writer })) providers.dnsWriter(writer, zone);
    }
    const dns = new Dns(this, 'dns', {
      gate,
      owner: state.owner,
      before,
      providers,
      mxRecordSets: state.mxRecordSets,
      spfRecordSets: state.spfRecordSets,
    });

    stage.record([...network, ...relay.resources, ...ndb.resources, ...dns.resources]);
  }
}

const digest = (state: object): string => createHash('sha256').update(JSON.stringify(state)).digest('hex');
