// The same API as a function from Request to Response, as Hono, Next.js and others take it.

import {
  checkToken,
  OAuthError,
  type RequireTokenOptions,
} from '../../src/resource-server/index.ts';
import { appointmentsOf } from './appointments.ts';

/** @param api the API and its authorization server, and for introspection the API's secret there */
export function createGet(api: RequireTokenOptions): (request: Request) => Promise<Response> {
  // #region check
  const check = checkToken({ ...api, scope: 'read' });

  async function GET(request: Request): Promise<Response> {
    try {
      const { user, client } = await check(request.headers.get('authorization'));
      const owner = user.id === undefined ? `client:${client.id}` : `person:${user.id}`;
      return Response.json({ appointments: appointmentsOf(owner) });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const headers = { ...error.headers, 'Cache-Control': 'no-store' };
      return Response.json(error.body(), { status: error.status, headers });
    }
  }
  // #endregion
  return GET;
}
