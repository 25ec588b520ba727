import type { MetricName } from '#shared/model/metrics.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import { dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import type { DayProfile } from './day-profile.ts';
import { createLocalMoments } from './day-type.ts';
import { LEARNED } from './learned-metrics.ts';
import type { PublishedNormal } from './published.ts';

/** Own normals, as far as they are learned, before what the published months expect. */
export interface Normals extends PublishedNormal {
  readonly metrics: ReadonlySet<MetricName>;
  /** Holds a day's profile; it counts from its `from` on. One already held for that day is kept: values stand for the day. */
  install(profile: DayProfile): void;
  /** Forgets the days that ended more than an hour before `at`. */
  forget(at: EpochMs): void;
  held(day: EpochMs): DayProfile | undefined;
  about(site: string, metric: MetricName, at: EpochMs): NormalAbout | null;
  /** What the published months say alone. */
  readonly published: PublishedNormal;
}

const ABOUT_OWN_MONTHS: NormalAbout = { source: 'published', days: 0, label: 'expected from published months' };
const ABOUT_LIKE_MONTHS: NormalAbout = {
  source: 'published',
  days: 0,
  label: 'expected from the published months of practices of like size',
};

/**
 * The normal that the board asks: profiles change at the turn of a London day (or at a stated later moment), so that living
 * through the same hours again gives the same values.
 */
export function createNormals(published: PublishedNormal): Normals {
  const moment = createLocalMoments();
  let profiles: readonly DayProfile[] = [];
  const either: ReadonlySet<MetricName> = new Set([...published.metrics, ...LEARNED]);
  const profileAt = (at: EpochMs): DayProfile | undefined => {
    for (let i = 0; i < profiles.length; i += 1) {
      const profile = profiles[i];
      if (profile !== undefined && at >= profile.from && at < profile.end) return profile;
    }
    return undefined;
  };
  const learned = (site: string, metric: MetricName, at: EpochMs): number => {
    const profile = profileAt(at);
    return profile === undefined ? NaN : profile.value(site, metric, moment(at).minute);
  };
  return {
    label: published.label,
    published,
    get metrics() {
      return profiles.length > 0 ? either : published.metrics;
    },
    usual(site, metric, at) {
      const own = learned(site, metric, at);
      return Number.isNaN(own) ? published.usual(site, metric, at) : own;
    },
    about(site, metric, at) {
      if (!Number.isNaN(learned(site, metric, at))) return profileAt(at)?.about(site, metric) ?? null;
      if (published.usual(site, metric, at) === null) return null;
      return published.basis(site) === 'peers' ? ABOUT_LIKE_MONTHS : ABOUT_OWN_MONTHS;
    },
    usualBetween: published.usualBetween,
    usualSeries: published.usualSeries,
    basis: published.basis,
    install(profile) {
      if (profiles.some(({ day }) => day === profile.day)) return;
      profiles = [...profiles, profile].sort((a, b) => b.day - a.day);
    },
    forget(at) {
      profiles = profiles.filter(({ end }) => end > at - HOUR);
    },
    held: (day) => profiles.find((profile) => profile.day === dayStart(day)),
  };
}
