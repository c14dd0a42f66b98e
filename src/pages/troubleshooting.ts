// Where a developer reads what an error means: the project's own document.

import { packageJson } from '../package-files.ts';

export interface Document {
  readonly name: string;
  /** Absent as long as package.json names no repository on GitHub. */
  readonly url?: string;
}

/** A document of the project, at the repository that its package.json names, if it names one. */
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
