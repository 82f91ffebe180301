import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type * as elements from '../migration/elements.js';
import { keys } from '../migration/kinds.js';
import { RelayAcceptance } from '../provider/resources/relay-acceptance.js';
import { RelayClient } from '../provider/resources/relay-client.js';
import { RelayRoute } from '../provider/resources/relay-route.js';
import { declared, type InOrder, keyed } from './declared.js';

export interface RelayRoutesProps extends InOrder {
  readonly routes: readonly elements.RelayRoute[];
  readonly acceptances: readonly elements.RelayAcceptance[];
  readonly clients: readonly elements.RelayClient[];
}

/**
 * What the relay knows of a municipality: whither its mail goes, for whom it is accepted, and what the
 * municipality may send. A domain is accepted only once it has a route; from the Internet only once the
 * municipality's own servers may answer through the relay.
 */
export class RelayRoutes extends Construct {
  readonly resources: readonly TerraformResource[];
  private readonly accepted = new Map<string, TerraformResource[]>();

  constructor(scope: Construct, id: string, props: RelayRoutesProps) {
    super(scope, id);
    const routes = new Map(
      props.routes.map((route) => [
        route.domain,
        new RelayRoute(this, keyed('route', keys.relayRoute(route)), declared(route, props)),
      ]),
    );
    const clients = props.clients.map(
      (client) => new RelayClient(this, keyed('client', keys.relayClient(client)), declared(client, props)),
    );
    const acceptances = props.acceptances.map((acceptance) => {
      const route = routes.get(acceptance.domain);
      const before = [...(route ? [route] : []), ...(acceptance.class === 'internet' ? clients : [])];
      const key = keyed('acceptance', keys.relayAcceptance(acceptance));
      const resource = new RelayAcceptance(
        this,
        key,
        declared(acceptance, { gate: props.gate, after: before }),
      );
      this.accepted.set(acceptance.domain, [...(this.accepted.get(acceptance.domain) ?? []), resource]);
      return resource;
    });
    this.resources = [...routes.values(), ...clients, ...acceptances];
  }

  /** What must be there before anyone is told to send the domain's mail here. */
  accepting(domain: string): readonly ITerraformDependable[] {
    return this.accepted.get(domain) ?? [];
  }
}
