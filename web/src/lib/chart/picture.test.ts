import { describe, expect, it } from 'vitest';
import { drawingOf } from './drawing.ts';
import { footWords, layoutOf } from './picture.ts';

const NINE = Date.UTC(2026, 0, 12, 9);
const drawing = drawingOf({ from: NINE, to: NINE + 3_600_000, sayAxis: String });
const about = { subject: 'Swan Lane', measure: 'calls', source: 'Norhall Telecom', simulated: true, newest: NINE };

describe('a picture of a chart', () => {
  it('gives each plot its share of the height, one beneath the other', () => {
    const { plots, height, foot } = layoutOf({
      lanes: [
        { title: 'a', drawing, weight: 3 },
        { title: 'b', drawing, weight: 1 },
      ],
      strip: [],
    });
    const [a, b] = plots;
    expect(a?.height).toBe(300);
    expect(b?.height).toBe(100);
    expect(b?.top).toBeGreaterThan((a?.top ?? 0) + 300);
    expect(foot).toBeLessThan(height);
  });

  it('says where its numbers are from, how old they are, and that they are simulated', () => {
    const [source, mark] = footWords({ about, now: NINE + 90_000 });
    expect(source).toBe('Source: Norhall Telecom · newest from 9am, 2 min old · made at 9:01am, Monday 12 January');
    expect(mark).toContain('simulated');
    expect(footWords({ about: { ...about, simulated: false, newest: null }, now: null }).join(' ')).not.toContain(
      'imulated',
    );
  });
});
