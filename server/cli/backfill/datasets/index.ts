import type { Dataset } from '../dataset.ts';
import { cbtDayTime, cbtPractice } from './cbt.ts';
import { gpadDaily, gpadPractice } from './gpad.ts';
import { onlineConsultations } from './online.ts';
import { iucAdc, nhs111Daily } from './urgent.ts';

export const DATASETS: readonly Dataset[] = [
  gpadPractice,
  gpadDaily,
  cbtPractice,
  cbtDayTime,
  onlineConsultations,
  nhs111Daily,
  iucAdc,
];
