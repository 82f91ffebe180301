/** A decision of a person, which counts on its day (YYYY-MM-DD) and the next. */
export interface Decision {
  reference: string;
  on: string;
}

/** As the provider takes it: `2026-03-31 REFERENCE`. */
export const decisionText = ({ on, reference }: Decision): string => `${on} ${reference}`;
