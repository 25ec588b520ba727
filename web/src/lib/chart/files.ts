import { keepFile } from '../format/keep-file.ts';
import { csvOf, fileName } from './csv.ts';
import { loadEngine } from './engine.ts';
import { readPalette } from './palette.ts';
import type { Picture } from './picture.ts';
import type { ChartTable } from './table.ts';
import type { ChartAbout } from './types.ts';

/** Saves a chart's numbers as CSV; `at` dates the file. */
export function saveNumbers(table: ChartTable, about: ChartAbout, title: string, at: number): void {
  keepFile(new Blob([csvOf(table, about)], { type: 'text/csv;charset=utf-8' }), fileName(about, title, at, 'csv'));
}

/** Saves a picture in the theme of the screen; false where it could not be made. */
export async function savePicture(picture: Picture): Promise<boolean> {
  try {
    const [engine, { renderPicture }] = await Promise.all([loadEngine(), import('./picture.ts')]);
    const file = await renderPicture(picture, engine, readPalette(document.documentElement));
    const last = picture.lanes[0]?.drawing.to ?? 0;
    if (file) keepFile(file, fileName(picture.about, picture.title, picture.now ?? last, 'png'));
    return file !== null;
  } catch {
    // No engine, or a canvas larger than the browser gives: whoever asked says so where it was asked.
    return false;
  }
}
