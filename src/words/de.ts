import type { Words } from './en.ts';

export const de: Words = {
  'layout.promise': 'Apps, die diesen Server nutzen, sehen Ihr Passwort nie.',

  'common.errorTitle': 'Fehler: {title}',
  'common.signedInAs': 'Angemeldet als',
  'common.useAnother': 'Konto wechseln',
  'common.signOut': 'Abmelden',
  'common.cancel': 'Abbrechen',
  'common.newTab': '(wird in einem neuen Tab geöffnet)',

  'login.title': 'Anmelden',
  'login.heading': 'Anmelden',
  'login.toContinue': 'um mit {client} fortzufahren',
  'login.username': 'Benutzername',
  'login.password': 'Passwort',
  'login.submit': 'Anmelden',
  'login.demo': 'Demo-Konto: {username} / {password}',
  'login.noCookie':
    'Ihr Browser hat unser Cookie nicht mitgeschickt. Bitte erlauben Sie Cookies für diese Website und versuchen Sie es noch einmal.',
  'login.outOfDate': 'Diese Seite war nicht mehr aktuell. Bitte melden Sie sich noch einmal an.',
  'login.invalid': 'Der Benutzername oder das Passwort ist ungültig. Bitte überprüfen Sie beides.',
  'login.missing': 'Bitte geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
  'login.wrong': 'Der Benutzername oder das Passwort ist falsch.',
  'login.tooMany.one': 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute noch einmal.',
  'login.tooMany.other':
    'Zu viele Versuche. Bitte versuchen Sie es in {count} Minuten noch einmal.',

  'consent.title': '{client} den Zugriff erlauben?',
  'consent.question': 'Darf {client} Ihr Konto nutzen?',
  'consent.questionIdentity': 'Darf {client} wissen, dass Sie es sind?',
  'consent.scopes': 'Die App darf dann',
  'consent.at': 'Bei {resources}',
  'consent.identityOnly':
    'Die App erfährt, dass Sie sich hier angemeldet haben, und sonst nichts. Sie kann in Ihrem Konto nichts sehen und nichts ändern.',
  'consent.remembered': 'Sie haben dieser App den Zugriff schon einmal erlaubt.',
  'consent.noAccess':
    'Sie können Nein sagen: Wenn Sie abbrechen, erhält die App keinen Zugriff. In jedem Fall kehren Sie zu {place} zurück.',
  'consent.noNewAccess':
    'Sie können Nein sagen: Wenn Sie abbrechen, erhält die App keinen neuen Zugriff. In jedem Fall kehren Sie zu {place} zurück.',
  'consent.noIdentity':
    'Sie können Nein sagen: Wenn Sie abbrechen, erfährt die App nichts über Sie. In jedem Fall kehren Sie zu {place} zurück.',
  'consent.allow': 'Erlauben',
  'consent.outOfDate':
    'Diese Seite war nicht mehr aktuell. Bitte sehen Sie sie noch einmal durch und entscheiden Sie.',
  'consent.choose': 'Bitte wählen Sie „{cancel}“ oder „{allow}“.',

  'signedIn.title': 'Angemeldet',
  'signedIn.heading': 'Sie sind angemeldet',

  'signedOut.title': 'Abgemeldet',
  'signedOut.heading': 'Sie sind abgemeldet',
  'signedOut.lede':
    'Wenn auch andere diesen Computer benutzen, schließen Sie außerdem das Browserfenster.',
  'signedOut.again': 'Wieder anmelden',

  'error.request.heading': 'Diese Anmeldung kann nicht fortgesetzt werden',
  'error.request.message':
    'Die App, von der Sie kommen, hat in ihrer Anfrage einen Fehler gemacht.',
  'error.request.action':
    'Gehen Sie zur App zurück und versuchen Sie es noch einmal. Wenn das nicht hilft, zeigen Sie diese Seite den Menschen, die sie entwickeln.',
  'error.unknownClient.heading': 'Diese App ist hier nicht bekannt',
  'error.unknownClient.message':
    'Die App, von der Sie kommen, ist bei diesem Server nicht registriert. Deshalb ist hier keine Anmeldung für sie möglich.',
  'error.unknownClient.action':
    'Gehen Sie zur App zurück und versuchen Sie es noch einmal. Wenn das nicht hilft, zeigen Sie diese Seite den Menschen, die sie entwickeln.',
  'error.redirectUri.heading': 'Wir können Sie nicht zu dieser App zurückleiten',
  'error.redirectUri.message':
    'Die App möchte Sie an eine Adresse zurückleiten, die nicht für sie registriert ist. Das kann ein Versehen sein, oder jemand hat es auf Ihr Konto abgesehen.',
  'error.redirectUri.action':
    'An diese Adresse wurde nichts gesendet. Wenn Sie der App vertrauen, gehen Sie zu ihr zurück und versuchen Sie es noch einmal, oder zeigen Sie diese Seite den Menschen, die sie entwickeln.',
  'error.over.heading': 'Diese Anmeldung ist beendet',
  'error.over.message': 'Sie war schon abgeschlossen, oder sie hat zu lange gedauert.',
  'error.over.action': 'Gehen Sie zur App zurück und beginnen Sie von vorn.',
  'error.tooMany.heading': 'Bitte warten Sie einen Moment',
  'error.tooMany.message': 'Von hier aus gab es zu viele Versuche.',
  'error.tooMany.action': 'Versuchen Sie es später noch einmal.',
  'error.notFound.heading': 'Hier ist nichts',
  'error.notFound.message':
    'Vielleicht enthält die Adresse einen Tippfehler, oder die Seite ist umgezogen.',
  'error.notFound.action': 'Überprüfen Sie die Adresse oder beginnen Sie auf der Startseite.',
  'error.unavailable.heading': 'Bitte versuchen Sie es gleich noch einmal',
  'error.unavailable.message':
    'Der Server kann im Augenblick nicht antworten. Das liegt nicht an Ihnen.',
  'error.unavailable.action': 'Warten Sie ein wenig und laden Sie dann diese Seite neu.',
  'error.failure.heading': 'Bei uns ist etwas schiefgegangen',
  'error.failure.message': 'Das liegt nicht an Ihnen.',
  'error.failure.action':
    'Versuchen Sie es gleich noch einmal. Wenn es wieder geschieht, wenden Sie sich an die Betreiber dieses Servers und nennen Sie ihnen die Anfrage-ID unten.',
  'error.home': 'Zur Startseite',
  'error.forDeveloper': 'Für alle, die die App entwickeln',
  'error.forHelp': 'Wenn Sie um Hilfe bitten',
  'error.code': 'Fehler',
  'error.sent': 'Gesendet',
  'error.registered': 'Registriert',
  'error.requestId': 'Anfrage-ID',
  'error.document': 'Was jeder Fehler bedeutet und was zu ändern ist: {document}',

  'home.title': 'Startseite',
  'home.heading': 'Dies ist ein Autorisierungsserver für OAuth\u00a02.0',
  'home.lede':
    'Er meldet Menschen an, fragt sie, was eine App darf, und gibt der App ein Zugriffstoken für Ihre API. Ein Passwort bekommt keine App je zu sehen.',
  'home.issuer': 'Aussteller',
  'home.signedOut': 'Sie sind nicht angemeldet.',
  'home.signIn': 'Anmelden',
  'home.try': 'Ausprobieren',
  'home.trySignIn': 'Melden Sie sich an, als kämen Sie von einer App',
  'home.tryAs':
    'Melden Sie sich als {username} mit dem Passwort {password} an und wählen Sie „{allow}“.',
  'home.tryReturn': 'Sie kehren mit einem {code} in der Adresse zur App zurück.',
  'home.tryButton': 'Anmeldung ausprobieren',
  'home.getToken': 'Ein Zugriffstoken anfordern',
  'home.useToken': 'Das Zugriffstoken verwenden',
  'home.demo': 'Demo-Daten',
  'home.client': 'Client',
  'home.clientId': 'Client-ID',
  'home.secret': 'Geheimnis',
  'home.noSecret': 'Keines, der Client ist öffentlich',
  'home.grants': 'Grant-Typen',
  'home.redirectUri': 'Redirect-URI',
  'home.users.one': 'Benutzerkonto',
  'home.users.other': 'Benutzerkonten',
  'home.username': 'Benutzername',
  'home.password': 'Passwort',
  'home.demoOnly':
    'Demo-Clients und Demo-Benutzerkonten gibt es nur außerhalb des Produktivbetriebs.',
  'home.endpoints': 'Endpunkte',
  'home.method': 'Methode',
  'home.path': 'Pfad',
  'home.what': 'Zweck',
  'home.authorize':
    'Hierher schickt ein Client Menschen, damit sie sich anmelden und den Zugriff erlauben',
  'home.token': 'Hier erhält ein Client seine Tokens',
  'home.revoke': 'Hier gibt ein Client ein Token zurück',
  'home.introspect': 'Hier fragt ein Ressourcenserver, was ein Token wert ist',
  'home.jwks': 'Die öffentlichen Schlüssel dieses Servers',
  'home.discovery': 'Alles, was ein Client über diesen Server wissen muss',
  'home.login': 'Anmelden',
  'home.logout': 'Abmelden',
  'home.account': 'Welche Apps Zugriff auf ein Konto haben und wo es angemeldet ist',
  'home.protected': 'Eine geschützte Ressource: erfordert ein Zugriffstoken',

  'callback.title': 'Ein Code für den Client',
  'callback.titleWithout': 'Kein Code',
  'callback.heading': 'Sie sind zurück bei der App, und sie hat einen Code',
  'callback.headingWithout': 'Sie sind zurück bei der App, aber ohne Code',
  'callback.lede':
    'Diese Seite steht für die App. In der Adresse oben hat der Server ihr einen Code übergeben, der einmal und nur kurze Zeit gilt. Die App schickt ihn nun mit ihrem Geheimnis und ihrem Code-Verifier an den Token-Endpunkt und erhält ihre Tokens.',
  'callback.ledeWithout':
    'Diese Seite steht für die App. In der Adresse oben hat der Server ihr mitgeteilt, warum sie keinen Code erhält. Eine App sollte das in eigenen Worten sagen.',
  'callback.next': 'Wie es weitergeht',
  'callback.exchange': 'Den Code gegen Tokens eintauschen',
  'callback.twice': 'Den Befehl ein zweites Mal ausführen',
  'callback.twiceWhy':
    'Ein Code, der zweimal verwendet wird, ist vielleicht gestohlen: Der Server lehnt ihn ab und beendet alles, was aus ihm hervorgegangen ist.',
  'callback.lookUp': 'Den Fehler nachschlagen',
  'callback.restart': 'Von vorn beginnen',
  'callback.restartWhy':
    'Sie sind jetzt angemeldet, und was Sie erlaubt haben, merkt sich der Server.',
  'callback.restartButton': 'Anmeldung noch einmal ausprobieren',
  'callback.received': 'Was die App erhalten hat',
  'callback.answer': 'Antwort',
  'callback.home': 'Startseite',

  'account.title': 'Ihr Konto',
  'account.hint': 'Sie können das später in Ihrem Konto zurücknehmen.',
  'account.now': 'gerade eben',
  'account.outOfDate':
    'Diese Seite war veraltet, deshalb wurde nichts geändert. Bitte versuchen Sie es noch einmal.',

  'account.apps': 'Apps mit Zugriff',
  'account.apps.none': 'Keine App hat Zugriff auf Ihr Konto.',
  'account.app.can': 'Die App kann',
  'account.app.at': 'Bei {resource}',
  'account.app.identity': 'Die App weiß, dass Sie es sind, und kann sonst nichts.',
  'account.app.idle':
    'Zurzeit hat sie keinen Zugriff, kann ihn aber wieder erhalten, ohne Sie zu fragen.',
  'account.app.since': 'Erlaubt',
  'account.app.lastUsed': 'Zuletzt genutzt',
  'account.app.remove': 'Zugriff entziehen',
  'account.app.removed': '{client} hat keinen Zugriff mehr auf Ihr Konto.',

  'account.remove.title': '{client} den Zugriff entziehen?',
  'account.remove.effect':
    'Die App verliert ihren Zugriff auf Ihr Konto sofort, auf allen Ihren Geräten.',
  'account.remove.kept': 'Was sie bereits kopiert hat, behält sie.',
  'account.remove.again':
    'Das lässt sich nicht rückgängig machen. Wenn Sie die App später wieder nutzen, muss sie Sie erneut fragen.',

  'account.sessions': 'Wo Sie angemeldet sind',
  'account.sessions.only': 'Sie sind sonst nirgends angemeldet.',
  'account.sessions.endOthers': 'Überall sonst abmelden',
  'account.sessions.othersEnded': 'Sie sind überall sonst abgemeldet.',
  'account.session.current': 'Dieser Browser',
  'account.session.on': '{browser} auf {system}',
  'account.session.unknown': 'Unbekannter Browser',
  'account.session.unknownOn': 'Unbekannter Browser auf {system}',
  'account.session.signedIn': 'Angemeldet',
  'account.session.seen': 'Zuletzt aktiv',
  'account.session.end': 'Abmelden',
  'account.session.ended': 'Dieser Browser ist abgemeldet.',

  'account.password': 'Passwort',
  'account.password.changedAt': 'Zuletzt geändert',
  'account.password.change': 'Passwort ändern',
  'account.password.title': 'Passwort ändern',
  'account.password.effect': 'Sie werden überall sonst abgemeldet.',
  'account.password.appsKeep': 'Apps behalten ihren Zugriff.',
  'account.password.appsLink': 'Ansehen, welche Apps Zugriff haben',
  'account.password.current': 'Aktuelles Passwort',
  'account.password.new': 'Neues Passwort',
  'account.password.again': 'Neues Passwort wiederholen',
  'account.password.rule':
    'Mindestens {count} Zeichen. Einige Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
  'account.password.short': 'Das neue Passwort muss mindestens {count} Zeichen haben.',
  'account.password.easy':
    'Das neue Passwort ist leicht zu erraten: Es besteht fast nur aus Ihrem Namen oder aus Zeichenfolgen. Bitte wählen Sie ein anderes.',
  'account.password.unusable':
    'Das neue Passwort ist zu lang oder enthält Zeichen, die nicht verwendet werden können.',
  'account.password.differ': 'Sie haben zwei verschiedene neue Passwörter eingegeben.',
  'account.password.same': 'Das ist bereits Ihr Passwort. Bitte wählen Sie ein anderes.',
  'account.password.wrong': 'Das aktuelle Passwort stimmt nicht.',
  'account.password.meanwhile': 'Ihr Passwort wurde soeben an anderer Stelle geändert.',
  'account.password.tooMany.one':
    'Zu viele falsche Passwörter. Bitte versuchen Sie es in einer Minute noch einmal.',
  'account.password.tooMany.other':
    'Zu viele falsche Passwörter. Bitte versuchen Sie es in {count} Minuten noch einmal.',
  'account.password.changed':
    'Ihr Passwort ist geändert, und Sie sind überall sonst abgemeldet. Apps behalten ihren Zugriff: Bitte entziehen Sie ihn denen, die Sie nicht kennen.',
};
