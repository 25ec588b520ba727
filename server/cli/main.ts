import { dispatch } from './dispatch.ts';

process.exitCode = await dispatch(process.argv.slice(2), { out: console.log, err: console.error });
