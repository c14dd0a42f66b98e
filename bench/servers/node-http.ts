// The floor: node:http alone, with the Maps of maps.ts. Nothing on Node that does this work costs
// much less.

import { createServer } from 'node:http';
import { answer } from './plain.ts';

createServer(answer).listen(Number(process.env['PORT']), '127.0.0.1');
