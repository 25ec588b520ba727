import type { FeedEntry } from './feed-entry.ts';
import type { YamlFile } from './read-yaml.ts';
import type { FeedsFile } from './feed-entry.ts';

/** Reports a fault of one feed at the line of one of its settings, or of something within it. */
export type Wrong = (at: keyof FeedEntry | readonly [keyof FeedEntry, ...(string | number)[]], message: string) => void;

export type FeedsYaml = YamlFile<FeedsFile>;
