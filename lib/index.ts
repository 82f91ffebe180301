/**
 * For apps of one's own: read the files, ask for the desired state, put the constructs into a stack.
 *
 * @example
 * const { municipalities, platform, problems } = loadFleet({ municipalitiesDir, platformFile });
 * const providers = new PlatformProviders(stack, 'platform', { platform });
 * new MunicipalMail(stack, 'mail', { municipality, providers });
 */
export { loadFleet, loadOne, type LoadedFleet, type LoadedOne, type Places } from './config/load.js';
export type * from './config/municipality.js';
export type * from './config/platform.js';
export { formatProblems, type Problem } from './config/problem.js';

export { desiredState } from './migration/desired-state.js';
export type { DesiredState } from './migration/elements.js';
export { changeStage, isRefusal, type Refusal, type StageChange } from './migration/stage-change.js';
export { stages, type Stage } from './migration/stages.js';

export { Dns, type DnsProps } from './constructs/dns.js';
export { Firewall, type FirewallProps } from './constructs/firewall.js';
export { Freischaltungsmatrix, type FreischaltungsmatrixProps } from './constructs/freischaltungsmatrix.js';
export { MigrationStage, type MigrationStageProps } from './constructs/migration-stage.js';
export { MunicipalMail, type MunicipalMailProps } from './constructs/municipal-mail.js';
export { Nat, type NatProps } from './constructs/nat.js';
export { NdbReport, type NdbReportProps } from './constructs/ndb-report.js';
export { PlatformBase, type PlatformBaseProps } from './constructs/platform-base.js';
export { PlatformProviders, type PlatformProvidersProps } from './constructs/platform-providers.js';
export { RelayRoutes, type RelayRoutesProps } from './constructs/relay-route.js';
