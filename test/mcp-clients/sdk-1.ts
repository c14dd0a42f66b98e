// The page by the SDK in its first version.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { run } from './page.ts';

await run((server, authProvider) => {
  const transport = () => new StreamableHTTPClientTransport(server, { authProvider });
  const client = new Client({ name: 'page', version: '1.0.0' });
  return {
    connect: () => client.connect(transport() as Parameters<Client['connect']>[0]),
    finish: (callback) => transport().finishAuth(callback.get('code') ?? ''),
    call: async (name, given) => {
      const { content } = await client.callTool({ name, arguments: given });
      return (content as { text: string }[]).map(({ text }) => text).join('\n');
    },
  };
});
