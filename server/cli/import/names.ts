/** Words that published registers write in capitals and people do not. */
const SMALL = new Set(['and', 'of', 'the', 'at', 'in', 'on', 'for', 'with', 'by', 'upon', 'le', 'under', 'to']);
const ACRONYMS = new Set(
  (
    'A&E APCS APH BARDOC CCG CIC DHU EA EASI ESHT GATDOC HUC IUC MDH NEMS PELC PLT BARDOC C&W C&WPT CW EAS ED EPIC GH GP GPPO GTD HC HMR HQ HWL ICC ICES II III IV LCU LIGA LLP MCR NHS OOH PCC PCEC PCN PMS ' +
    'RAEI RK ROH SSP T&G TABA TCG TLC UHL UK UTC WIC WWL YMCA'
  ).split(' '),
);
const SHORT = new Map([
  ['MCR', 'Manchester'],
  ['NG', 'Ng'],
  ['FAM', 'Family'],
  ['CTRE', 'Centre'],
  ['H/CENTRE', 'Health Centre'],
  ['CTR', 'Centre'],
  ['RD', 'Road'],
  ['ST', 'St'],
  ['DR', 'Dr'],
  ['DRS', 'Drs'],
  ['MR', 'Mr'],
  ['MRS', 'Mrs'],
  ['MED', 'Medical'],
  ['MC', 'Medical Centre'],
  ['GPS', 'GPs'],
  ['SURG', 'Surgery'],
  ['HLTH', 'Health'],
  ['HTH', 'Health'],
  ['PRACT', 'Practice'],
  ['PRAC', 'Practice'],
  ['HOSP', 'Hospital'],
  ['LTD', 'Ltd'],
]);

/** A register's capitals as people write the name: `ST ANDREW'S MED CTR` is "St Andrew's Medical Centre". */
export function readableName(capitals: string): string {
  const spaced = capitals
    .replace(/\b([A-Z]{2,})\./gi, '$1 ')
    .replace(/\(\s*/g, '(')
    .replace(/([A-Z])\(/gi, '$1 (')
    .replace(/\s+/g, ' ')
    .trim();
  return spaced.replace(/H\/CENTRE|[A-Z0-9&'.]+/gi, (word: string, at: number) => readableWord(word, at, spaced));
}

/** A network's name without the "PCN" that every one of them ends in. */
export function networkName(capitals: string): string {
  return readableName(capitals.replace(/\s+PCN(\s+(LTD|LIMITED))?\s*$/i, ''));
}

function readableWord(word: string, at: number, whole: string): string {
  const upper = word.toUpperCase();
  const short = SHORT.get(upper);
  if (short !== undefined) return upper === 'ST' && isStreet(whole, at) ? 'Street' : short;
  if (ACRONYMS.has(upper) || /\d/.test(word)) return upper.replace(/(\d)(ST|ND|RD|TH)$/, (all) => all.toLowerCase());
  if (/^[A-Z]$/.test(upper)) return upper;
  if (isInitials(upper, at, whole)) return upper;
  if (at > 0 && whole[at - 1] !== '(' && SMALL.has(word.toLowerCase())) return word.toLowerCase();
  if (/^[BCDFGHJKLMNPQRSTVWXZ]{2,4}$/.test(upper)) return upper;
  return capitalised(upper);
}

/** Two capitals before a surname in brackets: "(RP TEW)". */
function isInitials(word: string, at: number, whole: string): boolean {
  const before = whole.slice(0, at);
  const inBrackets = before.lastIndexOf('(') > before.lastIndexOf(')');
  return inBrackets && /^[A-Z]{2}$/.test(word) && /^[A-Z]{2}\s+[A-Z]/i.test(whole.slice(at));
}

function isStreet(whole: string, at: number): boolean {
  return at > 0 && /^ST($|\s+(MED|SURG|PRACT|HEALTH|CENTRE|CTR))/i.test(whole.slice(at));
}

function capitalised(upper: string): string {
  const lower = upper.toLowerCase();
  const first = lower.charAt(0).toUpperCase() + lower.slice(1);
  return first
    .replace(/^(O|D)'([a-z])/, (_all, o: string, letter: string) => `${o}'${letter.toUpperCase()}`)
    .replace(/^Mc([a-z])/, (_all, letter: string) => `Mc${letter.toUpperCase()}`)
    .replace(/\.([a-z])/g, (_all, letter: string) => `.${letter.toUpperCase()}`)
    .replace(/&([a-z])/g, (_all, letter: string) => `&${letter.toUpperCase()}`);
}
