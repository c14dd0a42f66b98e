// Devices that ask to be let in (RFC 8628).

import { http } from './http.ts';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A client of devices, for a seed. */
export const TV = {
  client_id: 'tv',
  client_name: 'Living Room TV',
  grant_types: [DEVICE_GRANT, 'refresh_token'],
  token_endpoint_auth_method: 'none',
  scope: 'read write',
};

/** RFC 8628 section 3.2. */
export interface DeviceAnswer {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
}

/** What a public client is told that asks for codes. */
export async function askForCodes(
  { issuer }: { readonly issuer: string },
  form: Record<string, string> = {},
): Promise<DeviceAnswer> {
  const answer = await http(`${issuer}/oauth/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: TV.client_id, ...form }),
  });
  if (answer.status !== 200) throw new Error(`No codes, but ${answer.status}: ${answer.text}`);
  return answer.json;
}
