import { QUARTER } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { drawingOf } from '../chart/drawing.ts';
import type { PictureRun } from '../chart/picture-parts.ts';
import type { Picture } from '../chart/picture.ts';
import { columnsOf, tableOf, type ChartTable } from '../chart/table.ts';
import type { ChartAbout } from '../chart/types.ts';
import { runsOfDay } from '../format/day.ts';
import { dayStart, quarterOf } from '../format/time.ts';
import type { LaneData } from './lane-data.ts';
import type { DayWindow } from './window.ts';

/** All lanes of a day as one table by quarter hour, each column named by its lane. */
export function dayTable(data: readonly LaneData[], now: number): ChartTable {
  const columns = data.flatMap(({ lane, lines, bars, usual, forecast, estimated, say, missing }) => {
    const title = lane.title.toLowerCase();
    const named =
      lines.length === 1
        ? lines.map((line) => ({ ...line, label: `${lane.title}${estimated ? ' (estimated)' : ''}` }))
        : lines;
    const band = <T extends { readonly label: string }>(found: T | undefined) =>
      found ? { ...found, label: `${found.label} ${title}` } : undefined;
    return columnsOf(
      { lines: named, bars, usual: band(usual), forecast: band(forecast) },
      { measure: lane.measure, say, missing },
    );
  });
  return tableOf(columns, now, QUARTER);
}

/** All lanes of a day as one picture, its levels above them. */
export function dayPicture(
  data: readonly LaneData[],
  { unit, window: { from, to }, now, about }: { unit: Unit; window: DayWindow; now: number; about: ChartAbout },
): Picture {
  return {
    title: 'Today',
    about,
    now,
    strip: levelRuns(unit.day, { from, to }, now),
    lanes: data.map(({ lane, lines, bars, usual, forecast, marks, step, hour, sayAxis }) => ({
      title: lane.title,
      weight: lane.weight,
      marks,
      drawing: drawingOf({
        ...{ from, to, now, lines, bars, usual, forecast, barStep: step, hour, sayAxis, atLeast: 4 },
        steps: lane.weight > 3 ? 4 : 2,
        partial: lane.form !== 'hours',
      }),
    })),
  };
}

function levelRuns(day: string, { from, to }: DayWindow, now: number): readonly PictureRun[] {
  const start = dayStart(now);
  const [first, last] = [from, to].map((at) => Math.floor((at - start) / QUARTER));
  return runsOfDay(day, first ?? 0, last ?? 0, quarterOf(now)).map((run) => ({
    from: start + run.from * QUARTER,
    to: Math.min(now, start + run.to * QUARTER),
    level: run.level === 0 ? null : run.level,
  }));
}
