import { mapped } from './mapped.ts';

/** Any table with a line of headings: the expression sees a list of rows, every cell a text. */
export const mappedCsv = mapped('mapped-csv', 'csv');
