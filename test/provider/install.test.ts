import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtProvider, installProviders } from '../../lib/provider/install.js';

let folder: string;
let mirror: string;
let program: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailversand-install-'));
  mirror = join(folder, 'mirror');
  program = join(folder, 'terraform-provider');
  writeFileSync(program, '#!/bin/sh\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

const versions = (provider = 'dns') =>
  readdirSync(join(mirror, 'mailversand.example/interkommunal', provider)).sort();

describe('the mirror', () => {
  test('gets both providers, under the names that engines look for', () => {
    installProviders(mirror, { version: '0.1.0-ba', program });
    for (const provider of ['landesnetz', 'dns']) {
      const [platform = ''] = readdirSync(
        join(mirror, 'mailversand.example/interkommunal', provider, '0.1.0-ba'),
      );
      expect(platform).toMatch(/^(linux|darwin)_(amd64|arm64)$/);
      const executable = join(
        mirror,
        'mailversand.example/interkommunal',
        provider,
        '0.1.0-ba',
        platform,
        `terraform-provider-${provider}_v0.1.0-ba`,
      );
      expect(readFileSync(executable, 'utf8')).toBe('#!/bin/sh\n');
      expect(statSync(executable).mode & 0o777).toBe(0o755);
    }
  });

  test('a version that is there stays untouched: it is a digest', () => {
    installProviders(mirror, { version: '0.1.0-ba', program });
    writeFileSync(program, 'other');
    installProviders(mirror, { version: '0.1.0-ba', program });
    expect(versions()).toEqual(['0.1.0-ba']);
  });

  test.each([
    ['after a day old versions go, the newest four stay', 48, ['b3', 'b4', 'b5', 'b6']],
    ['on their first day all stay', 1, ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']],
  ])('%s', (_, hours, staying) => {
    for (const [i, name] of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].entries()) {
      installProviders(mirror, { version: `0.1.0-${name}`, program });
      for (const provider of ['landesnetz', 'dns']) {
        const time = new Date(Date.now() - hours * 3_600_000 + i * 1000);
        utimesSync(join(mirror, 'mailversand.example/interkommunal', provider, `0.1.0-${name}`), time, time);
      }
    }
    expect(versions()).toEqual(staying.map((name) => `0.1.0-${name}`));
  });

  test('what a killed installation left goes after a while', () => {
    installProviders(mirror, { version: '0.1.0-ba', program });
    const leftover = mkdtempSync(join(mirror, 'mailversand.example/interkommunal/dns/.new-'));
    installProviders(mirror, { version: '0.1.0-bb', program });
    expect(versions()).toHaveLength(3);
    utimesSync(leftover, 0, 0);
    installProviders(mirror, { version: '0.1.0-bc', program });
    expect(versions()).toEqual(['0.1.0-ba', '0.1.0-bb', '0.1.0-bc']);
  });

  test('without a build says what to run', () => {
    expect(() => builtProvider(pathToFileURL(`${folder}/`))).toThrow(/npm run build/);
    writeFileSync(join(folder, 'build.json'), '{"version":"0.1.0-ba"}');
    expect(builtProvider(pathToFileURL(`${folder}/`))).toEqual({ version: '0.1.0-ba', program });
  });

  test('a program that cannot be copied leaves nothing half-made', () => {
    expect(() => installProviders(mirror, { version: '0.1.0-ba', program: join(folder, 'none') })).toThrow();
    expect(versions('landesnetz')).toEqual([]);
  });
});
