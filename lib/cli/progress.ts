import { stripColour } from './outcome.js';

const ESCAPE = String.fromCharCode(27);
/** Moving the cursor and wiping lines; colours end in `m` and are not meant. */
const CURSOR = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-LN-Za-ln-z]`, 'g');
/** `1 Stack deploying     0 Stacks done     0 Stacks waiting`, and `⠦  Synthesizing`. */
const STATUS = /^(?:\d+ Stacks? \w+ +\d+ Stacks? done +\d+ Stacks? waiting|[\u2800-\u28ff] .*)$/;

/**
 * CDKTF redraws a spinner and a status line with every line of the engine, without a terminal too. Returns a function that
 * takes its lines and hands on what is news, with not more than one empty line in a row.
 */
export function withoutProgress(line: (text: string) => void): (text: string) => void {
  let blank = true;
  return (text) => {
    const clean = text.replace(CURSOR, '').trimEnd();
    const seen = stripColour(clean).trim();
    if (STATUS.test(seen) || (seen === '' && blank)) return;
    blank = seen === '';
    line(clean);
  };
}
