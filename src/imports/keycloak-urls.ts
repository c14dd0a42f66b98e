// The URLs of a client in Keycloak, which may be relative there, or stand for many.

import { type Plain, textOf } from './plain.ts';

/** Those that are good here: whole, and without a wildcard. */
export function urisOf(
  client: Plain,
  uris: readonly string[],
  remark: (what: string) => void,
): string[] {
  return uris.flatMap((uri) => {
    if (uri.includes('*')) {
      remark(`has ${uri}, and there are no wildcards here: register each URI as it is`);
      return [];
    }
    const whole = absolute(client, uri);
    if (whole === undefined)
      remark(`has ${uri}, which is no whole URI, and no root URL to go with it`);
    return whole ?? [];
  });
}

export function absolute(client: Plain, url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (/^[a-z][\w.+-]*:/i.test(url)) return url;
  const root = textOf(client, 'rootUrl');
  if (root === undefined || root.startsWith('${') || !url.startsWith('/')) return undefined;
  return `${root.replace(/\/+$/, '')}${url}`;
}

export function afterLogout(
  client: Plain,
  attributes: Plain,
  redirectUris: readonly string[],
  remark: (what: string) => void,
): string[] | undefined {
  const said = textOf(attributes, 'post.logout.redirect.uris');
  if (said === undefined || said === '-') return undefined;
  const uris = said.split('##').filter(Boolean);
  const others = urisOf(
    client,
    uris.filter((uri) => uri !== '+'),
    remark,
  );
  const all = [...new Set([...(uris.includes('+') ? redirectUris : []), ...others])];
  return all.length > 0 ? all : undefined;
}
