// Every word on the pages, in English; the other languages have the same keys. A key is the page and
// the place. `{name}` stands for what is filled in. A key that ends in `.one` is for a count of one,
// and has a sister that ends in `.other`.

export const en = {
  'layout.promise': 'Apps that use this server never see your password.',

  'common.errorTitle': 'Error: {title}',
  'common.signedInAs': 'Signed in as',
  'common.useAnother': 'Use another account',
  'common.signOut': 'Sign out',
  'common.cancel': 'Cancel',
  'common.newTab': '(opens in a new tab)',

  'login.title': 'Sign in',
  'login.heading': 'Sign in',
  'login.toContinue': 'to continue to {client}',
  'login.username': 'Username',
  'login.password': 'Password',
  'login.submit': 'Sign in',
  'login.demo': 'Demo account: {username} / {password}',
  'login.noCookie':
    'Your browser did not send our cookie. Please allow cookies for this site and try again.',
  'login.outOfDate': 'This page was out of date. Please sign in again.',
  'login.invalid': 'The username or password is not valid. Please check both.',
  'login.missing': 'Please enter your username and your password.',
  'login.wrong': 'The username or the password is not right.',
  'login.tooMany.one': 'Too many attempts. Please try again in a minute.',
  'login.tooMany.other': 'Too many attempts. Please try again in {count} minutes.',

  'consent.title': 'Allow {client}?',
  'consent.question': 'Allow {client} to use your account?',
  'consent.questionIdentity': 'Let {client} know that it is you?',
  'consent.scopes': 'The app will be able to',
  'consent.at': 'At {resources}',
  'consent.identityOnly':
    'The app learns that you signed in here, and nothing more. It cannot see or change anything in your account.',
  'consent.remembered': 'You allowed this app before.',
  'consent.noAccess':
    'You can say no: if you cancel, the app gets no access. Either way you return to {place}.',
  'consent.noNewAccess':
    'You can say no: if you cancel, the app gets no new access. Either way you return to {place}.',
  'consent.noIdentity':
    'You can say no: if you cancel, the app learns nothing about you. Either way you return to {place}.',
  'consent.allow': 'Allow',
  'consent.outOfDate': 'This page was out of date. Please look at it again and decide.',
  'consent.choose': 'Please choose {cancel} or {allow}.',

  'signedIn.title': 'Signed in',
  'signedIn.heading': 'You are signed in',

  'signedOut.title': 'Signed out',
  'signedOut.heading': 'You are signed out',
  'signedOut.lede': 'If you share this computer, close the browser window as well.',
  'signedOut.again': 'Sign in again',

  'error.request.heading': 'This sign-in cannot go on',
  'error.request.message': 'The app that sent you here made a mistake in its request.',
  'error.request.action':
    'Go back to the app and try again. If that does not help, show this page to the people who make it.',
  'error.unknownClient.heading': 'We do not know this app',
  'error.unknownClient.message':
    'The app that sent you here is not registered with this server, so nobody can sign in to it here.',
  'error.unknownClient.action':
    'Go back to the app and try again. If that does not help, show this page to the people who make it.',
  'error.redirectUri.heading': 'We cannot send you back to this app',
  'error.redirectUri.message':
    'The app wants you to return to an address that is not registered for it. It may be a mistake, or somebody may be after your account.',
  'error.redirectUri.action':
    'Nothing was sent to that address. If you trust the app, go back to it and try again, or show this page to the people who make it.',
  'error.over.heading': 'This sign-in is over',
  'error.over.message': 'It was finished, or it took too long.',
  'error.over.action': 'Go back to the app and start again.',
  'error.tooMany.heading': 'Please wait a moment',
  'error.tooMany.message': 'There were too many attempts from here.',
  'error.tooMany.action': 'Try again later.',
  'error.notFound.heading': 'There is nothing here',
  'error.notFound.message': 'The address may be mistyped, or the page may have moved.',
  'error.notFound.action': 'Check the address, or start at the home page.',
  'error.unavailable.heading': 'Please try again in a moment',
  'error.unavailable.message': 'The server cannot answer just now. It is not your fault.',
  'error.unavailable.action': 'Wait a little, then load this page again.',
  'error.failure.heading': 'Something failed on our side',
  'error.failure.message': 'It is not your fault.',
  'error.failure.action':
    'Try again in a moment. If it happens again, ask the people who run this server, and give them the request id below.',
  'error.home': 'To the home page',
  'error.forDeveloper': 'For the developer of the app',
  'error.forHelp': 'If you ask for help',
  'error.code': 'Error',
  'error.sent': 'Sent',
  'error.registered': 'Registered',
  'error.requestId': 'Request id',
  'error.document': 'What each error means and what to change: {document}',

  'home.title': 'Home',
  'home.heading': 'This is an OAuth 2.0 authorization server',
  'home.lede':
    'It signs people in, asks them what an app may do, and gives the app an access token for your API. No app ever sees a password.',
  'home.issuer': 'Issuer',
  'home.signedOut': 'You are not signed in.',
  'home.signIn': 'Sign in',
  'home.try': 'Try it',
  'home.trySignIn': 'Sign in the way an app would send you',
  'home.tryAs': 'Sign in as {username} with the password {password} and choose {allow}.',
  'home.tryReturn': 'You return to the app with a {code} in the address.',
  'home.tryButton': 'Try the sign-in',
  'home.getToken': 'Get an access token',
  'home.useToken': 'Use it',
  'home.demo': 'Demo data',
  'home.client': 'Client',
  'home.clientId': 'Client id',
  'home.secret': 'Secret',
  'home.noSecret': 'None, it is a public client',
  'home.grants': 'Grants',
  'home.redirectUri': 'Redirect URI',
  'home.users.one': 'User',
  'home.users.other': 'Users',
  'home.username': 'Username',
  'home.password': 'Password',
  'home.demoOnly': 'Demo clients and users exist only outside production.',
  'home.endpoints': 'Endpoints',
  'home.method': 'Method',
  'home.path': 'Path',
  'home.what': 'What it does',
  'home.authorize': 'A client sends a person here to sign in and allow access',
  'home.token': 'A client gets its tokens here',
  'home.revoke': 'A client gives a token back',
  'home.introspect': 'A resource server asks what a token is worth',
  'home.jwks': 'The public keys of this server',
  'home.discovery': 'Everything a client needs to know of this server',
  'home.login': 'Sign in',
  'home.logout': 'Sign out',
  'home.account': 'Which apps have access to an account, and where it is signed in',
  'home.protected': 'A protected resource: needs an access token',

  'callback.title': 'A code for the client',
  'callback.titleWithout': 'No code',
  'callback.heading': 'You are back at the app, and it has a code',
  'callback.headingWithout': 'You are back at the app, without a code',
  'callback.lede':
    'This page stands for the app. In the address above, the server gave it a code that works once, for a short time. The app now sends the code to the token endpoint, with its secret and its code verifier, and gets its tokens.',
  'callback.ledeWithout':
    'This page stands for the app. The server told it in the address above why there is no code, and an app should say so in its own words.',
  'callback.next': 'What comes next',
  'callback.exchange': 'Exchange the code for tokens',
  'callback.twice': 'Run it a second time',
  'callback.twiceWhy':
    'A code that is used twice may have been stolen: the server refuses it, and ends what came of it.',
  'callback.lookUp': 'Look the error up',
  'callback.restart': 'Start again',
  'callback.restartWhy': 'You are signed in now, and what you allowed is remembered.',
  'callback.restartButton': 'Try the sign-in again',
  'callback.received': 'What the app received',
  'callback.answer': 'Answer',
  'callback.home': 'Home',

  'account.title': 'Your account',
  'account.hint': 'You can take this back later in your account.',
  'account.now': 'just now',
  'account.outOfDate': 'This page was out of date, so nothing was changed. Please try again.',

  'account.apps': 'Apps with access',
  'account.apps.none': 'No app has access to your account.',
  'account.app.can': 'The app can',
  'account.app.at': 'At {resource}',
  'account.app.identity': 'The app knows that it is you, and can do nothing else.',
  'account.app.idle': 'It has no access at the moment, but may get it again without asking you.',
  'account.app.since': 'Allowed',
  'account.app.lastUsed': 'Last used',
  'account.app.remove': 'Remove access',
  'account.app.removed': '{client} no longer has access to your account.',

  'account.remove.title': 'Remove the access of {client}?',
  'account.remove.effect': 'The app loses its access to your account at once, on all your devices.',
  'account.remove.kept': 'What it has copied already stays with it.',
  'account.remove.again':
    'This cannot be undone. If you use the app again later, it has to ask you again.',

  'account.sessions': 'Where you are signed in',
  'account.sessions.only': 'You are signed in nowhere else.',
  'account.sessions.endOthers': 'Sign out everywhere else',
  'account.sessions.othersEnded': 'You are signed out everywhere else.',
  'account.session.current': 'This browser',
  'account.session.on': '{browser} on {system}',
  'account.session.unknown': 'Unknown browser',
  'account.session.unknownOn': 'Unknown browser on {system}',
  'account.session.signedIn': 'Signed in',
  'account.session.seen': 'Last seen',
  'account.session.end': 'Sign out',
  'account.session.ended': 'That browser is signed out.',

  'account.password': 'Password',
  'account.password.changedAt': 'Last changed',
  'account.password.change': 'Change password',
  'account.password.title': 'Change your password',
  'account.password.effect': 'You will be signed out everywhere else.',
  'account.password.appsKeep': 'Apps keep their access.',
  'account.password.appsLink': 'See which apps have access',
  'account.password.current': 'Current password',
  'account.password.new': 'New password',
  'account.password.again': 'New password once more',
  'account.password.rule':
    'At least {count} characters. A few words that do not belong together are easy to remember and hard to guess.',
  'account.password.short': 'The new password needs at least {count} characters.',
  'account.password.easy':
    'The new password is easy to guess: it is little more than your name, or characters in a row. Please choose another.',
  'account.password.unusable':
    'The new password is too long, or has characters in it that cannot be used.',
  'account.password.differ': 'You entered two different new passwords.',
  'account.password.same': 'That is your password already. Please choose another.',
  'account.password.wrong': 'The current password is not right.',
  'account.password.meanwhile': 'Your password has just been changed somewhere else.',
  'account.password.tooMany.one': 'Too many wrong passwords. Please try again in a minute.',
  'account.password.tooMany.other':
    'Too many wrong passwords. Please try again in {count} minutes.',
  'account.password.changed':
    'Your password is changed, and you are signed out everywhere else. Apps keep their access: please remove those that you do not know.',
};

export type Key = keyof typeof en;

/** A language's words. */
export type Words = Readonly<Record<Key, string>>;

/** The keys of texts that depend on a count, without their ending. */
export type CountKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

/** What may have happened to a person who sees an error: `error.<situation>.heading` and so on. */
export type Situation = Key extends infer K
  ? K extends `error.${infer Name}.heading`
    ? Name
    : never
  : never;
