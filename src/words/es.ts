import type { Words } from './en.ts';

export const es: Words = {
  'layout.promise': 'Las aplicaciones que usan este servidor nunca ven su contraseña.',

  'common.errorTitle': 'Error: {title}',
  'common.signedInAs': 'Sesión iniciada como',
  'common.useAnother': 'Usar otra cuenta',
  'common.signOut': 'Cerrar sesión',
  'common.cancel': 'Cancelar',
  'common.newTab': '(se abre en una pestaña nueva)',

  'login.title': 'Iniciar sesión',
  'login.heading': 'Iniciar sesión',
  'login.toContinue': 'para continuar en {client}',
  'login.username': 'Nombre de usuario',
  'login.password': 'Contraseña',
  'login.submit': 'Iniciar sesión',
  'login.demo': 'Cuenta de demostración: {username} / {password}',
  'login.noCookie':
    'Su navegador no ha enviado nuestra cookie. Permita las cookies de este sitio y vuelva a intentarlo.',
  'login.outOfDate': 'Esta página ya no estaba actualizada. Vuelva a iniciar sesión.',
  'login.invalid': 'El nombre de usuario o la contraseña no son válidos. Compruebe ambos.',
  'login.missing': 'Escriba su nombre de usuario y su contraseña.',
  'login.wrong': 'El nombre de usuario o la contraseña no son correctos.',
  'login.tooMany.one': 'Demasiados intentos. Vuelva a intentarlo dentro de un minuto.',
  'login.tooMany.other': 'Demasiados intentos. Vuelva a intentarlo dentro de {count} minutos.',

  'consent.title': '¿Permitir el acceso a {client}?',
  'consent.question': '¿Permitir que {client} use su cuenta?',
  'consent.questionIdentity': '¿Confirmar a {client} que es usted?',
  'consent.scopes': 'La aplicación podrá',
  'consent.at': 'En {resources}',
  'consent.identityOnly':
    'La aplicación sabrá que ha iniciado sesión aquí, y nada más. No podrá ver ni modificar nada de su cuenta.',
  'consent.remembered': 'Ya permitió el acceso a esta aplicación anteriormente.',
  'consent.noAccess':
    'Puede negarse: si cancela, la aplicación no obtendrá acceso. En cualquier caso, volverá a {place}.',
  'consent.noNewAccess':
    'Puede negarse: si cancela, la aplicación no obtendrá ningún acceso nuevo. En cualquier caso, volverá a {place}.',
  'consent.noIdentity':
    'Puede negarse: si cancela, la aplicación no sabrá nada de usted. En cualquier caso, volverá a {place}.',
  'consent.allow': 'Permitir',
  'consent.outOfDate': 'Esta página ya no estaba actualizada. Revísela de nuevo y decida.',
  'consent.choose': 'Elija «{cancel}» o «{allow}».',

  'signedIn.title': 'Sesión iniciada',
  'signedIn.heading': 'Ha iniciado sesión',

  'signedOut.title': 'Sesión cerrada',
  'signedOut.heading': 'Ha cerrado sesión',
  'signedOut.lede': 'Si comparte este dispositivo, cierre también la ventana del navegador.',
  'signedOut.again': 'Volver a iniciar sesión',

  'error.request.heading': 'No se puede continuar con este inicio de sesión',
  'error.request.message':
    'La aplicación que le ha enviado aquí ha cometido un error en su solicitud.',
  'error.request.action':
    'Vuelva a la aplicación e inténtelo de nuevo. Si no sirve de ayuda, muestre esta página a quienes la desarrollan.',
  'error.unknownClient.heading': 'No conocemos esta aplicación',
  'error.unknownClient.message':
    'La aplicación que le ha enviado aquí no está registrada en este servidor, por lo que nadie puede iniciar sesión en ella desde aquí.',
  'error.unknownClient.action':
    'Vuelva a la aplicación e inténtelo de nuevo. Si no sirve de ayuda, muestre esta página a quienes la desarrollan.',
  'error.redirectUri.heading': 'No podemos llevarle de vuelta a esta aplicación',
  'error.redirectUri.message':
    'La aplicación quiere que vuelva a una dirección que no está registrada para ella. Puede ser un error, o puede que alguien intente acceder a su cuenta.',
  'error.redirectUri.action':
    'No se ha enviado nada a esa dirección. Si confía en la aplicación, vuelva a ella e inténtelo de nuevo, o muestre esta página a quienes la desarrollan.',
  'error.over.heading': 'Este inicio de sesión ha terminado',
  'error.over.message': 'Ya se había completado o ha tardado demasiado.',
  'error.over.action': 'Vuelva a la aplicación y empiece de nuevo.',
  'error.tooMany.heading': 'Espere un momento',
  'error.tooMany.message': 'Ha habido demasiados intentos desde aquí.',
  'error.tooMany.action': 'Vuelva a intentarlo más tarde.',
  'error.notFound.heading': 'Aquí no hay nada',
  'error.notFound.message':
    'Puede que la dirección esté mal escrita o que la página haya cambiado de sitio.',
  'error.notFound.action': 'Compruebe la dirección o empiece por la página de inicio.',
  'error.unavailable.heading': 'Vuelva a intentarlo dentro de un momento',
  'error.unavailable.message': 'El servidor no puede responder en este momento. No es culpa suya.',
  'error.unavailable.action': 'Espere un poco y vuelva a cargar esta página.',
  'error.failure.heading': 'Algo ha fallado por nuestra parte',
  'error.failure.message': 'No es culpa suya.',
  'error.failure.action':
    'Vuelva a intentarlo dentro de un momento. Si se repite, pregunte a quienes administran este servidor e indíqueles el ID de la solicitud que aparece abajo.',
  'error.home': 'Ir a la página de inicio',
  'error.forDeveloper': 'Para quien desarrolla la aplicación',
  'error.forHelp': 'Si pide ayuda',
  'error.code': 'Error',
  'error.sent': 'Enviado',
  'error.registered': 'Registrado',
  'error.requestId': 'ID de la solicitud',
  'error.document': 'Qué significa cada error y qué hay que cambiar: {document}',

  'home.title': 'Inicio',
  'home.heading': 'Este es un servidor de autorización OAuth 2.0',
  'home.lede':
    'Inicia la sesión de las personas, les pregunta qué puede hacer una aplicación y entrega a esta un token de acceso para su API. Ninguna aplicación ve jamás una contraseña.',
  'home.issuer': 'Emisor',
  'home.signedOut': 'No ha iniciado sesión.',
  'home.signIn': 'Iniciar sesión',
  'home.try': 'Pruébelo',
  'home.trySignIn': 'Inicie sesión como si viniera de una aplicación',
  'home.tryAs': 'Inicie sesión como {username} con la contraseña {password} y elija «{allow}».',
  'home.tryReturn': 'Volverá a la aplicación con un {code} en la dirección.',
  'home.tryButton': 'Probar el inicio de sesión',
  'home.getToken': 'Obtener un token de acceso',
  'home.useToken': 'Usarlo',
  'home.demo': 'Datos de demostración',
  'home.client': 'Cliente',
  'home.clientId': 'ID de cliente',
  'home.secret': 'Secreto',
  'home.noSecret': 'Ninguno, es un cliente público',
  'home.grants': 'Tipos de concesión',
  'home.redirectUri': 'URI de redirección',
  'home.users.one': 'Usuario',
  'home.users.other': 'Usuarios',
  'home.username': 'Nombre de usuario',
  'home.password': 'Contraseña',
  'home.demoOnly':
    'Los clientes y usuarios de demostración solo existen fuera del entorno de producción.',
  'home.endpoints': 'Puntos de conexión',
  'home.method': 'Método',
  'home.path': 'Ruta',
  'home.what': 'Para qué sirve',
  'home.authorize':
    'Aquí envía un cliente a las personas para que inicien sesión y permitan el acceso',
  'home.token': 'Aquí obtiene un cliente sus tokens',
  'home.revoke': 'Aquí devuelve un cliente un token',
  'home.introspect': 'Aquí pregunta un servidor de recursos cuánto vale un token',
  'home.jwks': 'Las claves públicas de este servidor',
  'home.discovery': 'Todo lo que un cliente necesita saber de este servidor',
  'home.login': 'Iniciar sesión',
  'home.logout': 'Cerrar sesión',
  'home.account': 'Qué aplicaciones tienen acceso a una cuenta y dónde está abierta',
  'home.protected': 'Un recurso protegido: requiere un token de acceso',

  'callback.title': 'Un código para el cliente',
  'callback.titleWithout': 'Sin código',
  'callback.heading': 'Ha vuelto a la aplicación, y esta tiene un código',
  'callback.headingWithout': 'Ha vuelto a la aplicación, sin código',
  'callback.lede':
    'Esta página representa a la aplicación. En la dirección de arriba, el servidor le ha dado un código que sirve una sola vez y por poco tiempo. La aplicación lo envía ahora al punto de conexión de tokens, junto con su secreto y su verificador de código, y recibe sus tokens.',
  'callback.ledeWithout':
    'Esta página representa a la aplicación. En la dirección de arriba, el servidor le ha dicho por qué no hay código, y una aplicación debería explicarlo con sus propias palabras.',
  'callback.next': 'Qué viene ahora',
  'callback.exchange': 'Canjear el código por tokens',
  'callback.twice': 'Ejecutarlo por segunda vez',
  'callback.twiceWhy':
    'Un código que se usa dos veces puede ser robado: el servidor lo rechaza y pone fin a todo lo que se obtuvo con él.',
  'callback.lookUp': 'Consultar el error',
  'callback.restart': 'Empezar de nuevo',
  'callback.restartWhy': 'Ya ha iniciado sesión, y el servidor recuerda lo que ha permitido.',
  'callback.restartButton': 'Volver a probar el inicio de sesión',
  'callback.received': 'Lo que ha recibido la aplicación',
  'callback.answer': 'Respuesta',
  'callback.home': 'Inicio',

  'account.title': 'Su cuenta',
  'account.hint': 'Podrá retirar este permiso más adelante en su cuenta.',
  'account.now': 'ahora mismo',
  'account.outOfDate':
    'Esta página no estaba actualizada y no se ha cambiado nada. Inténtelo de nuevo.',

  'account.apps': 'Aplicaciones con acceso',
  'account.apps.none': 'Ninguna aplicación tiene acceso a su cuenta.',
  'account.app.can': 'La aplicación puede',
  'account.app.at': 'En {resource}',
  'account.app.identity': 'La aplicación sabe que es usted y no puede hacer nada más.',
  'account.app.idle': 'Ahora mismo no tiene acceso, pero puede volver a obtenerlo sin preguntarle.',
  'account.app.since': 'Autorizada',
  'account.app.lastUsed': 'Último uso',
  'account.app.remove': 'Retirar el acceso',
  'account.app.removed': '{client} ya no tiene acceso a su cuenta.',

  'account.remove.title': '¿Retirar el acceso de {client}?',
  'account.remove.effect':
    'La aplicación perderá de inmediato el acceso a su cuenta, en todos sus dispositivos.',
  'account.remove.kept': 'Conservará lo que ya haya copiado.',
  'account.remove.again':
    'Esta acción no se puede deshacer. Si más adelante vuelve a usar la aplicación, tendrá que pedirle permiso otra vez.',

  'account.sessions': 'Dónde ha iniciado sesión',
  'account.sessions.only': 'No ha iniciado sesión en ningún otro sitio.',
  'account.sessions.endOthers': 'Cerrar sesión en los demás sitios',
  'account.sessions.othersEnded': 'Se ha cerrado su sesión en todos los demás sitios.',
  'account.session.current': 'Este navegador',
  'account.session.on': '{browser} en {system}',
  'account.session.unknown': 'Navegador desconocido',
  'account.session.unknownOn': 'Navegador desconocido en {system}',
  'account.session.signedIn': 'Inicio de sesión',
  'account.session.seen': 'Última actividad',
  'account.session.end': 'Cerrar sesión',
  'account.session.ended': 'Se ha cerrado la sesión en ese navegador.',

  'account.password': 'Contraseña',
  'account.password.changedAt': 'Último cambio',
  'account.password.change': 'Cambiar la contraseña',
  'account.password.title': 'Cambiar su contraseña',
  'account.password.effect': 'Se cerrará su sesión en todos los demás sitios.',
  'account.password.appsKeep': 'Las aplicaciones conservan su acceso.',
  'account.password.appsLink': 'Ver qué aplicaciones tienen acceso',
  'account.password.current': 'Contraseña actual',
  'account.password.new': 'Contraseña nueva',
  'account.password.again': 'Repita la contraseña nueva',
  'account.password.rule':
    'Al menos {count} caracteres. Varias palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.',
  'account.password.short': 'La contraseña nueva debe tener al menos {count} caracteres.',
  'account.password.easy':
    'La contraseña nueva es fácil de adivinar: es poco más que su nombre o una serie de caracteres seguidos. Elija otra.',
  'account.password.unusable':
    'La contraseña nueva es demasiado larga o contiene caracteres que no se pueden usar.',
  'account.password.differ': 'Ha escrito dos contraseñas nuevas distintas.',
  'account.password.same': 'Esa ya es su contraseña. Elija otra.',
  'account.password.wrong': 'La contraseña actual no es correcta.',
  'account.password.meanwhile': 'Su contraseña se acaba de cambiar desde otro sitio.',
  'account.password.tooMany.one':
    'Demasiadas contraseñas incorrectas. Inténtelo de nuevo dentro de un minuto.',
  'account.password.tooMany.other':
    'Demasiadas contraseñas incorrectas. Inténtelo de nuevo dentro de {count} minutos.',
  'account.password.changed':
    'Su contraseña se ha cambiado y se ha cerrado su sesión en todos los demás sitios. Las aplicaciones conservan su acceso: retírelo a las que no conozca.',
};
