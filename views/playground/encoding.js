// @ts-check
// Reads and writes what goes over the wire: JSON, Base64url, JWTs.

/** The fields of a JSON object; none if the text is not one. @param {string} text */
export function parse(text) {
  try {
    return /** @type {Record<string, unknown>} */ (Object(JSON.parse(text)));
  } catch {
    return {};
  }
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(
    /[+/=]/g,
    (character) => ({ '+': '-', '/': '_' })[character] ?? '',
  );
}

/** What nobody can guess. */
export function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** @param {string} text in Base64url @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {string} text */
export async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * What is in a JWT, which anybody can read; none if the text is not one.
 *
 * @param {string} token
 */
export function decodeJwt(token) {
  const [header, claims, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)?.slice(1) ?? [];
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  const read = (/** @type {string} */ piece) => parse(new TextDecoder().decode(bytesOf(piece)));
  return {
    header: read(header),
    claims: read(claims),
    signed: `${header}.${claims}`,
    signature: bytesOf(signature),
  };
}
