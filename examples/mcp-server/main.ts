// An MCP server in a process of its own, for an authorization server anywhere. Its settings come from
// the environment; README.md lists them.

import express from 'express';
import { cors, requireToken, resourceMetadata } from '../../src/resource-server/index.ts';
import { mcpEndpoint } from './endpoint.ts';

const { env } = process;
const host = env['HOST'] ?? '127.0.0.1';
const port = Number(env['PORT'] ?? 4005);
const issuer = env['ISSUER'] ?? 'http://localhost:4001';
const resource = env['RESOURCE'] ?? `http://localhost:${port}/mcp`;

const app = express();
app.use(resourceMetadata({ issuer, resource, scope: 'read write' }));
const guard = (...scope: string[]) => requireToken({ issuer, resource, scope });
app.all('/mcp', cors('GET', 'POST'), mcpEndpoint(guard));

app.listen(port, host, (error) => {
  if (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    process.stderr.write(
      isTaken
        ? `Port ${port} on ${host} is in use. Stop what runs there, or set PORT.\n`
        : `The MCP server cannot listen: ${error.message}\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`The MCP server is running at ${resource}\n`);
});
