// Starts the API. Its settings come from the environment; README.md lists them.

import { createApi } from './api.ts';

const { env } = process;
const host = env['HOST'] ?? '127.0.0.1';
const port = Number(env['PORT'] ?? 4002);
const issuer = env['ISSUER'] ?? 'http://localhost:4001';
const resource = env['RESOURCE'] ?? `http://localhost:${port}/api`;
const verify = env['VERIFY'] ?? 'jwks';

if (verify !== 'jwks' && verify !== 'introspection') {
  process.stderr.write(`VERIFY is "${verify}". Set it to jwks or introspection.\n`);
  process.exit(1);
}

// #region two-ways
const byKeySet = { issuer, resource };
const byIntrospection = {
  ...byKeySet,
  clientId: env['API_ID'] ?? 'appointments-api',
  clientSecret: env['API_SECRET'] ?? 'the-secret-of-the-api',
  introspectionTtl: 0,
};
const api = createApi(verify === 'jwks' ? byKeySet : byIntrospection);
// #endregion

api.listen(port, host, (error) => {
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
