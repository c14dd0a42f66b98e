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
    'L’application apprend que vous avez ouvert une session ici, et rien d’autre. Elle ne peut ni voir ni modifier quoi que ce soit dans votre compte.',
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
  'error.request.message': 'L’application qui vous a envoyé ici a fait une erreur dans sa demande.',
  'error.request.action':
    'Retournez dans l’application et réessayez. Si cela ne suffit pas, montrez cette page à ceux qui la développent.',
  'error.unknownClient.heading': 'Nous ne connaissons pas cette application',
  'error.unknownClient.message':
    'L’application qui vous a envoyé ici n’est pas enregistrée auprès de ce serveur : personne ne peut donc s’y connecter d’ici.',
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
  'home.heading': 'Ceci est un serveur d’autorisation OAuth 2.0',
  'home.lede':
    'Il identifie les personnes, leur demande ce qu’une application peut faire, et remet à l’application un jeton d’accès pour votre API. Aucune application ne voit jamais de mot de passe.',
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
  'home.endpoints': 'Points de terminaison',
  'home.method': 'Méthode',
  'home.path': 'Chemin',
  'home.what': 'À quoi il sert',
  'home.authorize':
    'Un client y envoie les personnes pour qu’elles se connectent et autorisent l’accès',
  'home.token': 'Un client y obtient ses jetons',
  'home.revoke': 'Un client y rend un jeton',
  'home.introspect': 'Un serveur de ressources y demande ce que vaut un jeton',
  'home.jwks': 'Les clés publiques de ce serveur',
  'home.discovery': 'Tout ce qu’un client doit savoir de ce serveur',
  'home.login': 'Connexion',
  'home.logout': 'Déconnexion',
  'home.account': 'Quelles applications ont accès à un compte et où il est connecté',
  'home.protected': 'Une ressource protégée : exige un jeton d’accès',

  'callback.title': 'Un code pour le client',
  'callback.titleWithout': 'Pas de code',
  'callback.heading': 'Vous voici de retour dans l’application, et elle a un code',
  'callback.headingWithout': 'Vous voici de retour dans l’application, sans code',
  'callback.lede':
    'Cette page tient lieu d’application. Dans l’adresse ci-dessus, le serveur lui a donné un code qui ne sert qu’une fois, et peu de temps. L’application l’envoie maintenant au point de terminaison des jetons, avec son secret et son vérificateur de code, et reçoit ses jetons.',
  'callback.ledeWithout':
    'Cette page tient lieu d’application. Dans l’adresse ci-dessus, le serveur lui a dit pourquoi il n’y a pas de code ; une application devrait l’expliquer avec ses propres mots.',
  'callback.next': 'La suite',
  'callback.exchange': 'Échanger le code contre des jetons',
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
  'account.app.can': 'L’application peut',
  'account.app.at': 'Sur {resource}',
  'account.app.identity': 'L’application sait que c’est vous et ne peut rien faire d’autre.',
  'account.app.idle':
    'Elle n’a pas accès en ce moment, mais peut l’obtenir à nouveau sans vous le demander.',
  'account.app.since': 'Autorisée',
  'account.app.lastUsed': 'Dernière utilisation',
  'account.app.remove': 'Retirer l’accès',
  'account.app.removed': '{client} n’a plus accès à votre compte.',

  'account.remove.title': 'Retirer l’accès de {client} ?',
  'account.remove.effect':
    'L’application perdra immédiatement son accès à votre compte, sur tous vos appareils.',
  'account.remove.kept': 'Elle conservera ce qu’elle a déjà copié.',
  'account.remove.again':
    'Cette action est irréversible. Si vous réutilisez l’application plus tard, elle devra à nouveau vous demander l’autorisation.',

  'account.sessions': 'Où vous êtes connecté',
  'account.sessions.only': 'Vous n’êtes connecté nulle part ailleurs.',
  'account.sessions.endOthers': 'Se déconnecter partout ailleurs',
  'account.sessions.othersEnded': 'Vous êtes déconnecté partout ailleurs.',
  'account.session.current': 'Ce navigateur',
  'account.session.on': '{browser} sur {system}',
  'account.session.unknown': 'Navigateur inconnu',
  'account.session.unknownOn': 'Navigateur inconnu sur {system}',
  'account.session.signedIn': 'Connexion',
  'account.session.seen': 'Dernière activité',
  'account.session.end': 'Déconnecter',
  'account.session.ended': 'Ce navigateur est déconnecté.',

  'account.password': 'Mot de passe',
  'account.password.changedAt': 'Dernière modification',
  'account.password.change': 'Changer le mot de passe',
  'account.password.title': 'Changer votre mot de passe',
  'account.password.effect': 'Vous serez déconnecté partout ailleurs.',
  'account.password.appsKeep': 'Les applications conservent leur accès.',
  'account.password.appsLink': 'Voir quelles applications ont accès',
  'account.password.current': 'Mot de passe actuel',
  'account.password.new': 'Nouveau mot de passe',
  'account.password.again': 'Nouveau mot de passe, une seconde fois',
  'account.password.rule':
    'Au moins {count} caractères. Quelques mots sans rapport entre eux sont faciles à retenir et difficiles à deviner.',
  'account.password.short': 'Le nouveau mot de passe doit comporter au moins {count} caractères.',
  'account.password.easy':
    'Le nouveau mot de passe est facile à deviner : il se résume presque à votre nom ou à une suite de caractères. Veuillez en choisir un autre.',
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
    'Votre mot de passe a été changé et vous êtes déconnecté partout ailleurs. Les applications conservent leur accès : veuillez le retirer à celles que vous ne connaissez pas.',
};
