/** One line for the engine's log (`TF_LOG_PROVIDER`). Standard output belongs to the handshake. */
export function log(
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields: Record<string, string> = {},
): void {
  const line = { '@level': level, '@message': message, '@module': 'mailversand', ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
