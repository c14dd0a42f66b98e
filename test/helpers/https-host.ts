// A host that answers by https, as those do whose URLs a client's record may name.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { listen } from './harness.ts';

/** Why no test with such a host can run; `false` if it can. */
export function httpsMissing(): string | false {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'no openssl found';
  }
}

/** A self-signed certificate for localhost, and its key: their files in a folder. */
export function makeCertificate(folder: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const about = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-days', '1', '-out', cert, '-keyout', key];
  execFileSync('openssl', ['req', '-x509', ...kind, ...about, ...files], { stdio: 'ignore' });
  return { cert, key };
}

export interface HttpsHost {
  /** `https://localhost:<port>` */
  readonly origin: string;
  /** The paths that were asked for. */
  readonly asked: string[];
}

/** What all of them in this process show: to have Node read what it trusts takes longer than their tests. */
let pair: { readonly cert: string; readonly key: string } | undefined;

function trustedPair() {
  if (pair !== undefined) return pair;
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const files = makeCertificate(folder, 'localhost');
  pair = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  rmSync(folder, { recursive: true });
  setDefaultCACertificates([...getCACertificates(), pair.cert]);
  return pair;
}

/** Starts one that this process trusts, until the test file ends. */
export async function httpsHost(answer: RequestListener): Promise<HttpsHost> {
  const asked: string[] = [];
  const server = createServer(trustedPair(), (req, res) => {
    asked.push(req.url ?? '');
    answer(req, res);
  });
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, asked };
}
