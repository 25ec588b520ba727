import type { HubStats } from './hub.ts';

/** What the live channels count; the shape is that of /metrics. */
export function liveMeasures(stats: HubStats) {
  const one = (type: 'counter' | 'gauge', name: string, help: string, value: number) => {
    return { name, help, type, samples: [{ value }] };
  };
  return [
    one('gauge', 'headroom_live_clients', 'Connected live clients.', stats.clients),
    one('gauge', 'headroom_live_clients_stale', 'Clients that cannot keep up now.', stats.stale),
    one('gauge', 'headroom_live_rooms', 'Rooms: one text a commit each.', stats.rooms),
    one('gauge', 'headroom_live_replays', 'Replays that are open.', stats.replays),
    one('counter', 'headroom_live_frames_total', 'Frames sent.', stats.frames),
    one('counter', 'headroom_live_bytes_total', 'Characters of frames sent.', stats.bytes),
    one('counter', 'headroom_live_snapshots_total', 'Snapshots begun.', stats.snapshots),
    one('counter', 'headroom_live_staled_total', 'Times a client fell behind and was dropped to stale.', stats.staled),
    one('counter', 'headroom_live_ended_total', 'Clients ended because nothing left for too long.', stats.ended),
    one('counter', 'headroom_live_refused_total', 'Bad requests answered by an error frame.', stats.refused),
  ];
}
