/**
 * What an engine and CDKTF say at every run and nobody needs: how the folder was initialised, what is read again,
 * how to apply by hand (past this program), the place in a synthesised file that nobody has written, that a program
 * has failed whose errors stand above, and every error a second time. Returns a function that takes lines and hands on
 * the others. An error's first copy always comes through.
 */
export function withoutChatter(line: (text: string) => void): (text: string) => void {
  let until: RegExp | undefined;
  let reporting = false;
  let blank = true;
  const reported = new Set<string>();
  return (text) => {
    const said = bare(text);
    if (ERROR.test(said)) until = undefined;
    if (until) {
      if (until.test(said)) until = undefined;
      return;
    }
    until = CHAPTERS.find(({ from }) => from.test(said))?.to;
    if (until || SINGLE.some((pattern) => pattern.test(said))) return;
    if (LOG.test(said)) {
      reporting = true;
      return;
    }
    // The log's copy goes to where the stack's own begins.
    if (reporting && OF_STACK.test(text)) reporting = false;
    if (reporting && said !== '') reported.add(said);
    else if (said !== '' && reported.has(said)) return;
    // What was left out stood between empty lines.
    if (said === '' && blank) return;
    blank = said === '';
    line(text);
  };
}

/** Beginning and end of what goes whole, of OpenTofu and Terraform. */
const CHAPTERS = [
  { from: /^Initializing the backend\.\.\.$/, to: /remind you to do so if necessary\.$/ },
  { from: /^Initializing provider plugins\.\.\.$/, to: /remind you to do so if necessary\.$/ },
  { from: /^Saved the plan to: plan$/, to: /apply "plan"$/ },
  { from: /^\[\S+\] \[WARN\] default - WARNING: Found NODE_OPTIONS/, to: /out of memory error\.$/ },
  { from: /^(?:│ *)?on cdk\.tf\.json line \d+/, to: /^│?$/ },
];
const SINGLE = [
  /: Refreshing state\.\.\./,
  /^─+$/,
  /^Error: External Error: Stack failed/,
  /^Invoking Terraform CLI failed with exit code \d+$/,
  /^- (?:Fetching|Retrieved|Obtained) \S+\/interkommunal\//,
  /^Success! \w+ has validated the lock file/,
];
const ERROR = /^(?:Error: |╷)/;
/** CDKTF's own log, which brings an error before the stack's output does. */
const LOG = /^\[\S+\] \[ERROR\] default -$/;
/** `musterstadt  …`: a line with which the stack's output goes on. */
const OF_STACK = /^[a-z][a-z0-9-]*  \S/;
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Without colour, the stack's name, and the construct paths that CDKTF adds. */
const bare = (text: string): string =>
  text
    .replace(COLOUR, '')
    .replace(/^[a-z][a-z0-9-]*  (?=\S)/, '')
    .replace(/ \([\w./-]+\/[\w./-]+\)/g, '')
    .trim();
