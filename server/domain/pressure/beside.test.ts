import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import { besideOfGroup, besideOfSite, type Said } from './beside.ts';

const now = fromInstant('2026-11-23T09:42:00Z');
const said: Said = {
  level: 4,
  reason: 'clinical staff missing',
  by: 'practice manager',
  at: fromInstant('2026-11-23T09:17:00Z'),
  until: fromInstant('2026-11-23T13:00:00Z'),
};

describe('what is declared beside what is computed', () => {
  it('says both, by how much they differ, who declared it and until when', () => {
    expect(besideOfSite(said, 2, true, 'practice', now)).toEqual({
      declared: 1,
      higher: 1,
      lower: 0,
      by: 2,
      text: 'The practice says **4**, computed **2**: two levels more; declared at 9:17am by the practice manager: clinical staff missing, until 1pm',
    });
    expect(besideOfSite({ ...said, level: 1 }, 2, true, 'hub', now)).toMatchObject({ higher: 0, lower: 1, by: -1 });
    expect(besideOfSite({ ...said, level: 1 }, 2, true, 'hub', now).text).toMatch(
      /^The hub says \*\*1\*\*, .*: one level less;/,
    );
  });

  it('does not call agreement, closed or unknown a disagreement', () => {
    expect(besideOfSite(said, 4, true, 'practice', now)).toMatchObject({ higher: 0, lower: 0, by: 0 });
    expect(besideOfSite(said, 4, true, 'practice', now).text).toMatch(/^The practice says \*\*4\*\*: as computed;/);
    expect(besideOfSite(said, null, true, 'practice', now)).toMatchObject({ higher: 0, lower: 0, by: null });
    expect(besideOfSite(said, null, true, 'practice', now).text).toContain('computed unknown');
    expect(besideOfSite(said, null, false, 'practice', now).text).toContain('not judged while closed');
  });

  it('names the day of a time that is not today, and no role that was not given', () => {
    const late = { ...said, by: 'role not given', until: said.until + 24 * HOUR };
    expect(besideOfSite(late, 2, true, 'practice', now).text).toMatch(
      /declared at 9:17am: clinical staff missing, until 1pm on Tuesday$/,
    );
  });

  it('counts for a group who declares, and which way', () => {
    expect(besideOfGroup(40, 0, 0, 0)).toBeNull();
    expect(besideOfGroup(40, 3, 2, 1)).toEqual({
      declared: 3,
      higher: 2,
      lower: 1,
      by: null,
      text: '**3 of 40** practices have declared a level: **2** higher than computed, **1** lower than computed',
    });
    expect(besideOfGroup(1, 1, 0, 0)?.text).toBe('**1 of 1** practice has declared a level');
  });
});
