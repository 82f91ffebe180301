import { DnsProvider } from '@cdktf/provider-dns/lib/provider/index.js';
import { type TerraformProvider, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { Platform } from '../config/platform.js';
import { builtProvider } from '../provider/install.js';
import { LandesnetzProvider } from '../provider/terraform-class.js';
import { keyed } from './declared.js';
import { providerConfig } from './provider-config.js';

export interface PlatformProvidersProps {
  readonly platform: Platform;
  /**
   * Version of the providers `landesnetz` and `dns`.
   * @default the one that was built with this package
   */
  readonly providerVersion?: string;
}

/**
 * A stack's providers: where the platform's far ends are. A session opens only when something uses it. Secrets stay
 * in SSH's agent and files.
 */
export class PlatformProviders extends Construct {
  readonly platform: Platform;
  private readonly version: string;
  private readonly dns = new Map<string, DnsProvider>();

  constructor(scope: Construct, id: string, props: PlatformProvidersProps) {
    super(scope, id);
    const { platform, providerVersion = builtProvider(BUILT).version } = props;
    this.platform = platform;
    this.version = providerVersion;
    const { vantagePoint, ...config } = providerConfig(platform);
    new LandesnetzProvider(this, 'landesnetz', {
      providerVersion,
      ...config,
      ...(platform.vantagePoint && { vantagePoint }),
    });
  }

  /**
   * The provider that writes this zone on this server of the platform: one for each server and key, and a
   * zone's key has the zone's name.
   */
  dnsWriter(server: string, zone: string): TerraformProvider {
    const alias = keyed(server, [zone]);
    const known = this.dns.get(alias);
    if (known) return known;
    const { name, dnsServers } = this.platform;
    const found = dnsServers.find((one) => one.name === server);
    if (!found) {
      const names = dnsServers.map((one) => one.name).join(', ');
      throw new RangeError(`platform ${name} has no DNS server "${server}"; it has: ${names}`);
    }
    const { host, port, keyAlgorithm } = found;
    const update = [{ server: host, port, keyName: `${zone}.`, keyAlgorithm }];
    const provider = new DnsProvider(this, `dns_${alias}`, { alias, update });
    this.dns.set(alias, provider);
    TerraformStack.of(this).addOverride('terraform.required_providers.dns', {
      source: DNS_PROVIDER_SOURCE,
      version: this.version,
    });
    return provider;
  }
}

/** From dist/lib/constructs, where this file runs. */
const BUILT = new URL('../../provider/', import.meta.url);

/** Our own program: the schema of `hashicorp/dns`, but it never leaves an MX empty (DESIGN). */
const DNS_PROVIDER_SOURCE = 'mailversand.example/interkommunal/dns';
