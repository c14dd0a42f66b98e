// RFC 9728: the resources that `protect()` guards, each with the scopes its routes ask for.

import { metadataUrlOf } from '../protocol/resource.ts';

/** What is known of a resource that is guarded. */
interface Guarded {
  /** The URL of its metadata (section 3.1); a resource that is not an http URL has none. */
  readonly url: URL | undefined;
  readonly scopes: Set<string>;
}

/** What its metadata says of a resource. */
export interface GuardedResource {
  readonly resource: string;
  readonly scope: readonly string[];
}

export class GuardedResources {
  readonly #resources = new Map<string, Guarded>();

  /** @returns the URL of the resource's metadata, if it can have any */
  add(resource: string, scope: readonly string[]): string | undefined {
    const known = this.#resources.get(resource);
    const guarded = known ?? { url: metadataUrlOf(resource), scopes: new Set() };
    for (const word of scope) guarded.scopes.add(word);
    this.#resources.set(resource, guarded);
    return guarded.url?.href;
  }

  /**
   * The resource whose metadata stands at a path, with its scopes. Of several, the one with that
   * host and query; a proxy may have changed the host, so it need not match.
   */
  at(host: string, path: string, query: string): GuardedResource | undefined {
    const here = [...this.#resources].filter(([, { url }]) => url?.pathname === path);
    const found =
      here.find(([, { url }]) => url?.host === host && url.search === query) ??
      here.find(([, { url }]) => url?.host === host) ??
      here.find(([, { url }]) => url?.search === query) ??
      here[0];
    return found && { resource: found[0], scope: [...found[1].scopes] };
  }
}
