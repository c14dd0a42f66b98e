import type { Words } from './en.ts';

// The spaces before : ; ? ! and inside « » are made unbreakable where the words are read.
export const fr: Words = {
  'layout.promise':
    'Les applications qui utilisent ce serveur ne voient jamais votre mot de passe.',

  'common.errorTitle': 'Erreur : {title}',
  'common.signedInAs': 'Session ouverte au nom de',
  'common.useAnother': 'Utiliser un autre compte',
  'common.signOut': 'Se déconnecter',
  'common.cancel': 'Annuler',
  'common.newTab': '(s’ouvre dans un nouvel onglet)',

  'login.title': 'Connexion',
  'login.heading': 'Connexion',
  'login.toContinue': 'pour continuer vers {client}',
  'login.username': 'Nom d’utilisateur',
  'login.password': 'Mot de passe',
  'login.submit': 'Se connecter',
  'login.demo': 'Compte de démonstration : {username} / {password}',
  'login.noCookie':
    'Votre navigateur n’a pas envoyé notre cookie. Veuillez autoriser les cookies pour ce site, puis réessayer.',
  'login.outOfDate': 'Cette page n’était plus à jour. Veuillez vous connecter de nouveau.',
  'login.invalid':
    'Le nom d’utilisateur ou le mot de passe n’est pas valide. Veuillez vérifier les deux.',
  'login.missing': 'Veuillez saisir votre nom d’utilisateur et votre mot de passe.',
  'login.wrong': 'Le nom d’utilisateur ou le mot de passe est incorrect.',
  'login.tooMany.one': 'Trop de tentatives. Veuillez réessayer dans une minute.',
  'login.tooMany.other': 'Trop de tentatives. Veuillez réessayer dans {count} minutes.',

  'consent.title': 'Autoriser {client} ?',
  'consent.question': 'Autoriser {client} à utiliser votre compte ?',
  'consent.questionIdentity': 'Confirmer à {client} que c’est bien vous ?',
  'consent.scopes': 'L’application pourra',
  'consent.at': 'Auprès de {resources}',
  'consent.identityOnly':
    'L’application apprend que vous avez ouvert une session ici. Elle ne demande pas l’autorisation de voir ou de modifier quoi que ce soit dans votre compte.',
  'consent.resourcesOnly':
    'L’application pourra agir en votre nom auprès de {resources}. Elle n’a pas indiqué ce qu’elle veut y faire : ce qu’elle pourra voir et modifier se décide là-bas, et non ici.',
  'consent.remembered': 'Vous avez déjà autorisé cette application.',
  'consent.noAccess':
    'Vous pouvez refuser : si vous annulez, l’application n’obtient aucun accès. Dans tous les cas, vous retournez vers {place}.',
  'consent.noNewAccess':
    'Vous pouvez refuser : si vous annulez, l’application n’obtient aucun nouvel accès. Dans tous les cas, vous retournez vers {place}.',
  'consent.noIdentity':
    'Vous pouvez refuser : si vous annulez, l’application n’apprend rien sur vous. Dans tous les cas, vous retournez vers {place}.',
  'consent.allow': 'Autoriser',
  'consent.outOfDate': 'Cette page n’était plus à jour. Veuillez la relire avant de décider.',
  'consent.choose': 'Veuillez choisir « {cancel} » ou « {allow} ».',

  'signedIn.title': 'Session ouverte',
  'signedIn.heading': 'Votre session est ouverte',

  'signedOut.title': 'Session fermée',
  'signedOut.heading': 'Votre session est fermée',
  'signedOut.lede': 'Si vous partagez cet ordinateur, fermez aussi la fenêtre du navigateur.',
  'signedOut.again': 'Se reconnecter',

  'error.request.heading': 'Cette connexion ne peut pas se poursuivre',
  'error.request.message': 'L’application qui vous envoie ici a fait une erreur dans sa demande.',
  'error.request.action':
    'Retournez dans l’application et réessayez. Si cela ne suffit pas, montrez cette page à ceux qui la développent.',
  'error.unknownClient.heading': 'Nous ne connaissons pas cette application',
  'error.unknownClient.message':
    'L’application qui vous envoie ici n’est pas enregistrée auprès de ce serveur : personne ne peut donc s’y connecter d’ici.',
  'error.unknownClient.action':
    'Retournez dans l’application et réessayez. Si cela ne suffit pas, montrez cette page à ceux qui la développent.',
  'error.redirectUri.heading': 'Nous ne pouvons pas vous renvoyer vers cette application',
  'error.redirectUri.message':
    'L’application veut vous renvoyer à une adresse qui n’est pas enregistrée pour elle. C’est peut-être une erreur, ou bien quelqu’un en veut à votre compte.',
  'error.redirectUri.action':
    'Rien n’a été envoyé à cette adresse. Si vous faites confiance à l’application, retournez-y et réessayez, ou montrez cette page à ceux qui la développent.',
  'error.over.heading': 'Cette connexion est terminée',
  'error.over.message': 'Elle avait déjà abouti, ou elle a pris trop de temps.',
  'error.over.action': 'Retournez dans l’application et recommencez.',
  'error.tooMany.heading': 'Veuillez patienter un moment',
  'error.tooMany.message': 'Il y a eu trop de tentatives depuis votre réseau.',
  'error.tooMany.action': 'Réessayez plus tard.',
  'error.notFound.heading': 'Il n’y a rien ici',
  'error.notFound.message':
    'L’adresse comporte peut-être une faute de frappe, ou la page a été déplacée.',
  'error.notFound.action': 'Vérifiez l’adresse, ou repartez de la page d’accueil.',
  'error.unavailable.heading': 'Veuillez réessayer dans un instant',
  'error.unavailable.message':
    'Le serveur ne peut pas répondre pour le moment. Ce n’est pas de votre faute.',
  'error.unavailable.action': 'Attendez un peu, puis rechargez cette page.',
  'error.failure.heading': 'Un problème est survenu de notre côté',
  'error.failure.message': 'Ce n’est pas de votre faute.',
  'error.failure.action':
    'Réessayez dans un instant. Si cela se reproduit, adressez-vous à ceux qui gèrent ce serveur et donnez-leur l’ID de la requête indiqué ci-dessous.',
  'error.home': 'Aller à la page d’accueil',
  'error.forDeveloper': 'Pour ceux qui développent l’application',
  'error.forHelp': 'Si vous demandez de l’aide',
  'error.code': 'Erreur',
  'error.sent': 'Envoyé',
  'error.registered': 'Enregistré',
  'error.requestId': 'ID de la requête',
  'error.document': 'Ce que signifie chaque erreur et ce qu’il faut changer : {document}',

  'home.title': 'Accueil',
  'home.heading': 'Ceci est un serveur d’autorisation OAuth\u00a02.0',
  'home.lede':
    'Il identifie les personnes, leur demande ce qu’une application peut faire, et remet à l’application un access token pour votre API. Aucune application ne voit jamais de mot de passe.',
  'home.issuer': 'Émetteur',
  'home.signedOut': 'Aucune session n’est ouverte.',
  'home.signIn': 'Se connecter',
  'home.try': 'Essayer',
  'home.trySignIn': 'Connectez-vous comme si vous veniez d’une application',
  'home.tryAs':
    'Connectez-vous en tant que {username} avec le mot de passe {password}, puis choisissez « {allow} ».',
  'home.tryReturn': 'Vous retournez dans l’application avec un {code} dans l’adresse.',
  'home.tryButton': 'Essayer la connexion',
  'home.getToken': 'Obtenir un access token',
  'home.useToken': 'L’utiliser',
  'home.demo': 'Données de démonstration',
  'home.client': 'Client',
  'home.clientId': 'ID du client',
  'home.secret': 'Secret',
  'home.noSecret': 'Aucun, c’est un client public',
  'home.grants': 'Types d’autorisation',
  'home.redirectUri': 'URI de redirection',
  'home.users.one': 'Utilisateur',
  'home.users.other': 'Utilisateurs',
  'home.username': 'Nom d’utilisateur',
  'home.password': 'Mot de passe',
  'home.demoOnly':
    'Les clients et utilisateurs de démonstration n’existent qu’en dehors de la production.',
  'home.endpoints': 'Endpoints',
  'home.method': 'Méthode',
  'home.path': 'Chemin',
  'home.what': 'À quoi il sert',
  'home.authorize':
    'Un client y envoie les personnes pour qu’elles se connectent et autorisent l’accès',
  'home.token': 'Un client y obtient ses tokens',
  'home.revoke': 'Un client y rend un token',
  'home.introspect': 'Un serveur de ressources y demande ce que vaut un token',
  'home.jwks': 'Les clés publiques de ce serveur',
  'home.discovery': 'Tout ce qu’un client doit savoir de ce serveur',
  'home.login': 'Connexion',
  'home.logout': 'Déconnexion',
  'home.account': 'Quelles applications ont accès à un compte et où une session est ouverte',
  'home.protected': 'Une ressource protégée : exige un access token',

  'callback.title': 'Un code pour le client',
  'callback.titleWithout': 'Pas de code',
  'callback.heading': 'Vous voici de retour dans l’application, et elle a un code',
  'callback.headingWithout': 'Vous voici de retour dans l’application, sans code',
  'callback.lede':
    'Cette page tient lieu d’application. Dans l’adresse ci-dessus, le serveur lui a donné un code qui ne sert qu’une fois, et peu de temps. L’application l’envoie maintenant au token endpoint, avec son secret et son code verifier, et reçoit ses tokens.',
  'callback.ledeWithout':
    'Cette page tient lieu d’application. Dans l’adresse ci-dessus, le serveur lui a dit pourquoi il n’y a pas de code ; une application devrait l’expliquer avec ses propres mots.',
  'callback.next': 'La suite',
  'callback.exchange': 'Échanger le code contre des tokens',
  'callback.twice': 'L’exécuter une deuxième fois',
  'callback.twiceWhy':
    'Un code utilisé deux fois a peut-être été volé : le serveur le refuse et met fin à tout ce qui en est issu.',
  'callback.lookUp': 'Se renseigner sur l’erreur',
  'callback.restart': 'Recommencer',
  'callback.restartWhy':
    'Votre session est maintenant ouverte, et le serveur se souvient de ce que vous avez autorisé.',
  'callback.restartButton': 'Essayer de nouveau la connexion',
  'callback.received': 'Ce que l’application a reçu',
  'callback.answer': 'Réponse',
  'callback.home': 'Accueil',

  'account.title': 'Votre compte',
  'account.hint': 'Vous pourrez retirer cette autorisation plus tard dans votre compte.',
  'account.now': 'à l’instant',
  'account.outOfDate':
    'Cette page n’était plus à jour, rien n’a donc été modifié. Veuillez réessayer.',

  'account.apps': 'Applications ayant accès',
  'account.apps.none': 'Aucune application n’a accès à votre compte.',
  'account.apps.more.one':
    'Une autre application, utilisée moins récemment, a accès. Elle apparaîtra quand une autre aura été retirée.',
  'account.apps.more.other':
    '{count} autres applications, utilisées moins récemment, ont accès. Elles apparaîtront quand d’autres auront été retirées.',
  'account.app.can': 'L’application peut',
  'account.app.at': 'Auprès de {resource}',
  'account.app.identity':
    'L’application sait que c’est vous. Elle n’a l’autorisation de rien faire d’autre.',
  'account.app.actsAt':
    'L’application peut agir en votre nom auprès de {resources}. Ce qu’elle peut voir et modifier se décide là-bas.',
  'account.app.more.one': 'Elle a aussi accès à une autre adresse.',
  'account.app.more.other': 'Elle a aussi accès à {count} autres adresses.',
  'account.app.idle':
    'Elle n’a pas accès en ce moment, mais peut l’obtenir à nouveau sans vous le demander.',
  'account.app.since': 'Autorisée',
  'account.app.lastUsed': 'Dernière utilisation',
  'account.app.remove': 'Retirer l’accès',
  'account.app.removed': '{client} n’a plus accès à votre compte.',

  'account.remove.title': 'Retirer l’accès de {client} ?',
  'account.remove.effect':
    'L’application perdra immédiatement son accès à votre compte, sur tous vos appareils.',
  'account.remove.kept': 'Elle conservera ce qu’elle a déjà copié.',
  'account.remove.again':
    'Cette action est irréversible. Si vous réutilisez l’application plus tard, elle devra à nouveau vous demander l’autorisation.',

  'account.sessions': 'Où votre session est ouverte',
  'account.sessions.only': 'Votre session n’est ouverte nulle part ailleurs.',
  'account.sessions.endOthers': 'Se déconnecter partout ailleurs',
  'account.sessions.othersEnded': 'Votre session est fermée partout ailleurs.',
  'account.session.current': 'Ce navigateur',
  'account.session.on': '{browser} sur {system}',
  'account.session.unknown': 'Navigateur inconnu',
  'account.session.unknownOn': 'Navigateur inconnu sur {system}',
  'account.session.signedIn': 'Connexion',
  'account.session.seen': 'Dernière activité',
  'account.session.end': 'Déconnecter',
  'account.session.ended': 'L’autre navigateur est déconnecté.',

  'account.password': 'Mot de passe',
  'account.password.changedAt': 'Dernière modification',
  'account.password.change': 'Changer le mot de passe',
  'account.password.title': 'Changer votre mot de passe',
  'account.password.effect': 'Votre session sera fermée partout ailleurs.',
  'account.password.appsKeep': 'Les applications conservent leur accès.',
  'account.password.appsLink': 'Voir quelles applications ont accès',
  'account.password.current': 'Mot de passe actuel',
  'account.password.new': 'Nouveau mot de passe',
  'account.password.again': 'Nouveau mot de passe, une seconde fois',
  'account.password.rule':
    'Au moins {count} caractères. Quelques mots sans rapport entre eux sont faciles à retenir et difficiles à deviner.',
  'account.password.short': 'Le nouveau mot de passe doit comporter au moins {count} caractères.',
  'account.password.easy':
    'Le nouveau mot de passe est facile à deviner : il se résume presque à votre nom ou à une suite de caractères. Veuillez en choisir un autre.',
  'account.password.unusable':
    'Le nouveau mot de passe est trop long ou contient des caractères inutilisables.',
  'account.password.differ': 'Vous avez saisi deux nouveaux mots de passe différents.',
  'account.password.same': 'C’est déjà votre mot de passe. Veuillez en choisir un autre.',
  'account.password.wrong': 'Le mot de passe actuel est incorrect.',
  'account.password.meanwhile': 'Votre mot de passe vient d’être changé ailleurs.',
  'account.password.tooMany.one':
    'Trop de mots de passe incorrects. Veuillez réessayer dans une minute.',
  'account.password.tooMany.other':
    'Trop de mots de passe incorrects. Veuillez réessayer dans {count} minutes.',
  'account.password.changed':
    'Votre mot de passe a été changé et votre session est fermée partout ailleurs.',
  'account.password.appsKept':
    'Les applications conservent leur accès : veuillez le retirer à celles que vous ne connaissez pas.',

  'playground.heading': 'Voir OAuth à l’œuvre',
  'playground.lede':
    'Cinq courts chapitres que votre navigateur joue avec ce serveur même. Vous voyez chaque requête telle qu’elle part, chaque réponse telle qu’elle arrive, et ce qu’elles signifient.',
  'playground.noScript':
    'Votre navigateur n’exécute pas de scripts ici, cette page ne peut donc rien envoyer elle-même. Les mêmes étapes figurent ci-dessous sous forme de commandes pour un terminal. Mettez ce qu’une réponse vous a donné à la place de {placeholder} et des autres.',
  'playground.elsewhere':
    'Depuis cette adresse, la page ne peut pas joindre le serveur, qui est connu sous une autre. Ouvrez-la là-bas :',
  'playground.insecure':
    'En http simple, les navigateurs ne calculent SHA-256 que pour les pages de localhost. Ouvrez le serveur sur localhost ou en https pour continuer ici.',
  'playground.chapters': 'Chapitres',
  'playground.done': '(terminé)',
  'playground.restart': 'Recommencer',
  'playground.next': 'Suite : {chapter}',
  'playground.comesLater': 'Vient après l’étape précédente.',
  'playground.needsSignIn': 'La suite part de la connexion du chapitre {chapter}.',
  'playground.wrongTurns': 'Faux pas',
  'playground.wrongTurnsLede':
    'Des erreurs et des vols, et ce qui en advient. Chacun est joué avec ses propres valeurs et laisse les étapes ci-dessus telles quelles.',

  'playground.home.title': 'Voir tout cela à l’œuvre',
  'playground.home.text':
    'Le playground joue chaque flux dans votre navigateur, étape par étape, et montre ce qui part et ce qui revient.',
  'playground.home.open': 'Ouvrir le playground',

  'playground.request': 'Requête',
  'playground.answer': 'Réponse',
  'playground.redirected': 'Réponse, dans l’adresse',
  'playground.checked': 'Ce que l’application vérifie',
  'playground.computation': 'Calcul',
  'playground.ownHeaders':
    'Parmi les en-têtes des requêtes, ceux que tout navigateur ajoute de lui-même, comme Host et User-Agent, sont omis.',
  'playground.credentials': 'L’en-tête, décodé de Base64',
  'playground.whatHappened': 'Ce qui s’est passé',
  'playground.section': 'RFC {rfc}, section {section}',
  'playground.orOpen':
    'Ouvrez ceci dans le navigateur ; le code est dans l’adresse à laquelle vous revenez.',

  'playground.parties.appToServer': 'L’application s’adresse au serveur',
  'playground.parties.appToApi': 'L’application appelle l’API',
  'playground.parties.apiToServer': 'L’API interroge le serveur',
  'playground.parties.browserToServer': 'Le navigateur va au serveur',
  'playground.parties.browserToApp': 'Le navigateur arrive à l’application',
  'playground.parties.thiefToServer': 'Un voleur s’adresse au serveur',
  'playground.parties.inTheApp': 'Dans l’application elle-même',

  'playground.send': 'Envoyer',
  'playground.sendAgain': 'Envoyer à nouveau',
  'playground.compute': 'Calculer',
  'playground.computeAgain': 'En créer de nouveaux',
  'playground.visit': 'Aller au serveur',
  'playground.visitAgain': 'Y retourner',
  'playground.play': 'Essayer',
  'playground.playSigningIn': 'Se connecter et essayer',
  'playground.copy': 'Copier en curl',
  'playground.copied': 'Copié',
  'playground.answered': 'Réponse : {status}',
  'playground.unreachable': 'Pas de réponse : le serveur est injoignable. Est-il démarré ?',
  'playground.unexpected':
    'Ce n’est pas la réponse avec laquelle l’histoire continue. Un code dure peu et ne sert qu’une fois, et les tokens prennent fin eux aussi. Revenez à l’étape d’où il provient, ou recommencez.',
  'playground.denied':
    'La personne a dit non, et le serveur le fait savoir à l’application. Il n’y a pas de code et rien à échanger. Une application devrait le dire avec ses propres mots, et peut redemander quand la personne le souhaite.',
  'playground.opaque':
    'Opaque : une chaîne aléatoire qui ne dit rien par elle-même. Seul le serveur sait ce qu’elle représente.',
  'playground.jwt':
    'Un JWT : tout le monde peut le lire, mais seul le serveur peut l’avoir signé. Une API le vérifie avec les clés publiées à {keys}.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'De retour avec un code',
  'playground.withoutCode': 'De retour sans code',
  'playground.refusedByApp': 'Refusé par l’application',
  'playground.sameState': 'Celui que l’application a envoyé',
  'playground.otherState': 'Pas celui que l’application a envoyé, qui était {expected}',
  'playground.noState': 'L’application n’en a envoyé aucun : aucune connexion n’est en cours',
  'playground.sameIssuer': 'Le serveur que l’application a interrogé',
  'playground.otherIssuer': 'Pas le serveur que l’application a interrogé, qui était {expected}',

  'playground.client-credentials.title': 'Une application obtient un token pour elle-même',
  'playground.client-credentials.lede':
    'Une tâche de nuit, un service qui en appelle un autre : il n’y a personne à qui demander. L’application agit pour son propre compte et prouve qui elle est avec un secret.',
  'playground.client-token.title': 'Demander un access token',
  'playground.client-token.intro':
    'L’application envoie son client id et son secret au token endpoint. En dehors d’une démonstration, le secret ne serait jamais dans une page web ; celui-ci n’en est pas un.',
  'playground.client-token.outcome':
    'Le serveur a reconnu le client et émis un access token. Il n’y a pas de refresh token : l’application peut redemander quand elle veut.',
  'playground.client-use.title': 'Appeler l’API avec lui',
  'playground.client-use.intro':
    'Le token se place dans l’en-tête Authorization de chaque appel. L’API de cette démonstration est {api}.',
  'playground.client-use.outcome':
    'L’API a laissé passer l’appel : le token est en vigueur, il est destiné à cette API et il a le scope nécessaire ici.',

  'playground.scope.title': 'Demander un scope qui n’est pas autorisé',
  'playground.scope.intro': 'L’application demande {scope}, que personne ne lui a jamais donné.',
  'playground.scope-token.outcome':
    'Le serveur refuse et indique ce que l’application peut avoir. Un token qui, sans le dire, permettrait moins que demandé n’échouerait que plus tard, là où personne n’en cherche la raison.',

  'playground.authorization-code.title': 'Une personne donne accès à une application',
  'playground.authorization-code.lede':
    'L’application veut utiliser ce qui appartient à une personne. La personne donne son accord sur le serveur, et l’application ne voit jamais de mot de passe. Cette application tourne dans le navigateur et ne peut garder aucun secret : c’est PKCE qui la protège.',
  'playground.person-pkce.title': 'Créer un secret pour cette seule connexion',
  'playground.person-pkce.intro':
    'L’application invente un code verifier et le garde. Elle n’en enverra d’abord que le hash, le code challenge. Elle invente aussi un state, pour reconnaître la réponse à sa propre requête.',
  'playground.person-pkce.outcome':
    'À partir du challenge, personne ne peut calculer le verifier. Qui volera le code à venir ne pourra rien en faire.',
  'playground.person-authorize.title': 'Envoyer la personne au serveur',
  'playground.person-authorize.intro':
    'Le navigateur quitte cette page avec la requête dans l’adresse. Connectez-vous en tant que {username} avec le mot de passe {password}, autorisez l’accès, et vous revoilà ici.',
  'playground.person-authorize.outcome':
    'Le serveur a renvoyé le navigateur avec un code. Avant d’y toucher, l’application vérifie deux choses : state doit être celui qu’elle a envoyé, et iss le serveur qu’elle a interrogé.',
  'playground.person-exchange.title': 'Échanger le code contre des tokens',
  'playground.person-exchange.intro':
    'Le code est passé par la barre d’adresse, où d’autres ont pu le voir. Il ne sert qu’avec le verifier, une seule fois et pas longtemps.',
  'playground.person-exchange.outcome':
    'Le serveur a calculé le hash du verifier et obtenu le challenge de la requête précédente ; il a donc émis deux tokens. L’access token est pour l’API ; le refresh token ne va jamais ailleurs qu’ici.',
  'playground.person-use.title': 'Appeler l’API pour la personne',
  'playground.person-use.intro': 'Le même appel qu’au premier chapitre, avec un autre token.',
  'playground.person-use.outcome':
    'Il y a maintenant un sub : l’API sait pour qui l’application appelle. Le scope est ce que la personne a autorisé, et rien de plus.',

  'playground.redirect.title': 'Indiquer une redirect URI qui n’est pas enregistrée',
  'playground.redirect.intro':
    'Si les codes étaient envoyés à n’importe quelle adresse, un voleur indiquerait la sienne : {uri}.',
  'playground.redirect-authorize.outcome':
    'Le serveur montre à la personne une page d’erreur et n’envoie personne nulle part. L’adresse n’appartient à aucun client qu’il connaît, si bien que même l’erreur n’y va pas.',
  'playground.state.title': 'Revenir avec un autre state',
  'playground.state.intro':
    'Quelqu’un vous envoie un lien. Il ressemble à une réponse du serveur, avec un code lié au compte de l’expéditeur. Une application qui l’accepterait vous connecterait sous l’identité d’un autre.',
  'playground.state-forged.outcome':
    'L’application n’a jamais envoyé ce state : c’est donc la réponse à la question d’un autre. Elle n’en retient rien, et le code ne va nulle part.',
  'playground.verifier.title': 'Changer le verifier',
  'playground.verifier.intro':
    'Un voleur a lu le code en chemin. Le verifier n’a jamais quitté l’application, alors le voleur en invente un.',
  'playground.signIn.title': 'La personne se connecte et donne son accord',
  'playground.redeem.title': 'L’application échange son code',
  'playground.verifier-wrong.title': 'Le code avec un verifier inventé',
  'playground.verifier-wrong.outcome':
    'Le hash de ce verifier n’est pas le challenge, le serveur ne délivre donc rien. C’est à cela que sert PKCE.',
  'playground.verifier-right.title': 'Le code avec le bon verifier',
  'playground.verifier-right.outcome':
    'La tentative n’a pas épuisé le code. L’application, qui a le verifier, obtient quand même ses tokens.',
  'playground.replay.title': 'Utiliser un code deux fois',
  'playground.replay.intro':
    'L’application échange son code. Puis la même requête arrive encore une fois, de quelqu’un qui l’a enregistrée.',
  'playground.replay-again.title': 'La même requête encore une fois',
  'playground.replay-again.outcome':
    'Un code ne sert qu’une fois. Pendant 15 secondes, ce peut être l’application elle-même, qui n’a pas reçu la réponse : elle n’obtient qu’une erreur. Ensuite, le code est aussi entre de mauvaises mains, et le serveur met fin à ce qu’il avait émis pour lui.',

  'playground.refresh.title': 'Un nouveau token, sans la personne',
  'playground.refresh.lede':
    'Les access tokens ont une vie courte : volé, un token ne vaut bientôt plus rien. Pour le suivant, l’application a un refresh token, et personne n’a à se connecter toutes les heures.',
  'playground.person-refresh.title': 'Échanger le refresh token',
  'playground.person-refresh.intro':
    'Il va au token endpoint, jamais à une API, et il vient du client auquel il a été délivré.',
  'playground.person-refresh.outcome':
    'Il y a un nouvel access token et, avec lui, un nouveau refresh token. L’ancien a été remplacé : il est épuisé, et qui le présente plus tard trahit qu’il a été volé.',
  'playground.reuse.title': 'Réutiliser un refresh token déjà remplacé',
  'playground.reuse.intro':
    'L’application renouvelle ses tokens deux fois. Puis son premier refresh token réapparaît, chez un voleur qui l’a copié à temps.',
  'playground.reuse-first.title': 'L’application renouvelle ses tokens',
  'playground.reuse-second.title': 'L’application les renouvelle encore une fois',
  'playground.reuse-again.title': 'Le premier refresh token encore une fois',
  'playground.reuse-again.outcome':
    'Son successeur a déjà servi : deux parties détiennent donc des tokens de cette connexion, et l’une d’elles les a volés. Le serveur ne peut pas savoir à laquelle il parle.',
  'playground.reuse-use.title': 'Un appel avec l’access token le plus récent',
  'playground.reuse-use.outcome':
    'Tout ce qui est issu de la connexion a pris fin, pour les deux. La personne se reconnecte ; le voleur ne le peut pas.',

  'playground.introspection.title': 'Que vaut un token ?',
  'playground.introspection.lede':
    'Une API qui reçoit un token doit savoir s’il est en vigueur et ce qu’il permet. Elle peut le demander au serveur qui l’a émis.',
  'playground.person-introspect.title': 'Se renseigner sur l’access token',
  'playground.person-introspect.intro':
    'L’API prouve qui elle est, car il n’est pas permis à tous de regarder dans les tokens. Dans cette démonstration, elle le fait avec le client du premier chapitre.',
  'playground.person-introspect.outcome':
    'C’est active qui compte. Le reste dit pour qui le token a été émis, à quel client, pour quoi et jusqu’à quand.',
  'playground.unknown.title': 'Se renseigner sur un token que personne n’a émis',
  'playground.unknown.intro': 'Quelqu’un envoie à l’API un token inventé.',
  'playground.unknown-introspect.outcome':
    'Ce n’est pas une erreur : la question était bonne, et la réponse est non. Qu’un token ait été inventé, ait expiré ou ait été révoqué ne regarde personne.',

  'playground.revocation.title': 'La fin',
  'playground.revocation.lede':
    'La personne se déconnecte de l’application, ou la supprime. Une bonne application rend alors ce dont elle n’a plus besoin.',
  'playground.person-revoke.title': 'Rendre le refresh token',
  'playground.person-revoke.intro':
    'Avec le refresh token prend fin tout ce qui est issu de la même connexion. On pourrait aussi ne rendre que l’access token.',
  'playground.person-revoke.outcome':
    'Les tokens ont pris fin. La réponse serait la même pour un token que le serveur ne connaît pas : ce qui n’est plus n’est plus.',
  'playground.person-gone.title': 'Demander encore une fois ce que vaut l’access token',
  'playground.person-gone.intro': 'Il n’a pas encore expiré.',
  'playground.person-gone.outcome':
    'Il ne vaut plus rien, avec effet immédiat. D’un token qui n’est pas en vigueur, le serveur ne dit rien d’autre.',
  'playground.revoked.title': 'Utiliser un token révoqué',
  'playground.revoked.intro': 'L’application rend son token, puis appelle l’API avec lui.',
  'playground.revoked-token.title': 'L’application obtient un token pour elle-même',
  'playground.revoked-revoke.title': 'L’application le rend',
  'playground.revoked-use.title': 'Un appel avec lui malgré tout',
  'playground.revoked-use.outcome':
    'L’API refuse l’appel et dit pourquoi dans WWW-Authenticate. L’application devrait obtenir un nouveau token et réessayer, une seule fois.',
};
