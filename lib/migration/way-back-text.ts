import type { Kept } from '../config/municipality.js';
import { duration } from './duration.js';
import { germanTime } from './german-time.js';
import { isKeptStage } from './kept.js';
import { stageTitle, type EnteredStage } from './stages.js';
import type { WayBack, WayBackStep } from './way-back.js';

/** The plan as people read it who are not engineers. German. */
export function wayBackText({ domain, from, steps, seconds }: WayBack): string {
  if (steps.length === 0) return 'Nichts zu tun: Abschnitt 0, und nichts wird mehr vorgehalten.\n';
  const start = `von Abschnitt ${from} (${stageTitle(from)}) bis Abschnitt 0, mit nichts mehr vorgehalten`;
  const waits = steps.flatMap(({ wait, silence }) => [wait, silence]).filter((time) => time > 0);
  const length =
    seconds === 0
      ? 'ohne Wartezeit'
      : `höchstens ${duration(seconds)}, in ${waits.length} ${waits.length === 1 ? 'Wartezeit' : 'Wartezeiten'}, wenn niemand mehr auf einem Weg sendet, der endet; Deploys und Arbeit anderer kommen hinzu`;
  return [
    `${start}\nDauer: ${length}\n`,
    ...steps.map((step, i) => stepText(step, i + 1, domain)),
    'Nach jedem Schritt kann man anhalten und wieder vorwärts gehen; was inzwischen abgelaufen oder beim NdB abgemeldet ist, muss dafür neu genehmigt, geprüft oder gemeldet werden.\n',
  ].join('\n');
}

/** For machines; the same facts under names. Times are seconds, or RFC 3339 UTC. */
export const wayBackJson = ({ domain, from, steps, seconds }: WayBack): object => ({
  ...(domain !== undefined && { domain }),
  from,
  to: 0,
  seconds,
  steps: steps.map((step, i) => ({
    number: i + 1,
    kind: step.kind,
    stage: step.to,
    waitSeconds: step.wait,
    queueSeconds: step.queue,
    silenceSeconds: step.silence,
    earliest: step.at,
    commands: commands(step, domain),
    keeps: step.keeps,
    releases: step.releases,
    changes: step.changes.changed.map(({ id }) => id),
    removes: step.changes.removed.map(({ id }) => id),
    deeds: step.deeds,
  })),
});

/** What an engineer types for a step. */
function commands({ kind, after: { id }, to, patience }: WayBackStep, domain?: string): string[] {
  const write = {
    edge: [
      domain === undefined
        ? `npx mailversand stage ${id} ${to}`
        : `npx mailversand domain ${id} stage ${domain} ${to}`,
    ],
    drop: [`npx mailversand stage ${id} --drop-kept`],
    finish: [],
  }[kind];
  const deploy = `npx mailversand deploy ${id}`;
  return [...write, `npx mailversand diff ${id}`, kind === 'drop' ? `${deploy} --wait ${patience}d` : deploy];
}

function stepText(step: WayBackStep, number: number, domain?: string): string {
  const { from, to, deeds, keeps, releases } = step;
  const title = {
    edge: `Abschnitt ${from} → ${to} (${stageTitle(to)})`,
    finish: `den begonnenen Rückweg ${from} → ${to} zu Ende bringen`,
    drop: `Vorgehaltenes entfernen: ${releases.map(keptName).join('; ')}`,
  }[step.kind];
  const doing = (when: string): string[] =>
    deeds.filter((deed) => deed.when === when).map(({ who, what }) => `${who}: ${what}`);
  return [
    `Schritt ${number}: ${title}`,
    ...waiting(step),
    ...doing('vor dem Deploy').map((deed) => `vorher    ${deed}`),
    ...commands(step, domain).map((command) => `Befehl    ${command}`),
    ...doing('nach dem Deploy').map((deed) => `nachher   ${deed}`),
    ...keeps.map(
      (kept) => `bleibt    ${keptName(kept)}, bis ${germanTime(kept.until)}: ${users[kept.stage]}`,
    ),
  ]
    .map((line, i) => (i === 0 ? `${line}\n` : `  ${line}\n`))
    .join('');
}

function waiting({ wait, queue, silence, at }: WayBackStep): string[] {
  const upTo = queue === 0 ? '' : `, davon bis zu ${duration(queue)}, bis die Warteschlange leer ist`;
  return [
    ...(wait === 0 ? [] : [`warten    ${duration(wait)}${upTo} (bei Beginn jetzt: ${germanTime(at)})`]),
    ...(silence === 0
      ? []
      : [
          `Stille    der Deploy wartet bis zu ${duration(silence)}, wenn zuletzt noch Mail auf diesem Weg kam`,
        ]),
  ];
}

const keptName = (kept: Kept): string =>
  isKeptStage(kept)
    ? `was Abschnitt ${kept.stage} ${kept.domain === undefined ? '' : `für ${kept.domain} `}gebracht hat`
    : `der ersetzte Mailserver ${kept.server.inside} (${kept.server.transfer})`;

/** Who may still use what a stage brought. */
const users: Record<EnteredStage, string> = {
  1: 'darüber läuft, was sonst noch vorgehalten wird',
  2: 'Mail von Mandanten kann noch in deren Warteschlangen und in der des Relays liegen',
  3: 'NdB-Partner können noch die alte Tabelle haben; das Relay steht noch im SPF-Eintrag',
  4: 'Absender können den MX noch im Cache und Mail in Warteschlangen haben, auch die eigenen Server der Kommune',
};
