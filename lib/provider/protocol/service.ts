import type { Diagnostic } from '../definition.js';
import type {
  BlockSchema,
  ServedDataSource,
  ServedProvider,
  ServedResource,
  Value,
  ValueObject,
} from '../served.js';
import { log } from './log.js';
import { attributePath, diagnosticsField, dynamicValue, serverCapabilities } from './messages.js';
import { blockType, encodeSchema } from './schema.js';
import { decodeJsonState, decodeValue, encodeValue } from './value.js';
import * as wire from './wire.js';

/** Request message in, response message out. */
export type Method = (request: Buffer) => Promise<Buffer> | Buffer;

/**
 * The service tfplugin6.Provider over a {@link ServedProvider}: unpacks requests, packs answers, and makes a
 * diagnostic of whatever is thrown. Method names and field numbers are those of the protocol's definition.
 */
export function providerService(provider: ServedProvider): Record<string, Method> {
  const resourceOf = (fields: wire.Fields): ServedResource =>
    named(provider.resources, wire.stringOf(fields, 1));
  const dataSourceOf = (fields: wire.Fields): ServedDataSource =>
    named(provider.dataSources, wire.stringOf(fields, 1));

  return {
    GetProviderSchema: () =>
      Buffer.concat([
        wire.messageField(1, encodeSchema(provider.schema)),
        wire.mapField(2, encodeSchemas(provider.resources)),
        wire.mapField(3, encodeSchemas(provider.dataSources)),
        wire.messageField(6, serverCapabilities),
      ]),

    GetMetadata: () =>
      Buffer.concat([
        wire.messageField(1, serverCapabilities),
        wire.repeatedField(3, typeNames(provider.dataSources)),
        wire.repeatedField(4, typeNames(provider.resources)),
      ]),

    ValidateProviderConfig: () => Buffer.alloc(0),

    ValidateResourceConfig: guarded(1, (fields) => {
      const served = resourceOf(fields);
      return diagnosticsField(1, served.validate?.(present(readValue(served.schema, fields, 2))) ?? []);
    }),

    ValidateDataResourceConfig: guarded(1, (fields) => {
      const served = dataSourceOf(fields);
      return diagnosticsField(1, served.validate?.(present(readValue(served.schema, fields, 2))) ?? []);
    }),

    UpgradeResourceState: guarded(2, (fields) => {
      const served = resourceOf(fields);
      const stored = JSON.parse(wire.stringOf(wire.decodeFields(wire.bytesOf(fields, 3)), 1)) as Record<
        string,
        unknown
      >;
      const state = served.upgrade?.(stored, wire.numberOf(fields, 2)) ?? stored;
      return writeValue(served.schema, 1, decodeJsonState(blockType(served.schema), state));
    }),

    ConfigureProvider: guarded(1, async (fields) =>
      diagnosticsField(1, await provider.configure(present(readValue(provider.schema, fields, 2)))),
    ),

    ReadResource: guarded(2, async (fields) => {
      const served = resourceOf(fields);
      const { state, diagnostics } = await served.read(present(readValue(served.schema, fields, 2)));
      return Buffer.concat([
        writeValue(served.schema, 1, state),
        diagnosticsField(2, diagnostics),
        wire.bytesField(3, wire.bytesOf(fields, 3)),
      ]);
    }),

    PlanResourceChange: guarded(4, async (fields) => {
      const served = resourceOf(fields);
      const { planned, replace, diagnostics } = await served.plan({
        prior: readValue(served.schema, fields, 2),
        proposed: readValue(served.schema, fields, 3),
        config: readValue(served.schema, fields, 4),
      });
      return Buffer.concat([
        writeValue(served.schema, 1, planned),
        wire.repeatedField(
          2,
          (replace ?? []).map((attribute) => attributePath([attribute])),
        ),
        wire.bytesField(3, wire.bytesOf(fields, 5)),
        diagnosticsField(4, diagnostics),
      ]);
    }),

    ApplyResourceChange: guarded(3, async (fields) => {
      const served = resourceOf(fields);
      const { state, diagnostics } = await served.apply({
        prior: readValue(served.schema, fields, 2),
        planned: readValue(served.schema, fields, 3),
        config: readValue(served.schema, fields, 4),
      });
      return Buffer.concat([
        writeValue(served.schema, 1, state),
        wire.bytesField(2, wire.bytesOf(fields, 5)),
        diagnosticsField(3, diagnostics),
      ]);
    }),

    ImportResourceState: guarded(2, async (fields) => {
      const served = resourceOf(fields);
      const { state, diagnostics } = await served.import(wire.stringOf(fields, 2));
      const imported =
        state &&
        Buffer.concat([wire.stringField(1, wire.stringOf(fields, 1)), writeValue(served.schema, 2, state)]);
      return Buffer.concat([wire.messageField(1, imported ?? undefined), diagnosticsField(2, diagnostics)]);
    }),

    ReadDataSource: guarded(2, async (fields) => {
      const served = dataSourceOf(fields);
      const { state, diagnostics } = await served.read(present(readValue(served.schema, fields, 2)));
      return Buffer.concat([writeValue(served.schema, 1, state), diagnosticsField(2, diagnostics)]);
    }),

    // An interrupt: what has begun is brought to its end, the engine waits for it.
    StopProvider: () => Buffer.alloc(0),
  };
}

/** A fault of the program must reach the engine as a diagnostic, or the user sees a broken connection. */
function guarded(diagnosticsId: number, method: (fields: wire.Fields) => Promise<Buffer> | Buffer): Method {
  return async (request) => {
    try {
      return await method(wire.decodeFields(request));
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      log('error', cause.message, { stack: cause.stack ?? '' });
      const diagnostic: Diagnostic = {
        severity: 'error',
        summary: 'The provider failed',
        detail: `${cause.message}\n\nThis is a fault of the provider. TF_LOG_PROVIDER=error shows where it happened.`,
        rule: 'provider-fault',
      };
      return diagnosticsField(diagnosticsId, [diagnostic]);
    }
  };
}

function readValue(schema: BlockSchema, fields: wire.Fields, id: number): ValueObject | null {
  const message = wire.decodeFields(wire.bytesOf(fields, id));
  const msgpack = wire.bytesOf(message, 1);
  const value: Value =
    msgpack.length > 0
      ? decodeValue(blockType(schema), msgpack)
      : decodeJsonState(blockType(schema), JSON.parse(wire.stringOf(message, 2) || 'null'));
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('expected an object');
  return value;
}

const writeValue = (schema: BlockSchema, id: number, value: Value): Buffer =>
  wire.messageField(id, dynamicValue(encodeValue(blockType(schema), value)));

function present(value: ValueObject | null): ValueObject {
  if (value === null) throw new TypeError('expected an object, found null');
  return value;
}

function named<T>(all: Record<string, T>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`${name} is not served by this provider.`);
  return found;
}

const typeNames = (all: Record<string, unknown>): Buffer[] =>
  Object.keys(all).map((name) => wire.stringField(1, name));

const encodeSchemas = (all: Record<string, { schema: BlockSchema }>): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(all).map(([name, { schema }]) => [name, encodeSchema(schema)]));
