// Express 5 with everything taken out of its way: one handler, no body parser, no `res.json`.

import express from 'express';
import { answer } from './plain.ts';

const app = express();
app.disable('x-powered-by').disable('etag');
app.use(answer);
app.listen(Number(process.env['PORT']), '127.0.0.1');
