import type { Words } from './words.ts';

/** French puts a non-breaking space before : ; ? ! and inside « ». Below they are plain. */
const unbreakable = (text: string) =>
  text.replaceAll(/ (?=:)/g, '\u00a0').replaceAll(/ (?=[;?!»])|(?<=«) /g, '\u202f');

const plain: Words = {
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
  'login.toAccount': 'pour consulter votre compte',
  'login.toDevice': 'pour connecter un appareil',
  'login.toPassword': 'pour changer votre mot de passe',
  'login.toRemoveApp': 'pour retirer son accès à une application',
  'login.username': 'Nom d’utilisateur',
  'login.password': 'Mot de passe',
  'login.submit': 'Se connecter',
  'login.help': 'Un problème pour vous connecter ?',
  'login.demo': 'Compte de démonstration : {username} / {password}',
  'login.noCookie':
    'Votre navigateur n’a pas envoyé notre cookie. Veuillez autoriser les cookies pour ce site, puis réessayer.',
  'login.outOfDate': 'Cette page n’était plus à jour. Veuillez vous connecter de nouveau.',
  'login.invalid':
    'Le nom d’utilisateur ou le mot de passe n’est pas valide. Veuillez vérifier les deux.',
  'login.missing': 'Veuillez saisir votre nom d’utilisateur et votre mot de passe.',
  'login.wrong': 'Nom d’utilisateur ou mot de passe incorrect.',
  'login.disabled': 'Ce compte a été désactivé. Adressez-vous à la personne qui le gère.',
  'login.tooMany.one': 'Trop de tentatives. Veuillez réessayer dans une minute.',
  'login.tooMany.other': 'Trop de tentatives. Veuillez réessayer dans {count} minutes.',

  'client.open': 'Ouvrir l’application',
  'client.policy': 'Politique de confidentialité',
  'client.tos': 'Conditions d’utilisation',

  'selfMade.heading': 'Connaissez-vous cette application ?',
  'selfMade.claimed':
    'Son nom et son image sont ceux que l’application se donne. Personne ici ne les a vérifiés.',
  'selfMade.claimedName':
    'Son nom est celui que l’application se donne. Personne ici ne l’a vérifié.',
  'selfMade.host': 'Publiée sur',
  'selfMade.returnsTo': 'Vous retournez vers',
  'selfMade.onDevice':
    'L’application s’exécute sur votre appareil, où n’importe quel programme peut se faire passer pour elle. Ne continuez que si vous venez de lancer cette demande vous-même.',

  'consent.title': 'Autoriser {client} ?',
  'consent.question': 'Autoriser {client} à utiliser votre compte ?',
  'consent.questionIdentity': 'Autoriser {client} à savoir qui vous êtes ?',
  'consent.scopes': 'L’application pourra',
  'consent.at': 'Auprès de {resources}',
  'consent.identityOnly':
    'L’application saura que vous avez ouvert une session ici. Elle ne demande pas l’autorisation de voir ou de modifier quoi que ce soit dans votre compte.',
  'consent.resourcesOnly':
    'L’application pourra agir en votre nom auprès de {resources}. Elle n’a pas indiqué ce qu’elle veut y faire. Ce qu’elle pourra voir et modifier se décide là-bas, et non ici.',
  'consent.new': 'Nouveau',
  'consent.remembered': 'Vous avez déjà autorisé cette application.',
  'consent.noAccess':
    'Si vous annulez, l’application n’obtient aucun accès. Dans les deux cas, vous retournez vers {place}.',
  'consent.noNewAccess':
    'Si vous annulez, l’application n’obtient aucun nouvel accès. Dans les deux cas, vous retournez vers {place}.',
  'consent.noIdentity':
    'Si vous annulez, l’application n’apprend rien sur vous. Dans les deux cas, vous retournez vers {place}.',
  'consent.noNewIdentity':
    'Si vous annulez, l’application n’apprend rien de nouveau sur vous. Dans les deux cas, vous retournez vers {place}.',
  'consent.allow': 'Autoriser',
  'consent.outOfDate': 'Cette page n’était plus à jour. Veuillez la relire et décider de nouveau.',
  'consent.choose': 'Veuillez choisir « {cancel} » ou « {allow} ».',

  'scope.openid': 'Confirmer votre identité',
  'scope.profile': 'Consulter votre nom et votre profil',
  'scope.email': 'Consulter votre adresse e-mail',
  'scope.address': 'Consulter votre adresse postale',
  'scope.phone': 'Consulter votre numéro de téléphone',
  'scope.groups': 'Voir à quels groupes vous appartenez',
  'scope.offline_access': 'Conserver cet accès quand vous n’utilisez pas l’application',

  'consent.claims': 'Consulter ces informations sur vous',
  'claim.none': 'Rien d’enregistré pour l’instant',
  'claim.more.one': 'et {count} autre',
  'claim.more.other': 'et {count} autres',
  'claim.confirmed': 'confirmé',
  'claim.unconfirmed': 'non confirmé',
  'claim.yes': 'oui',
  'claim.no': 'non',
  'claim.name': 'Nom complet',
  'claim.given_name': 'Prénom',
  'claim.family_name': 'Nom de famille',
  'claim.middle_name': 'Deuxième prénom',
  'claim.nickname': 'Surnom',
  'claim.preferred_username': 'Nom d’utilisateur',
  'claim.profile': 'Page de profil',
  'claim.picture': 'Photo',
  'claim.website': 'Site web',
  'claim.gender': 'Genre',
  'claim.birthdate': 'Date de naissance',
  'claim.zoneinfo': 'Fuseau horaire',
  'claim.locale': 'Langue',
  'claim.updated_at': 'Dernière modification',
  'claim.email': 'E-mail',
  'claim.email_verified': 'E-mail confirmé',
  'claim.address': 'Adresse postale',
  'claim.phone_number': 'Numéro de téléphone',
  'claim.phone_number_verified': 'Numéro de téléphone confirmé',
  'claim.groups': 'Groupes',

  'device.title': 'Connecter un appareil',
  'device.lede': 'Saisissez le code affiché par votre appareil ou votre application.',
  'device.check': 'Est-ce le code affiché par votre appareil ou votre application ?',
  'device.code': 'Code',
  'device.hint': 'Huit lettres, par exemple {example}',
  'device.continue': 'Continuer',
  'device.missing': 'Veuillez saisir le code.',
  'device.malformed': 'Un code comporte huit lettres, par exemple {example}. Veuillez le vérifier.',
  'device.unknown':
    'Ce code est incorrect ou a expiré. Veuillez le vérifier, ou en obtenir un nouveau sur votre appareil.',
  'device.outOfDate': 'Cette page n’était plus à jour. Veuillez réessayer.',
  'device.tooMany.one': 'Trop de codes incorrects. Veuillez réessayer dans une minute.',
  'device.tooMany.other': 'Trop de codes incorrects. Veuillez réessayer dans {count} minutes.',
  'device.review.title': 'Autoriser {client} sur un appareil ?',
  'device.review.question': 'Autoriser {client} à utiliser votre compte sur un appareil ?',
  'device.review.warning': 'Est-ce vous qui l’avez demandé ?',
  'device.review.warningText':
    'Ne continuez que si le code {code} est affiché sur votre propre appareil. Si quelqu’un vous a envoyé ce code, annulez : sinon, cette personne aura accès à votre compte.',
  'device.review.asked': 'Demandé',
  'device.review.from': 'Depuis',
  'device.review.same': '(la même adresse que ce navigateur)',
  'device.review.ifNo': 'Si vous annulez, l’appareil n’obtient aucun accès.',
  'device.allowed.title': 'Accès autorisé',
  'device.allowed.lede':
    'Retournez à {client} sur votre appareil. La suite se fait toute seule en quelques secondes.',
  'device.denied.title': 'Accès refusé',
  'device.denied.lede': '{client} n’obtient aucun accès. Vous pouvez fermer cette page.',
  'device.over.title': 'Cette demande est terminée',
  'device.over.lede':
    'Elle a déjà reçu une réponse, ou elle a pris trop de temps. Si votre appareil n’est pas connecté, obtenez-y un nouveau code.',

  'signedIn.title': 'Session ouverte',
  'signedIn.heading': 'Votre session est ouverte',

  'endSession.title': 'Voulez-vous vous déconnecter ?',
  'endSession.titleFor': '{client} vous demande de vous déconnecter',
  'endSession.lede':
    'Si vous vous déconnectez, votre session se ferme ici. Les applications où vous avez ouvert une session avec ce compte dans ce navigateur en seront informées, pour qu’elles vous déconnectent aussi.',
  'endSession.stay': 'Garder la session',
  'endSession.returns': 'Dans les deux cas, vous retournez vers {place}.',

  'signedOut.title': 'Session fermée',
  'signedOut.heading': 'Votre session est fermée',
  'signedOut.lede': 'Si vous partagez cet ordinateur, fermez aussi la fenêtre du navigateur.',
  'signedOut.told.one': '{apps} a également fermé votre session.',
  'signedOut.told.other': '{apps} ont également fermé votre session.',
  'signedOut.underWay.one': 'Nous informons {apps} que votre session est fermée.',
  'signedOut.underWay.other': 'Nous informons {apps} que votre session est fermée.',
  'signedOut.missed.one':
    'Nous n’avons pas encore pu joindre {apps}. Votre session y est peut-être encore ouverte.',
  'signedOut.missed.other':
    'Nous n’avons pas encore pu joindre {apps}. Votre session y est peut-être encore ouverte.',
  'signedOut.unknown.one':
    'Votre session est peut-être encore ouverte dans {apps}. Veuillez la fermer là aussi.',
  'signedOut.unknown.other':
    'Votre session est peut-être encore ouverte dans {apps}. Veuillez la fermer là aussi.',
  'signedOut.keeping.one': '{apps} conserve son accès à votre compte.',
  'signedOut.keeping.other': '{apps} conservent leur accès à votre compte.',
  'signedOut.others.one': '{count} autre application',
  'signedOut.others.other': '{count} autres applications',
  'common.goOn': 'Continuer vers {place}',
  'signedOut.again': 'Se reconnecter',

  'formPost.title': 'Retour à l’application',
  'formPost.heading': 'Vous retournez vers {place}',
  'formPost.lede': 'S’il ne se passe rien, choisissez « {continue} ».',
  'formPost.continue': 'Continuer',

  'error.request.heading': 'Cette connexion ne peut pas se poursuivre',
  'error.request.message': 'L’application d’où vous venez a fait une erreur dans sa requête.',
  'error.request.action':
    'Retournez dans l’application et réessayez. Si cela ne suffit pas, montrez cette page aux développeurs de l’application.',
  'error.notSignedIn.heading': 'Vous devez d’abord vous connecter',
  'error.notSignedIn.message':
    'L’application a demandé si vous aviez une session ouverte ici. Ce n’est pas le cas, ou pas de la façon qu’elle exige.',
  'error.notSignedIn.action':
    'Continuez vers l’application. Elle pourra alors vous demander de vous connecter.',
  'error.notAllowed.heading': 'L’application ne peut pas continuer sans vous',
  'error.notAllowed.message':
    'Elle a voulu continuer sans rien vous demander, mais il lui faut votre accord, ou vous avez d’abord quelque chose à faire.',
  'error.notAllowed.action': 'Continuez vers l’application. Elle pourra alors vous le demander.',
  'error.unknownClient.heading': 'Nous ne connaissons pas cette application',
  'error.unknownClient.message':
    'L’application d’où vous venez n’est pas enregistrée auprès de ce serveur. Il n’est donc pas possible de se connecter ici à cette application.',
  'error.unknownClient.action':
    'Retournez dans l’application et réessayez. Si cela ne suffit pas, montrez cette page aux développeurs de l’application.',
  'error.clientDocument.heading': 'Nous ne pouvons pas identifier cette application',
  'error.clientDocument.message':
    'L’application d’où vous venez se décrit dans un document sur le web. Ce serveur ne peut pas utiliser ce document.',
  'error.clientDocument.action':
    'Retournez dans l’application et réessayez plus tard. Si cela ne suffit pas, montrez cette page aux développeurs de l’application.',
  'error.redirectUri.heading': 'Nous ne pouvons pas vous renvoyer vers cette application',
  'error.redirectUri.message':
    'L’application veut vous renvoyer à une adresse qui n’est pas enregistrée pour elle. C’est peut-être une erreur, ou quelqu’un essaie peut-être d’accéder à votre compte.',
  'error.redirectUri.action':
    'Rien n’a été envoyé à cette adresse. Si vous faites confiance à l’application, retournez-y et réessayez, ou montrez cette page à ses développeurs.',
  'error.over.heading': 'Cette connexion est terminée',
  'error.over.message': 'Elle a déjà abouti, ou elle a pris trop de temps.',
  'error.over.action': 'Retournez dans l’application et recommencez.',
  'error.signOut.heading': 'Cette déconnexion ne peut pas se poursuivre',
  'error.signOut.message':
    'L’application d’où vous venez a fait une erreur dans sa requête. Votre session est donc restée ouverte ici.',
  'error.signOut.action':
    'Vous pouvez tout de même vous déconnecter ici. Si cela se reproduit, montrez cette page aux développeurs de l’application.',
  'error.nothingToSignOut.heading': 'Aucune session n’est ouverte ici',
  'error.nothingToSignOut.message':
    'L’application d’où vous venez voulait vous déconnecter et a fait une erreur dans sa requête.',
  'error.nothingToSignOut.action':
    'Vous n’avez pas besoin de vous déconnecter ici. Si cela se reproduit, montrez cette page aux développeurs de l’application.',
  'error.browser.heading': 'Cela n’a pas fonctionné',
  'error.browser.message':
    'Votre navigateur a envoyé quelque chose que cette page ne peut pas traiter. Rien n’a été modifié.',
  'error.browser.action': 'Revenez en arrière et réessayez, ou ouvrez votre compte.',
  'error.tooMany.heading': 'Veuillez patienter un moment',
  'error.tooMany.message': 'Il y a eu trop de tentatives depuis votre réseau.',
  'error.tooMany.action': 'Réessayez plus tard.',
  'error.notFound.heading': 'Il n’y a rien ici',
  'error.notFound.message':
    'L’adresse comporte peut-être une faute de frappe, ou la page a été déplacée.',
  'error.notFound.action': 'Vérifiez l’adresse, ou allez à la page d’accueil.',
  'error.unavailable.heading': 'Veuillez réessayer dans un instant',
  'error.unavailable.message':
    'Le serveur ne peut pas répondre pour le moment. Ce n’est pas de votre faute.',
  'error.unavailable.action': 'Attendez un instant, puis rechargez cette page.',
  'error.failure.heading': 'Un problème est survenu de notre côté',
  'error.failure.message': 'Ce n’est pas de votre faute.',
  'error.failure.action':
    'Réessayez dans un instant. Si le problème persiste, contactez les responsables de ce serveur et donnez-leur l’ID de la requête indiqué ci-dessous.',
  'error.home': 'Aller à la page d’accueil',
  'error.forDeveloper': 'Pour les développeurs de l’application',
  'error.forHelp': 'Si vous avez besoin d’aide',
  'error.code': 'Erreur',
  'error.sent': 'Envoyé',
  'error.registered': 'Enregistré',
  'error.requestId': 'ID de la requête',
  'error.document': 'Ce que signifie chaque erreur et ce qu’il faut changer : {document}',

  'home.title': 'Accueil',
  'home.heading': 'Ceci est un serveur d’autorisation OAuth\u00a02.0 et un fournisseur OpenID',
  'home.lede':
    'Il connecte les utilisateurs, leur demande ce qu’une application peut faire, et remet à l’application un jeton d’accès pour votre API. Aucune application ne voit jamais de mot de passe.',
  'home.issuer': 'Émetteur',
  'home.signedOut': 'Aucune session n’est ouverte.',
  'home.signIn': 'Se connecter',
  'home.try': 'Essayer',
  'home.trySignIn': 'Connectez-vous comme si vous veniez d’une application',
  'home.tryAs':
    'Connectez-vous en tant que {username} avec le mot de passe {password}, puis choisissez « {allow} ».',
  'home.tryReturn': 'Vous retournez dans l’application avec un {code} dans l’adresse.',
  'home.tryButton': 'Essayer la connexion',
  'home.getToken': 'Obtenir un jeton d’accès',
  'home.useToken': 'L’utiliser',
  'home.demo': 'Données de démonstration',
  'home.client': 'Client',
  'home.clientId': 'ID client',
  'home.secret': 'Secret',
  'home.noSecret': 'Aucun (client public)',
  'home.grants': 'Types d’octroi',
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
    'Un client y envoie les utilisateurs pour qu’ils se connectent et autorisent l’accès',
  'home.token': 'Un client y obtient ses jetons',
  'home.revoke': 'Un client y révoque un jeton',
  'home.introspect': 'Un serveur de ressources y vérifie un jeton',
  'home.userinfo': 'Un client y demande qui est l’utilisateur',
  'home.deviceAuthorization': 'Un appareil sans navigateur y obtient ses codes',
  'home.device': 'Un utilisateur y saisit le code d’un appareil',
  'home.jwks': 'Les clés publiques de ce serveur',
  'home.discovery': 'Tout ce qu’un client doit savoir sur ce serveur',
  'home.openidDiscovery': 'La même chose pour les clients OpenID Connect',
  'home.login': 'Connexion',
  'home.logout': 'Déconnexion',
  'home.account': 'Montre quelles applications ont accès à un compte et où une session est ouverte',
  'home.protected': 'Une ressource protégée, qui exige un jeton d’accès',

  'callback.title': 'Un code pour le client',
  'callback.titleWithout': 'Pas de code',
  'callback.heading': 'Vous voici de retour dans l’application, et elle a un code',
  'callback.headingWithout': 'Vous voici de retour dans l’application, sans code',
  'callback.lede':
    'Cette page représente l’application. Dans l’adresse ci-dessus, le serveur lui a donné un code qui n’est valable qu’une fois, et peu de temps. L’application l’envoie maintenant à l’endpoint de jetons, avec son secret et son code verifier, et reçoit ses jetons.',
  'callback.ledeWithout':
    'Cette page représente l’application. L’adresse ci-dessus indique pourquoi il n’y a pas de code. Une application devrait l’expliquer avec ses propres mots.',
  'callback.next': 'La suite',
  'callback.exchange': 'Échanger le code contre des jetons',
  'callback.twice': 'L’exécuter une deuxième fois',
  'callback.twiceWhy':
    'Un code ne sert qu’une fois : le serveur le refuse. Passé 15 secondes, il a peut-être été volé : le serveur révoque donc aussi ce qu’il a émis en échange.',
  'callback.lookUp': 'Se renseigner sur l’erreur',
  'callback.restart': 'Recommencer',
  'callback.restartWhy':
    'Votre session est maintenant ouverte, et le serveur se souvient de ce que vous avez autorisé.',
  'callback.restartButton': 'Essayer de nouveau la connexion',
  'callback.received': 'Ce que l’application a reçu',
  'callback.answer': 'Réponse',
  'callback.home': 'Accueil',

  'account.title': 'Votre compte',
  'account.hint': 'Vous pourrez retirer cet accès plus tard dans votre compte.',
  'account.now': 'à l’instant',
  'account.outOfDate':
    'Cette page n’était plus à jour, rien n’a donc été modifié. Veuillez réessayer.',

  'account.apps': 'Applications ayant accès',
  'account.apps.none': 'Aucune application n’a accès à votre compte.',
  'account.apps.more.one':
    'Une autre application, utilisée moins récemment, a accès. Elle apparaîtra quand vous aurez retiré l’accès à une autre.',
  'account.apps.more.other':
    '{count} autres applications, utilisées moins récemment, ont accès. Elles apparaîtront quand vous aurez retiré l’accès à d’autres.',
  'account.app.can': 'L’application peut',
  'account.app.at': 'Auprès de {resource}',
  'account.app.identity':
    'L’application sait qui vous êtes. Elle n’est autorisée à rien faire d’autre.',
  'account.app.actsAt':
    'L’application peut agir en votre nom auprès de {resources}. Ce qu’elle peut voir et modifier se décide là-bas.',
  'account.app.further.one': '{count} autre autorisation',
  'account.app.further.other': '{count} autres autorisations',
  'account.app.more.one': 'Elle a aussi accès à une autre adresse.',
  'account.app.more.other': 'Elle a aussi accès à {count} autres adresses.',
  'account.app.idle':
    'Elle n’a pas accès en ce moment, mais peut l’obtenir à nouveau sans vous le demander.',
  'account.app.untilSignOut': 'Elle a accès jusqu’à la fermeture de votre session.',
  'account.app.keeps': 'Elle conserve son accès après la fermeture de votre session.',
  'account.app.since': 'Autorisée',
  'account.app.lastUsed': 'Dernière utilisation',
  'account.app.remove': 'Retirer l’accès',
  'account.app.removed': '{client} n’a plus accès à votre compte.',

  'account.remove.title': 'Retirer à {client} l’accès à votre compte ?',
  'account.remove.effect':
    'L’application perdra immédiatement son accès à votre compte, sur tous vos appareils.',
  'account.remove.kept': 'Elle conservera ce qu’elle a déjà copié.',
  'account.remove.again':
    'Cette action est irréversible. Si vous réutilisez l’application plus tard, elle devra à nouveau vous demander l’autorisation.',

  'account.sessions': 'Vos sessions ouvertes',
  'account.sessions.only': 'Vous n’avez pas d’autre session ouverte.',
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
  'account.password.appsKeep':
    'Les applications qui conservent leur accès après la fermeture de votre session le conservent aussi cette fois.',
  'account.password.appsLink': 'Voir quelles applications ont accès',
  'account.password.current': 'Mot de passe actuel',
  'account.password.new': 'Nouveau mot de passe',
  'account.password.again': 'Confirmer le nouveau mot de passe',
  'account.password.rule':
    'Au moins {count} caractères. Quelques mots sans rapport entre eux sont faciles à retenir et difficiles à deviner.',
  'account.password.short': 'Le nouveau mot de passe doit comporter au moins {count} caractères.',
  'account.password.easy':
    'Le nouveau mot de passe est facile à deviner : il se résume presque à votre nom ou à une suite simple de caractères. Veuillez en choisir un autre.',
  'account.password.unusable':
    'Le nouveau mot de passe est trop long ou contient des caractères inutilisables.',
  'account.password.differ': 'Les deux nouveaux mots de passe ne correspondent pas.',
  'account.password.same': 'C’est déjà votre mot de passe. Veuillez en choisir un autre.',
  'account.password.wrong': 'Le mot de passe actuel est incorrect.',
  'account.password.meanwhile': 'Votre mot de passe vient d’être changé ailleurs.',
  'account.password.tooMany.one':
    'Trop de mots de passe incorrects. Veuillez réessayer dans une minute.',
  'account.password.tooMany.other':
    'Trop de mots de passe incorrects. Veuillez réessayer dans {count} minutes.',
  'account.password.changed':
    'Votre mot de passe a été changé, et votre session est fermée partout ailleurs.',
  'account.password.appsKept':
    'Les applications qui conservent leur accès après la fermeture de votre session l’ont toujours. Veuillez le retirer à celles que vous ne connaissez pas.',

  'resetPassword.title': 'Définir un nouveau mot de passe',
  'resetPassword.submit': 'Définir le mot de passe',
  'resetPassword.effect': 'Votre session sera fermée partout.',
  'resetPassword.over': 'Ce lien ne fonctionne pas',
  'resetPassword.over.text':
    'Un lien pour définir un nouveau mot de passe ne fonctionne qu’une fois, et pendant peu de temps. Si vous avez défini un mot de passe avec celui-ci, veuillez vous connecter. Sinon, veuillez en demander un nouveau à la personne qui vous l’a envoyé.',
  'resetPassword.set':
    'Votre nouveau mot de passe est défini. Veuillez vous connecter avec celui-ci.',

  'playground.heading': 'OAuth en action',
  'playground.lede':
    'Votre navigateur parcourt sept courts chapitres avec ce serveur. Vous voyez chaque requête telle qu’elle est envoyée, chaque réponse telle qu’elle arrive, et ce qu’elles signifient.',
  'playground.noScript':
    'Votre navigateur n’exécute pas de scripts ici, cette page ne peut donc rien envoyer elle-même. Les mêmes étapes figurent ci-dessous sous forme de commandes pour un terminal. Remplacez {placeholder} et les valeurs de ce type par celles reçues dans les réponses.',
  'playground.elsewhere':
    'Depuis cette adresse, la page ne peut pas joindre le serveur. Ouvrez-la à l’adresse du serveur :',
  'playground.insecure':
    'En http non chiffré, les navigateurs ne calculent SHA-256 que pour les pages de localhost. Pour continuer, ouvrez le serveur sur localhost ou en https.',
  'playground.chapters': 'Chapitres',
  'playground.done': '(terminé)',
  'playground.restart': 'Recommencer',
  'playground.next': 'Suite : {chapter}',
  'playground.comesLater': 'Disponible après l’étape précédente.',
  'playground.needsSignIn':
    'Connectez-vous d’abord, dans le chapitre {chapter}. La suite part de là.',
  'playground.wrongTurns': 'Erreurs et attaques',
  'playground.wrongTurnsLede':
    'Ce qui peut mal tourner, et comment cela finit. Chaque cas a ses propres valeurs et ne change rien aux étapes ci-dessus.',
  'playground.wrongTurnsOfSteps':
    'Ce qui peut mal tourner, et comment cela finit. Ces cas reprennent le jeton d’identité des étapes ci-dessus, sans rien y changer.',
  'playground.needsSteps': 'Disponible une fois le jeton d’identité ci-dessus vérifié.',

  'playground.home.title': 'Suivre chaque étape',
  'playground.home.text':
    'Le playground déroule chaque flux dans votre navigateur, étape par étape, et montre ce qui est envoyé et ce qui revient.',
  'playground.home.open': 'Ouvrir le playground',

  'playground.request': 'Requête',
  'playground.answer': 'Réponse',
  'playground.redirected': 'Réponse, dans l’adresse',
  'playground.checked': 'Ce que l’application vérifie',
  'playground.computation': 'Calcul',
  'playground.ownHeaders':
    'Les en-têtes que tout navigateur ajoute de lui-même aux requêtes, comme Host et User-Agent, ne sont pas affichés.',
  'playground.credentials': 'L’en-tête, décodé de Base64',
  'playground.encoded':
    '%40 représente @ : les identifiants et les secrets sont encodés comme dans un formulaire avant Base64.',
  'playground.whatHappened': 'Ce qui s’est passé',
  'playground.section': '{document}, section {section}',
  'playground.orOpen':
    'Ouvrez ceci dans le navigateur. Le code est dans l’adresse à laquelle vous revenez.',

  'playground.parties.appToServer': 'L’application appelle le serveur',
  'playground.parties.appToApi': 'L’application appelle l’API',
  'playground.parties.apiToServer': 'L’API interroge le serveur',
  'playground.parties.browserToServer': 'Le navigateur va vers le serveur',
  'playground.parties.browserToApp': 'Le navigateur arrive dans l’application',
  'playground.parties.thiefToServer': 'Un voleur appelle le serveur',
  'playground.parties.deviceToServer': 'L’appareil interroge le serveur',
  'playground.parties.inTheApp': 'Dans l’application elle-même',

  'playground.send': 'Envoyer',
  'playground.sendAgain': 'Envoyer à nouveau',
  'playground.compute': 'Calculer',
  'playground.computeAgain': 'En créer de nouveaux',
  'playground.visit': 'Aller sur le serveur',
  'playground.visitAgain': 'Y retourner',
  'playground.verify': 'Vérifier',
  'playground.verifyAgain': 'Vérifier à nouveau',
  'playground.play': 'Essayer',
  'playground.playSigningIn': 'Se connecter et essayer',
  'playground.copy': 'Copier comme curl',
  'playground.copied': 'Copié',
  'playground.answered': 'Réponse : {status}',
  'playground.unreachable': 'Pas de réponse : le serveur est injoignable. Est-il démarré ?',
  'playground.unexpected':
    'Les étapes suivantes ne peuvent pas continuer à partir de cette réponse. Un code ne sert qu’une fois et expire vite, et les jetons peuvent expirer ou être révoqués. Revenez à l’étape qui a émis le code ou le jeton, ou recommencez.',
  'playground.denied':
    'L’utilisateur a refusé, et le serveur en a informé l’application. Il n’y a pas de code à échanger. Une application devrait l’expliquer avec ses propres mots et permettre de réessayer.',
  'playground.opaque':
    'Opaque : une chaîne aléatoire sans signification propre. Seul le serveur sait ce qu’elle représente.',
  'playground.jwt':
    'Un JWT : tout le monde peut le lire, mais seul le serveur peut l’avoir signé. Une API le vérifie avec les clés publiées à {keys}.',
  'playground.idToken':
    'Un JWT pour l’application elle-même : il dit qui s’est connecté. L’application le vérifie avant de s’y fier.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'De retour avec un code',
  'playground.withoutCode': 'De retour sans code',
  'playground.refusedByApp': 'Refusé par l’application',
  'playground.acceptedByApp': 'Accepté par l’application',
  'playground.sameState': 'Celui que l’application a envoyé',
  'playground.otherState': 'Pas celui que l’application a envoyé, qui était {expected}',
  'playground.noState': 'L’application n’en a envoyé aucun : aucune connexion n’est en cours',
  'playground.sameIssuer': 'Le serveur que l’application a appelé',
  'playground.otherIssuer': 'Pas le serveur que l’application a appelé, qui était {expected}',
  'playground.sameAsInToken': 'Le même que dans le jeton d’identité',
  'playground.notExpected': 'L’application attendait {expected}.',
  'playground.expired': 'Expiré : l’horloge de l’application indique {now}.',
  'playground.notSigned': 'Elle ne correspond pas : le serveur n’a pas signé ces claims.',
  'playground.claim.signature':
    'Le serveur l’a produite avec la clé indiquée dans le header, et rien n’a changé depuis.',
  'playground.claim.iss': 'Qui l’a émis : le serveur que l’application a appelé.',
  'playground.claim.aud': 'À qui il est destiné : à cette application.',
  'playground.claim.exp': 'Jusqu’à quand l’application peut l’accepter.',
  'playground.claim.iat': 'Quand il a été émis.',
  'playground.claim.nonce':
    'À quelle connexion il appartient : à celle que l’application a commencée.',
  'playground.claim.at_hash': 'À quel jeton d’accès il appartient, par la moitié de son hash.',
  'playground.claim.sub':
    'Qui est l’utilisateur, par un identifiant qui ne change jamais, contrairement à un nom.',
  'playground.claim.azp': 'Quelle application l’a demandé.',
  'playground.claim.auth_time': 'Quand l’utilisateur s’est connecté au serveur.',
  'playground.claim.acr': 'Le niveau de sécurité de la connexion.',
  'playground.claim.amr': 'Comment l’utilisateur s’est connecté : pwd est un mot de passe.',
  'playground.claim.sid':
    'De quelle session du serveur il vient, pour que l’application puisse être informée de sa fin.',

  'playground.client-credentials.title': 'Une application obtient un jeton pour elle-même',
  'playground.client-credentials.lede':
    'Une tâche de nuit, ou un service qui en appelle un autre : il n’y a personne à qui demander. L’application agit pour son propre compte et prouve qui elle est avec un secret.',
  'playground.client-token.title': 'Demander un jeton d’accès',
  'playground.client-token.intro':
    'L’application envoie son ID client et son secret à l’endpoint de jetons. Un vrai secret ne serait jamais dans une page web ; celui-ci est public.',
  'playground.client-token.outcome':
    'Le serveur a authentifié le client et émis un jeton d’accès (access token). Il n’y a pas de jeton d’actualisation : l’application peut demander un nouveau jeton d’accès à tout moment.',
  'playground.client-use.title': 'Appeler l’API avec ce jeton',
  'playground.client-use.intro':
    'Le jeton se place dans l’en-tête Authorization de chaque appel. L’API de cette démonstration est {api}.',
  'playground.client-use.outcome':
    'L’API a accepté l’appel : le jeton est valide, il est destiné à cette API et il a le scope nécessaire.',

  'playground.scope.title': 'Demander un scope non autorisé',
  'playground.scope.intro': 'L’application demande {scope}, auquel elle n’a pas droit.',
  'playground.scope-token.outcome':
    'Le serveur refuse et indique ce que l’application peut avoir. Un jeton qui permet moins que demandé n’échouerait que plus tard, là où la raison est plus difficile à trouver.',

  'playground.authorization-code.title': 'Un utilisateur donne accès à une application',
  'playground.authorization-code.lede':
    'L’application veut utiliser quelque chose qui appartient à un utilisateur. L’utilisateur donne son accord sur le serveur, et l’application ne voit jamais de mot de passe. Cette application tourne dans le navigateur et ne peut garder aucun secret : c’est PKCE qui la protège.',
  'playground.person-pkce.title': 'Créer un secret pour cette connexion',
  'playground.person-pkce.intro':
    'L’application crée un code verifier et le garde. Elle n’en envoie d’abord que le hash, le code challenge. Elle crée aussi un state, pour reconnaître la réponse à sa propre requête.',
  'playground.person-pkce.outcome':
    'Personne ne peut calculer le verifier à partir du challenge. Celui qui vole le code ne peut rien en faire.',
  'playground.person-authorize.title': 'Envoyer l’utilisateur vers le serveur',
  'playground.person-authorize.intro':
    'Le navigateur quitte cette page avec la requête dans l’adresse. Connectez-vous en tant que {username} avec le mot de passe {password} et autorisez l’accès. Vous revenez ensuite ici.',
  'playground.person-authorize.outcome':
    'Le serveur a renvoyé le navigateur avec un code. Avant d’utiliser le code, l’application vérifie deux choses : state doit être celui qu’elle a envoyé, et iss le serveur qu’elle a appelé.',
  'playground.person-exchange.title': 'Échanger le code contre des jetons',
  'playground.person-exchange.intro':
    'Le code était dans la barre d’adresse, où d’autres ont pu le voir. Il n’est valable qu’avec le verifier, une seule fois et peu de temps.',
  'playground.person-exchange.outcome':
    'Le hash du verifier est le challenge de la première requête ; le serveur a donc émis deux jetons. Le jeton d’accès est pour l’API. Le jeton d’actualisation (refresh token) n’est jamais envoyé ailleurs qu’ici.',
  'playground.person-use.title': 'Appeler l’API pour l’utilisateur',
  'playground.person-use.intro': 'Le même appel qu’au premier chapitre, avec un autre jeton.',
  'playground.person-use.outcome':
    'Il y a maintenant un sub : l’API sait pour qui l’application appelle. Le scope est ce que l’utilisateur a autorisé, et rien de plus.',

  'playground.redirect.title': 'Utiliser une URI de redirection non enregistrée',
  'playground.redirect.intro':
    'Si les codes étaient envoyés à n’importe quelle adresse, un voleur utiliserait la sienne : {uri}.',
  'playground.redirect-authorize.outcome':
    'Le serveur montre à l’utilisateur une page d’erreur et ne redirige pas le navigateur. L’adresse n’est pas enregistrée pour ce client, si bien que même l’erreur n’y est pas envoyée.',
  'playground.state.title': 'Revenir avec un autre state',
  'playground.state.intro':
    'Quelqu’un vous envoie un lien. Il ressemble à une réponse du serveur, mais son code est lié à un autre compte. Si l’application l’acceptait, elle vous connecterait au compte de quelqu’un d’autre.',
  'playground.state-forged.outcome':
    'L’application n’a jamais envoyé ce state : ce n’est donc pas la réponse à sa requête. Elle l’ignore et n’envoie le code nulle part.',
  'playground.verifier.title': 'Utiliser un autre verifier',
  'playground.verifier.intro':
    'Un voleur a lu le code en chemin. Le verifier n’a jamais quitté l’application, le voleur doit donc en inventer un.',
  'playground.signIn.title': 'L’utilisateur se connecte et autorise l’accès',
  'playground.redeem.title': 'L’application échange son code',
  'playground.verifier-wrong.title': 'Le code avec un verifier inventé',
  'playground.verifier-wrong.outcome':
    'Le hash de ce verifier n’est pas le challenge, le serveur n’émet donc rien. C’est à cela que sert PKCE.',
  'playground.verifier-right.title': 'Le code avec le bon verifier',
  'playground.verifier-right.outcome':
    'La tentative échouée n’a pas consommé le code. L’application a le verifier et obtient donc ses jetons.',
  'playground.replay.title': 'Utiliser un code deux fois',
  'playground.replay.intro':
    'L’application échange son code. Puis la même requête arrive de nouveau, de quelqu’un qui l’a interceptée.',
  'playground.replay-again.title': 'La même requête de nouveau',
  'playground.replay-again.outcome':
    'Un code ne sert qu’une fois. Pendant 15 secondes, ce peut être l’application elle-même, qui n’a pas reçu la réponse : elle n’obtient qu’une erreur. Ensuite, le code est entre de mauvaises mains, et le serveur révoque aussi ce qu’il avait émis en échange.',

  'playground.refresh.title': 'Un nouveau jeton, sans l’utilisateur',
  'playground.refresh.lede':
    'Les jetons d’accès ont une durée de vie courte : un jeton volé ne sert bientôt plus à rien. L’application obtient le suivant avec un jeton d’actualisation (refresh token), et personne n’a à se connecter toutes les heures.',
  'playground.person-refresh.title': 'Échanger le jeton d’actualisation',
  'playground.person-refresh.intro':
    'Il est envoyé à l’endpoint de jetons, jamais à une API, et par le client pour lequel il a été émis.',
  'playground.person-refresh.outcome':
    'L’application obtient un nouveau jeton d’accès et un nouveau jeton d’actualisation. L’ancien a été remplacé : il ne sert plus, et s’il réapparaît plus tard, le serveur le considère comme volé.',
  'playground.reuse.title': 'Réutiliser un jeton d’actualisation déjà remplacé',
  'playground.reuse.intro':
    'L’application renouvelle ses jetons deux fois. Puis son premier jeton d’actualisation réapparaît, chez un voleur qui l’a copié à temps.',
  'playground.reuse-first.title': 'L’application renouvelle ses jetons',
  'playground.reuse-second.title': 'L’application les renouvelle de nouveau',
  'playground.reuse-again.title': 'Le premier jeton d’actualisation de nouveau',
  'playground.reuse-again.outcome':
    'Son successeur a déjà servi : deux parties détiennent donc des jetons de cette connexion, et l’une d’elles est un voleur. Le serveur ne peut pas savoir laquelle, il les révoque donc tous.',
  'playground.reuse-use.title': 'Un appel avec le jeton d’accès le plus récent',
  'playground.reuse-use.outcome':
    'Tous les jetons de cette connexion ont été révoqués, pour les deux parties. L’utilisateur peut se reconnecter ; le voleur ne le peut pas.',

  'playground.introspection.title': 'Vérifier un jeton (introspection)',
  'playground.introspection.lede':
    'Une API qui reçoit un jeton doit savoir s’il est valide et ce qu’il permet. Elle peut le demander au serveur qui l’a émis.',
  'playground.person-introspect.title': 'Vérifier le jeton d’accès',
  'playground.person-introspect.intro':
    'L’API s’authentifie, car tout le monde ne peut pas examiner les jetons. Dans cette démonstration, elle utilise le client du premier chapitre.',
  'playground.person-introspect.outcome':
    'Le champ qui compte est active. Le reste dit pour qui le jeton a été émis, à quel client, pour quoi et jusqu’à quand.',
  'playground.unknown.title': 'Vérifier un jeton qui n’a jamais été émis',
  'playground.unknown.intro': 'Quelqu’un envoie à l’API un jeton inventé.',
  'playground.unknown-introspect.outcome':
    'Ce n’est pas une erreur : la requête était valide, et la réponse est non. Le serveur ne dit pas si un jeton a été inventé, a expiré ou a été révoqué.',

  'playground.revocation.title': 'Révoquer un jeton',
  'playground.revocation.lede':
    'L’utilisateur se déconnecte de l’application, ou la supprime. Une bonne application révoque alors ce dont elle n’a plus besoin.',
  'playground.person-revoke.title': 'Révoquer le jeton d’actualisation',
  'playground.person-revoke.intro':
    'Tout le reste de la même connexion est révoqué aussi. On pourrait également révoquer seulement le jeton d’accès.',
  'playground.person-revoke.outcome':
    'Les jetons ont été révoqués. La réponse serait la même pour un jeton que le serveur ne connaît pas.',
  'playground.person-gone.title': 'Vérifier de nouveau le jeton d’accès',
  'playground.person-gone.intro': 'Il n’a pas encore expiré.',
  'playground.person-gone.outcome':
    'Il n’est plus valide, bien qu’il n’ait pas expiré. Le serveur ne dit rien d’autre d’un jeton qui n’est pas valide.',
  'playground.revoked.title': 'Utiliser un jeton révoqué',
  'playground.revoked.intro': 'L’application révoque son jeton, puis appelle l’API avec ce jeton.',
  'playground.revoked-token.title': 'L’application obtient un jeton pour elle-même',
  'playground.revoked-revoke.title': 'L’application le révoque',
  'playground.revoked-use.title': 'L’application appelle quand même l’API avec ce jeton',
  'playground.revoked-use.outcome':
    'L’API refuse l’appel et indique la raison dans WWW-Authenticate. L’application devrait obtenir un nouveau jeton et réessayer, une seule fois.',

  'playground.device.title': 'Un appareil sans navigateur se connecte',
  'playground.device.lede':
    'Un téléviseur ou une ligne de commande ne peut pas afficher la page de connexion. Il affiche plutôt un code court, et l’utilisateur se connecte avec un autre appareil.',
  'playground.device-ask.title': 'Demander deux codes',
  'playground.device-ask.intro':
    'L’appareil demande un code pour lui-même et un autre pour l’utilisateur. Il n’a pas besoin d’URI de redirection, car personne ne revient vers lui.',
  'playground.device-ask.outcome':
    'L’appareil affiche le user_code et la verification_uri, ou un code QR de la verification_uri_complete. Il garde le device_code pour lui.',
  'playground.device-wait.title': 'Demander avant que l’utilisateur ait décidé',
  'playground.device-wait.intro':
    'L’appareil demande à quelques secondes d’intervalle, comme l’indique interval.',
  'playground.device-wait.outcome':
    'Personne n’a encore décidé. Ce n’est pas un échec : l’appareil attend et redemande.',
  'playground.device-collect.title': 'Autoriser l’accès et redemander',
  'playground.device-collect.intro':
    'Ouvrez {page} dans un nouvel onglet, connectez-vous en tant que {username} avec le mot de passe {password}, saisissez le user_code de la première réponse et autorisez l’accès. Ensuite, l’appareil demande une fois de plus.',
  'playground.device-collect.outcome':
    'L’utilisateur a autorisé l’accès, et le serveur a donc émis des jetons. Il ne le fait qu’une fois. Personne n’a saisi de mot de passe sur l’appareil.',
  'playground.hurry.title': 'Demander trop souvent',
  'playground.hurry.intro': 'Un appareil demande deux fois sans attendre.',
  'playground.hurry-again.title': 'La même requête de nouveau, aussitôt',
  'playground.hurry-again.outcome':
    'Le serveur dit à l’appareil de ralentir. Désormais, il doit attendre cinq secondes de plus à chaque fois.',

  'playground.openid-connect.title': 'Une application apprend qui s’est connecté',
  'playground.openid-connect.lede':
    'Un jeton d’accès est pour l’API, et ne dit rien à l’application. Avec OpenID Connect, l’application obtient aussi un jeton d’identité (ID token) : une déclaration signée qui indique qui s’est connecté, quand et sur quel serveur.',
  'playground.openid-nonce.title': 'Créer aussi un nonce',
  'playground.openid-nonce.intro':
    'L’application crée un verifier et un state, comme dans le flux par code. La nouveauté est le nonce, qui revient dans le jeton d’identité.',
  'playground.openid-nonce.outcome':
    'Le state protège le retour vers l’application. Le nonce est dans le jeton signé lui-même : un jeton d’identité d’une autre connexion ne sert donc à rien ici.',
  'playground.openid-authorize.title': 'Demander qui est l’utilisateur',
  'playground.openid-authorize.intro':
    'Avec le scope openid, il s’agit d’OpenID Connect ; profile et email demandent davantage sur l’utilisateur. Connectez-vous en tant que {username} avec le mot de passe {password} si le serveur vous le demande, et autorisez l’accès.',
  'playground.openid-authorize.outcome':
    'L’utilisateur a vu ce que l’application va apprendre. La réponse est la même que dans le flux par code : un code, avec state et iss, que l’application vérifie d’abord.',
  'playground.openid-redeem.title': 'Échanger le code contre un jeton d’identité',
  'playground.openid-redeem.intro':
    'La même requête que dans le flux par code, de l’application directement au serveur.',
  'playground.openid-redeem.outcome':
    'Il y a maintenant un jeton de plus. Un jeton d’identité est toujours un JWT, et il n’est que pour l’application : il n’est jamais envoyé à une API.',
  'playground.openid-keys.title': 'Récupérer les clés du serveur',
  'playground.openid-keys.intro':
    'L’application a besoin des clés publiques du serveur. Elle trouve leur adresse dans le document de découverte, {discovery}, et peut garder les clés un certain temps.',
  'playground.openid-keys.outcome':
    'Le header du jeton d’identité indique sa clé par le kid. Si l’application rencontre un kid qu’elle ne connaît pas, elle récupère les clés à nouveau : le serveur en change de temps en temps.',
  'playground.openid-verify.title': 'Vérifier le jeton d’identité, claim par claim',
  'playground.openid-verify.intro':
    'L’application n’accepte le jeton d’identité que si toutes les vérifications réussissent. D’habitude, une bibliothèque s’en charge ; ici, c’est votre navigateur.',
  'playground.openid-verify.outcome':
    'L’application sait maintenant qui s’est connecté, et commence sa propre session. Elle reconnaît l’utilisateur par iss et sub : un nom ou une adresse e-mail peut changer, ou appartenir un jour à quelqu’un d’autre.',
  'playground.openid-userinfo.title': 'Demander les claims de l’utilisateur (UserInfo)',
  'playground.openid-userinfo.intro':
    'Le jeton d’identité dit qui est l’utilisateur, et rien de plus. Ce que désignent les scopes profile et email, l’application le demande au serveur avec le jeton d’accès.',
  'playground.openid-userinfo.outcome':
    'L’application utilise cette réponse parce que son sub est le même que dans le jeton d’identité. Avec un autre sub, il s’agirait de quelqu’un d’autre.',

  'playground.nonce.title': 'Présenter un jeton d’identité d’une autre connexion',
  'playground.nonce.intro':
    'L’application a commencé une autre connexion, avec un nouveau nonce. Puis le jeton d’identité ci-dessus arrive encore une fois.',
  'playground.openid-nonce-flaw.outcome':
    'Tout le reste est correct, mais le nonce appartient à une autre connexion. Celui qui glisse dans votre connexion un code ou un jeton d’identité volé est démasqué ici.',
  'playground.audience.title': 'Présenter un jeton d’identité à une autre application',
  'playground.audience.intro':
    'Le jeton d’identité ci-dessus a été émis pour cette application. Ici, l’application {client} le reçoit et le vérifie.',
  'playground.openid-audience-flaw.outcome':
    'Le serveur a bien émis ce jeton, mais pas pour cette application. Sans cette vérification, n’importe quelle application pourrait se connecter aux autres à la place de ses utilisateurs.',
  'playground.clock.title': 'Utiliser un jeton d’identité expiré',
  'playground.clock.intro':
    'Pour que personne n’ait à attendre, l’horloge de l’application est réglée, pour cette seule vérification, une heure après l’expiration du jeton d’identité.',
  'playground.openid-clock-flaw.outcome':
    'Selon cette horloge, le jeton d’identité est trop ancien pour connecter qui que ce soit. Seule l’horloge était fausse : le jeton est celui ci-dessus, inchangé.',
  'playground.signature.title': 'Modifier un claim',
  'playground.signature.intro':
    'Quelqu’un modifie le sub du jeton d’identité et laisse la signature telle quelle.',
  'playground.openid-signature-flaw.outcome':
    'La signature ne correspond qu’à ce que le serveur a signé : toute modification se remarque. Seul le serveur a la clé pour le signer de nouveau.',
};

export const fr = Object.fromEntries(
  Object.entries(plain).map(([key, text]) => [key, unbreakable(text)]),
) as Words;
