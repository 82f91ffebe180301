/** Why a rehearsal cannot start or go on, in one sentence that says what to do. */
export class RehearsalError extends Error {
  override name = 'RehearsalError';
}
