// Routes by their path: the same answers as Express's router gives.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import express, { type RequestHandler } from 'express';
import { Routes } from '../../src/http/routes.ts';
import { openServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

const says =
  (text: string): RequestHandler =>
  (_req, res) => {
    res.end(text);
  };

const fails: RequestHandler = () => {
  throw new Error('at once');
};

const rejects: RequestHandler = async () => {
  throw new Error('later');
};

const marks: RequestHandler = (_req, res, next) => {
  res.setHeader('X-First', 'yes');
  next();
};

describe('routes by their path', async () => {
  const { server, origin } = await openServer();
  const app = express();
  server.on('request', app);

  const heard: string[] = [];
  const one = new Routes();
  one.all('/oauth/token', says('token'));
  one
    .route('/Login')
    .all([marks])
    .get(says('shown'))
    .post((_req, _res, next) => next(), says('taken'));
  const two = new Routes();
  two.all('/fails', fails).onError((error, _req, _res, next) => {
    heard.push(error.message);
    next(error);
  });
  two.all('/rejects', rejects);
  two.all('/rejects/nothing', () => Promise.reject());
  two.all('/', says('home'));
  const routes = Routes.merge([one, two]);
  const answer: RequestHandler = (req, res, next) => routes.answer(req, res, next);
  app.use(answer);
  app.use('/below', answer);
  app.use(says('somebody else'));
  app.use(((error, _req, res, _next) => {
    res.statusCode = 500;
    res.end(error.message);
  }) as express.ErrorRequestHandler);

  const get = async (path: string) => (await http(`${origin}${path}`)).text;

  it('are found with a query, in any case, with one slash more, and below a path', async () => {
    for (const path of ['/oauth/token', '/oauth/token?a=/login', '/OAuth/TOKEN', '/oauth/token/']) {
      assert.equal(await get(path), 'token', path);
      assert.equal(await get(`/below${path}`), 'token', path);
    }
    assert.equal(await get(''), 'home');
    assert.equal(await get('/below'), 'home');
    assert.equal(await get('/login'), 'shown');
  });

  it('are not found by anything else, which goes on to what comes after', async () => {
    const others = ['/oauth/token//', '//oauth/token', '/oauth/tok%65n', '/oauth', '/x/../login2'];
    for (const path of [...others, '/constructor', '/__proto__']) {
      assert.equal(await get(path), 'somebody else', path);
    }
  });

  it('are found if the request has a whole URL in its first line (RFC 9112 section 3.2.2)', async () => {
    const text = await new Promise((resolve, reject) => {
      const asked = request(origin, { path: `${origin}/oauth/token?a=b` }, (res) => {
        let body = '';
        res.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        res.on('end', () => resolve(body));
      });
      asked.on('error', reject).end();
    });
    assert.equal(text, 'token');
  });

  it('hand on in order, by method', async () => {
    const shown = await http(`${origin}/login`);
    assert.deepEqual([shown.text, shown.headers.get('x-first')], ['shown', 'yes']);
    const taken = await http(`${origin}/login`, { method: 'POST' });
    assert.deepEqual([taken.text, taken.headers.get('x-first')], ['taken', 'yes']);
    assert.equal((await http(`${origin}/login`, { method: 'HEAD' })).status, 200);
    const other = await http(`${origin}/login`, { method: 'PUT' });
    assert.equal(other.text, 'somebody else');
  });

  it('pass on what is thrown, at once or later, after their own handler of errors', async () => {
    assert.equal(await get('/fails'), 'at once');
    assert.deepEqual(heard, ['at once']);
    assert.equal(await get('/rejects'), 'later');
    assert.match(await get('/rejects/nothing'), /failed with no reason/);
  });
});

describe('routes that were written wrongly', () => {
  for (const [problem, write] of [
    ['The path of a route is "a", which does not', (routes: Routes) => routes.all('a')],
    [
      'The path of a route is undefined, which',
      (routes: Routes) => routes.route(undefined as never),
    ],
    [
      'The path /a/ has a route already',
      (routes: Routes) => routes.route('/a').get() && routes.route('/a/'),
    ],
    [
      'A handler of /a is undefined, which is not',
      (routes: Routes) => routes.all('/a', undefined as never),
    ],
    [
      'A handler of /a is an object, which is not',
      (routes: Routes) => routes.route('/a').get([{} as never]),
    ],
  ] as const) {
    it(`are refused: ${problem}`, () => {
      const refusal = { name: 'TypeError', message: new RegExp(`^${problem}`) };
      assert.throws(() => write(new Routes()), refusal);
    });
  }
});
