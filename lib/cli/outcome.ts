import { ExitCode } from './exit.js';

/** How a complaint begins, and rule ids as they stand behind messages of provider, gate and targets: `… [gate-one-step]`. */
const COMPLAINT = /\b(Warning|Error): |\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\]/g;

/**
 * What an engine's failed run was about. The engine knows one kind of failure only; the rule ids in what the
 * provider said tell more (they hold no blank, so no line break of the engine's cuts them). A gate's refusal weighs
 * most: it is the answer, the rest are its consequences. What it only warns of stopped nothing.
 */
export function exitOfFailure(output: string): ExitCode {
  const rules = rulesOfErrors(stripColour(output));
  if ([...rules].some((rule) => rule.startsWith('gate-'))) return ExitCode.refused;
  if (rules.has('unreachable')) return ExitCode.unreachable;
  return ExitCode.failed;
}

function rulesOfErrors(output: string): Set<string> {
  const rules = new Set<string>();
  let isWarning = false;
  for (const [, label, rule] of output.matchAll(COMPLAINT)) {
    if (label !== undefined) isWarning = label === 'Warning';
    else if (rule !== undefined && !isWarning) rules.add(rule);
  }
  return rules;
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

export const stripColour = (text: string): string => text.replace(COLOUR, '');
