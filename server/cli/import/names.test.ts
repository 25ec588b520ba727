import { expect, test } from 'vitest';
import { networkName, readableName } from './names.ts';

test.each([
  ["ST ANDREW'S MEDICAL PRACTICE", "St Andrew's Medical Practice"],
  ['SWAN LANE MEDICAL CENTRE', 'Swan Lane Medical Centre'],
  ['BRYN ST SURGERY', 'Bryn Street Surgery'],
  ["O'NEILL & MCDONALD", "O'Neill & McDonald"],
  ['GTD HEALTHCARE GP SERVICE OOH', 'GTD Healthcare GP Service OOH'],
  ['EAST PARK MEDICAL CENTRE (RP PANDYA)', 'East Park Medical Centre (RP Pandya)'],
  ['HOCKLEY FARM MED PRACT(A NANA)', 'Hockley Farm Medical Practice (A Nana)'],
  ['DR B MODI', 'Dr B Modi'],
  ['RK MEDICAL PRACTICE', 'RK Medical Practice'],
  ['BROOMFIELD PARK MED.CTR.', 'Broomfield Park Medical Centre'],
  ['THE SURGERY @ AYLESTONE', 'The Surgery @ Aylestone'],
  ['HENLEY-IN-ARDEN MEDICAL CENTRE', 'Henley-in-Arden Medical Centre'],
  ['1ST FLOOR, 42 KINGSWAY', '1st Floor, 42 Kingsway'],
  ['PIKES LANE 1 ', 'Pikes Lane 1'],
  ['VALE OF RED HORSE', 'Vale of Red Horse'],
])('%s reads %s', (capitals, name) => {
  expect(readableName(capitals)).toBe(name);
});

test.each([
  ['SOUTH SEFTON PCN', 'South Sefton'],
  ['BRAMHALL AND CHEADLE HULME PCN LTD', 'Bramhall and Cheadle Hulme'],
  ['APOLLO WARWICKSHIRE NORTH', 'Apollo Warwickshire North'],
  ['BETTER HEALTH MCR PCN', 'Better Health Manchester'],
])('network %s reads %s', (capitals, name) => {
  expect(networkName(capitals)).toBe(name);
});
