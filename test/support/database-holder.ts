import { pino } from 'pino';
import { startEmbedded } from '../../server/store/embedded.ts';

/** A process that runs an embedded database in `argv[2]`, says its process id, and waits to be killed. */
const database = await startEmbedded({ folder: process.argv[2] ?? '', logger: pino({ level: 'silent' }) });
process.stdout.write(`${database.pid}\n`);
setInterval(() => undefined, 60_000);
