// All words on the pages, in English. The other languages have the same keys. A key names the page
// and the place on it. `{name}` is a placeholder. A key that ends in `.one` is for a count of one, and
// there is a second key that ends in `.other`.

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
  'login.toAccount': 'to see your account',
  'login.toDevice': 'to connect a device',
  'login.toPassword': 'to change your password',
  'login.toRemoveApp': 'to remove an app’s access',
  'login.username': 'Username',
  'login.password': 'Password',
  'login.submit': 'Sign in',
  'login.help': 'Can’t sign in?',
  'login.demo': 'Demo account: {username} / {password}',
  'login.noCookie':
    'Your browser did not send our cookie. Please allow cookies for this site and try again.',
  'login.outOfDate': 'This page was out of date. Please sign in again.',
  'login.invalid': 'The username or password is not valid. Please check both.',
  'login.missing': 'Please enter your username and your password.',
  'login.wrong': 'Incorrect username or password.',
  'login.disabled': 'This account has been disabled. Please ask whoever manages it.',
  'login.tooMany.one': 'Too many attempts. Please try again in a minute.',
  'login.tooMany.other': 'Too many attempts. Please try again in {count} minutes.',

  'client.open': 'Open this app',
  'client.policy': 'Privacy policy',
  'client.tos': 'Terms of service',

  'selfMade.heading': 'Do you know this app?',
  'selfMade.claimed':
    'Its name and picture are what the app says of itself. Nobody here has checked them.',
  'selfMade.claimedName': 'Its name is what the app says of itself. Nobody here has checked it.',
  'selfMade.host': 'Published at',
  'selfMade.returnsTo': 'You return to',
  'selfMade.onDevice':
    'The app runs on your device, where any program can pass for it. Continue only if you have just started this yourself.',

  'consent.title': 'Allow {client}?',
  'consent.question': 'Allow {client} to use your account?',
  'consent.questionIdentity': 'Let {client} know who you are?',
  'consent.scopes': 'The app will be able to',
  'consent.at': 'At {resources}',
  'consent.identityOnly':
    'The app will learn that you signed in here. It does not ask for permission to see or change anything in your account.',
  'consent.resourcesOnly':
    'The app will be able to act for you at {resources}. It did not say what it wants to do there. What it can see and change is decided there, not here.',
  'consent.new': 'New',
  'consent.remembered': 'You allowed this app before.',
  'consent.noAccess': 'If you cancel, the app gets no access. Either way, you return to {place}.',
  'consent.noNewAccess':
    'If you cancel, the app gets no new access. Either way, you return to {place}.',
  'consent.noIdentity':
    'If you cancel, the app learns nothing about you. Either way, you return to {place}.',
  'consent.noNewIdentity':
    'If you cancel, the app learns nothing new about you. Either way, you return to {place}.',
  'consent.allow': 'Allow',
  'consent.outOfDate': 'This page was out of date. Please review it and decide again.',
  'consent.choose': 'Please choose {cancel} or {allow}.',

  'scope.openid': 'Confirm who you are',
  'scope.profile': 'See your name and your profile',
  'scope.email': 'See your e-mail address',
  'scope.address': 'See your postal address',
  'scope.phone': 'See your phone number',
  'scope.groups': 'See which groups you are in',
  'scope.offline_access': 'Keep this access when you are not using the app',

  'consent.claims': 'See these details about you',
  'claim.none': 'Nothing saved yet',
  'claim.more.one': 'and {count} more',
  'claim.more.other': 'and {count} more',
  'claim.confirmed': 'confirmed',
  'claim.unconfirmed': 'not confirmed',
  'claim.yes': 'yes',
  'claim.no': 'no',
  'claim.name': 'Name',
  'claim.given_name': 'First name',
  'claim.family_name': 'Last name',
  'claim.middle_name': 'Middle name',
  'claim.nickname': 'Nickname',
  'claim.preferred_username': 'Username',
  'claim.profile': 'Profile page',
  'claim.picture': 'Picture',
  'claim.website': 'Website',
  'claim.gender': 'Gender',
  'claim.birthdate': 'Date of birth',
  'claim.zoneinfo': 'Time zone',
  'claim.locale': 'Language',
  'claim.updated_at': 'Last changed',
  'claim.email': 'E-mail address',
  'claim.email_verified': 'E-mail address confirmed',
  'claim.address': 'Postal address',
  'claim.phone_number': 'Phone number',
  'claim.phone_number_verified': 'Phone number confirmed',
  'claim.groups': 'Groups',

  'device.title': 'Connect a device',
  'device.lede': 'Enter the code that your device or app shows.',
  'device.check': 'Is this the code that your device or app shows?',
  'device.code': 'Code',
  'device.hint': 'Eight letters, such as {example}',
  'device.continue': 'Continue',
  'device.missing': 'Please enter the code.',
  'device.malformed': 'A code has eight letters, such as {example}. Please check it.',
  'device.unknown':
    'This code is incorrect or has expired. Please check it, or get a new one on your device.',
  'device.outOfDate': 'This page was out of date. Please try again.',
  'device.tooMany.one': 'Too many incorrect codes. Please try again in a minute.',
  'device.tooMany.other': 'Too many incorrect codes. Please try again in {count} minutes.',
  'device.review.title': 'Allow {client} on a device?',
  'device.review.question': 'Allow {client} to use your account on a device?',
  'device.review.warning': 'Did you start this yourself?',
  'device.review.warningText':
    'Continue only if the code {code} is on your own device. If somebody sent you this code, cancel: otherwise that person gets into your account.',
  'device.review.asked': 'Requested',
  'device.review.from': 'From',
  'device.review.same': '(the same address as this browser)',
  'device.review.ifNo': 'If you cancel, the device gets no access.',
  'device.allowed.title': 'Access allowed',
  'device.allowed.lede':
    'Go back to {client} on your device. It continues by itself within a few seconds.',
  'device.denied.title': 'Access refused',
  'device.denied.lede': '{client} gets no access. You can close this page.',
  'device.over.title': 'This request is over',
  'device.over.lede':
    'It was already answered, or it took too long. If your device is not signed in, get a new code there.',

  'signedIn.title': 'Signed in',
  'signedIn.heading': 'You are signed in',

  'endSession.title': 'Do you want to sign out?',
  'endSession.titleFor': '{client} asks you to sign out',
  'endSession.lede':
    'Signing out ends your session here. Apps that you signed in to with this account in this browser are told to sign you out, too.',
  'endSession.stay': 'Stay signed in',
  'endSession.returns': 'Either way, you return to {place}.',

  'signedOut.title': 'Signed out',
  'signedOut.heading': 'You are signed out',
  'signedOut.lede': 'If you share this computer, close the browser window as well.',
  'signedOut.told.one': 'You are also signed out of {apps}.',
  'signedOut.told.other': 'You are also signed out of {apps}.',
  'signedOut.underWay.one': 'We are telling {apps} that you signed out.',
  'signedOut.underWay.other': 'We are telling {apps} that you signed out.',
  'signedOut.missed.one': '{apps} could not be reached yet. You may still be signed in there.',
  'signedOut.missed.other': '{apps} could not be reached yet. You may still be signed in there.',
  'signedOut.unknown.one': 'You may still be signed in to {apps}. Please sign out there as well.',
  'signedOut.unknown.other': 'You may still be signed in to {apps}. Please sign out there as well.',
  'signedOut.keeping.one': '{apps} keeps its access to your account.',
  'signedOut.keeping.other': '{apps} keep their access to your account.',
  'signedOut.others.one': '{count} other app',
  'signedOut.others.other': '{count} other apps',
  'common.goOn': 'Continue to {place}',
  'signedOut.again': 'Sign in again',

  'formPost.title': 'Back to the app',
  'formPost.heading': 'You are returning to {place}',
  'formPost.lede': 'If nothing happens, choose {continue}.',
  'formPost.continue': 'Continue',

  'error.request.heading': 'This sign-in cannot continue',
  'error.request.message': 'The app that sent you here made a mistake in its request.',
  'error.request.action':
    'Go back to the app and try again. If that does not help, show this page to the developers of the app.',
  'error.notSignedIn.heading': 'You need to sign in first',
  'error.notSignedIn.message':
    'The app asked whether you are signed in here. You are not, or not in the way it needs.',
  'error.notSignedIn.action': 'Continue to the app. It can then ask you to sign in.',
  'error.notAllowed.heading': 'The app cannot continue without you',
  'error.notAllowed.message':
    'It tried to go on without asking you anything, but it needs your permission, or you have something to do first.',
  'error.notAllowed.action': 'Continue to the app. It can then ask you.',
  'error.unknownClient.heading': 'We do not know this app',
  'error.unknownClient.message':
    'The app that sent you here is not registered with this server, so nobody can sign in to it here.',
  'error.unknownClient.action':
    'Go back to the app and try again. If that does not help, show this page to the developers of the app.',
  'error.clientDocument.heading': 'We cannot find out who this app is',
  'error.clientDocument.message':
    'The app that sent you here says who it is in a document on the web. This server cannot use that document.',
  'error.clientDocument.action':
    'Go back to the app and try again later. If that does not help, show this page to the developers of the app.',
  'error.redirectUri.heading': 'We cannot send you back to this app',
  'error.redirectUri.message':
    'The app wants you to return to an address that is not registered for it. This may be a mistake, or somebody may be trying to get into your account.',
  'error.redirectUri.action':
    'Nothing was sent to that address. If you trust the app, go back to it and try again, or show this page to its developers.',
  'error.over.heading': 'This sign-in is over',
  'error.over.message': 'It was already completed, or it took too long.',
  'error.over.action': 'Go back to the app and start again.',
  'error.signOut.heading': 'This sign-out cannot continue',
  'error.signOut.message':
    'The app that sent you here made a mistake in its request, so you have not been signed out here.',
  'error.signOut.action':
    'You can still sign out here. If this happens again, show this page to the developers of the app.',
  'error.nothingToSignOut.heading': 'You are not signed in here',
  'error.nothingToSignOut.message':
    'The app that sent you here wanted to sign you out, and made a mistake in its request.',
  'error.nothingToSignOut.action':
    'There is nothing to sign out of here. If this happens again, show this page to the developers of the app.',
  'error.browser.heading': 'That did not work',
  'error.browser.message':
    'Your browser sent something that this page cannot use. Nothing was changed.',
  'error.browser.action': 'Go back and try again, or open your account.',
  'error.tooMany.heading': 'Please wait a moment',
  'error.tooMany.message': 'There were too many attempts from your network.',
  'error.tooMany.action': 'Try again later.',
  'error.notFound.heading': 'There is nothing here',
  'error.notFound.message': 'The address may be mistyped, or the page may have moved.',
  'error.notFound.action': 'Check the address, or go to the home page.',
  'error.unavailable.heading': 'Please try again in a moment',
  'error.unavailable.message': 'The server cannot respond right now. This is not your fault.',
  'error.unavailable.action': 'Wait a moment, then load this page again.',
  'error.failure.heading': 'Something went wrong on our side',
  'error.failure.message': 'This is not your fault.',
  'error.failure.action':
    'Try again in a moment. If it happens again, contact the people who run this server, and give them the request ID below.',
  'error.home': 'Go to the home page',
  'error.forDeveloper': 'For the developer of the app',
  'error.forHelp': 'If you ask for help',
  'error.code': 'Error',
  'error.sent': 'Sent',
  'error.registered': 'Registered',
  'error.requestId': 'Request ID',
  'error.document': 'What each error means and what to change: {document}',

  'home.title': 'Home',
  'home.heading': 'This is an OAuth 2.0 authorization server and OpenID provider',
  'home.lede':
    'It signs people in, asks them what an app may do, and gives the app an access token for your API. No app ever sees a password.',
  'home.issuer': 'Issuer',
  'home.signedOut': 'You are not signed in.',
  'home.signIn': 'Sign in',
  'home.try': 'Try it',
  'home.trySignIn': 'Sign in as if an app had sent you',
  'home.tryAs': 'Sign in as {username} with the password {password}, and choose {allow}.',
  'home.tryReturn': 'You return to the app with a {code} in the address.',
  'home.tryButton': 'Try the sign-in',
  'home.getToken': 'Get an access token',
  'home.useToken': 'Use it',
  'home.demo': 'Demo data',
  'home.client': 'Client',
  'home.clientId': 'Client ID',
  'home.secret': 'Secret',
  'home.noSecret': 'None (public client)',
  'home.grants': 'Grant types',
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
  'home.revoke': 'A client revokes a token here',
  'home.introspect': 'A resource server checks a token here',
  'home.userinfo': 'A client asks here who the person is',
  'home.deviceAuthorization': 'A device without a browser gets its codes here',
  'home.device': 'A person enters the code of a device here',
  'home.jwks': 'The public keys of this server',
  'home.discovery': 'Everything that a client needs to know about this server',
  'home.openidDiscovery': 'The same for clients of OpenID Connect',
  'home.login': 'Sign in',
  'home.logout': 'Sign out',
  'home.account': 'Shows which apps have access to an account, and where it is signed in',
  'home.protected': 'A protected resource, which requires an access token',

  'callback.title': 'A code for the client',
  'callback.titleWithout': 'No code',
  'callback.heading': 'You are back at the app, and it has a code',
  'callback.headingWithout': 'You are back at the app, without a code',
  'callback.lede':
    'This page stands for the app. In the address above, the server gave it a code that works once, for a short time. The app now sends the code to the token endpoint, with its secret and its code verifier, and gets its tokens.',
  'callback.ledeWithout':
    'This page stands for the app. The address above says why there is no code. An app should explain that in its own words.',
  'callback.next': 'What comes next',
  'callback.exchange': 'Exchange the code for tokens',
  'callback.twice': 'Run it a second time',
  'callback.twiceWhy':
    'A code works once, so the server rejects it. After 15 seconds, it may have been stolen, so the server also revokes what was issued for it.',
  'callback.lookUp': 'Look the error up',
  'callback.restart': 'Start again',
  'callback.restartWhy': 'You are signed in now, and what you allowed is remembered.',
  'callback.restartButton': 'Try the sign-in again',
  'callback.received': 'What the app received',
  'callback.answer': 'Response',
  'callback.home': 'Home',

  'account.title': 'Your account',
  'account.hint': 'You can remove this access later in your account.',
  'account.now': 'just now',
  'account.outOfDate': 'This page was out of date, so nothing was changed. Please try again.',

  'account.apps': 'Apps with access',
  'account.apps.none': 'No app has access to your account.',
  'account.apps.more.one':
    'One more app, used less recently, has access. It will be listed once another app is removed.',
  'account.apps.more.other':
    '{count} more apps, used less recently, have access. They will be listed once other apps are removed.',
  'account.app.can': 'The app can',
  'account.app.at': 'At {resource}',
  'account.app.identity': 'The app knows who you are. It has no permission to do anything else.',
  'account.app.actsAt':
    'The app can act for you at {resources}. What it can see and change is decided there.',
  'account.app.further.one': '{count} more permission',
  'account.app.further.other': '{count} more permissions',
  'account.app.more.one': 'It has access at one more address.',
  'account.app.more.other': 'It has access at {count} more addresses.',
  'account.app.idle': 'It has no access at the moment, but may get it again without asking you.',
  'account.app.untilSignOut': 'It has access until you sign out.',
  'account.app.keeps': 'It keeps its access after you sign out.',
  'account.app.since': 'Allowed',
  'account.app.lastUsed': 'Last used',
  'account.app.remove': 'Remove access',
  'account.app.removed': '{client} no longer has access to your account.',

  'account.remove.title': 'Remove access for {client}?',
  'account.remove.effect':
    'The app loses its access to your account immediately, on all your devices.',
  'account.remove.kept': 'It keeps what it has already copied.',
  'account.remove.again':
    'This cannot be undone. If you use the app again later, it will have to ask you again.',

  'account.sessions': 'Where you are signed in',
  'account.sessions.only': 'You are not signed in anywhere else.',
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
  'account.password.appsKeep':
    'Apps that keep their access after you sign out keep it this time, too.',
  'account.password.appsLink': 'See which apps have access',
  'account.password.current': 'Current password',
  'account.password.new': 'New password',
  'account.password.again': 'Confirm the new password',
  'account.password.rule':
    'At least {count} characters. A few unrelated words are easy to remember and hard to guess.',
  'account.password.short': 'The new password must have at least {count} characters.',
  'account.password.easy':
    'The new password is easy to guess: it is little more than your name, or a simple sequence of characters. Please choose another.',
  'account.password.unusable':
    'The new password is too long, or contains characters that cannot be used.',
  'account.password.differ': 'The two new passwords do not match.',
  'account.password.same': 'This is already your password. Please choose another.',
  'account.password.wrong': 'The current password is incorrect.',
  'account.password.meanwhile': 'Your password has just been changed somewhere else.',
  'account.password.tooMany.one': 'Too many wrong passwords. Please try again in a minute.',
  'account.password.tooMany.other':
    'Too many wrong passwords. Please try again in {count} minutes.',
  'account.password.changed':
    'Your password has been changed, and you are signed out everywhere else.',
  'account.password.appsKept':
    'Apps that keep their access after you sign out still have it. Please remove any app that you do not know.',

  'resetPassword.title': 'Set a new password',
  'resetPassword.submit': 'Set password',
  'resetPassword.effect': 'You will be signed out everywhere.',
  'resetPassword.over': 'This link does not work',
  'resetPassword.over.text':
    'A link to set a new password works once, and only for a short time. If you have set a password with it, please sign in. Otherwise, please ask whoever sent you the link for a new one.',
  'resetPassword.set': 'Your new password is set. Please sign in with it.',

  'playground.heading': 'See OAuth in action',
  'playground.lede':
    'Your browser goes through seven short chapters with this server. You see every request as it is sent, every response as it arrives, and what they mean.',
  'playground.noScript':
    'Scripts do not run here in your browser, so this page cannot send anything itself. The same steps are below as commands for a terminal. Replace {placeholder} and the like with the values from the responses.',
  'playground.elsewhere':
    'The page cannot reach the server from this address. Open it at the server’s own address:',
  'playground.insecure':
    'Over plain http, browsers compute SHA-256 only for pages on localhost. To continue, open the server at localhost or over https.',
  'playground.chapters': 'Chapters',
  'playground.done': '(done)',
  'playground.restart': 'Start over',
  'playground.next': 'Next: {chapter}',
  'playground.comesLater': 'Available after the previous step.',
  'playground.needsSignIn': 'Sign in first, in the chapter {chapter}. This continues from there.',
  'playground.wrongTurns': 'Wrong turns',
  'playground.wrongTurnsLede':
    'Mistakes and attacks, and how they end. Each uses its own values and does not affect the steps above.',
  'playground.wrongTurnsOfSteps':
    'Mistakes and attacks, and how they end. They use the ID token of the steps above, and do not affect these steps.',
  'playground.needsSteps': 'Available after the ID token above has been verified.',

  'playground.home.title': 'Watch every step',
  'playground.home.text':
    'The playground plays every flow in your browser, step by step, and shows what is sent and what comes back.',
  'playground.home.open': 'Open the playground',

  'playground.request': 'Request',
  'playground.answer': 'Response',
  'playground.redirected': 'Response, in the address',
  'playground.checked': 'What the app checks',
  'playground.computation': 'Computation',
  'playground.ownHeaders':
    'Headers that every browser adds by itself, such as Host and User-Agent, are not shown with the requests.',
  'playground.credentials': 'The header, decoded from Base64',
  'playground.encoded': '%40 is the @: IDs and secrets are form-encoded before Base64.',
  'playground.whatHappened': 'What happened',
  'playground.section': '{document}, section {section}',
  'playground.orOpen': 'Open it in the browser. The code is in the address that you return to.',

  'playground.parties.appToServer': 'The app asks the server',
  'playground.parties.appToApi': 'The app calls the API',
  'playground.parties.apiToServer': 'The API asks the server',
  'playground.parties.browserToServer': 'The browser goes to the server',
  'playground.parties.browserToApp': 'The browser comes to the app',
  'playground.parties.thiefToServer': 'A thief asks the server',
  'playground.parties.deviceToServer': 'The device asks the server',
  'playground.parties.inTheApp': 'In the app itself',

  'playground.send': 'Send it',
  'playground.sendAgain': 'Send it again',
  'playground.compute': 'Compute it',
  'playground.computeAgain': 'Make new ones',
  'playground.visit': 'Go to the server',
  'playground.visitAgain': 'Go there again',
  'playground.verify': 'Verify it',
  'playground.verifyAgain': 'Verify it again',
  'playground.play': 'Try it',
  'playground.playSigningIn': 'Sign in and try it',
  'playground.copy': 'Copy as curl',
  'playground.copied': 'Copied',
  'playground.answered': 'Response: {status}',
  'playground.unreachable': 'No response: the server cannot be reached. Is it running?',
  'playground.unexpected':
    'The next steps cannot continue from this response. A code works once and expires soon, and tokens can expire or be revoked. Go back to the step that issued the code or token, or start over.',
  'playground.denied':
    'The person said no, and the server told the app. There is no code to exchange. An app should explain this in its own words, and let the person try again.',
  'playground.opaque':
    'Opaque: a random string that means nothing by itself. Only the server knows what it stands for.',
  'playground.jwt':
    'A JWT: anybody can read it, but only the server can have signed it. An API verifies it with the keys at {keys}.',
  'playground.idToken':
    'A JWT for the app itself: it says who signed in. The app verifies it before trusting it.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'Back with a code',
  'playground.withoutCode': 'Back without a code',
  'playground.refusedByApp': 'Refused by the app',
  'playground.acceptedByApp': 'Accepted by the app',
  'playground.sameState': 'The one that the app sent',
  'playground.otherState': 'Not the one that the app sent, which was {expected}',
  'playground.noState': 'The app sent none: no sign-in is in progress',
  'playground.sameIssuer': 'The server that the app asked',
  'playground.otherIssuer': 'Not the server that the app asked, which was {expected}',
  'playground.sameAsInToken': 'The same as in the ID token',
  'playground.notExpected': 'The app expected {expected}.',
  'playground.expired': 'Expired: the app’s clock says {now}.',
  'playground.notSigned': 'It does not match: the server did not sign these claims.',
  'playground.claim.signature':
    'The server made it with the key that the header names, and nothing has been changed since.',
  'playground.claim.iss': 'Who issued it: the server that the app asked.',
  'playground.claim.aud': 'Who it is for: this app.',
  'playground.claim.exp': 'Until when the app may accept it.',
  'playground.claim.iat': 'When it was issued.',
  'playground.claim.nonce': 'Which sign-in it belongs to: the one that the app began.',
  'playground.claim.at_hash': 'Which access token it belongs to, by half of its hash.',
  'playground.claim.sub': 'Who the person is, by an identifier that never changes, unlike a name.',
  'playground.claim.azp': 'Which app asked for it.',
  'playground.claim.auth_time': 'When the person signed in at the server.',
  'playground.claim.acr': 'How strong the sign-in was.',
  'playground.claim.amr': 'How the person signed in: pwd is a password.',
  'playground.claim.sid':
    'Which session at the server it comes from, so that the app can be told when that ends.',

  'playground.client-credentials.title': 'An app gets a token for itself',
  'playground.client-credentials.lede':
    'A nightly job, or a service that calls another: there is no person to ask. The app acts for itself, and proves who it is with a secret.',
  'playground.client-token.title': 'Request an access token',
  'playground.client-token.intro':
    'The app sends its client ID and its secret to the token endpoint. A real secret would never be in a web page; this one is public.',
  'playground.client-token.outcome':
    'The server authenticated the client and issued an access token. There is no refresh token: the app can request a new access token at any time.',
  'playground.client-use.title': 'Call the API with it',
  'playground.client-use.intro':
    'The token goes into the Authorization header of every call. The API of this demo is {api}.',
  'playground.client-use.outcome':
    'The API accepted the call: the token is valid, it is meant for this API, and it has the scope that is needed here.',

  'playground.scope.title': 'Request a scope that is not allowed',
  'playground.scope.intro': 'The app requests {scope}, which it may not have.',
  'playground.scope-token.outcome':
    'The server refuses, and says what the app may have. A token with less than the app requested would only fail later, where the reason is harder to find.',

  'playground.authorization-code.title': 'A person gives an app access',
  'playground.authorization-code.lede':
    'The app wants to use something that belongs to a person. The person agrees at the server, and the app never sees a password. This app runs in the browser and cannot keep a secret, so PKCE protects it.',
  'playground.person-pkce.title': 'Create a secret for this sign-in',
  'playground.person-pkce.intro':
    'The app creates a code verifier and keeps it. First it sends only the hash, the code challenge. It also creates a state, to recognise the response to its own request.',
  'playground.person-pkce.outcome':
    'Nobody can compute the verifier from the challenge. Somebody who steals the code can do nothing with it.',
  'playground.person-authorize.title': 'Send the person to the server',
  'playground.person-authorize.intro':
    'The browser leaves this page with the request in the address. Sign in as {username} with the password {password}, and allow access. Then you return here.',
  'playground.person-authorize.outcome':
    'The server sent the browser back with a code. Before the app uses the code, it checks two things: state has to be the one that it sent, and iss has to be the server that it asked.',
  'playground.person-exchange.title': 'Exchange the code for tokens',
  'playground.person-exchange.intro':
    'The code was in the address bar, where others may have seen it. It works only with the verifier, only once, and only for a short time.',
  'playground.person-exchange.outcome':
    'The hash of the verifier is the challenge of the first request, so the server issued two tokens. The access token is for the API. The refresh token is never sent anywhere but here.',
  'playground.person-use.title': 'Call the API for the person',
  'playground.person-use.intro': 'The same call as in the first chapter, with another token.',
  'playground.person-use.outcome':
    'Now there is a sub, so the API knows whom the app is calling for. The scope is what the person allowed, and no more.',

  'playground.redirect.title': 'Use a redirect URI that is not registered',
  'playground.redirect.intro':
    'If codes were sent to any address, a thief would use their own: {uri}.',
  'playground.redirect-authorize.outcome':
    'The server shows the person an error page and does not redirect the browser. The address is not registered for this client, so not even the error is sent there.',
  'playground.state.title': 'Return with a different state',
  'playground.state.intro':
    'Somebody sends you a link. It looks like a response from the server, but its code is for their account. If the app accepted it, you would be signed in as somebody else.',
  'playground.state-forged.outcome':
    'The app never sent this state, so this is not the response to its own request. The app ignores it, and sends the code nowhere.',
  'playground.verifier.title': 'Use a different verifier',
  'playground.verifier.intro':
    'A thief has read the code along the way. The verifier never left the app, so the thief has to make one up.',
  'playground.signIn.title': 'The person signs in and allows access',
  'playground.redeem.title': 'The app exchanges its code',
  'playground.verifier-wrong.title': 'The code with a made-up verifier',
  'playground.verifier-wrong.outcome':
    'The hash of this verifier is not the challenge, so the server issues nothing. This is what PKCE is for.',
  'playground.verifier-right.title': 'The code with the right verifier',
  'playground.verifier-right.outcome':
    'The failed attempt did not use up the code. The app has the verifier, so it still gets its tokens.',
  'playground.replay.title': 'Use a code twice',
  'playground.replay.intro':
    'The app exchanges its code. Then the same request arrives again, from somebody who recorded it.',
  'playground.replay-again.title': 'The same request again',
  'playground.replay-again.outcome':
    'A code works once. Within 15 seconds, the app itself may be trying again because the response was lost, so it only gets an error. After that, somebody has the code who should not, and the server also revokes what it issued for it.',

  'playground.refresh.title': 'A new token, without the person',
  'playground.refresh.lede':
    'Access tokens are short-lived, so a stolen one is soon worthless. The app gets the next one with a refresh token, so nobody has to sign in every hour.',
  'playground.person-refresh.title': 'Exchange the refresh token',
  'playground.person-refresh.intro':
    'It is sent to the token endpoint, never to an API, and by the client that it was issued to.',
  'playground.person-refresh.outcome':
    'The app gets a new access token and a new refresh token. The old refresh token has been rotated: it is used up, and if it appears again later, the server treats it as stolen.',
  'playground.reuse.title': 'Reuse a refresh token after rotation',
  'playground.reuse.intro':
    'The app refreshes twice. Then its first refresh token appears again, from a thief who copied it in time.',
  'playground.reuse-first.title': 'The app refreshes',
  'playground.reuse-second.title': 'The app refreshes again',
  'playground.reuse-again.title': 'The first refresh token again',
  'playground.reuse-again.outcome':
    'Its successor has already been used, so two parties have tokens from this sign-in, and one of them is a thief. The server cannot know which, so it revokes all of them.',
  'playground.reuse-use.title': 'A call with the newest access token',
  'playground.reuse-use.outcome':
    'All tokens from this sign-in have been revoked, for both parties. The person can sign in again; the thief cannot.',

  'playground.introspection.title': 'Check a token (introspection)',
  'playground.introspection.lede':
    'An API that receives a token has to know whether it is valid and what it allows. It can ask the server that issued it.',
  'playground.person-introspect.title': 'Check the access token',
  'playground.person-introspect.intro':
    'The API authenticates, because not everybody may look into tokens. In this demo it uses the client of the first chapter.',
  'playground.person-introspect.outcome':
    'The field that matters is active. The rest says for whom the token was issued, to which client, for what, and until when.',
  'playground.unknown.title': 'Check a token that was never issued',
  'playground.unknown.intro': 'Somebody sends the API a made-up token.',
  'playground.unknown-introspect.outcome':
    'This is not an error: the request was valid, and the answer is no. The server does not say whether a token was made up, has expired or was revoked.',

  'playground.revocation.title': 'Revoke a token',
  'playground.revocation.lede':
    'The person signs out of the app, or removes it. A good app then revokes what it no longer needs.',
  'playground.person-revoke.title': 'Revoke the refresh token',
  'playground.person-revoke.intro':
    'This also revokes everything else from the same sign-in. The app could also revoke the access token alone.',
  'playground.person-revoke.outcome':
    'The tokens have been revoked. The response would be the same for a token that the server does not know.',
  'playground.person-gone.title': 'Check the access token again',
  'playground.person-gone.intro': 'It has not expired yet.',
  'playground.person-gone.outcome':
    'It is no longer valid, although it has not expired. The server says nothing else about a token that is not valid.',
  'playground.revoked.title': 'Use a revoked token',
  'playground.revoked.intro': 'The app revokes its token and then calls the API with it.',
  'playground.revoked-token.title': 'The app gets a token for itself',
  'playground.revoked-revoke.title': 'The app revokes it',
  'playground.revoked-use.title': 'The app calls the API with it anyway',
  'playground.revoked-use.outcome':
    'The API rejects the call, and says why in WWW-Authenticate. The app should get a new token and try again, once.',

  'playground.device.title': 'A device without a browser signs in',
  'playground.device.lede':
    'A television or a command line cannot show the sign-in page. It shows a short code instead, and the person signs in with another device.',
  'playground.device-ask.title': 'Request two codes',
  'playground.device-ask.intro':
    'The device requests one code for itself and one for the person. It needs no redirect URI, because nobody returns to it.',
  'playground.device-ask.outcome':
    'The device shows the user_code and the verification_uri, or a QR code of the verification_uri_complete. It keeps the device_code to itself.',
  'playground.device-wait.title': 'Ask before the person has decided',
  'playground.device-wait.intro': 'The device asks every few seconds, as the interval says.',
  'playground.device-wait.outcome':
    'Nobody has decided yet. This is not a failure: the device waits, and asks again.',
  'playground.device-collect.title': 'Allow access, and ask again',
  'playground.device-collect.intro':
    'Open {page} in a new tab, sign in as {username} with the password {password}, enter the user_code of the first response, and allow access. Then the device asks once more.',
  'playground.device-collect.outcome':
    'The person has allowed access, so the server issued tokens. It does so once. Nobody typed a password on the device.',
  'playground.hurry.title': 'Ask too often',
  'playground.hurry.intro': 'A device asks twice without waiting.',
  'playground.hurry-again.title': 'The same request again, at once',
  'playground.hurry-again.outcome':
    'The server tells the device to slow down. From now on it has to wait five seconds longer each time.',

  'playground.openid-connect.title': 'An app learns who signed in',
  'playground.openid-connect.lede':
    'An access token is for the API, and tells the app nothing. With OpenID Connect the app also gets an ID token: a signed statement of who signed in, when, and at which server.',
  'playground.openid-nonce.title': 'Create a nonce as well',
  'playground.openid-nonce.intro':
    'The app creates a verifier and a state, as in the code flow. What is new is the nonce, which comes back inside the ID token.',
  'playground.openid-nonce.outcome':
    'The state protects the way back to the app. The nonce is in the signed token itself, so an ID token from another sign-in is of no use here.',
  'playground.openid-authorize.title': 'Ask who the person is',
  'playground.openid-authorize.intro':
    'With the scope openid, this becomes OpenID Connect; profile and email ask for more about the person. Sign in as {username} with the password {password} if the server asks you to, and allow access.',
  'playground.openid-authorize.outcome':
    'The person saw what the app will learn. The response is the same as in the code flow: a code, and with it state and iss, which the app checks first.',
  'playground.openid-redeem.title': 'Exchange the code for an ID token',
  'playground.openid-redeem.intro':
    'The same request as in the code flow, from the app straight to the server.',
  'playground.openid-redeem.outcome':
    'There is one more token now. An ID token is always a JWT, and it is for the app alone: it is never sent to an API.',
  'playground.openid-keys.title': 'Fetch the server’s keys',
  'playground.openid-keys.intro':
    'The app needs the server’s public keys. It finds their address in the discovery document, {discovery}, and may keep the keys for a while.',
  'playground.openid-keys.outcome':
    'The header of the ID token names its key by the kid. If the app comes across a kid that it does not know, it fetches the keys again: the server changes them from time to time.',
  'playground.openid-verify.title': 'Verify the ID token, claim by claim',
  'playground.openid-verify.intro':
    'The app accepts the ID token only if every check passes. A library usually does this; here your browser does.',
  'playground.openid-verify.outcome':
    'The app now knows who signed in, and begins a session of its own. It recognises the person by iss and sub: a name or an e-mail address can change, or belong to somebody else one day.',
  'playground.openid-userinfo.title': 'Ask for the person’s claims (UserInfo)',
  'playground.openid-userinfo.intro':
    'The ID token says who the person is, and no more. To learn what the scopes profile and email stand for, the app asks the server with the access token.',
  'playground.openid-userinfo.outcome':
    'The app uses this response because its sub is the same as in the ID token. With another sub, it would be about somebody else.',

  'playground.nonce.title': 'Present an ID token from another sign-in',
  'playground.nonce.intro':
    'The app has begun a new sign-in, with a new nonce. Then the ID token from above arrives once more.',
  'playground.openid-nonce-flaw.outcome':
    'Everything else is right, but the nonce belongs to another sign-in. Somebody who slips a stolen code or ID token into your sign-in is noticed here.',
  'playground.audience.title': 'Present an ID token to another app',
  'playground.audience.intro':
    'The ID token from above was issued to this app. Here the app {client} receives it, and verifies it.',
  'playground.openid-audience-flaw.outcome':
    'The server did issue this token, but not to this app. Without this check, every app could sign in to all others as the people who use it.',
  'playground.clock.title': 'Use an ID token that has expired',
  'playground.clock.intro':
    'To save you the wait, the app’s clock is set to an hour after the ID token expires, for this check alone.',
  'playground.openid-clock-flaw.outcome':
    'By that clock, the ID token is too old to sign anybody in. Only the clock was wrong: the token is the one from above, unchanged.',
  'playground.signature.title': 'Change a claim',
  'playground.signature.intro':
    'Somebody changes the sub of the ID token, and leaves the signature as it was.',
  'playground.openid-signature-flaw.outcome':
    'The signature matches only what the server has signed, so any change is noticed. Only the server has the key to sign it again.',
} satisfies Record<`error.${Situation}.heading`, string> & Record<string, string>;
