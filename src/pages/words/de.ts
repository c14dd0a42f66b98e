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
    'Die App erfährt, dass Sie sich hier angemeldet haben. Sie bittet um keine Erlaubnis, in Ihrem Konto etwas zu sehen oder zu ändern.',
  'consent.resourcesOnly':
    'Die App wird bei {resources} in Ihrem Namen handeln können. Was sie dort tun will, hat sie nicht angegeben. Was sie sehen und ändern kann, wird deshalb dort entschieden und nicht hier.',
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
    'Er meldet Menschen an, fragt sie, was eine App darf, und gibt der App ein Access-Token für Ihre API. Ein Passwort bekommt keine App je zu sehen.',
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
  'home.noSecret': 'Keins, der Client ist öffentlich',
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
  'home.protected': 'Eine geschützte Ressource: erfordert ein Access-Token',

  'callback.title': 'Ein Code für den Client',
  'callback.titleWithout': 'Kein Code',
  'callback.heading': 'Sie sind zurück bei der App, und sie hat einen Code',
  'callback.headingWithout': 'Sie sind zurück bei der App, aber ohne Code',
  'callback.lede':
    'Diese Seite steht für die App. In der Adresse oben hat der Server ihr einen Code übergeben, der einmal und nur kurze Zeit gilt. Die App schickt ihn nun mit ihrem Secret und ihrem Code-Verifier an den Token-Endpunkt und erhält ihre Tokens.',
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
  'account.apps.more.one':
    'Eine weitere App, die länger nicht genutzt wurde, hat Zugriff. Sie erscheint hier, sobald eine andere entfernt ist.',
  'account.apps.more.other':
    '{count} weitere Apps, die länger nicht genutzt wurden, haben Zugriff. Sie erscheinen hier, sobald andere entfernt sind.',
  'account.app.can': 'Die App kann',
  'account.app.at': 'Bei {resource}',
  'account.app.identity':
    'Die App weiß, dass Sie es sind. Sie hat keine Erlaubnis, sonst etwas zu tun.',
  'account.app.actsAt':
    'Die App kann bei {resources} in Ihrem Namen handeln. Was sie dort sehen und ändern kann, wird dort entschieden.',
  'account.app.more.one': 'Sie hat außerdem Zugriff bei einer weiteren Adresse.',
  'account.app.more.other': 'Sie hat außerdem Zugriff bei {count} weiteren Adressen.',
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
  'account.session.ended': 'Der andere Browser ist abgemeldet.',

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
  'account.password.changed': 'Ihr Passwort ist geändert, und Sie sind überall sonst abgemeldet.',
  'account.password.appsKept':
    'Apps behalten ihren Zugriff: Bitte entziehen Sie ihn denen, die Sie nicht kennen.',

  'playground.heading': 'OAuth zum Zusehen',
  'playground.lede':
    'Fünf kurze Kapitel, die Ihr Browser mit genau diesem Server durchspielt. Sie sehen jede Anfrage, wie sie gesendet wird, jede Antwort, wie sie ankommt, und was beides bedeutet.',
  'playground.noScript':
    'Ihr Browser führt hier keine Skripte aus, deshalb kann diese Seite selbst nichts senden. Dieselben Schritte stehen unten als Befehle für ein Terminal. Setzen Sie anstelle von {placeholder} und Ähnlichem ein, was eine Antwort Ihnen gegeben hat.',
  'playground.elsewhere':
    'Unter dieser Adresse erreicht die Seite den Server nicht, denn er ist unter einer anderen bekannt. Öffnen Sie die Seite dort:',
  'playground.insecure':
    'Über einfaches http berechnen Browser SHA-256 nur für Seiten auf localhost. Öffnen Sie den Server unter localhost oder über https, um hier weiterzumachen.',
  'playground.chapters': 'Kapitel',
  'playground.done': '(erledigt)',
  'playground.restart': 'Von vorn beginnen',
  'playground.next': 'Weiter: {chapter}',
  'playground.comesLater': 'Kommt nach dem Schritt davor.',
  'playground.needsSignIn': 'Hier geht es mit der Anmeldung aus dem Kapitel {chapter} weiter.',
  'playground.wrongTurns': 'Irrwege',
  'playground.wrongTurnsLede':
    'Versehen und Diebstähle, und was daraus wird. Jeder Irrweg wird mit eigenen Werten gespielt und lässt die Schritte oben, wie sie sind.',

  'playground.home.title': 'Bei allem zusehen',
  'playground.home.text':
    'Der Playground spielt jeden Ablauf Schritt für Schritt in Ihrem Browser durch und zeigt, was gesendet wird und was zurückkommt.',
  'playground.home.open': 'Playground öffnen',

  'playground.request': 'Anfrage',
  'playground.answer': 'Antwort',
  'playground.redirected': 'Antwort, in der Adresse',
  'playground.checked': 'Was die App prüft',
  'playground.computation': 'Berechnung',
  'playground.ownHeaders':
    'Header, die jeder Browser von sich aus mitschickt, etwa Host und User-Agent, sind bei den Anfragen weggelassen.',
  'playground.credentials': 'Der Header, aus Base64 dekodiert',
  'playground.whatHappened': 'Was geschehen ist',
  'playground.section': 'RFC {rfc}, Abschnitt {section}',
  'playground.orOpen':
    'Öffnen Sie das im Browser; der Code steht in der Adresse, zu der Sie zurückkehren.',

  'playground.parties.appToServer': 'Die App fragt den Server',
  'playground.parties.appToApi': 'Die App ruft die API auf',
  'playground.parties.apiToServer': 'Die API fragt den Server',
  'playground.parties.browserToServer': 'Der Browser geht zum Server',
  'playground.parties.browserToApp': 'Der Browser kommt zur App',
  'playground.parties.thiefToServer': 'Ein Dieb fragt den Server',
  'playground.parties.inTheApp': 'In der App selbst',

  'playground.send': 'Senden',
  'playground.sendAgain': 'Noch einmal senden',
  'playground.compute': 'Berechnen',
  'playground.computeAgain': 'Neue erzeugen',
  'playground.visit': 'Zum Server gehen',
  'playground.visitAgain': 'Noch einmal dorthin',
  'playground.play': 'Ausprobieren',
  'playground.playSigningIn': 'Anmelden und ausprobieren',
  'playground.copy': 'Als curl kopieren',
  'playground.copied': 'Kopiert',
  'playground.answered': 'Antwort: {status}',
  'playground.unreachable': 'Keine Antwort: Der Server ist nicht erreichbar. Läuft er?',
  'playground.unexpected':
    'Mit dieser Antwort geht die Geschichte nicht weiter. Ein Code gilt nur kurz und nur einmal, und auch Tokens laufen ab. Gehen Sie dorthin zurück, wo der Code oder das Token herkam, oder beginnen Sie von vorn.',
  'playground.denied':
    'Die Person hat Nein gesagt, und der Server teilt es der App mit. Es gibt keinen Code und nichts einzutauschen. Eine App sollte das in eigenen Worten sagen und darf noch einmal fragen, wenn die Person es möchte.',
  'playground.opaque':
    'Opaque: eine zufällige Zeichenfolge, die für sich nichts aussagt. Nur der Server weiß, wofür sie steht.',
  'playground.jwt':
    'Ein JWT: Lesen kann es jeder, signiert haben kann es nur der Server. Eine API prüft es mit den Schlüsseln unter {keys}.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'Zurück mit einem Code',
  'playground.withoutCode': 'Zurück ohne Code',
  'playground.refusedByApp': 'Von der App abgelehnt',
  'playground.sameState': 'Derselbe, den die App gesendet hat',
  'playground.otherState': 'Nicht der, den die App gesendet hat; das war {expected}',
  'playground.noState': 'Die App hat keinen gesendet: Es läuft keine Anmeldung',
  'playground.sameIssuer': 'Der Server, den die App gefragt hat',
  'playground.otherIssuer': 'Nicht der Server, den die App gefragt hat; das war {expected}',

  'playground.client-credentials.title': 'Eine App bekommt ein Token für sich selbst',
  'playground.client-credentials.lede':
    'Ein nächtlicher Job, ein Dienst, der einen anderen aufruft: Da ist niemand, den man fragen könnte. Die App handelt für sich selbst und weist sich mit einem Secret aus.',
  'playground.client-token.title': 'Um ein Access-Token bitten',
  'playground.client-token.intro':
    'Die App sendet ihre Client-ID und ihr Secret an den Token-Endpunkt. Außerhalb einer Demo stünde das Secret nie auf einer Webseite; dieses hier ist nicht geheim.',
  'playground.client-token.outcome':
    'Der Server hat den Client erkannt und ein Access-Token ausgestellt. Ein Refresh-Token gibt es nicht: Die App kann jederzeit wieder fragen.',
  'playground.client-use.title': 'Damit die API aufrufen',
  'playground.client-use.intro':
    'Das Token kommt bei jedem Aufruf in den Header Authorization. Die API dieser Demo ist {api}.',
  'playground.client-use.outcome':
    'Die API hat den Aufruf durchgelassen: Das Token ist gültig, es ist für diese API bestimmt, und es hat den Scope, der hier nötig ist.',

  'playground.scope.title': 'Um einen Scope bitten, der nicht erlaubt ist',
  'playground.scope.intro': 'Die App bittet um {scope}. Den hat ihr nie jemand gegeben.',
  'playground.scope-token.outcome':
    'Der Server lehnt ab und nennt, was die App haben darf. Ein Token, das stillschweigend weniger kann als verlangt, würde erst später scheitern, an einer Stelle, wo niemand nach dem Grund sucht.',

  'playground.authorization-code.title': 'Eine Person lässt eine App herein',
  'playground.authorization-code.lede':
    'Die App möchte nutzen, was einer Person gehört. Die Person stimmt beim Server zu, und die App sieht nie ein Passwort. Diese App läuft im Browser und kann kein Secret für sich behalten; deshalb schützt PKCE sie.',
  'playground.person-pkce.title': 'Ein Geheimnis nur für diese Anmeldung erzeugen',
  'playground.person-pkce.intro':
    'Die App denkt sich einen Code-Verifier aus und behält ihn. Zuerst wird sie nur dessen Hash senden, die Code-Challenge. Dazu kommt ein state, an dem sie die Antwort auf ihre eigene Anfrage erkennt.',
  'playground.person-pkce.outcome':
    'Aus der Challenge kann niemand den Verifier berechnen. Wer den Code stiehlt, den es gleich gibt, kann damit nichts anfangen.',
  'playground.person-authorize.title': 'Die Person zum Server schicken',
  'playground.person-authorize.intro':
    'Der Browser verlässt diese Seite, mit der Anfrage in der Adresse. Melden Sie sich als {username} mit dem Passwort {password} an, erlauben Sie den Zugriff, und Sie sind wieder hier.',
  'playground.person-authorize.outcome':
    'Der Server hat den Browser mit einem Code zurückgeschickt. Bevor die App den Code anrührt, prüft sie zweierlei: state muss der sein, den sie gesendet hat, und iss muss der Server sein, den sie gefragt hat.',
  'playground.person-exchange.title': 'Den Code gegen Tokens tauschen',
  'playground.person-exchange.intro':
    'Der Code stand in der Adresszeile, wo andere ihn gesehen haben können. Er nützt nur zusammen mit dem Verifier, gilt einmal und nicht lange.',
  'playground.person-exchange.outcome':
    'Der Server hat den Verifier gehasht und die Challenge aus der Anfrage davor erhalten; deshalb hat er zwei Tokens ausgestellt. Das Access-Token ist für die API, das Refresh-Token geht nie woandershin als hierher.',
  'playground.person-use.title': 'Die API für die Person aufrufen',
  'playground.person-use.intro': 'Derselbe Aufruf wie im ersten Kapitel, mit einem anderen Token.',
  'playground.person-use.outcome':
    'Jetzt gibt es ein sub: Die API weiß, für wen die App aufruft. Der Scope ist das, was die Person erlaubt hat, und nicht mehr.',

  'playground.redirect.title': 'Eine nicht registrierte Redirect-URI nennen',
  'playground.redirect.intro':
    'Gingen Codes an jede beliebige Adresse, würde ein Dieb seine eigene nennen: {uri}.',
  'playground.redirect-authorize.outcome':
    'Der Server zeigt der Person eine Fehlerseite und schickt niemanden irgendwohin. Die Adresse gehört keinem Client, den er kennt; darum geht nicht einmal der Fehler dorthin.',
  'playground.state.title': 'Mit einem anderen state zurückkommen',
  'playground.state.intro':
    'Jemand schickt Ihnen einen Link. Er sieht aus wie eine Antwort des Servers, mit einem Code für das Konto des Absenders. Eine App, die darauf hereinfällt, würde Sie als jemand anderen anmelden.',
  'playground.state-forged.outcome':
    'Diesen state hat die App nie gesendet, also ist das die Antwort auf die Frage eines anderen. Sie übernimmt nichts daraus, und der Code geht nirgendwohin.',
  'playground.verifier.title': 'Den Verifier austauschen',
  'playground.verifier.intro':
    'Ein Dieb hat unterwegs den Code mitgelesen. Der Verifier hat die App nie verlassen, also denkt der Dieb sich einen aus.',
  'playground.signIn.title': 'Die Person meldet sich an und erlaubt es',
  'playground.redeem.title': 'Die App tauscht ihren Code ein',
  'playground.verifier-wrong.title': 'Der Code mit einem ausgedachten Verifier',
  'playground.verifier-wrong.outcome':
    'Der Hash dieses Verifiers ist nicht die Challenge, deshalb gibt der Server nichts heraus. Genau dafür ist PKCE da.',
  'playground.verifier-right.title': 'Der Code mit dem richtigen Verifier',
  'playground.verifier-right.outcome':
    'Der Versuch hat den Code nicht verbraucht. Die App, die den Verifier hat, bekommt ihre Tokens noch.',
  'playground.replay.title': 'Einen Code zweimal verwenden',
  'playground.replay.intro':
    'Die App tauscht ihren Code ein. Dann kommt dieselbe Anfrage noch einmal, von jemandem, der sie aufgezeichnet hat.',
  'playground.replay-again.title': 'Dieselbe Anfrage noch einmal',
  'playground.replay-again.outcome':
    'Ein Code gilt einmal. Innerhalb von 15 Sekunden kann es die App selbst sein, bei der die Antwort nicht angekommen ist: Sie bekommt nur einen Fehler. Danach hat den Code jemand, der ihn nicht haben sollte, und der Server beendet auch, was er dafür ausgestellt hatte.',

  'playground.refresh.title': 'Ein neues Token, ohne die Person',
  'playground.refresh.lede':
    'Access-Tokens sind kurzlebig: Ein gestohlenes ist bald nichts mehr wert. Für das nächste hat die App ein Refresh-Token, damit sich nicht jede Stunde jemand anmelden muss.',
  'playground.person-refresh.title': 'Das Refresh-Token eintauschen',
  'playground.person-refresh.intro':
    'Es geht an den Token-Endpunkt, nie an eine API, und es kommt von dem Client, für den es ausgestellt wurde.',
  'playground.person-refresh.outcome':
    'Es gibt ein neues Access-Token und dazu ein neues Refresh-Token. Das alte wurde rotiert: Es ist verbraucht, und wer es später vorlegt, verrät, dass es gestohlen wurde.',
  'playground.reuse.title': 'Ein rotiertes Refresh-Token wiederverwenden',
  'playground.reuse.intro':
    'Die App erneuert ihre Tokens zweimal. Dann taucht ihr erstes Refresh-Token wieder auf, bei einem Dieb, der es rechtzeitig kopiert hat.',
  'playground.reuse-first.title': 'Die App erneuert ihre Tokens',
  'playground.reuse-second.title': 'Die App erneuert sie ein zweites Mal',
  'playground.reuse-again.title': 'Das erste Refresh-Token noch einmal',
  'playground.reuse-again.outcome':
    'Sein Nachfolger wurde schon verwendet. Also haben zwei Parteien Tokens dieser Anmeldung, und eine davon hat ihre gestohlen. Mit welcher er spricht, kann der Server nicht wissen.',
  'playground.reuse-use.title': 'Ein Aufruf mit dem neuesten Access-Token',
  'playground.reuse-use.outcome':
    'Alles, was aus der Anmeldung entstanden ist, ist beendet, für beide. Die Person meldet sich neu an; der Dieb kann das nicht.',

  'playground.introspection.title': 'Was ist ein Token wert?',
  'playground.introspection.lede':
    'Eine API, die ein Token bekommt, muss wissen, ob es gültig ist und was es erlaubt. Sie kann den Server fragen, der es ausgestellt hat.',
  'playground.person-introspect.title': 'Nach dem Access-Token fragen',
  'playground.person-introspect.intro':
    'Die API weist sich aus, denn nicht jeder darf in Tokens hineinsehen. In dieser Demo tut sie es mit dem Client aus dem ersten Kapitel.',
  'playground.person-introspect.outcome':
    'Auf active kommt es an. Der Rest sagt, für wen das Token ausgestellt wurde, für welchen Client, wofür und bis wann.',
  'playground.unknown.title': 'Nach einem Token fragen, das niemand ausgestellt hat',
  'playground.unknown.intro': 'Jemand schickt der API ein Token, das er sich ausgedacht hat.',
  'playground.unknown-introspect.outcome':
    'Das ist kein Fehler: Die Frage war in Ordnung, und die Antwort ist Nein. Ob ein Token ausgedacht, abgelaufen oder widerrufen ist, geht niemanden etwas an.',

  'playground.revocation.title': 'Das Ende',
  'playground.revocation.lede':
    'Die Person meldet sich von der App ab oder entfernt sie. Eine gute App gibt dann zurück, was sie nicht mehr braucht.',
  'playground.person-revoke.title': 'Das Refresh-Token zurückgeben',
  'playground.person-revoke.intro':
    'Mit dem Refresh-Token endet alles, was aus derselben Anmeldung entstanden ist. Auch das Access-Token allein ließe sich zurückgeben.',
  'playground.person-revoke.outcome':
    'Die Tokens gelten nicht mehr. Für ein Token, das der Server nicht kennt, wäre die Antwort dieselbe: Weg ist weg.',
  'playground.person-gone.title': 'Noch einmal fragen, was das Access-Token wert ist',
  'playground.person-gone.intro': 'Abgelaufen ist es noch nicht.',
  'playground.person-gone.outcome':
    'Es ist nichts mehr wert, und zwar sofort. Mehr sagt der Server über ein Token nicht, das nicht gültig ist.',
  'playground.revoked.title': 'Ein widerrufenes Token verwenden',
  'playground.revoked.intro': 'Die App gibt ihr Token zurück und ruft dann damit die API auf.',
  'playground.revoked-token.title': 'Die App bekommt ein Token für sich selbst',
  'playground.revoked-revoke.title': 'Die App gibt es zurück',
  'playground.revoked-use.title': 'Trotzdem ein Aufruf damit',
  'playground.revoked-use.outcome':
    'Die API lehnt den Aufruf ab und sagt in WWW-Authenticate, warum. Die App sollte sich ein neues Token holen und es noch einmal versuchen, genau einmal.',
};
