import { decode, encode } from 'dns-packet';
import { isEmpty, question } from '../../../lib/rehearsal/load/mx-questions.js';

describe('asking for an MX', () => {
  test('the question is one for the MX of the name', () => {
    expect(decode(question('post.musterstadt.example')).questions).toEqual([
      { type: 'MX', class: 'IN', name: 'post.musterstadt.example' },
    ]);
  });

  test('an answer without a record is empty, also where the server refuses', () => {
    const answer = (
      answers: { type: 'MX'; name: string; data: { preference: number; exchange: string } }[],
    ) => encode({ type: 'response', id: 1, answers });
    const mx = {
      type: 'MX',
      name: 'm.example',
      data: { preference: 10, exchange: 'mail.m.example' },
    } as const;
    expect(isEmpty(answer([mx]))).toBe(false);
    expect(isEmpty(answer([]))).toBe(true);
  });
});
