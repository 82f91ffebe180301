/** Who takes part in the enabling process (Freischaltungsprozess). */
export type Party = 'Dataport Projektleitung' | 'Dataport Techniker' | 'MID' | 'Kommune';

/** V: verantwortlich (responsible). M: Mitwirkung (takes part). I: wird informiert (is informed). */
export type Role = 'V' | 'M' | 'I';

export type TaskNumber =
  '01' | '02' | '03' | '04' | '05' | '06' | '07' | '08' | '09' | '10' | '11' | '12' | '13';

export interface Task {
  number: TaskNumber;
  /** German: it stands in forms and summaries. */
  title: string;
  roles: Partial<Record<Party, Role>>;
}

/** The thirteen tasks of the programme and who does what; exactly one party is responsible for each. */
export const tasks: readonly Task[] = [
  {
    number: '01',
    title: 'Über den eGovernment-Marktplatz bestellen',
    roles: { 'Dataport Projektleitung': 'I', Kommune: 'V' },
  },
  {
    number: '02',
    title: 'Kontakt zur Kommune aufnehmen',
    roles: { 'Dataport Projektleitung': 'V', Kommune: 'I' },
  },
  {
    number: '03',
    title: 'Verfügbarkeit lokaler Mailserver prüfen',
    roles: { Kommune: 'V' },
  },
  {
    number: '04',
    title: 'Freischaltung beantragen',
    roles: { 'Dataport Projektleitung': 'I', Kommune: 'V' },
  },
  {
    number: '05',
    title: 'Freischaltung zwischen Dataport und MID koordinieren',
    roles: { 'Dataport Projektleitung': 'V', 'Dataport Techniker': 'I', MID: 'M' },
  },
  {
    number: '06',
    title: 'Beantragung prüfen und genehmigen',
    roles: { 'Dataport Projektleitung': 'I', 'Dataport Techniker': 'I', MID: 'V', Kommune: 'I' },
  },
  {
    number: '07',
    title: 'Adressübersetzungen (NAT) einrichten',
    roles: { 'Dataport Techniker': 'V', Kommune: 'M' },
  },
  {
    number: '08',
    title: 'Kommunikation per Freischaltungsmatrix beauftragen',
    roles: { 'Dataport Techniker': 'V' },
  },
  {
    number: '09',
    title: 'Angaben zum Kundenmailserver machen',
    roles: { 'Dataport Techniker': 'M', Kommune: 'V' },
  },
  {
    number: '10',
    title: 'Adressen entsprechend des NAT anpassen',
    roles: { 'Dataport Techniker': 'V' },
  },
  {
    number: '11',
    title: 'Freischaltung zurückmelden',
    roles: { 'Dataport Projektleitung': 'I', 'Dataport Techniker': 'V', MID: 'I', Kommune: 'I' },
  },
  {
    number: '12',
    title: 'Freischaltung mit Kommune prüfen',
    roles: { 'Dataport Projektleitung': 'V', 'Dataport Techniker': 'I', Kommune: 'M' },
  },
  {
    number: '13',
    title: 'Prozessdokumentation beenden',
    roles: { 'Dataport Projektleitung': 'V', MID: 'I' },
  },
];

/** The party responsible (V) for a task. */
export function responsible(number: TaskNumber): Party {
  const { roles } = tasks[Number(number) - 1] as Task;
  return (Object.keys(roles) as Party[]).find((party) => roles[party] === 'V') as Party;
}
