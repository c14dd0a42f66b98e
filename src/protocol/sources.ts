// The sources of clients and users (`Source` in types.ts), in lists.

import type { Source } from '../types.ts';

/** Those of clients that speak for themselves. */
export const selfMadeSources = ['registration', 'document'] as const satisfies readonly Source[];

export type SelfMadeSource = (typeof selfMadeSources)[number];

type VouchingSource = Exclude<Source, SelfMadeSource>;

/** Each of the others is somebody here who vouches for a client. All users come from these. */
const VOUCHING: Readonly<Record<VouchingSource, true>> = {
  demo: true,
  seed: true,
  options: true,
  code: true,
  command: true,
};

export const vouchingSources = Object.keys(VOUCHING) as readonly VouchingSource[];

export const sources: readonly Source[] = [...vouchingSources, ...selfMadeSources];

export function isSelfMadeSource(source: unknown): source is SelfMadeSource {
  return (selfMadeSources as readonly unknown[]).includes(source);
}
