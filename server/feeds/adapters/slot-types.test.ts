import { describe, expect, it } from 'vitest';
import { NATIONAL_CATEGORIES } from '#shared/model/national-categories.ts';
import { CANARY, CANARY_TEXT } from '../../../test/fixtures/feeds/samples.ts';
import { createSlotTyping } from './slot-types.ts';

const typing = createSlotTyping(null);
const own = createSlotTyping({
  reviewed: '2026-09-01',
  types: [
    { name: 'Duty doctor (AM)', category: 'general-consultation-acute', patientFacing: true },
    { name: 'Duty doctor AM', category: 'planned-clinics', patientFacing: false },
    { name: 'Clinique d’été', category: 'planned-clinics', patientFacing: false },
    { name: 'Triage', category: 'clinical-triage', patientFacing: false },
  ],
});
const text = (words: string) => [{ text: words }];
const code = (of: ReturnType<typeof typing.of>) => (typeof of === 'string' ? of : of.code);

describe('types of slots', () => {
  it.each(NATIONAL_CATEGORIES)('knows the national category %s', (category) => {
    expect(code(typing.of(text(category.replaceAll('-', ' ').toUpperCase())))).toBe(category);
  });

  it.each([
    ['General Consultation Acute', 'general-consultation-acute', true],
    ['  walk - in  ', 'walk-in', true],
    ['Walk–in', 'walk-in', true],
    ['Group Consultation & Group Education', 'group-consultation-and-group-education', false],
    ['Group Consultation and Group Education', 'group-consultation-and-group-education', false],
    [
      'Care Home Needs Assessment & Personalised Care and Support Planning',
      'care-home-needs-assessment-personalised-care-and-support-planning',
      false,
    ],
    ['117', 'emergency-medical', true],
    ['General GP Appointment', 'general-consultation', true],
    ['NHS Health Check', 'planned-clinics', false],
    ['Staff meeting', 'staff-meeting', false],
  ])('reads "%s" as %s', (words, category, counts) => {
    expect(typing.of(text(words))).toEqual({ code: category, counts });
  });

  it.each([
    ['nothing at all', undefined, 'none'],
    ['an empty list', [], 'none'],
    ['an empty concept', [{}], 'none'],
    ['a text without words', text(' - '), 'unmapped'],
    ['a name that is longer', text('walk-in of Mrs Ito'), 'unmapped'],
    ['letters that would be dropped', text('walk-in Ж'), 'unmapped'],
    ['somebody', text(CANARY_TEXT), 'unmapped'],
    ['an unknown code', [{ coding: [{ code: 'X1' }] }], 'unmapped'],
  ])('of %s says %s', (_, concepts, said) => {
    expect(typing.of(concepts)).toBe(said);
  });

  it('takes the first that is known, be it text, code or display', () => {
    expect(code(typing.of([{ text: 'Duty list', coding: [{ code: 'triage' }] }]))).toBe('triage');
    expect(code(typing.of([{ coding: [{ code: 'X1', display: 'Home visit' }] }]))).toBe('home-visit');
    expect(code(typing.of([...text('Duty list'), ...text('Home visit')]))).toBe('home-visit');
  });

  it("goes by a practice's own mapping before ours, its first line first, in any spelling", () => {
    expect(own.of(text('DUTY DOCTOR am'))).toEqual({ code: 'general-consultation-acute', counts: true });
    expect(own.of(text('triage'))).toEqual({ code: 'clinical-triage', counts: false });
    expect(own.of(text("clinique d'ete"))).toEqual({ code: 'planned-clinics', counts: false });
    expect(own.of(text('Home visit'))).toEqual({ code: 'home-visit', counts: true });
    expect(typing.of(text('Duty doctor (AM)'))).toBe('unmapped');
  });

  it('lets a redacted copy show names that are known, whole, and nothing else', () => {
    const shown = ['General Consultation Acute', 'walk-in', 'WALK–IN', '117', '(Home visit)'];
    const masked = ['walk-in Quillfeather', 'Quillfeather', 'walk', '', 'walk-inЖ', CANARY_TEXT, CANARY.nhsNumber];
    expect(shown.filter((words) => typing.known.test(words))).toEqual(shown);
    expect(masked.filter((words) => typing.known.test(words))).toEqual([]);
    expect(own.known.test('Duty doctor (AM)')).toBe(true);
    expect(typing.known.test('Duty doctor (AM)')).toBe(false);
  });
});
