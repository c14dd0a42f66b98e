// A page that connects its person to an MCP server, by an SDK that nobody here wrote. It keeps what the
// SDK wants kept, and shows what a tool answers. What it connects to is in the URL of the first visit.

/** What of the SDKs differs. */
export interface Connection {
  connect(): Promise<void>;
  /** After the person has come back. */
  finish(callback: URLSearchParams): Promise<void>;
  call(tool: string, given: Record<string, unknown>): Promise<string>;
}

const KEPT = ['client', 'tokens', 'verifier', 'discovery'] as const;

type Kept = (typeof KEPT)[number];

// biome-ignore lint/suspicious/noExplicitAny: what it is only the SDK that keeps it knows
function kept(name: Kept | 'state' | 'server' | 'wanted' | 'as'): any {
  return JSON.parse(sessionStorage.getItem(name) ?? 'null') ?? undefined;
}

function keep(name: Kept | 'state' | 'server' | 'wanted' | 'as', value: unknown): void {
  sessionStorage.setItem(name, JSON.stringify(value));
}

const FORGOTTEN: Record<string, readonly Kept[]> = {
  all: KEPT,
  client: ['client'],
  tokens: ['tokens'],
  verifier: ['verifier'],
  discovery: ['discovery'],
};

/** What both SDKs call an OAuthClientProvider. */
export class Provider {
  readonly redirectUrl = `${location.origin}/callback`;
  /** The URL of a document about this page, if it goes by that. */
  readonly clientMetadataUrl: string = kept('as')?.document;
  readonly clientMetadata = {
    client_name: 'A Page',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native' as const,
  };
  state(): string {
    keep('state', crypto.randomUUID());
    return kept('state');
  }
  clientInformation() {
    return kept('client');
  }
  saveClientInformation(client: object): void {
    keep('client', client);
  }
  tokens() {
    return kept('tokens');
  }
  saveTokens(tokens: object): void {
    keep('tokens', tokens);
  }
  redirectToAuthorization(url: URL): void {
    location.assign(url);
  }
  saveCodeVerifier(verifier: string): void {
    keep('verifier', verifier);
  }
  codeVerifier(): string {
    return kept('verifier');
  }
  saveDiscoveryState(discovery: object): void {
    keep('discovery', discovery);
  }
  discoveryState() {
    return kept('discovery');
  }
  invalidateCredentials(what: string): void {
    for (const name of FORGOTTEN[what] ?? []) sessionStorage.removeItem(name);
  }
}

function show(text: string): void {
  document.querySelector('output')!.textContent = text;
}

/** Runs the page: what was wanted before the person was sent away is done once they are back. */
export async function run(open: (server: URL, provider: Provider) => Connection): Promise<void> {
  const params = new URLSearchParams(location.search);
  if (params.has('server')) {
    sessionStorage.clear();
    keep('server', params.get('server'));
    keep('as', Object.fromEntries(params));
    if (params.has('client_id')) keep('client', { client_id: params.get('client_id') });
  }
  const attempt = async () => {
    try {
      const connection = open(new URL(kept('server')), new Provider());
      if (location.pathname === '/callback') {
        const callback = new URLSearchParams(location.search);
        if (callback.get('state') !== kept('state')) throw new Error('not what was asked for');
        history.replaceState(null, '', '/');
        await connection.finish(callback);
      }
      await connection.connect();
      const [tool, given] = kept('wanted') ?? [];
      show(tool === undefined ? 'Connected.' : await connection.call(tool, given));
      sessionStorage.removeItem('wanted');
    } catch (error) {
      // The person is about to leave for the authorization server.
      if ((error as Error).constructor.name.includes('Unauthorized')) return;
      show(`Failed: ${(error as Error).message}`);
    }
  };
  for (const button of document.querySelectorAll('button')) {
    button.addEventListener('click', () => {
      keep('wanted', JSON.parse(button.value));
      show('');
      void attempt();
    });
  }
  await attempt();
}
