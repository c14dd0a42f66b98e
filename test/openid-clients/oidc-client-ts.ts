// A page without a server of its own that signs people in with oidc-client-ts, as its documentation has
// it. A bundler makes its script.

import { UserManager } from 'oidc-client-ts';

const { authority, clientId } = document.documentElement.dataset;
const here = location.origin;

const manager = new UserManager({
  authority: authority!,
  client_id: clientId!,
  redirect_uri: `${here}/callback`,
  post_logout_redirect_uri: `${here}/signed-out`,
  scope: 'openid profile email',
  loadUserInfo: true,
});

const show = (text: string) => {
  document.querySelector('output')!.textContent = text;
};

const ACTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  'sign in': () => manager.signinRedirect(),
  async renew() {
    const before = (await manager.getUser())?.access_token;
    const user = await manager.signinSilent();
    show(
      user !== null && user.access_token !== before ? `renewed for ${user.profile.name}` : 'not',
    );
  },
  async revoke() {
    await manager.revokeTokens();
    show('revoked');
  },
  'sign out': () => manager.signoutRedirect(),
};

for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => {
    show('');
    ACTIONS[button.value]!().catch((error: Error) => show(`failed: ${error.message}`));
  });
}

async function arrive(): Promise<void> {
  if (location.pathname === '/signed-out') return show('signed out');
  if (location.pathname !== '/callback') return;
  const user = await manager.signinCallback();
  show(`${user?.profile.name}, ${user?.profile.email}`);
}

arrive().catch((error: Error) => show(`failed: ${error.message}`));
