// The pictures of clients that pages show. The server fetches them, so that a person's browser does not
// ask the client's host before they have allowed anything.

import type { Request, Response } from 'express';
import { type RasterImage, readRasterImage } from '../clients/raster-image.ts';
import { type FetchSettings, RemoteDocuments, tellOnce } from '../clients/remote-documents.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { send, setHeaders } from '../http/answer.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import { versionOf } from '../pages/shown-client.ts';
import { isVouchedFor } from '../protocol/client.ts';

const PARAMS = { client_id: 256, v: 64 };

/** Milliseconds for which a picture is kept, by this server and by browsers. */
const FRESH = 24 * 3600_000;

/** Bytes that all pictures together take in memory. */
const MAX_KEPT = 16 * 1024 * 1024;

const HEADERS = {
  'Cache-Control': `public, max-age=${FRESH / 1000}`,
  // Nothing in the bytes runs, whatever a browser takes them for.
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export function clientLogo(
  { clients, events }: Pick<Context, 'clients' | 'events'>,
  { allowInternalUrls, limits }: FetchSettings,
): Endpoint {
  const logos = new RemoteDocuments<RasterImage>({
    allowInternalUrls,
    limits,
    accept: 'image/png, image/jpeg, image/webp, image/gif',
    fresh: FRESH,
    maxKept: MAX_KEPT,
    read: readRasterImage,
  });
  const tell = tellOnce((clientId, error) =>
    events.emit('client_url_failed', { clientId, field: 'logo_uri', error }),
  );
  const routes = new Routes();

  routes.all(
    PATHS.clientLogo,
    publicHeaders,
    methods('GET', 'HEAD'),
    async (req: Request, res: Response) => {
      const params = queryParams(req, PARAMS);
      const clientId = params.get('client_id') ?? '';
      const client = await clients.find(clientId, req);
      const uri = client?.logoUri;
      // Browsers keep the picture, so another picture has another URL.
      if (client === undefined || uri === undefined || params.get('v') !== versionOf(uri))
        throw noLogo();
      const { type, content } = await logos
        .at(uri, { byStranger: !isVouchedFor(client) })
        .catch((error: unknown) => {
          if (error instanceof OAuthError) throw error;
          tell(clientId, error);
          throw noLogo();
        });
      setHeaders(res, HEADERS);
      send(res, type, content);
    },
  );
  return { routes };
}

function noLogo(): OAuthError {
  return new OAuthError('invalid_request', 'The client has no logo that can be shown.', {
    status: 404,
  });
}
