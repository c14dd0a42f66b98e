// The document in which a developer can read what an error means.

import { packageJson } from '../package-files.ts';

interface Document {
  readonly name: string;
  /** Absent if package.json names no repository on GitHub. */
  readonly url?: string;
}

/** A document of the project, with its URL in the repository that package.json names. */
export function documentOf(
  name: string,
  { repository }: { readonly repository?: unknown },
): Document {
  const url = (repository as { url?: unknown } | undefined)?.url ?? repository;
  const [, home] =
    /^(?:git\+)?(https:\/\/github\.com\/[\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(String(url)) ?? [];
  return home === undefined ? { name } : { name, url: `${home}/blob/HEAD/${name}` };
}

export const troubleshooting = documentOf('docs/troubleshooting.md', packageJson);
