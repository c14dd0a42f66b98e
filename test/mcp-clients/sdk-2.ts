// The page by the SDK in its second version.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { run } from './page.ts';

await run((server, authProvider) => {
  const transport = () => new StreamableHTTPClientTransport(server, { authProvider });
  const client = new Client({ name: 'page', version: '1.0.0' });
  return {
    connect: () => client.connect(transport()),
    finish: (callback) => transport().finishAuth(callback),
    call: async (name, given) => {
      const { content } = await client.callTool({ name, arguments: given });
      return (content as { text: string }[]).map(({ text }) => text).join('\n');
    },
  };
});
