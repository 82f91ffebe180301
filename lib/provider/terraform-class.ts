import { Lazy, TerraformProvider, TerraformResource, type TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';
import type { Attribute, Attributes, Config, ResourceDefinition } from './definition.js';
import { snakeCase } from './names.js';
import type { ProviderConfig } from './provider-config.js';

// The typed CDKTF side. The provider program is bundled without cdktf (build.mjs): nothing here runs there.

/** Source address of the provider; a filesystem mirror holds it. */
export const landesnetzSource = 'mailversand.example/interkommunal/landesnetz';

/** By it CDKTF finds out whether a stack has the provider that a resource needs. */
const providerName = 'landesnetz';

export interface LandesnetzProviderConfig extends Partial<ProviderConfig> {
  /** Exact version, which ends in a digest of the build. */
  readonly providerVersion: string;
  readonly alias?: string;
}

/** `provider "landesnetz"`: where the far ends are. */
export class LandesnetzProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: LandesnetzProviderConfig,
  ) {
    super(scope, id, {
      terraformResourceType: providerName,
      terraformGeneratorMetadata: { providerName, providerVersion: config.providerVersion },
      terraformProviderSource: landesnetzSource,
    });
  }

  override get alias(): string | undefined {
    return this.config.alias;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { gateways, relays, register, observers, vantagePoint, limits } = this.config;
    return {
      gateways,
      relays,
      register,
      observers,
      vantagePoint,
      limits: limits && inSnakeCase(limits),
    };
  }
}

/** A resource's class: `(scope, id, config)`, as CDKTF's own generated classes. */
export type ResourceClass<A extends Attributes> = (new (
  scope: Construct,
  id: string,
  config: Config<A> & TerraformMetaArguments,
) => TerraformResource) & { readonly tfResourceType: string };

/** The class to extend for a definition: `class DnatRule extends terraformClass(dnatRule) {}`. */
export function terraformClass<A extends Attributes>(definition: ResourceDefinition<A>): ResourceClass<A> {
  const tfResourceType = `${providerName}_${definition.type}`;
  const attributes = Object.entries<Attribute>(definition.attributes).filter(([, { computed }]) => !computed);
  return class extends TerraformResource {
    static readonly tfResourceType = tfResourceType;

    constructor(
      scope: Construct,
      id: string,
      private readonly config: Config<A> & TerraformMetaArguments,
    ) {
      const { dependsOn, count, provider, lifecycle, forEach, provisioners, connection } = config;
      super(scope, id, {
        terraformResourceType: tfResourceType,
        terraformGeneratorMetadata: { providerName },
        ...{ dependsOn, count, provider, lifecycle, forEach, provisioners, connection },
      });
    }

    protected override synthesizeAttributes(): Record<string, unknown> {
      const config: Readonly<Record<string, unknown>> = this.config;
      return Object.fromEntries(
        attributes.map(([name, { type }]) => [snakeCase(name), rendered(type, config[name])]),
      );
    }
  };
}

/** cdktf would turn a map's keys, which are data, into snake_case too; what is resolved late it leaves alone. */
function rendered(type: Attribute['type'], value: unknown): unknown {
  if (typeof type !== 'object' || value === undefined) return value;
  if ('map' in type) return Lazy.anyValue({ produce: () => value });
  return 'objects' in type ? (value as object[]).map(inSnakeCase) : value;
}

const inSnakeCase = (item: object): object =>
  Object.fromEntries(Object.entries(item).map(([name, member]) => [snakeCase(name), member as unknown]));
