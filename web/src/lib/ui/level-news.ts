import { levelWord, type Level } from '$shared/model/level-words';

/** A level that has just changed. */
export interface LevelNews {
  readonly name: string;
  /** Null: unknown. */
  readonly level: Level | null;
}

/** As it is spoken: each unit once, with what it is now; beyond `most` only how many. */
export function sayLevels(news: readonly LevelNews[], most = 3): string {
  const last = new Map(news.map(({ name, level }) => [name, level]));
  const said = [...last].slice(0, most).map(([name, level]) => `${name}: ${sayLevel(level)}`);
  const more = last.size - said.length;
  return [...said, ...(more > 0 ? [`And ${more} more`] : [])].join('. ');
}

function sayLevel(level: Level | null): string {
  return level === null ? 'level unknown' : `level ${level}, ${levelWord(level)}`;
}
