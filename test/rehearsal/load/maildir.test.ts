import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox, parse, type Found } from '../../../lib/rehearsal/load/maildir.js';

const head = (sender: string): string =>
  [
    `Return-Path: <${sender}>`,
    'X-Original-To: load-a-7@b.example',
    'Delivered-To: load-a-7@b.example',
    'Received: from x (x [10.64.0.20]) by y (Postfix) with ESMTPS id 1',
    '',
    'Delivered-To: nobody@x.example',
  ].join('\n');
const name = '1764000000.V2cI9M042417.musterstadt';

describe('mails in a Maildir', () => {
  test('say whose they are, when they came, and whether nobody sent them', () => {
    const found = { correlation: 'load-a-7', at: 1_764_000_000_042 };
    expect(parse(name, head('load-a-7@a.example'))).toMatchObject({ ...found, fromNobody: false });
    expect(parse(name, head(''))).toMatchObject({ ...found, fromNobody: true });
    expect(parse(name, 'no mail')).toBeUndefined();
    expect(parse('strange', head(''))).toBeUndefined();
  });

  test('are taken out of a folder that may come later', async () => {
    const root = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
    const folder = join(root, 'new');
    const found = await new Promise<Found>((resolve, reject) => {
      const mailbox = new Mailbox(folder, (mail) => void mailbox.stop().then(() => resolve(mail)));
      mkdir(folder)
        .then(() => writeFile(join(folder, name), head('')))
        .catch(reject);
    });
    expect(found.correlation).toBe('load-a-7');
    expect(existsSync(join(folder, name))).toBe(false);
    await rm(root, { recursive: true });
  });
});
