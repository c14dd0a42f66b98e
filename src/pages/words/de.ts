import type { Words } from './words.ts';

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
  'login.toAccount': 'um Ihr Konto anzusehen',
  'login.toDevice': 'um ein Gerät zu verbinden',
  'login.toPassword': 'um Ihr Passwort zu ändern',
  'login.toRemoveApp': 'um einer App den Zugriff zu entziehen',
  'login.username': 'Benutzername',
  'login.password': 'Passwort',
  'login.submit': 'Anmelden',
  'login.help': 'Probleme bei der Anmeldung?',
  'login.demo': 'Demo-Konto: {username} / {password}',
  'login.noCookie':
    'Ihr Browser hat unser Cookie nicht mitgeschickt. Bitte erlauben Sie Cookies für diese Website und versuchen Sie es noch einmal.',
  'login.outOfDate': 'Diese Seite war veraltet. Bitte melden Sie sich noch einmal an.',
  'login.invalid': 'Benutzername oder Passwort ist ungültig. Bitte überprüfen Sie beides.',
  'login.missing': 'Bitte geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
  'login.wrong': 'Benutzername oder Passwort ist falsch.',
  'login.disabled':
    'Dieses Konto ist deaktiviert. Bitte wenden Sie sich an die Person, die es verwaltet.',
  'login.tooMany.one': 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute noch einmal.',
  'login.tooMany.other':
    'Zu viele Versuche. Bitte versuchen Sie es in {count} Minuten noch einmal.',

  'client.open': 'App öffnen',
  'client.policy': 'Datenschutzerklärung',
  'client.tos': 'Nutzungsbedingungen',

  'selfMade.heading': 'Kennen Sie diese App?',
  'selfMade.claimed': 'Name und Bild gibt die App selbst an. Niemand hier hat sie geprüft.',
  'selfMade.claimedName': 'Den Namen gibt die App selbst an. Niemand hier hat ihn geprüft.',
  'selfMade.host': 'Veröffentlicht unter',
  'selfMade.returnsTo': 'Sie kehren zurück zu',
  'selfMade.onDevice':
    'Die App läuft auf Ihrem Gerät, wo sich jedes Programm für sie ausgeben kann. Fahren Sie nur fort, wenn Sie das gerade selbst begonnen haben.',

  'consent.title': '{client} den Zugriff erlauben?',
  'consent.question': 'Darf {client} Ihr Konto nutzen?',
  'consent.questionIdentity': 'Darf {client} wissen, wer Sie sind?',
  'consent.scopes': 'Die App darf dann',
  'consent.at': 'Bei {resources}',
  'consent.identityOnly':
    'Die App erfährt, dass Sie sich hier angemeldet haben. Sie bittet nicht darum, in Ihrem Konto etwas sehen oder ändern zu dürfen.',
  'consent.resourcesOnly':
    'Die App kann dann bei {resources} in Ihrem Namen handeln. Sie hat nicht angegeben, was sie dort tun will. Was sie sehen und ändern kann, wird dort entschieden und nicht hier.',
  'consent.new': 'Neu',
  'consent.remembered': 'Sie haben dieser App den Zugriff schon einmal erlaubt.',
  'consent.noAccess':
    'Wenn Sie abbrechen, erhält die App keinen Zugriff. In beiden Fällen kehren Sie zu {place} zurück.',
  'consent.noNewAccess':
    'Wenn Sie abbrechen, erhält die App keinen neuen Zugriff. In beiden Fällen kehren Sie zu {place} zurück.',
  'consent.noIdentity':
    'Wenn Sie abbrechen, erfährt die App nichts über Sie. In beiden Fällen kehren Sie zu {place} zurück.',
  'consent.noNewIdentity':
    'Wenn Sie abbrechen, erfährt die App nichts Neues über Sie. In beiden Fällen kehren Sie zu {place} zurück.',
  'consent.allow': 'Erlauben',
  'consent.outOfDate':
    'Diese Seite war veraltet. Bitte lesen Sie sie noch einmal und entscheiden Sie neu.',
  'consent.choose': 'Bitte wählen Sie „{cancel}“ oder „{allow}“.',

  'scope.openid': 'Bestätigen, wer Sie sind',
  'scope.profile': 'Ihren Namen und Ihr Profil sehen',
  'scope.email': 'Ihre E-Mail-Adresse sehen',
  'scope.address': 'Ihre Postanschrift sehen',
  'scope.phone': 'Ihre Telefonnummer sehen',
  'scope.groups': 'Sehen, zu welchen Gruppen Sie gehören',
  'scope.offline_access': 'Diesen Zugriff behalten, auch wenn Sie die App nicht nutzen',

  'consent.claims': 'Diese Angaben über Sie sehen',
  'claim.none': 'Noch nichts hinterlegt',
  'claim.more.one': '{count} weitere',
  'claim.more.other': '{count} weitere',
  'claim.confirmed': 'bestätigt',
  'claim.unconfirmed': 'nicht bestätigt',
  'claim.yes': 'ja',
  'claim.no': 'nein',
  'claim.name': 'Name',
  'claim.given_name': 'Vorname',
  'claim.family_name': 'Nachname',
  'claim.middle_name': 'Weiterer Vorname',
  'claim.nickname': 'Spitzname',
  'claim.preferred_username': 'Benutzername',
  'claim.profile': 'Profilseite',
  'claim.picture': 'Bild',
  'claim.website': 'Website',
  'claim.gender': 'Geschlecht',
  'claim.birthdate': 'Geburtsdatum',
  'claim.zoneinfo': 'Zeitzone',
  'claim.locale': 'Sprache',
  'claim.updated_at': 'Zuletzt geändert',
  'claim.email': 'E-Mail-Adresse',
  'claim.email_verified': 'E-Mail-Adresse bestätigt',
  'claim.address': 'Postanschrift',
  'claim.phone_number': 'Telefonnummer',
  'claim.phone_number_verified': 'Telefonnummer bestätigt',
  'claim.groups': 'Gruppen',

  'device.title': 'Gerät verbinden',
  'device.lede': 'Geben Sie den Code ein, den Ihr Gerät oder Ihre App anzeigt.',
  'device.check': 'Ist das der Code, den Ihr Gerät oder Ihre App anzeigt?',
  'device.code': 'Code',
  'device.hint': 'Acht Buchstaben, zum Beispiel {example}',
  'device.continue': 'Weiter',
  'device.missing': 'Bitte geben Sie den Code ein.',
  'device.malformed':
    'Ein Code hat acht Buchstaben, zum Beispiel {example}. Bitte überprüfen Sie ihn.',
  'device.unknown':
    'Dieser Code ist falsch oder abgelaufen. Bitte überprüfen Sie ihn oder lassen Sie sich auf Ihrem Gerät einen neuen anzeigen.',
  'device.outOfDate': 'Diese Seite war veraltet. Bitte versuchen Sie es noch einmal.',
  'device.tooMany.one':
    'Zu viele falsche Codes. Bitte versuchen Sie es in einer Minute noch einmal.',
  'device.tooMany.other':
    'Zu viele falsche Codes. Bitte versuchen Sie es in {count} Minuten noch einmal.',
  'device.review.title': '{client} auf einem Gerät den Zugriff erlauben?',
  'device.review.question': 'Darf {client} auf einem Gerät Ihr Konto nutzen?',
  'device.review.warning': 'Haben Sie das selbst begonnen?',
  'device.review.warningText':
    'Fahren Sie nur fort, wenn der Code {code} auf Ihrem eigenen Gerät steht. Wenn Ihnen jemand diesen Code geschickt hat, brechen Sie ab: Sonst erhält diese Person Zugriff auf Ihr Konto.',
  'device.review.asked': 'Angefragt',
  'device.review.from': 'Von',
  'device.review.same': '(dieselbe Adresse wie dieser Browser)',
  'device.review.ifNo': 'Wenn Sie abbrechen, erhält das Gerät keinen Zugriff.',
  'device.allowed.title': 'Zugriff erlaubt',
  'device.allowed.lede':
    'Gehen Sie auf Ihrem Gerät zu {client} zurück. Dort geht es in wenigen Sekunden von selbst weiter.',
  'device.denied.title': 'Zugriff abgelehnt',
  'device.denied.lede': '{client} erhält keinen Zugriff. Sie können diese Seite schließen.',
  'device.over.title': 'Diese Anfrage ist beendet',
  'device.over.lede':
    'Sie wurde bereits beantwortet oder hat zu lange gedauert. Wenn Ihr Gerät nicht angemeldet ist, lassen Sie sich dort einen neuen Code anzeigen.',

  'signedIn.title': 'Angemeldet',
  'signedIn.heading': 'Sie sind angemeldet',

  'endSession.title': 'Möchten Sie sich abmelden?',
  'endSession.titleFor': '{client} bittet Sie, sich abzumelden',
  'endSession.lede':
    'Wenn Sie sich abmelden, endet Ihre Sitzung hier. Apps, bei denen Sie sich in diesem Browser mit diesem Konto angemeldet haben, erfahren davon und sollen Sie ebenfalls abmelden.',
  'endSession.stay': 'Angemeldet bleiben',
  'endSession.returns': 'In beiden Fällen kehren Sie zu {place} zurück.',

  'signedOut.title': 'Abgemeldet',
  'signedOut.heading': 'Sie sind abgemeldet',
  'signedOut.lede':
    'Wenn auch andere diesen Computer benutzen, schließen Sie bitte auch das Browserfenster.',
  'signedOut.told.one': '{apps} hat Sie ebenfalls abgemeldet.',
  'signedOut.told.other': '{apps} haben Sie ebenfalls abgemeldet.',
  'signedOut.underWay.one': '{apps} erfährt gerade, dass Sie sich abgemeldet haben.',
  'signedOut.underWay.other': '{apps} erfahren gerade, dass Sie sich abgemeldet haben.',
  'signedOut.missed.one':
    '{apps} war noch nicht erreichbar. Dort sind Sie vielleicht noch angemeldet.',
  'signedOut.missed.other':
    '{apps} waren noch nicht erreichbar. Dort sind Sie vielleicht noch angemeldet.',
  'signedOut.unknown.one':
    '{apps} hat Sie vielleicht noch nicht abgemeldet. Bitte melden Sie sich auch dort ab.',
  'signedOut.unknown.other':
    '{apps} haben Sie vielleicht noch nicht abgemeldet. Bitte melden Sie sich auch dort ab.',
  'signedOut.keeping.one': '{apps} behält den Zugriff auf Ihr Konto.',
  'signedOut.keeping.other': '{apps} behalten den Zugriff auf Ihr Konto.',
  'signedOut.others.one': '{count} weitere App',
  'signedOut.others.other': '{count} weitere Apps',
  'common.goOn': 'Weiter zu {place}',
  'signedOut.again': 'Wieder anmelden',

  'formPost.title': 'Zurück zur App',
  'formPost.heading': 'Sie kehren zu {place} zurück',
  'formPost.lede': 'Wenn nichts geschieht, wählen Sie „{continue}“.',
  'formPost.continue': 'Weiter',

  'error.request.heading': 'Diese Anmeldung kann nicht fortgesetzt werden',
  'error.request.message':
    'Die App, von der Sie kommen, hat in ihrer Anfrage einen Fehler gemacht.',
  'error.request.action':
    'Gehen Sie zur App zurück und versuchen Sie es noch einmal. Wenn das nicht hilft, zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.notSignedIn.heading': 'Sie müssen sich zuerst anmelden',
  'error.notSignedIn.message':
    'Die App hat gefragt, ob Sie hier angemeldet sind. Das sind Sie nicht, oder nicht so, wie es die App braucht.',
  'error.notSignedIn.action':
    'Kehren Sie zur App zurück. Von dort aus können Sie sich dann anmelden.',
  'error.notAllowed.heading': 'Ohne Sie kann die App nicht fortfahren',
  'error.notAllowed.message':
    'Die App wollte fortfahren, ohne Sie etwas zu fragen. Dafür braucht sie aber Ihre Zustimmung, oder Sie müssen vorher noch etwas erledigen.',
  'error.notAllowed.action': 'Kehren Sie zur App zurück. Von dort aus werden Sie dann gefragt.',
  'error.unknownClient.heading': 'Diese App ist hier nicht bekannt',
  'error.unknownClient.message':
    'Die App, von der Sie kommen, ist bei diesem Server nicht registriert. Deshalb ist hier keine Anmeldung für sie möglich.',
  'error.unknownClient.action':
    'Gehen Sie zur App zurück und versuchen Sie es noch einmal. Wenn das nicht hilft, zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.clientDocument.heading': 'Wir können nicht feststellen, welche App das ist',
  'error.clientDocument.message':
    'Die App, von der Sie kommen, beschreibt sich in einem Dokument im Web. Dieser Server kann das Dokument nicht verwenden.',
  'error.clientDocument.action':
    'Gehen Sie zur App zurück und versuchen Sie es später noch einmal. Wenn das nicht hilft, zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.redirectUri.heading': 'Wir können Sie nicht zu dieser App zurückleiten',
  'error.redirectUri.message':
    'Die App möchte Sie an eine Adresse zurückleiten, die nicht für sie registriert ist. Das kann ein Versehen sein, oder jemand hat es auf Ihr Konto abgesehen.',
  'error.redirectUri.action':
    'An diese Adresse wurde nichts gesendet. Wenn Sie der App vertrauen, gehen Sie zu ihr zurück und versuchen Sie es noch einmal, oder zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.over.heading': 'Diese Anmeldung ist beendet',
  'error.over.message': 'Sie wurde bereits abgeschlossen oder hat zu lange gedauert.',
  'error.over.action': 'Gehen Sie zur App zurück und beginnen Sie von vorn.',
  'error.signOut.heading': 'Diese Abmeldung kann nicht fortgesetzt werden',
  'error.signOut.message':
    'Die App, von der Sie kommen, hat in ihrer Anfrage einen Fehler gemacht. Deshalb sind Sie hier nicht abgemeldet worden.',
  'error.signOut.action':
    'Sie können sich hier trotzdem abmelden. Wenn das noch einmal geschieht, zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.nothingToSignOut.heading': 'Sie sind hier nicht angemeldet',
  'error.nothingToSignOut.message':
    'Die App, von der Sie kommen, wollte Sie abmelden und hat in ihrer Anfrage einen Fehler gemacht.',
  'error.nothingToSignOut.action':
    'Sie müssen sich hier nicht abmelden. Wenn das noch einmal geschieht, zeigen Sie diese Seite dem Entwicklungsteam der App.',
  'error.browser.heading': 'Das hat nicht geklappt',
  'error.browser.message':
    'Ihr Browser hat etwas gesendet, womit diese Seite nichts anfangen kann. Es wurde nichts geändert.',
  'error.browser.action':
    'Gehen Sie zurück und versuchen Sie es noch einmal, oder öffnen Sie Ihr Konto.',
  'error.tooMany.heading': 'Bitte warten Sie einen Moment',
  'error.tooMany.message': 'Aus Ihrem Netzwerk gab es zu viele Versuche.',
  'error.tooMany.action': 'Versuchen Sie es später noch einmal.',
  'error.notFound.heading': 'Hier ist nichts',
  'error.notFound.message':
    'Vielleicht enthält die Adresse einen Tippfehler, oder die Seite ist umgezogen.',
  'error.notFound.action': 'Überprüfen Sie die Adresse oder gehen Sie zur Startseite.',
  'error.unavailable.heading': 'Bitte versuchen Sie es gleich noch einmal',
  'error.unavailable.message':
    'Der Server kann im Augenblick nicht antworten. Das liegt nicht an Ihnen.',
  'error.unavailable.action': 'Warten Sie einen Moment und laden Sie diese Seite dann neu.',
  'error.failure.heading': 'Bei uns ist etwas schiefgegangen',
  'error.failure.message': 'Das liegt nicht an Ihnen.',
  'error.failure.action':
    'Versuchen Sie es gleich noch einmal. Wenn es wieder geschieht, wenden Sie sich an den Betreiber dieses Servers und geben Sie die Anfrage-ID unten an.',
  'error.home': 'Zur Startseite',
  'error.forDeveloper': 'Für das Entwicklungsteam der App',
  'error.forHelp': 'Wenn Sie Hilfe brauchen',
  'error.code': 'Fehler',
  'error.sent': 'Gesendet',
  'error.registered': 'Registriert',
  'error.requestId': 'Anfrage-ID',
  'error.document': 'Was jeder Fehler bedeutet und was zu ändern ist: {document}',

  'home.title': 'Startseite',
  'home.heading': 'Dies ist ein Autorisierungsserver für OAuth\u00a02.0 und ein OpenID-Provider',
  'home.lede':
    'Er meldet Menschen an, fragt sie, was eine App darf, und gibt der App ein Access-Token für Ihre API. Keine App bekommt je ein Passwort zu sehen.',
  'home.issuer': 'Aussteller',
  'home.signedOut': 'Sie sind nicht angemeldet.',
  'home.signIn': 'Anmelden',
  'home.try': 'Ausprobieren',
  'home.trySignIn': 'Melden Sie sich an, als kämen Sie von einer App',
  'home.tryAs':
    'Melden Sie sich als {username} mit dem Passwort {password} an und wählen Sie „{allow}“.',
  'home.tryReturn': 'Sie kehren mit einem {code} in der Adresse zur App zurück.',
  'home.tryButton': 'Anmeldung ausprobieren',
  'home.getToken': 'Ein Access-Token anfordern',
  'home.useToken': 'Das Access-Token verwenden',
  'home.demo': 'Demo-Daten',
  'home.client': 'Client',
  'home.clientId': 'Client-ID',
  'home.secret': 'Secret',
  'home.noSecret': 'Keins (öffentlicher Client)',
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
  'home.revoke': 'Hier widerruft ein Client ein Token',
  'home.introspect': 'Hier prüft ein Ressourcenserver ein Token',
  'home.userinfo': 'Hier fragt ein Client, wer die Person ist',
  'home.deviceAuthorization': 'Hier erhält ein Gerät ohne Browser seine Codes',
  'home.device': 'Hier gibt eine Person den Code eines Geräts ein',
  'home.jwks': 'Die öffentlichen Schlüssel dieses Servers',
  'home.discovery': 'Alles, was ein Client über diesen Server wissen muss',
  'home.openidDiscovery': 'Dasselbe für OpenID-Connect-Clients',
  'home.login': 'Anmelden',
  'home.logout': 'Abmelden',
  'home.account': 'Zeigt, welche Apps Zugriff auf ein Konto haben und wo es angemeldet ist',
  'home.protected': 'Eine geschützte Ressource, die ein Access-Token erfordert',

  'callback.title': 'Ein Code für den Client',
  'callback.titleWithout': 'Kein Code',
  'callback.heading': 'Sie sind zurück bei der App, und sie hat einen Code',
  'callback.headingWithout': 'Sie sind zurück bei der App, aber ohne Code',
  'callback.lede':
    'Diese Seite steht für die App. In der Adresse oben hat der Server ihr einen Code übergeben, der einmal und nur kurze Zeit gilt. Die App schickt ihn nun mit ihrem Secret und ihrem Code-Verifier an den Token-Endpunkt und erhält ihre Tokens.',
  'callback.ledeWithout':
    'Diese Seite steht für die App. In der Adresse oben steht, warum es keinen Code gibt. Eine App sollte das in eigenen Worten erklären.',
  'callback.next': 'Wie es weitergeht',
  'callback.exchange': 'Den Code gegen Tokens eintauschen',
  'callback.twice': 'Den Befehl ein zweites Mal ausführen',
  'callback.twiceWhy':
    'Ein Code gilt nur einmal, deshalb lehnt der Server ihn ab. Nach mehr als 15 Sekunden könnte er gestohlen sein: Dann widerruft der Server auch, was er dafür ausgestellt hat.',
  'callback.lookUp': 'Den Fehler nachschlagen',
  'callback.restart': 'Von vorn beginnen',
  'callback.restartWhy':
    'Sie sind jetzt angemeldet, und was Sie erlaubt haben, merkt sich der Server.',
  'callback.restartButton': 'Anmeldung noch einmal ausprobieren',
  'callback.received': 'Was die App erhalten hat',
  'callback.answer': 'Antwort',
  'callback.home': 'Startseite',

  'account.title': 'Ihr Konto',
  'account.hint': 'Sie können den Zugriff später in Ihrem Konto wieder entziehen.',
  'account.now': 'gerade eben',
  'account.outOfDate':
    'Diese Seite war veraltet, deshalb wurde nichts geändert. Bitte versuchen Sie es noch einmal.',

  'account.apps': 'Apps mit Zugriff',
  'account.apps.none': 'Keine App hat Zugriff auf Ihr Konto.',
  'account.apps.more.one':
    'Eine weitere App, die länger nicht genutzt wurde, hat Zugriff. Sie erscheint hier, sobald eine andere entfernt ist.',
  'account.apps.more.other':
    '{count} weitere Apps, die länger nicht genutzt wurden, haben Zugriff. Sie erscheinen hier, sobald andere entfernt sind.',
  'account.app.can': 'Die App kann',
  'account.app.at': 'Bei {resource}',
  'account.app.identity': 'Die App weiß, wer Sie sind. Weitere Berechtigungen hat sie nicht.',
  'account.app.actsAt':
    'Die App kann bei {resources} in Ihrem Namen handeln. Was sie dort sehen und ändern kann, wird dort entschieden.',
  'account.app.further.one': '{count} weitere Berechtigung',
  'account.app.further.other': '{count} weitere Berechtigungen',
  'account.app.more.one': 'Die App hat außerdem Zugriff auf eine weitere Adresse.',
  'account.app.more.other': 'Die App hat außerdem Zugriff auf {count} weitere Adressen.',
  'account.app.idle':
    'Zurzeit hat die App keinen Zugriff, kann ihn aber ohne Rückfrage wieder erhalten.',
  'account.app.untilSignOut': 'Die App hat Zugriff, bis Sie sich abmelden.',
  'account.app.keeps': 'Die App behält den Zugriff, auch wenn Sie sich abmelden.',
  'account.app.since': 'Erlaubt',
  'account.app.lastUsed': 'Zuletzt genutzt',
  'account.app.remove': 'Zugriff entziehen',
  'account.app.removed': '{client} hat keinen Zugriff mehr auf Ihr Konto.',

  'account.remove.title': '{client} den Zugriff entziehen?',
  'account.remove.effect':
    'Die App verliert ihren Zugriff auf Ihr Konto sofort, auf allen Ihren Geräten.',
  'account.remove.kept': 'Was sie bereits kopiert hat, behält sie.',
  'account.remove.again':
    'Das lässt sich nicht rückgängig machen. Wenn Sie die App später wieder nutzen, muss sie erneut um Ihre Erlaubnis bitten.',

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
  'account.session.ended': 'Der andere Browser ist abgemeldet.',

  'account.password': 'Passwort',
  'account.password.changedAt': 'Zuletzt geändert',
  'account.password.change': 'Passwort ändern',
  'account.password.title': 'Passwort ändern',
  'account.password.effect': 'Sie werden überall sonst abgemeldet.',
  'account.password.appsKeep':
    'Apps, die ihren Zugriff nach dem Abmelden behalten, behalten ihn auch diesmal.',
  'account.password.appsLink': 'Ansehen, welche Apps Zugriff haben',
  'account.password.current': 'Aktuelles Passwort',
  'account.password.new': 'Neues Passwort',
  'account.password.again': 'Neues Passwort wiederholen',
  'account.password.rule':
    'Mindestens {count} Zeichen. Ein paar Wörter, die nichts miteinander zu tun haben, sind leicht zu merken und schwer zu erraten.',
  'account.password.short': 'Das neue Passwort muss mindestens {count} Zeichen haben.',
  'account.password.easy':
    'Das neue Passwort ist leicht zu erraten: Es besteht fast nur aus Ihrem Namen oder aus einer einfachen Zeichenfolge. Bitte wählen Sie ein anderes.',
  'account.password.unusable':
    'Das neue Passwort ist zu lang oder enthält Zeichen, die nicht verwendet werden können.',
  'account.password.differ': 'Die beiden neuen Passwörter stimmen nicht überein.',
  'account.password.same': 'Das ist bereits Ihr Passwort. Bitte wählen Sie ein anderes.',
  'account.password.wrong': 'Das aktuelle Passwort ist falsch.',
  'account.password.meanwhile': 'Ihr Passwort wurde soeben an anderer Stelle geändert.',
  'account.password.tooMany.one':
    'Zu viele falsche Passwörter. Bitte versuchen Sie es in einer Minute noch einmal.',
  'account.password.tooMany.other':
    'Zu viele falsche Passwörter. Bitte versuchen Sie es in {count} Minuten noch einmal.',
  'account.password.changed': 'Ihr Passwort wurde geändert, und Sie sind überall sonst abgemeldet.',
  'account.password.appsKept':
    'Apps, die ihren Zugriff nach dem Abmelden behalten, haben ihn weiterhin. Bitte entziehen Sie ihn allen Apps, die Sie nicht kennen.',

  'resetPassword.title': 'Neues Passwort festlegen',
  'resetPassword.submit': 'Passwort festlegen',
  'resetPassword.effect': 'Sie werden überall abgemeldet.',
  'resetPassword.over': 'Dieser Link funktioniert nicht',
  'resetPassword.over.text':
    'Ein Link, mit dem Sie ein neues Passwort festlegen, funktioniert einmal und nur für kurze Zeit. Wenn Sie damit ein Passwort festgelegt haben, melden Sie sich bitte an. Andernfalls bitten Sie die Person, die Ihnen den Link geschickt hat, um einen neuen.',
  'resetPassword.set': 'Ihr neues Passwort ist festgelegt. Bitte melden Sie sich damit an.',

  'playground.heading': 'OAuth in Aktion',
  'playground.lede':
    'Ihr Browser spielt sieben kurze Kapitel mit diesem Server durch. Sie sehen jede Anfrage, wie sie gesendet wird, jede Antwort, wie sie ankommt, und was beides bedeutet.',
  'playground.noScript':
    'Ihr Browser führt hier keine Skripte aus, deshalb kann diese Seite selbst nichts senden. Dieselben Schritte stehen unten als Befehle für ein Terminal. Ersetzen Sie {placeholder} und Ähnliches durch die Werte aus den Antworten.',
  'playground.elsewhere':
    'Unter dieser Adresse erreicht die Seite den Server nicht. Öffnen Sie sie unter der Adresse des Servers:',
  'playground.insecure':
    'Über unverschlüsseltes http berechnen Browser SHA-256 nur für Seiten auf localhost. Öffnen Sie den Server unter localhost oder über https, um fortzufahren.',
  'playground.chapters': 'Kapitel',
  'playground.done': '(erledigt)',
  'playground.restart': 'Von vorn beginnen',
  'playground.next': 'Weiter: {chapter}',
  'playground.comesLater': 'Nach dem vorherigen Schritt verfügbar.',
  'playground.needsSignIn':
    'Melden Sie sich zuerst an, im Kapitel {chapter}. Von dort geht es hier weiter.',
  'playground.wrongTurns': 'Fehler und Angriffe',
  'playground.wrongTurnsLede':
    'Was schiefgehen kann und wie es ausgeht. Jeder Fall hat eigene Werte und ändert nichts an den Schritten oben.',
  'playground.wrongTurnsOfSteps':
    'Was schiefgehen kann und wie es ausgeht. Die Fälle verwenden das ID-Token aus den Schritten oben und ändern nichts an ihnen.',
  'playground.needsSteps': 'Verfügbar, sobald das ID-Token oben geprüft ist.',

  'playground.home.title': 'Jeden Schritt mitverfolgen',
  'playground.home.text':
    'Der Playground spielt jeden Ablauf Schritt für Schritt in Ihrem Browser durch und zeigt, was gesendet wird und was zurückkommt.',
  'playground.home.open': 'Playground öffnen',

  'playground.request': 'Anfrage',
  'playground.answer': 'Antwort',
  'playground.redirected': 'Antwort, in der Adresse',
  'playground.checked': 'Was die App prüft',
  'playground.computation': 'Berechnung',
  'playground.ownHeaders':
    'Header, die jeder Browser von sich aus mitschickt, etwa Host und User-Agent, werden bei den Anfragen nicht angezeigt.',
  'playground.credentials': 'Der Header, aus Base64 dekodiert',
  'playground.encoded':
    '%40 steht für @: IDs und Secrets werden vor der Base64-Kodierung wie in Formularen kodiert.',
  'playground.whatHappened': 'Was geschehen ist',
  'playground.section': '{document}, Abschnitt {section}',
  'playground.orOpen':
    'Öffnen Sie das im Browser. Der Code steht in der Adresse, zu der Sie zurückkehren.',

  'playground.parties.appToServer': 'Die App fragt den Server',
  'playground.parties.appToApi': 'Die App ruft die API auf',
  'playground.parties.apiToServer': 'Die API fragt den Server',
  'playground.parties.browserToServer': 'Der Browser geht zum Server',
  'playground.parties.browserToApp': 'Der Browser kommt zur App',
  'playground.parties.thiefToServer': 'Ein Dieb fragt den Server',
  'playground.parties.deviceToServer': 'Das Gerät fragt den Server',
  'playground.parties.inTheApp': 'In der App selbst',

  'playground.send': 'Senden',
  'playground.sendAgain': 'Noch einmal senden',
  'playground.compute': 'Berechnen',
  'playground.computeAgain': 'Neue erzeugen',
  'playground.visit': 'Zum Server gehen',
  'playground.visitAgain': 'Noch einmal dorthin',
  'playground.verify': 'Prüfen',
  'playground.verifyAgain': 'Noch einmal prüfen',
  'playground.play': 'Ausprobieren',
  'playground.playSigningIn': 'Anmelden und ausprobieren',
  'playground.copy': 'Als curl kopieren',
  'playground.copied': 'Kopiert',
  'playground.answered': 'Antwort: {status}',
  'playground.unreachable': 'Keine Antwort: Der Server ist nicht erreichbar. Läuft er?',
  'playground.unexpected':
    'Mit dieser Antwort lassen sich die nächsten Schritte nicht ausführen. Ein Code gilt nur einmal und nur kurz, und Tokens können ablaufen oder widerrufen werden. Gehen Sie zu dem Schritt zurück, der den Code oder das Token geliefert hat, oder beginnen Sie von vorn.',
  'playground.denied':
    'Die Person hat abgelehnt, und der Server hat es der App mitgeteilt. Es gibt keinen Code zum Eintauschen. Eine App sollte das in eigenen Worten erklären und einen neuen Versuch ermöglichen.',
  'playground.opaque':
    'Opak: eine zufällige Zeichenfolge ohne eigene Bedeutung. Nur der Server weiß, wofür sie steht.',
  'playground.jwt':
    'Ein JWT: Lesen kann es jeder, signiert haben kann es nur der Server. Eine API prüft es mit den Schlüsseln unter {keys}.',
  'playground.idToken':
    'Ein JWT für die App selbst: Es sagt, wer sich angemeldet hat. Bevor die App ihm vertraut, prüft sie es.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'Zurück mit einem Code',
  'playground.withoutCode': 'Zurück ohne Code',
  'playground.refusedByApp': 'Von der App abgelehnt',
  'playground.acceptedByApp': 'Von der App akzeptiert',
  'playground.sameState': 'Der, den die App gesendet hat',
  'playground.otherState': 'Nicht der, den die App gesendet hat; das war {expected}',
  'playground.noState': 'Die App hat keinen gesendet: Es läuft gerade keine Anmeldung',
  'playground.sameIssuer': 'Der Server, den die App gefragt hat',
  'playground.otherIssuer': 'Nicht der Server, den die App gefragt hat; das war {expected}',
  'playground.sameAsInToken': 'Derselbe Wert wie im ID-Token',
  'playground.notExpected': 'Die App hat {expected} erwartet.',
  'playground.expired': 'Abgelaufen: Die Uhr der App zeigt {now}.',
  'playground.notSigned': 'Sie stimmt nicht: Diese Claims hat der Server nicht signiert.',
  'playground.claim.signature':
    'Vom Server, mit dem im Header genannten Schlüssel; seitdem wurde nichts geändert.',
  'playground.claim.iss': 'Wer es ausgestellt hat: der Server, den die App gefragt hat.',
  'playground.claim.aud': 'Für wen es ist: für diese App.',
  'playground.claim.exp': 'Bis wann die App es akzeptieren darf.',
  'playground.claim.iat': 'Wann es ausgestellt wurde.',
  'playground.claim.nonce': 'Zu welcher Anmeldung es gehört: zu der, die die App begonnen hat.',
  'playground.claim.at_hash':
    'Zu welchem Access-Token es gehört, anhand der Hälfte von dessen Hash.',
  'playground.claim.sub':
    'Wer die Person ist, anhand einer Kennung, die sich nie ändert, anders als ein Name.',
  'playground.claim.azp': 'Welche App es angefordert hat.',
  'playground.claim.auth_time': 'Wann sich die Person beim Server angemeldet hat.',
  'playground.claim.acr': 'Wie stark die Anmeldung war.',
  'playground.claim.amr': 'Wie sich die Person angemeldet hat: pwd ist ein Passwort.',
  'playground.claim.sid':
    'Aus welcher Sitzung beim Server es stammt, damit die App von deren Ende erfahren kann.',

  'playground.client-credentials.title': 'Eine App bekommt ein Token für sich selbst',
  'playground.client-credentials.lede':
    'Ein nächtlicher Job oder ein Dienst, der einen anderen aufruft: Hier gibt es niemanden, den man fragen könnte. Die App handelt in eigenem Namen und weist sich mit einem Secret aus.',
  'playground.client-token.title': 'Ein Access-Token anfordern',
  'playground.client-token.intro':
    'Die App sendet ihre Client-ID und ihr Secret an den Token-Endpunkt. Ein echtes Secret stünde nie auf einer Webseite; dieses hier ist öffentlich.',
  'playground.client-token.outcome':
    'Der Server hat den Client authentifiziert und ein Access-Token ausgestellt. Ein Refresh-Token gibt es nicht: Die App kann jederzeit ein neues Access-Token anfordern.',
  'playground.client-use.title': 'Damit die API aufrufen',
  'playground.client-use.intro':
    'Das Token steht bei jedem Aufruf im Header Authorization. Die API dieser Demo ist {api}.',
  'playground.client-use.outcome':
    'Die API hat den Aufruf angenommen: Das Token ist gültig, es ist für diese API bestimmt, und es hat den nötigen Scope.',

  'playground.scope.title': 'Einen unerlaubten Scope anfordern',
  'playground.scope.intro': 'Die App fordert {scope} an, was sie nicht haben darf.',
  'playground.scope-token.outcome':
    'Der Server lehnt ab und nennt, was die App haben darf. Mit einem Token, das weniger erlaubt als angefordert, würde die App erst später scheitern, wo der Grund schwerer zu finden ist.',

  'playground.authorization-code.title': 'Eine Person gibt einer App Zugriff',
  'playground.authorization-code.lede':
    'Die App möchte etwas nutzen, das einer Person gehört. Die Person stimmt beim Server zu, und die App sieht nie ein Passwort. Diese App läuft im Browser und kann kein Secret geheim halten, deshalb schützt PKCE sie.',
  'playground.person-pkce.title': 'Ein Geheimnis für diese Anmeldung erzeugen',
  'playground.person-pkce.intro':
    'Die App erzeugt einen Code-Verifier und behält ihn für sich. Zuerst sendet sie nur dessen Hash, die Code-Challenge. Außerdem erzeugt sie einen state, an dem sie die Antwort auf ihre eigene Anfrage erkennt.',
  'playground.person-pkce.outcome':
    'Aus der Challenge kann niemand den Verifier berechnen. Wer den Code stiehlt, kann damit nichts anfangen.',
  'playground.person-authorize.title': 'Die Person zum Server schicken',
  'playground.person-authorize.intro':
    'Der Browser verlässt diese Seite mit der Anfrage in der Adresse. Melden Sie sich als {username} mit dem Passwort {password} an und erlauben Sie den Zugriff. Danach sind Sie wieder hier.',
  'playground.person-authorize.outcome':
    'Der Server hat den Browser mit einem Code zurückgeschickt. Bevor die App den Code verwendet, prüft sie zweierlei: state muss der sein, den sie gesendet hat, und iss der Server, den sie gefragt hat.',
  'playground.person-exchange.title': 'Den Code gegen Tokens eintauschen',
  'playground.person-exchange.intro':
    'Der Code stand in der Adresszeile, wo andere ihn gesehen haben können. Er gilt nur zusammen mit dem Verifier, nur einmal und nur kurze Zeit.',
  'playground.person-exchange.outcome':
    'Der Hash des Verifiers ist die Challenge aus der ersten Anfrage, deshalb hat der Server zwei Tokens ausgestellt. Das Access-Token ist für die API. Das Refresh-Token wird immer nur hierher gesendet.',
  'playground.person-use.title': 'Die API für die Person aufrufen',
  'playground.person-use.intro': 'Derselbe Aufruf wie im ersten Kapitel, mit einem anderen Token.',
  'playground.person-use.outcome':
    'Jetzt gibt es ein sub, deshalb weiß die API, für wen die App aufruft. Der Scope ist das, was die Person erlaubt hat, und nicht mehr.',

  'playground.redirect.title': 'Eine nicht registrierte Redirect-URI verwenden',
  'playground.redirect.intro':
    'Würden Codes an jede beliebige Adresse gesendet, könnte ein Dieb seine eigene angeben: {uri}.',
  'playground.redirect-authorize.outcome':
    'Der Server zeigt der Person eine Fehlerseite und leitet den Browser nicht weiter. Die Adresse ist für diesen Client nicht registriert, deshalb geht nicht einmal der Fehler dorthin.',
  'playground.state.title': 'Mit einem anderen state zurückkommen',
  'playground.state.intro':
    'Jemand schickt Ihnen einen Link. Er sieht aus wie eine Antwort des Servers, aber der Code darin gehört zu einem fremden Konto. Würde die App ihn annehmen, wären Sie als jemand anderes angemeldet.',
  'playground.state-forged.outcome':
    'Diesen state hat die App nie gesendet, also ist das nicht die Antwort auf ihre Anfrage. Sie ignoriert sie und sendet den Code nirgendwohin.',
  'playground.verifier.title': 'Einen anderen Verifier verwenden',
  'playground.verifier.intro':
    'Ein Dieb hat unterwegs den Code mitgelesen. Der Verifier hat die App nie verlassen, also muss der Dieb einen erfinden.',
  'playground.signIn.title': 'Die Person meldet sich an und erlaubt den Zugriff',
  'playground.redeem.title': 'Die App tauscht ihren Code ein',
  'playground.verifier-wrong.title': 'Der Code mit einem erfundenen Verifier',
  'playground.verifier-wrong.outcome':
    'Der Hash dieses Verifiers ist nicht die Challenge, deshalb stellt der Server nichts aus. Genau dafür gibt es PKCE.',
  'playground.verifier-right.title': 'Der Code mit dem richtigen Verifier',
  'playground.verifier-right.outcome':
    'Der Fehlversuch hat den Code nicht verbraucht. Die App hat den Verifier und bekommt ihre Tokens noch.',
  'playground.replay.title': 'Einen Code zweimal verwenden',
  'playground.replay.intro':
    'Die App tauscht ihren Code ein. Dann kommt dieselbe Anfrage noch einmal, von jemandem, der sie aufgezeichnet hat.',
  'playground.replay-again.title': 'Dieselbe Anfrage noch einmal',
  'playground.replay-again.outcome':
    'Ein Code gilt einmal. Innerhalb von 15 Sekunden kann es die App selbst sein, bei der die Antwort nicht angekommen ist; sie bekommt nur einen Fehler. Danach ist der Code in falschen Händen, und der Server widerruft auch, was er dafür ausgestellt hat.',

  'playground.refresh.title': 'Ein neues Token, ohne die Person',
  'playground.refresh.lede':
    'Access-Tokens sind kurzlebig, deshalb ist ein gestohlenes bald wertlos. Das nächste holt sich die App mit einem Refresh-Token, damit sich niemand jede Stunde anmelden muss.',
  'playground.person-refresh.title': 'Das Refresh-Token eintauschen',
  'playground.person-refresh.intro':
    'Es wird an den Token-Endpunkt gesendet, nie an eine API, und von dem Client, für den es ausgestellt wurde.',
  'playground.person-refresh.outcome':
    'Die App bekommt ein neues Access-Token und ein neues Refresh-Token. Das alte Refresh-Token wurde rotiert: Es ist verbraucht, und wenn es später noch einmal auftaucht, gilt es als gestohlen.',
  'playground.reuse.title': 'Ein rotiertes Refresh-Token wiederverwenden',
  'playground.reuse.intro':
    'Die App erneuert ihre Tokens zweimal. Dann taucht ihr erstes Refresh-Token wieder auf, bei einem Dieb, der es rechtzeitig kopiert hat.',
  'playground.reuse-first.title': 'Die App erneuert ihre Tokens',
  'playground.reuse-second.title': 'Die App erneuert sie ein zweites Mal',
  'playground.reuse-again.title': 'Das erste Refresh-Token noch einmal',
  'playground.reuse-again.outcome':
    'Der Nachfolger wurde schon verwendet. Also haben zwei Parteien Tokens dieser Anmeldung, und eine davon ist ein Dieb. Welche, kann der Server nicht wissen, deshalb widerruft er alle.',
  'playground.reuse-use.title': 'Ein Aufruf mit dem neuesten Access-Token',
  'playground.reuse-use.outcome':
    'Alle Tokens dieser Anmeldung wurden widerrufen, für beide Parteien. Die Person kann sich neu anmelden, der Dieb nicht.',

  'playground.introspection.title': 'Ein Token prüfen (Introspection)',
  'playground.introspection.lede':
    'Eine API, die ein Token erhält, muss wissen, ob es gültig ist und was es erlaubt. Sie kann den Server fragen, der es ausgestellt hat.',
  'playground.person-introspect.title': 'Das Access-Token prüfen',
  'playground.person-introspect.intro':
    'Die API authentifiziert sich, denn nicht jeder darf in Tokens hineinsehen. In dieser Demo verwendet sie den Client aus dem ersten Kapitel.',
  'playground.person-introspect.outcome':
    'Entscheidend ist das Feld active. Die übrigen sagen, für wen das Token ausgestellt wurde, für welchen Client, wofür und bis wann.',
  'playground.unknown.title': 'Ein Token prüfen, das nie ausgestellt wurde',
  'playground.unknown.intro': 'Jemand schickt der API ein erfundenes Token.',
  'playground.unknown-introspect.outcome':
    'Das ist kein Fehler: Die Anfrage war in Ordnung, und die Antwort ist Nein. Ob ein Token erfunden, abgelaufen oder widerrufen ist, sagt der Server nicht.',

  'playground.revocation.title': 'Ein Token widerrufen',
  'playground.revocation.lede':
    'Die Person meldet sich von der App ab oder entfernt sie. Eine gute App widerruft dann, was sie nicht mehr braucht.',
  'playground.person-revoke.title': 'Das Refresh-Token widerrufen',
  'playground.person-revoke.intro':
    'Damit wird auch alles andere aus derselben Anmeldung widerrufen. Auch das Access-Token allein lässt sich widerrufen.',
  'playground.person-revoke.outcome':
    'Die Tokens wurden widerrufen. Für ein Token, das der Server nicht kennt, wäre die Antwort dieselbe.',
  'playground.person-gone.title': 'Das Access-Token noch einmal prüfen',
  'playground.person-gone.intro': 'Es ist noch nicht abgelaufen.',
  'playground.person-gone.outcome':
    'Es ist nicht mehr gültig, obwohl es noch nicht abgelaufen ist. Mehr sagt der Server über ein ungültiges Token nicht.',
  'playground.revoked.title': 'Ein widerrufenes Token verwenden',
  'playground.revoked.intro': 'Die App widerruft ihr Token und ruft dann damit die API auf.',
  'playground.revoked-token.title': 'Die App bekommt ein Token für sich selbst',
  'playground.revoked-revoke.title': 'Die App widerruft es',
  'playground.revoked-use.title': 'Die App ruft trotzdem damit die API auf',
  'playground.revoked-use.outcome':
    'Die API lehnt den Aufruf ab und nennt den Grund in WWW-Authenticate. Die App sollte ein neues Token anfordern und es noch einmal versuchen, genau einmal.',

  'playground.device.title': 'Ein Gerät ohne Browser meldet sich an',
  'playground.device.lede':
    'Ein Fernseher oder eine Kommandozeile kann die Anmeldeseite nicht anzeigen. Stattdessen erscheint dort ein kurzer Code, und die Person meldet sich mit einem anderen Gerät an.',
  'playground.device-ask.title': 'Zwei Codes anfordern',
  'playground.device-ask.intro':
    'Das Gerät fordert einen Code für sich und einen für die Person an. Es braucht keine Redirect-URI, denn niemand kehrt zu ihm zurück.',
  'playground.device-ask.outcome':
    'Das Gerät zeigt den user_code und die verification_uri an, oder die verification_uri_complete als QR-Code. Den device_code behält es für sich.',
  'playground.device-wait.title': 'Fragen, bevor die Person entschieden hat',
  'playground.device-wait.intro':
    'Das Gerät fragt alle paar Sekunden nach, wie es interval vorgibt.',
  'playground.device-wait.outcome':
    'Noch hat niemand entschieden. Das ist kein Fehlschlag: Das Gerät wartet und fragt noch einmal.',
  'playground.device-collect.title': 'Zugriff erlauben und noch einmal fragen',
  'playground.device-collect.intro':
    'Öffnen Sie {page} in einem neuen Tab, melden Sie sich als {username} mit dem Passwort {password} an, geben Sie den user_code aus der ersten Antwort ein und erlauben Sie den Zugriff. Danach fragt das Gerät noch einmal.',
  'playground.device-collect.outcome':
    'Die Person hat den Zugriff erlaubt, deshalb hat der Server Tokens ausgestellt. Er tut das nur einmal. Auf dem Gerät hat niemand ein Passwort eingegeben.',
  'playground.hurry.title': 'Zu oft fragen',
  'playground.hurry.intro': 'Ein Gerät fragt zweimal, ohne zu warten.',
  'playground.hurry-again.title': 'Dieselbe Anfrage sofort noch einmal',
  'playground.hurry-again.outcome':
    'Der Server fordert das Gerät auf, langsamer zu fragen. Von nun an muss es jedes Mal fünf Sekunden länger warten.',

  'playground.openid-connect.title': 'Eine App erfährt, wer sich angemeldet hat',
  'playground.openid-connect.lede':
    'Ein Access-Token ist für die API und sagt der App nichts. Mit OpenID Connect bekommt die App auch ein ID-Token: eine signierte Aussage darüber, wer sich wann und bei welchem Server angemeldet hat.',
  'playground.openid-nonce.title': 'Zusätzlich eine nonce erzeugen',
  'playground.openid-nonce.intro':
    'Die App erzeugt einen Verifier und einen state, wie im Code-Ablauf. Neu ist die nonce, die im ID-Token zurückkommt.',
  'playground.openid-nonce.outcome':
    'Der state schützt den Rückweg zur App. Die nonce steht im signierten Token selbst, deshalb nützt ein ID-Token aus einer anderen Anmeldung hier nichts.',
  'playground.openid-authorize.title': 'Fragen, wer die Person ist',
  'playground.openid-authorize.intro':
    'Mit dem Scope openid wird daraus OpenID Connect; profile und email fragen nach mehr über die Person. Melden Sie sich als {username} mit dem Passwort {password} an, falls der Server danach fragt, und erlauben Sie den Zugriff.',
  'playground.openid-authorize.outcome':
    'Die Person hat gesehen, was die App erfahren wird. Die Antwort ist dieselbe wie im Code-Ablauf: ein Code, dazu state und iss, die die App zuerst prüft.',
  'playground.openid-redeem.title': 'Den Code gegen ein ID-Token eintauschen',
  'playground.openid-redeem.intro':
    'Dieselbe Anfrage wie im Code-Ablauf, von der App direkt an den Server.',
  'playground.openid-redeem.outcome':
    'Jetzt gibt es ein Token mehr. Ein ID-Token ist immer ein JWT, und es ist nur für die App: Es wird nie an eine API gesendet.',
  'playground.openid-keys.title': 'Die Schlüssel des Servers holen',
  'playground.openid-keys.intro':
    'Die App braucht die öffentlichen Schlüssel des Servers. Deren Adresse findet sie im Discovery-Dokument, {discovery}, und die Schlüssel darf sie eine Weile behalten.',
  'playground.openid-keys.outcome':
    'Der Header des ID-Tokens nennt mit kid seinen Schlüssel. Begegnet der App ein unbekannter kid, holt sie die Schlüssel neu: Der Server wechselt sie von Zeit zu Zeit.',
  'playground.openid-verify.title': 'Das ID-Token prüfen, Claim für Claim',
  'playground.openid-verify.intro':
    'Die App akzeptiert das ID-Token nur, wenn jede Prüfung besteht. Meist erledigt das eine Bibliothek, hier Ihr Browser.',
  'playground.openid-verify.outcome':
    'Die App weiß jetzt, wer sich angemeldet hat, und beginnt ihre eigene Sitzung. Sie erkennt die Person an iss und sub: Ein Name oder eine E-Mail-Adresse kann sich ändern oder eines Tages jemand anderem gehören.',
  'playground.openid-userinfo.title': 'Nach den Claims der Person fragen (UserInfo)',
  'playground.openid-userinfo.intro':
    'Das ID-Token sagt, wer die Person ist, und mehr nicht. Wofür die Scopes profile und email stehen, erfragt die App beim Server mit dem Access-Token.',
  'playground.openid-userinfo.outcome':
    'Die App verwendet diese Antwort, weil ihr sub dasselbe ist wie im ID-Token. Mit einem anderen sub ginge es um jemand anderen.',

  'playground.nonce.title': 'Ein ID-Token aus einer anderen Anmeldung vorlegen',
  'playground.nonce.intro':
    'Die App hat eine neue Anmeldung begonnen, mit einer neuen nonce. Dann kommt das ID-Token von oben noch einmal.',
  'playground.openid-nonce-flaw.outcome':
    'Alles andere stimmt, aber die nonce gehört zu einer anderen Anmeldung. Wer Ihnen einen gestohlenen Code oder ein gestohlenes ID-Token unterschiebt, fällt hier auf.',
  'playground.audience.title': 'Ein ID-Token bei einer anderen App vorlegen',
  'playground.audience.intro':
    'Das ID-Token von oben wurde für diese App ausgestellt. Hier erhält es die App {client} und prüft es.',
  'playground.openid-audience-flaw.outcome':
    'Der Server hat dieses Token ausgestellt, aber nicht für diese App. Ohne diese Prüfung könnte sich jede App bei allen anderen als die Personen anmelden, die sie nutzen.',
  'playground.clock.title': 'Ein abgelaufenes ID-Token verwenden',
  'playground.clock.intro':
    'Damit niemand warten muss, wird die Uhr der App nur für diese Prüfung auf eine Stunde nach dem Ablauf des ID-Tokens gestellt.',
  'playground.openid-clock-flaw.outcome':
    'Nach dieser Uhr ist das ID-Token zu alt, um jemanden anzumelden. Falsch ging nur die Uhr: Das Token ist das von oben, unverändert.',
  'playground.signature.title': 'Einen Claim ändern',
  'playground.signature.intro':
    'Jemand ändert das sub des ID-Tokens und lässt die Signatur, wie sie war.',
  'playground.openid-signature-flaw.outcome':
    'Die Signatur passt nur zu dem, was der Server signiert hat, deshalb fällt jede Änderung auf. Nur der Server hat den Schlüssel, um es neu zu signieren.',
};
