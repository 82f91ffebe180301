import { readFileSync } from 'node:fs';

/** As filled in, as far as it matters. */
const values: Record<string, string> = {
  INTERNET: '203.0.113.10',
  OUTGOING: '10.64.0.10',
  POSTMASTER: 'postmaster@landesamt.example',
  TENANT_NETWORKS: '10.64.0.20/32,10.64.1.0/24',
};
const template = (name: string): string =>
  readFileSync(new URL(`../../../templates/relay/${name}`, import.meta.url), 'utf8').replace(
    /@([A-Z_]+)@/g,
    (text, key: string) => values[key] ?? text,
  );

const folded = (text: string): string[] =>
  text
    .replace(/^#.*\n/gm, '')
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');

/** What `settings` answers for these two files, worked out as postconf does; by default for the templates themselves. */
export const settings = (
  main: string = template('main.cf'),
  master: string = template('master.cf'),
): string[] => [
  ...folded(main).map((line) => `main ${line}`),
  ...folded(master).flatMap((line) => {
    const [name = '', type = ''] = line.split(/\s+/);
    const options = [...line.matchAll(/-o (?:\{ (\w+) = (.*?) \}(?= -o|$)|(\w+)=(\S+))/g)];
    return [
      `service ${line.replace(/ -o .*/, '')}`,
      ...options.map(
        ([, long, value, short, word]) =>
          `option ${name}/${type}/${long ?? short ?? ''} = ${value ?? word ?? ''}`,
      ),
    ];
  }),
];

/** For sh: a relay as the templates set it, with one answer to whatever else it is asked. */
export const relaySession = (answer: string): string =>
  `echo 'hello relay 1 v1'
while read -r request; do
  case $request in
    settings) cat <<'END'
${settings()
  .map((line) => `| ${line}`)
  .join('\n')}
ok
END
    ;;
    *) echo '${answer}' ;;
  esac
done`;

/** The templates' answer with one line changed, or left out. */
export function settingsBut(from: string, to?: string): string[] {
  const lines = settings().flatMap((line) => (line === from ? (to === undefined ? [] : [to]) : [line]));
  if (lines.join() === settings().join()) throw new Error(`the templates do not say: ${from}`);
  return lines;
}
