// Starts the API. Its settings come from the environment; README.md lists them.

import { type Check, createApi } from './api.ts';
import { byIntrospection } from './introspection.ts';
import { byKeySet } from './jwks.ts';

const { env } = process;
const host = env['HOST'] ?? '127.0.0.1';
const port = Number(env['PORT'] ?? 4002);
const issuer = env['ISSUER'] ?? 'http://localhost:4001';
const resource = env['RESOURCE'] ?? `http://localhost:${port}/api`;
const verify = env['VERIFY'] ?? 'jwks';

const WAYS: Record<string, () => Check> = {
  jwks: () => byKeySet({ issuer, resource }),
  introspection: () =>
    byIntrospection({
      issuer,
      resource,
      clientId: env['API_ID'] ?? 'appointments-api',
      clientSecret: env['API_SECRET'] ?? 'the-secret-of-the-api',
    }),
};

const check = WAYS[verify]?.();
if (check === undefined) {
  process.stderr.write(`VERIFY is "${verify}". Set it to jwks or introspection.\n`);
  process.exit(1);
}

createApi({ issuer, resource, check }).listen(port, host, (error) => {
  if (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    process.stderr.write(
      isTaken
        ? `Port ${port} on ${host} is in use. Stop what runs there, or set PORT.\n`
        : `The API cannot listen: ${error.message}\n`,
    );
    process.exit(1);
  }
  process.stdout.write(
    `The API is running at ${resource}/appointments, its tokens checked by ${verify}\n`,
  );
});
