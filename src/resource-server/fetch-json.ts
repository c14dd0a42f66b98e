// Requests to the authorization server: metadata, keys, introspection.
//
// The operator names the server, so its address may be an internal one. What its metadata names is
// checked in remote-issuer.ts.

/** Largest answer, in bytes. */
const MAX_BODY = 128 * 1024;

/** Milliseconds for the whole exchange. */
const TIMEOUT = 5000;

/** The authorization server is away, or what it answers is of no use. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/**
 * Sends a request; no redirect is followed.
 *
 * @returns the status, and the body if that is 200 and it is JSON: a page that says that nothing is there
 *   may be of any size
 * @throws IssuerUnavailable that says what was wrong, for the operator
 */
export async function fetchJson(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown }> {
  const headers = { accept: 'application/json', ...(init.headers as Record<string, string>) };
  const signal = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' });
    const { status } = response;
    if (status === 200) return { status, body: asJson(await textOf(response)) };
    await response.body?.cancel();
    return { status, body: undefined };
  } catch (cause) {
    const { message, cause: deeper } = cause as Error;
    const why = deeper instanceof Error ? deeper.message || String(deeper) : message;
    throw new IssuerUnavailable(`${url} cannot be read: ${why}`, { cause });
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error(`the answer has more than ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
