import type { Diagnostic } from '../definition.js';
import { bytesField, messageField, repeatedField, stringField, varintField } from './wire.js';

// The messages of tfplugin6 that answers are made of.

/** tfplugin6.DynamicValue, in msgpack. */
export const dynamicValue = (msgpack: Uint8Array): Buffer => bytesField(1, msgpack);

const severities = { error: 1, warning: 2 } as const;

/** tfplugin6.Diagnostic. The rule in brackets is what the command maps to its exit code. */
export const encodeDiagnostic = ({ severity, summary, detail, attribute, rule }: Diagnostic): Buffer =>
  Buffer.concat([
    varintField(1, severities[severity]),
    stringField(2, `${summary} [${rule}]`),
    stringField(3, detail),
    attribute === undefined
      ? Buffer.alloc(0)
      : messageField(4, attributePath(typeof attribute === 'string' ? [attribute] : attribute)),
  ]);

export const diagnosticsField = (id: number, diagnostics: readonly Diagnostic[]): Buffer =>
  repeatedField(id, diagnostics.map(encodeDiagnostic));

/** tfplugin6.AttributePath */
export const attributePath = (path: readonly (string | number)[]): Buffer =>
  repeatedField(
    1,
    path.map((step) =>
      // A oneof is written even when it is 0, or the first item of a list could not be named.
      typeof step === 'string'
        ? stringField(1, step)
        : step === 0
          ? Buffer.of(3 << 3, 0)
          : varintField(3, step),
    ),
  );

/** tfplugin6.ServerCapabilities: asked for destroys too; a provider in use need not send its schema again. */
export const serverCapabilities = Buffer.concat([varintField(1, true), varintField(2, true)]);
