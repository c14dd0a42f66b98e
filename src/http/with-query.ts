// URLs with parameters.

/** A URL with parameters added to the query that it has, if any. */
export function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`;
}
