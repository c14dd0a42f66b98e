// Every word on the pages, in English; the other languages have the same keys. A key is the page and
// the place. `{name}` stands for what is filled in. A key that ends in `.one` is for a count of one,
// and has a sister that ends in `.other`.

import type { Situation } from '../../errors.ts';

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
    'The app learns that you signed in here. It asks for no permission to see or change anything in your account.',
  'consent.resourcesOnly':
    'The app will be able to act for you at {resources}. It did not say what it wants to do there, so what it can see and change is decided there, not here.',
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
  'account.apps.more.one':
    'One more app, used less recently, has access. It is listed once another is removed.',
  'account.apps.more.other':
    '{count} more apps, used less recently, have access. They are listed once others are removed.',
  'account.app.can': 'The app can',
  'account.app.at': 'At {resource}',
  'account.app.identity': 'The app knows that it is you. It has no permission to do anything else.',
  'account.app.actsAt':
    'The app can act for you at {resources}. What it can see and change is decided there.',
  'account.app.more.one': 'It has access at one more address.',
  'account.app.more.other': 'It has access at {count} more addresses.',
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
  'account.password.changed': 'Your password is changed, and you are signed out everywhere else.',
  'account.password.appsKept': 'Apps keep their access: please remove those that you do not know.',

  'playground.heading': 'See OAuth happen',
  'playground.lede':
    'Five short chapters that your browser plays against this very server. You see every request as it is sent, every answer as it comes, and what it means.',
  'playground.noScript':
    'Your browser runs no scripts here, so this page cannot send anything itself. The same steps are below as commands for a terminal. Put what an answer gave you in place of {placeholder} and the like.',
  'playground.elsewhere':
    'From this address the page cannot reach the server, which is known by another one. Open it there:',
  'playground.insecure':
    'Over plain http, browsers compute a SHA-256 for pages on localhost only. Open the server at localhost or over https to go on here.',
  'playground.chapters': 'Chapters',
  'playground.done': '(done)',
  'playground.restart': 'Start over',
  'playground.next': 'Next: {chapter}',
  'playground.comesLater': 'Comes after the step before it.',
  'playground.needsSignIn': 'This goes on from the sign-in in the chapter {chapter}.',
  'playground.wrongTurns': 'Wrong turns',
  'playground.wrongTurnsLede':
    'Mistakes and thefts, and what becomes of them. Each is played with values of its own and leaves the steps above as they are.',

  'playground.home.title': 'See it all happen',
  'playground.home.text':
    'The playground plays every flow in your browser, step by step, and shows what is sent and what comes back.',
  'playground.home.open': 'Open the playground',

  'playground.request': 'Request',
  'playground.answer': 'Answer',
  'playground.redirected': 'Answer, in the address',
  'playground.checked': 'What the app checks',
  'playground.computation': 'Computation',
  'playground.ownHeaders':
    'Of the headers of a request, those that every browser adds by itself are left out, such as Host and User-Agent.',
  'playground.credentials': 'The header, decoded from Base64',
  'playground.whatHappened': 'What happened',
  'playground.section': 'RFC {rfc}, section {section}',
  'playground.orOpen': 'Open it in the browser; the code is in the address that you come back to.',

  'playground.parties.appToServer': 'The app asks the server',
  'playground.parties.appToApi': 'The app calls the API',
  'playground.parties.apiToServer': 'The API asks the server',
  'playground.parties.browserToServer': 'The browser goes to the server',
  'playground.parties.browserToApp': 'The browser comes to the app',
  'playground.parties.thiefToServer': 'A thief asks the server',
  'playground.parties.inTheApp': 'In the app itself',

  'playground.send': 'Send it',
  'playground.sendAgain': 'Send it again',
  'playground.compute': 'Compute it',
  'playground.computeAgain': 'Make new ones',
  'playground.visit': 'Go to the server',
  'playground.visitAgain': 'Go there again',
  'playground.play': 'Try it',
  'playground.playSigningIn': 'Sign in and try it',
  'playground.copy': 'Copy as curl',
  'playground.copied': 'Copied',
  'playground.answered': 'Answer: {status}',
  'playground.unreachable': 'No answer: the server cannot be reached. Is it running?',
  'playground.unexpected':
    'This is not the answer that the story goes on from. A code does not last long and works once, and tokens come to an end. Go back to where it came from, or start over.',
  'playground.denied':
    'The person said no, and the server tells the app so. There is no code and nothing to exchange. An app should say so in its own words, and may ask again when the person wants to.',
  'playground.opaque':
    'Opaque: a random string that says nothing by itself. Only the server knows what it stands for.',
  'playground.jwt':
    'A JWT: anybody can read what it says, and only the server can have signed it. An API verifies it with the keys at {keys}.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'Back with a code',
  'playground.withoutCode': 'Back without a code',
  'playground.refusedByApp': 'Refused by the app',
  'playground.sameState': 'The same that the app sent',
  'playground.otherState': 'Not the one that the app sent, which was {expected}',
  'playground.noState': 'The app sent none: no sign-in is under way',
  'playground.sameIssuer': 'The server that the app asked',
  'playground.otherIssuer': 'Not the server that the app asked, which was {expected}',

  'playground.client-credentials.title': 'An app gets a token for itself',
  'playground.client-credentials.lede':
    'A job that runs at night, one service that calls another: there is no person to ask. The app acts for itself and shows who it is with a secret.',
  'playground.client-token.title': 'Ask for an access token',
  'playground.client-token.intro':
    'The app sends its client id and its secret to the token endpoint. Outside of a demo the secret would never be in a web page; this one is no secret.',
  'playground.client-token.outcome':
    'The server recognised the client and issued an access token. There is no refresh token: the app can ask again whenever it likes.',
  'playground.client-use.title': 'Call the API with it',
  'playground.client-use.intro':
    'The token goes into the Authorization header of every call. The API of this demo is {api}.',
  'playground.client-use.outcome':
    'The API let the call pass: the token is in force, it is meant for this API, and it has the scope that is needed here.',

  'playground.scope.title': 'Ask for a scope that is not allowed',
  'playground.scope.intro': 'The app asks for {scope}, which nobody ever gave it.',
  'playground.scope-token.outcome':
    'The server says no, and names what the app may have. A token that silently has less than was asked for would only fail later, where nobody looks for the reason.',

  'playground.authorization-code.title': 'A person lets an app in',
  'playground.authorization-code.lede':
    'The app wants to use what belongs to a person. The person says yes at the server, and the app never sees a password. This app runs in the browser and can keep no secret, so PKCE protects it.',
  'playground.person-pkce.title': 'Make a secret for this one sign-in',
  'playground.person-pkce.intro':
    'The app makes up a code verifier and keeps it. What it will send first is only the hash of it, the code challenge. It makes up a state as well, to recognise its own answer.',
  'playground.person-pkce.outcome':
    'From the challenge nobody can compute the verifier. Whoever steals the code that is to come can do nothing with it.',
  'playground.person-authorize.title': 'Send the person to the server',
  'playground.person-authorize.intro':
    'The browser leaves this page with the request in the address. Sign in as {username} with the password {password} and allow the access, and you are back here.',
  'playground.person-authorize.outcome':
    'The server sent the browser back with a code. Before the app touches the code it looks at two things: state has to be the one it sent, and iss has to be the server it asked.',
  'playground.person-exchange.title': 'Exchange the code for tokens',
  'playground.person-exchange.intro':
    'The code has passed through the address bar, where others may have seen it. It is of use only with the verifier, works once, and does not last long.',
  'playground.person-exchange.outcome':
    'The server hashed the verifier and got the challenge that the request before had named, so it issued two tokens. The access token is for the API; the refresh token never goes anywhere but here.',
  'playground.person-use.title': 'Call the API for the person',
  'playground.person-use.intro': 'The same call as in the first chapter, with another token.',
  'playground.person-use.outcome':
    'Now there is a sub: the API knows for whom the app is calling. The scope is what the person allowed, and no more.',

  'playground.redirect.title': 'Name a redirect URI that is not registered',
  'playground.redirect.intro':
    'If codes were sent to any address, a thief would name one of their own: {uri}.',
  'playground.redirect-authorize.outcome':
    'The server shows the person an error page and sends nobody anywhere. The address belongs to no client it knows, so not even the error goes there.',
  'playground.state.title': 'Come back with another state',
  'playground.state.intro':
    'Somebody sends you a link. It looks like an answer of the server, with a code for their account. An app that took it would sign you in as somebody else.',
  'playground.state-forged.outcome':
    'The app never sent this state, so this is the answer to somebody else’s question. It takes nothing from it, and the code goes nowhere.',
  'playground.verifier.title': 'Change the verifier',
  'playground.verifier.intro':
    'A thief has read the code along the way. The verifier never left the app, so the thief makes one up.',
  'playground.signIn.title': 'The person signs in and allows it',
  'playground.redeem.title': 'The app exchanges its code',
  'playground.verifier-wrong.title': 'The code with a verifier that was made up',
  'playground.verifier-wrong.outcome':
    'The hash of this verifier is not the challenge, so the server gives out nothing. This is what PKCE is for.',
  'playground.verifier-right.title': 'The code with the right verifier',
  'playground.verifier-right.outcome':
    'The attempt did not use the code up. The app, which has the verifier, still gets its tokens.',
  'playground.replay.title': 'Use a code twice',
  'playground.replay.intro':
    'The app exchanges its code. Then the same request arrives once more, from somebody who recorded it.',
  'playground.replay-again.title': 'The same request once more',
  'playground.replay-again.outcome':
    'A code works once. Within 15 seconds it may be the app itself that comes again, because the answer was lost, and all it gets is an error. After that somebody has the code who should not, and the server ends what it had issued for it as well.',

  'playground.refresh.title': 'A new token, without the person',
  'playground.refresh.lede':
    'Access tokens are short-lived: one that is stolen is soon worth nothing. For the next one the app has a refresh token, so that nobody has to sign in every hour.',
  'playground.person-refresh.title': 'Exchange the refresh token',
  'playground.person-refresh.intro':
    'It goes to the token endpoint, never to an API, and it comes from the client that it was issued to.',
  'playground.person-refresh.outcome':
    'There is a new access token, and a new refresh token with it. The old one has been rotated: it is used up, and who presents it later gives away that it was stolen.',
  'playground.reuse.title': 'Reuse a refresh token that was rotated',
  'playground.reuse.intro':
    'The app refreshes twice. Then its first refresh token turns up again, from a thief who copied it in time.',
  'playground.reuse-first.title': 'The app refreshes',
  'playground.reuse-second.title': 'The app refreshes once more',
  'playground.reuse-again.title': 'The first refresh token once more',
  'playground.reuse-again.outcome':
    'Its successor has been used already, so two parties hold tokens of this sign-in, and one of them stole theirs. The server cannot know which one it is talking to.',
  'playground.reuse-use.title': 'A call with the newest access token',
  'playground.reuse-use.outcome':
    'Everything that came of the sign-in has ended, for both of them. The person signs in again; the thief cannot.',

  'playground.introspection.title': 'What is a token worth?',
  'playground.introspection.lede':
    'An API that is sent a token has to know whether it is in force and what it allows. It can ask the server that issued it.',
  'playground.person-introspect.title': 'Ask about the access token',
  'playground.person-introspect.intro':
    'The API proves who it is, for not everybody may look into tokens. In this demo it does so with the client of the first chapter.',
  'playground.person-introspect.outcome':
    'What counts is active. The rest says for whom the token was issued, to which client, for what, and until when.',
  'playground.unknown.title': 'Ask about a token that nobody issued',
  'playground.unknown.intro': 'Somebody sends the API a token that they made up.',
  'playground.unknown-introspect.outcome':
    'This is no error: the question was a good one, and the answer is no. Whether a token was made up, has expired or was revoked is nobody’s business.',

  'playground.revocation.title': 'An end to it',
  'playground.revocation.lede':
    'The person signs out of the app, or removes it. A good app then gives back what it no longer needs.',
  'playground.person-revoke.title': 'Give the refresh token back',
  'playground.person-revoke.intro':
    'With the refresh token ends all that came of the same sign-in. The access token alone could be given back too.',
  'playground.person-revoke.outcome':
    'The tokens have ended. The answer would be the same for a token that the server does not know: gone is gone.',
  'playground.person-gone.title': 'Ask once more what the access token is worth',
  'playground.person-gone.intro': 'It has not expired yet.',
  'playground.person-gone.outcome':
    'It is worth nothing any more, at once. Of a token that is not in force the server says nothing else.',
  'playground.revoked.title': 'Use a token that was revoked',
  'playground.revoked.intro': 'The app gives its token back and then calls the API with it.',
  'playground.revoked-token.title': 'The app gets a token for itself',
  'playground.revoked-revoke.title': 'The app gives it back',
  'playground.revoked-use.title': 'A call with it all the same',
  'playground.revoked-use.outcome':
    'The API refuses the call and says why in WWW-Authenticate. The app should get itself a new token and try again, once.',
} satisfies Record<`error.${Situation}.heading`, string> & Record<string, string>;

export type Key = keyof typeof en;

/** A language's words. */
export type Words = Readonly<Record<Key, string>>;

/** The keys of texts that depend on a count, without their ending. */
export type CountKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;
