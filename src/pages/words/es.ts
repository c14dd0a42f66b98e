import type { Words } from './words.ts';

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
  'login.toAccount': 'para ver su cuenta',
  'login.toDevice': 'para conectar un dispositivo',
  'login.toPassword': 'para cambiar su contraseña',
  'login.toRemoveApp': 'para retirar el acceso a una aplicación',
  'login.username': 'Nombre de usuario',
  'login.password': 'Contraseña',
  'login.submit': 'Iniciar sesión',
  'login.help': '¿No puede iniciar sesión?',
  'login.demo': 'Cuenta de demostración: {username} / {password}',
  'login.noCookie':
    'Su navegador no ha enviado nuestra cookie. Permita las cookies de este sitio y vuelva a intentarlo.',
  'login.outOfDate': 'Esta página ya no era válida. Vuelva a iniciar sesión.',
  'login.invalid': 'El nombre de usuario o la contraseña no son válidos. Revíselos.',
  'login.missing': 'Escriba su nombre de usuario y su contraseña.',
  'login.wrong': 'Nombre de usuario o contraseña incorrectos.',
  'login.disabled': 'Esta cuenta está desactivada. Diríjase a la persona que la administra.',
  'login.tooMany.one': 'Demasiados intentos. Vuelva a intentarlo dentro de un minuto.',
  'login.tooMany.other': 'Demasiados intentos. Vuelva a intentarlo dentro de {count} minutos.',

  'client.open': 'Abrir la aplicación',
  'client.policy': 'Política de privacidad',
  'client.tos': 'Condiciones del servicio',

  'selfMade.heading': '¿Conoce esta aplicación?',
  'selfMade.claimed':
    'El nombre y la imagen son los que la aplicación da de sí misma. Aquí nadie los ha comprobado.',
  'selfMade.claimedName':
    'El nombre es el que la aplicación da de sí misma. Aquí nadie lo ha comprobado.',
  'selfMade.host': 'Publicada en',
  'selfMade.returnsTo': 'Volverá a',
  'selfMade.onDevice':
    'La aplicación se ejecuta en su dispositivo, donde cualquier programa puede hacerse pasar por ella. Continúe solo si acaba de iniciar esto por su cuenta.',

  'consent.title': '¿Permitir el acceso a {client}?',
  'consent.question': '¿Permitir que {client} use su cuenta?',
  'consent.questionIdentity': '¿Permitir que {client} sepa quién es usted?',
  'consent.scopes': 'La aplicación podrá',
  'consent.at': 'En {resources}',
  'consent.identityOnly':
    'La aplicación sabrá que ha iniciado sesión aquí. No pide permiso para ver ni modificar nada de su cuenta.',
  'consent.resourcesOnly':
    'La aplicación podrá actuar en su nombre en {resources}. No ha indicado qué quiere hacer allí. Lo que pueda ver y modificar se decide allí, no aquí.',
  'consent.new': 'Nuevo',
  'consent.remembered': 'Ya había permitido el acceso a esta aplicación.',
  'consent.noAccess':
    'Si cancela, la aplicación no obtendrá acceso. En ambos casos, volverá a {place}.',
  'consent.noNewAccess':
    'Si cancela, la aplicación no obtendrá ningún acceso nuevo. En ambos casos, volverá a {place}.',
  'consent.noIdentity':
    'Si cancela, la aplicación no sabrá nada de usted. En ambos casos, volverá a {place}.',
  'consent.noNewIdentity':
    'Si cancela, la aplicación no sabrá nada nuevo de usted. En ambos casos, volverá a {place}.',
  'consent.allow': 'Permitir',
  'consent.outOfDate': 'Esta página ya no era válida. Revísela y decida de nuevo.',
  'consent.choose': 'Elija «{cancel}» o «{allow}».',

  'scope.openid': 'Confirmar quién es usted',
  'scope.profile': 'Ver su nombre y su perfil',
  'scope.email': 'Ver su dirección de correo electrónico',
  'scope.address': 'Ver su dirección postal',
  'scope.phone': 'Ver su número de teléfono',
  'scope.groups': 'Ver a qué grupos pertenece',
  'scope.offline_access': 'Conservar este acceso cuando no esté usando la aplicación',

  'consent.claims': 'Ver estos datos sobre usted',
  'claim.none': 'Aún no hay datos guardados',
  'claim.more.one': 'y {count} más',
  'claim.more.other': 'y {count} más',
  'claim.confirmed': 'verificado',
  'claim.unconfirmed': 'sin verificar',
  'claim.yes': 'sí',
  'claim.no': 'no',
  'claim.name': 'Nombre completo',
  'claim.given_name': 'Nombre',
  'claim.family_name': 'Apellidos',
  'claim.middle_name': 'Segundo nombre',
  'claim.nickname': 'Apodo',
  'claim.preferred_username': 'Nombre de usuario',
  'claim.profile': 'Página de perfil',
  'claim.picture': 'Foto',
  'claim.website': 'Sitio web',
  'claim.gender': 'Género',
  'claim.birthdate': 'Fecha de nacimiento',
  'claim.zoneinfo': 'Zona horaria',
  'claim.locale': 'Idioma',
  'claim.updated_at': 'Última modificación',
  'claim.email': 'Correo electrónico',
  'claim.email_verified': 'Correo electrónico verificado',
  'claim.address': 'Dirección postal',
  'claim.phone_number': 'Número de teléfono',
  'claim.phone_number_verified': 'Número de teléfono verificado',
  'claim.groups': 'Grupos',

  'device.title': 'Conectar un dispositivo',
  'device.lede': 'Introduzca el código que muestra su dispositivo o aplicación.',
  'device.check': '¿Es este el código que muestra su dispositivo o aplicación?',
  'device.code': 'Código',
  'device.hint': 'Ocho letras, por ejemplo {example}',
  'device.continue': 'Continuar',
  'device.missing': 'Introduzca el código.',
  'device.malformed': 'Un código tiene ocho letras, por ejemplo {example}. Revíselo.',
  'device.unknown':
    'Este código no es correcto o ha caducado. Revíselo u obtenga uno nuevo en su dispositivo.',
  'device.outOfDate': 'Esta página ya no era válida. Vuelva a intentarlo.',
  'device.tooMany.one': 'Demasiados códigos incorrectos. Vuelva a intentarlo dentro de un minuto.',
  'device.tooMany.other':
    'Demasiados códigos incorrectos. Vuelva a intentarlo dentro de {count} minutos.',
  'device.review.title': '¿Permitir el acceso a {client} en un dispositivo?',
  'device.review.question': '¿Permitir que {client} use su cuenta en un dispositivo?',
  'device.review.warning': '¿Lo ha iniciado usted?',
  'device.review.warningText':
    'Continúe solo si el código {code} aparece en su propio dispositivo. Si alguien le ha enviado este código, cancele: de lo contrario, esa persona entrará en su cuenta.',
  'device.review.asked': 'Solicitado',
  'device.review.from': 'Desde',
  'device.review.same': '(la misma dirección que este navegador)',
  'device.review.ifNo': 'Si cancela, el dispositivo no obtendrá acceso.',
  'device.allowed.title': 'Acceso permitido',
  'device.allowed.lede':
    'Vuelva a {client} en su dispositivo. Continuará por sí solo en unos segundos.',
  'device.denied.title': 'Acceso rechazado',
  'device.denied.lede': '{client} no obtendrá acceso. Puede cerrar esta página.',
  'device.over.title': 'Esta solicitud ha terminado',
  'device.over.lede':
    'Ya se había respondido o ha tardado demasiado. Si su dispositivo no ha iniciado sesión, obtenga un código nuevo en él.',

  'signedIn.title': 'Sesión iniciada',
  'signedIn.heading': 'Ha iniciado sesión',

  'endSession.title': '¿Quiere cerrar sesión?',
  'endSession.titleFor': '{client} le pide que cierre sesión',
  'endSession.lede':
    'Al cerrar sesión, su sesión terminará aquí. Las aplicaciones en las que haya iniciado sesión con esta cuenta en este navegador recibirán el aviso de cerrarla también.',
  'endSession.stay': 'Mantener sesión',
  'endSession.returns': 'En ambos casos, volverá a {place}.',

  'signedOut.title': 'Sesión cerrada',
  'signedOut.heading': 'Ha cerrado sesión',
  'signedOut.lede': 'Si comparte este dispositivo, cierre también la ventana del navegador.',
  'signedOut.told.one': '{apps} también ha cerrado su sesión.',
  'signedOut.told.other': '{apps} también han cerrado su sesión.',
  'signedOut.underWay.one': 'Estamos avisando a {apps} de que ha cerrado sesión.',
  'signedOut.underWay.other': 'Estamos avisando a {apps} de que ha cerrado sesión.',
  'signedOut.missed.one':
    'Todavía no hemos podido avisar a {apps}. Es posible que su sesión siga abierta ahí.',
  'signedOut.missed.other':
    'Todavía no hemos podido avisar a {apps}. Es posible que su sesión siga abierta ahí.',
  'signedOut.unknown.one': 'Es posible que su sesión siga abierta en {apps}. Ciérrela ahí también.',
  'signedOut.unknown.other':
    'Es posible que su sesión siga abierta en {apps}. Ciérrela ahí también.',
  'signedOut.keeping.one': '{apps} conserva el acceso a su cuenta.',
  'signedOut.keeping.other': '{apps} conservan el acceso a su cuenta.',
  'signedOut.others.one': '{count} aplicación más',
  'signedOut.others.other': '{count} aplicaciones más',
  'common.goOn': 'Continuar a {place}',
  'signedOut.again': 'Volver a iniciar sesión',

  'formPost.title': 'Volver a la aplicación',
  'formPost.heading': 'Está volviendo a {place}',
  'formPost.lede': 'Si no ocurre nada, elija «{continue}».',
  'formPost.continue': 'Continuar',

  'error.request.heading': 'No se puede continuar con este inicio de sesión',
  'error.request.message':
    'La aplicación que le ha enviado aquí ha cometido un error en su solicitud.',
  'error.request.action':
    'Vuelva a la aplicación e inténtelo de nuevo. Si el problema continúa, muestre esta página a los desarrolladores de la aplicación.',
  'error.notSignedIn.heading': 'Primero debe iniciar sesión',
  'error.notSignedIn.message':
    'La aplicación ha preguntado si usted ha iniciado sesión aquí. No es así, o no de la forma que necesita.',
  'error.notSignedIn.action': 'Continúe a la aplicación. Desde allí podrá iniciar sesión.',
  'error.notAllowed.heading': 'La aplicación no puede continuar sin usted',
  'error.notAllowed.message':
    'Ha intentado continuar sin preguntarle nada, pero necesita su permiso o que usted haga algo antes.',
  'error.notAllowed.action': 'Continúe a la aplicación. Desde allí se le preguntará.',
  'error.unknownClient.heading': 'No conocemos esta aplicación',
  'error.unknownClient.message':
    'La aplicación que le ha enviado aquí no está registrada en este servidor, así que aquí nadie puede iniciar sesión en ella.',
  'error.unknownClient.action':
    'Vuelva a la aplicación e inténtelo de nuevo. Si el problema continúa, muestre esta página a los desarrolladores de la aplicación.',
  'error.clientDocument.heading': 'No podemos averiguar qué aplicación es esta',
  'error.clientDocument.message':
    'La aplicación que le ha enviado aquí se describe en un documento en la web. Este servidor no puede usar ese documento.',
  'error.clientDocument.action':
    'Vuelva a la aplicación e inténtelo de nuevo más tarde. Si el problema continúa, muestre esta página a los desarrolladores de la aplicación.',
  'error.redirectUri.heading': 'No podemos llevarle de vuelta a esta aplicación',
  'error.redirectUri.message':
    'La aplicación quiere que vuelva a una dirección que no está registrada para ella. Puede ser un error, o puede que alguien intente acceder a su cuenta.',
  'error.redirectUri.action':
    'No se ha enviado nada a esa dirección. Si confía en la aplicación, vuelva a ella e inténtelo de nuevo, o muestre esta página a sus desarrolladores.',
  'error.over.heading': 'Este inicio de sesión ha terminado',
  'error.over.message': 'Ya se había completado o ha tardado demasiado.',
  'error.over.action': 'Vuelva a la aplicación y empiece de nuevo.',
  'error.signOut.heading': 'No se puede continuar con este cierre de sesión',
  'error.signOut.message':
    'La aplicación que le ha enviado aquí ha cometido un error en su solicitud, así que no se ha cerrado su sesión aquí.',
  'error.signOut.action':
    'Aun así, puede cerrar la sesión aquí. Si vuelve a ocurrir, muestre esta página a los desarrolladores de la aplicación.',
  'error.nothingToSignOut.heading': 'No ha iniciado sesión aquí',
  'error.nothingToSignOut.message':
    'La aplicación que le ha enviado aquí quería cerrar su sesión y ha cometido un error en su solicitud.',
  'error.nothingToSignOut.action':
    'No necesita cerrar sesión aquí. Si vuelve a ocurrir, muestre esta página a los desarrolladores de la aplicación.',
  'error.browser.heading': 'No ha funcionado',
  'error.browser.message':
    'Su navegador ha enviado algo que esta página no puede procesar. No se ha cambiado nada.',
  'error.browser.action': 'Vuelva atrás e inténtelo de nuevo, o abra su cuenta.',
  'error.tooMany.heading': 'Espere un momento',
  'error.tooMany.message': 'Ha habido demasiados intentos desde su red.',
  'error.tooMany.action': 'Vuelva a intentarlo más tarde.',
  'error.notFound.heading': 'Aquí no hay nada',
  'error.notFound.message':
    'Puede que la dirección esté mal escrita o que la página haya cambiado de sitio.',
  'error.notFound.action': 'Compruebe la dirección o vaya a la página de inicio.',
  'error.unavailable.heading': 'Vuelva a intentarlo dentro de un momento',
  'error.unavailable.message': 'El servidor no puede responder en este momento. No es culpa suya.',
  'error.unavailable.action': 'Espere un poco y vuelva a cargar esta página.',
  'error.failure.heading': 'Se ha producido un error por nuestra parte',
  'error.failure.message': 'No es culpa suya.',
  'error.failure.action':
    'Vuelva a intentarlo dentro de un momento. Si se repite, póngase en contacto con quienes administran este servidor e indíqueles el ID de la solicitud que aparece abajo.',
  'error.home': 'Ir a la página de inicio',
  'error.forDeveloper': 'Para los desarrolladores de la aplicación',
  'error.forHelp': 'Si necesita ayuda',
  'error.code': 'Error',
  'error.sent': 'Enviado',
  'error.registered': 'Registrado',
  'error.requestId': 'ID de la solicitud',
  'error.document': 'Qué significa cada error y qué hay que cambiar: {document}',

  'home.title': 'Inicio',
  'home.heading': 'Este es un servidor de autorización OAuth\u00a02.0 y proveedor de OpenID',
  'home.lede':
    'Permite que las personas inicien sesión, les pregunta qué puede hacer una aplicación y da a la aplicación un token de acceso para su API. Ninguna aplicación ve jamás una contraseña.',
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
  'home.noSecret': 'Ninguno (cliente público)',
  'home.grants': 'Tipos de concesión',
  'home.redirectUri': 'URI de redirección',
  'home.users.one': 'Usuario',
  'home.users.other': 'Usuarios',
  'home.username': 'Nombre de usuario',
  'home.password': 'Contraseña',
  'home.demoOnly':
    'Los clientes y usuarios de demostración solo existen fuera del entorno de producción.',
  'home.endpoints': 'Endpoints',
  'home.method': 'Método',
  'home.path': 'Ruta',
  'home.what': 'Para qué sirve',
  'home.authorize':
    'Un cliente envía aquí a las personas para que inicien sesión y permitan el acceso',
  'home.token': 'Un cliente obtiene aquí sus tokens',
  'home.revoke': 'Un cliente revoca aquí un token',
  'home.introspect': 'Un servidor de recursos comprueba aquí un token',
  'home.userinfo': 'Aquí pregunta un cliente quién es la persona',
  'home.deviceAuthorization': 'Aquí obtiene sus códigos un dispositivo sin navegador',
  'home.device': 'Aquí introduce una persona el código de un dispositivo',
  'home.jwks': 'Las claves públicas de este servidor',
  'home.discovery': 'Todo lo que un cliente necesita saber sobre este servidor',
  'home.openidDiscovery': 'Lo mismo para los clientes de OpenID Connect',
  'home.login': 'Iniciar sesión',
  'home.logout': 'Cerrar sesión',
  'home.account':
    'Muestra qué aplicaciones tienen acceso a una cuenta y dónde hay sesiones abiertas',
  'home.protected': 'Un recurso protegido que requiere un token de acceso',

  'callback.title': 'Un código para el cliente',
  'callback.titleWithout': 'Sin código',
  'callback.heading': 'Ha vuelto a la aplicación, que ahora tiene un código',
  'callback.headingWithout': 'Ha vuelto a la aplicación, pero sin código',
  'callback.lede':
    'Esta página representa a la aplicación. En la dirección de arriba, el servidor le ha dado un código que sirve una sola vez y por poco tiempo. La aplicación lo envía ahora al endpoint de tokens, junto con su secreto y su code verifier, y recibe sus tokens.',
  'callback.ledeWithout':
    'Esta página representa a la aplicación. La dirección de arriba indica por qué no hay código. Una aplicación debería explicarlo con sus propias palabras.',
  'callback.next': 'Qué viene ahora',
  'callback.exchange': 'Canjear el código por tokens',
  'callback.twice': 'Ejecutarlo por segunda vez',
  'callback.twiceWhy':
    'Un código solo sirve una vez, así que el servidor lo rechaza. Pasados 15 segundos, puede que lo hayan robado, así que el servidor revoca también lo que se emitió con él.',
  'callback.lookUp': 'Consultar el error',
  'callback.restart': 'Empezar de nuevo',
  'callback.restartWhy': 'Ya ha iniciado sesión, y el servidor recuerda lo que ha permitido.',
  'callback.restartButton': 'Volver a probar el inicio de sesión',
  'callback.received': 'Lo que ha recibido la aplicación',
  'callback.answer': 'Respuesta',
  'callback.home': 'Inicio',

  'account.title': 'Su cuenta',
  'account.hint': 'Podrá retirar este acceso más adelante en su cuenta.',
  'account.now': 'hace un momento',
  'account.outOfDate': 'Esta página ya no era válida y no se ha cambiado nada. Inténtelo de nuevo.',

  'account.apps': 'Aplicaciones con acceso',
  'account.apps.none': 'Ninguna aplicación tiene acceso a su cuenta.',
  'account.apps.more.one':
    'Otra aplicación, usada menos recientemente, tiene acceso. Aparecerá cuando retire el acceso de alguna de estas.',
  'account.apps.more.other':
    'Otras {count} aplicaciones, usadas menos recientemente, tienen acceso. Aparecerán cuando retire el acceso de algunas de estas.',
  'account.app.can': 'La aplicación puede',
  'account.app.at': 'En {resource}',
  'account.app.identity':
    'La aplicación sabe quién es usted. No tiene permiso para hacer nada más.',
  'account.app.actsAt':
    'La aplicación puede actuar en su nombre en {resources}. Lo que pueda ver y modificar se decide allí.',
  'account.app.further.one': '{count} permiso más',
  'account.app.further.other': '{count} permisos más',
  'account.app.more.one': 'También tiene acceso a otra dirección.',
  'account.app.more.other': 'También tiene acceso a otras {count} direcciones.',
  'account.app.idle': 'Ahora mismo no tiene acceso, pero puede volver a obtenerlo sin preguntarle.',
  'account.app.untilSignOut': 'Tiene acceso hasta que usted cierre sesión.',
  'account.app.keeps': 'Conserva el acceso aunque usted cierre sesión.',
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
  'account.password.appsKeep':
    'Las aplicaciones que conservan su acceso al cerrar sesión lo conservan también esta vez.',
  'account.password.appsLink': 'Ver qué aplicaciones tienen acceso',
  'account.password.current': 'Contraseña actual',
  'account.password.new': 'Contraseña nueva',
  'account.password.again': 'Repita la contraseña nueva',
  'account.password.rule':
    'Al menos {count} caracteres. Varias palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.',
  'account.password.short': 'La contraseña nueva debe tener al menos {count} caracteres.',
  'account.password.easy':
    'La contraseña nueva es fácil de adivinar: es poco más que su nombre o una secuencia sencilla de caracteres. Elija otra.',
  'account.password.unusable':
    'La contraseña nueva es demasiado larga o contiene caracteres que no se pueden usar.',
  'account.password.differ': 'Las dos contraseñas nuevas no coinciden.',
  'account.password.same': 'Esta ya es su contraseña. Elija otra.',
  'account.password.wrong': 'La contraseña actual es incorrecta.',
  'account.password.meanwhile': 'Su contraseña se acaba de cambiar desde otro sitio.',
  'account.password.tooMany.one':
    'Demasiadas contraseñas incorrectas. Inténtelo de nuevo dentro de un minuto.',
  'account.password.tooMany.other':
    'Demasiadas contraseñas incorrectas. Inténtelo de nuevo dentro de {count} minutos.',
  'account.password.changed':
    'Su contraseña se ha cambiado y se ha cerrado su sesión en todos los demás sitios.',
  'account.password.appsKept':
    'Las aplicaciones que conservan su acceso al cerrar sesión lo siguen teniendo. Retíreselo a las que no conozca.',

  'resetPassword.title': 'Establecer una contraseña nueva',
  'resetPassword.submit': 'Establecer la contraseña',
  'resetPassword.effect': 'Se cerrará su sesión en todas partes.',
  'resetPassword.over': 'Este enlace no funciona',
  'resetPassword.over.text':
    'Un enlace para establecer una contraseña nueva funciona una sola vez y durante poco tiempo. Si ya ha establecido una contraseña con él, inicie sesión. De lo contrario, pida otro enlace a quien se lo envió.',
  'resetPassword.set': 'Se ha establecido su contraseña nueva. Inicie sesión con ella.',

  'playground.heading': 'Vea OAuth en acción',
  'playground.lede':
    'Su navegador recorre siete capítulos breves con este servidor. Verá cada solicitud tal como se envía, cada respuesta tal como llega y lo que significan.',
  'playground.noScript':
    'Su navegador no ejecuta scripts aquí, así que esta página no puede enviar nada por sí misma. Los mismos pasos están abajo como comandos para una terminal. Sustituya {placeholder} y los demás valores de este tipo por los valores de las respuestas.',
  'playground.elsewhere':
    'Desde esta dirección, la página no puede llegar al servidor. Ábrala en la dirección del servidor:',
  'playground.insecure':
    'Con http sin cifrar, los navegadores solo calculan SHA-256 para páginas en localhost. Para continuar, abra el servidor en localhost o por https.',
  'playground.chapters': 'Capítulos',
  'playground.done': '(hecho)',
  'playground.restart': 'Empezar de nuevo',
  'playground.next': 'Siguiente: {chapter}',
  'playground.comesLater': 'Disponible después del paso anterior.',
  'playground.needsSignIn':
    'Inicie sesión primero, en el capítulo {chapter}. Este capítulo continúa desde allí.',
  'playground.wrongTurns': 'Errores y ataques',
  'playground.wrongTurnsLede':
    'Qué puede salir mal y cómo acaba. Cada caso usa sus propios valores y no afecta a los pasos de arriba.',
  'playground.wrongTurnsOfSteps':
    'Qué puede salir mal y cómo acaba. Los casos usan el token de identidad de los pasos de arriba y no los afectan.',
  'playground.needsSteps': 'Disponible después de verificar el token de identidad de arriba.',

  'playground.home.title': 'Vea cada paso',
  'playground.home.text':
    'El playground ejecuta cada flujo en su navegador, paso a paso, y muestra lo que se envía y lo que se recibe.',
  'playground.home.open': 'Abrir el playground',

  'playground.request': 'Solicitud',
  'playground.answer': 'Respuesta',
  'playground.redirected': 'Respuesta, en la dirección',
  'playground.checked': 'Lo que comprueba la aplicación',
  'playground.computation': 'Cálculo',
  'playground.ownHeaders':
    'No se muestran las cabeceras que todo navegador añade por su cuenta a las solicitudes, como Host y User-Agent.',
  'playground.credentials': 'La cabecera, decodificada de Base64',
  'playground.encoded':
    '%40 representa la @: los identificadores y los secretos se codifican como en un formulario antes de Base64.',
  'playground.whatHappened': 'Qué ha pasado',
  'playground.section': '{document}, sección {section}',
  'playground.orOpen': 'Ábralo en el navegador. El código está en la dirección a la que vuelve.',

  'playground.parties.appToServer': 'La aplicación llama al servidor',
  'playground.parties.appToApi': 'La aplicación llama a la API',
  'playground.parties.apiToServer': 'La API pregunta al servidor',
  'playground.parties.browserToServer': 'El navegador va al servidor',
  'playground.parties.browserToApp': 'El navegador llega a la aplicación',
  'playground.parties.thiefToServer': 'Un ladrón llama al servidor',
  'playground.parties.deviceToServer': 'El dispositivo pregunta al servidor',
  'playground.parties.inTheApp': 'Dentro de la aplicación',

  'playground.send': 'Enviar',
  'playground.sendAgain': 'Enviar otra vez',
  'playground.compute': 'Calcular',
  'playground.computeAgain': 'Crear otros',
  'playground.visit': 'Ir al servidor',
  'playground.visitAgain': 'Ir otra vez',
  'playground.verify': 'Verificar',
  'playground.verifyAgain': 'Verificar otra vez',
  'playground.play': 'Probarlo',
  'playground.playSigningIn': 'Iniciar sesión y probarlo',
  'playground.copy': 'Copiar como curl',
  'playground.copied': 'Copiado',
  'playground.answered': 'Respuesta: {status}',
  'playground.unreachable': 'Sin respuesta: no se puede llegar al servidor. ¿Está en marcha?',
  'playground.unexpected':
    'Los pasos siguientes no pueden continuar a partir de esta respuesta. Un código sirve una sola vez y caduca pronto, y los tokens pueden caducar o ser revocados. Vuelva al paso que emitió el código o el token, o empiece de nuevo.',
  'playground.denied':
    'La persona ha dicho que no, y el servidor se lo ha comunicado a la aplicación. No hay ningún código que canjear. Una aplicación debería explicarlo con sus propias palabras y permitir un nuevo intento.',
  'playground.opaque':
    'Opaco: una cadena aleatoria que por sí sola no significa nada. Solo el servidor sabe qué representa.',
  'playground.jwt':
    'Un JWT: cualquiera puede leerlo, pero solo el servidor puede haberlo firmado. Una API lo verifica con las claves publicadas en {keys}.',
  'playground.idToken':
    'Un JWT para la propia aplicación: dice quién ha iniciado sesión. La aplicación lo verifica antes de darlo por bueno.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'De vuelta con un código',
  'playground.withoutCode': 'De vuelta sin código',
  'playground.refusedByApp': 'Rechazado por la aplicación',
  'playground.acceptedByApp': 'Aceptado por la aplicación',
  'playground.sameState': 'El que ha enviado la aplicación',
  'playground.otherState': 'No es el que ha enviado la aplicación, que era {expected}',
  'playground.noState':
    'La aplicación no ha enviado ninguno: no hay ningún inicio de sesión en curso',
  'playground.sameIssuer': 'El servidor al que ha llamado la aplicación',
  'playground.otherIssuer': 'No es el servidor al que ha llamado la aplicación, que era {expected}',
  'playground.sameAsInToken': 'El mismo que en el token de identidad',
  'playground.notExpected': 'La aplicación esperaba {expected}.',
  'playground.expired': 'Ha caducado: el reloj de la aplicación marca {now}.',
  'playground.notSigned': 'No coincide: el servidor no ha firmado estos claims.',
  'playground.claim.signature':
    'La ha generado el servidor con la clave que indica el header, y desde entonces nada ha cambiado.',
  'playground.claim.iss': 'Quién lo ha emitido: el servidor al que ha llamado la aplicación.',
  'playground.claim.aud': 'Para quién es: para esta aplicación.',
  'playground.claim.exp': 'Hasta cuándo puede aceptarlo la aplicación.',
  'playground.claim.iat': 'Cuándo se ha emitido.',
  'playground.claim.nonce': 'A qué inicio de sesión pertenece: al que ha empezado la aplicación.',
  'playground.claim.at_hash': 'A qué token de acceso pertenece, por la mitad de su hash.',
  'playground.claim.sub':
    'Quién es la persona, por un identificador que nunca cambia, a diferencia de un nombre.',
  'playground.claim.azp': 'Qué aplicación lo ha pedido.',
  'playground.claim.auth_time': 'Cuándo ha iniciado sesión la persona en el servidor.',
  'playground.claim.acr': 'Qué nivel de seguridad ha tenido el inicio de sesión.',
  'playground.claim.amr': 'Cómo ha iniciado sesión la persona: pwd es una contraseña.',
  'playground.claim.sid':
    'De qué sesión del servidor procede, para que la aplicación pueda saber cuándo termina.',

  'playground.client-credentials.title': 'Una aplicación obtiene un token para sí misma',
  'playground.client-credentials.lede':
    'Una tarea nocturna, o un servicio que llama a otro: no hay ninguna persona a quien preguntar. La aplicación actúa por cuenta propia y demuestra quién es con un secreto.',
  'playground.client-token.title': 'Solicitar un token de acceso',
  'playground.client-token.intro':
    'La aplicación envía su ID de cliente y su secreto al endpoint de tokens. Un secreto de verdad nunca estaría en una página web; este es público.',
  'playground.client-token.outcome':
    'El servidor ha autenticado al cliente y ha emitido un token de acceso. No hay token de actualización: la aplicación puede solicitar otro token de acceso cuando quiera.',
  'playground.client-use.title': 'Llamar a la API con él',
  'playground.client-use.intro':
    'El token va en la cabecera Authorization de cada llamada. La API de esta demostración es {api}.',
  'playground.client-use.outcome':
    'La API ha aceptado la llamada: el token es válido, está destinado a esta API y tiene el scope necesario.',

  'playground.scope.title': 'Solicitar un scope no permitido',
  'playground.scope.intro': 'La aplicación solicita {scope}, que no puede tener.',
  'playground.scope-token.outcome':
    'El servidor rechaza la solicitud e indica qué puede tener la aplicación. Un token que permita menos de lo solicitado no fallaría hasta más tarde, donde el motivo es más difícil de encontrar.',

  'playground.authorization-code.title': 'Una persona da acceso a una aplicación',
  'playground.authorization-code.lede':
    'La aplicación quiere usar algo que pertenece a una persona. La persona da su consentimiento en el servidor, y la aplicación nunca ve una contraseña. Esta aplicación se ejecuta en el navegador y no puede guardar un secreto, así que la protege PKCE.',
  'playground.person-pkce.title': 'Crear un secreto para este inicio de sesión',
  'playground.person-pkce.intro':
    'La aplicación crea un code verifier y se lo guarda. Primero envía solo su hash, el code challenge. También crea un state, para reconocer la respuesta a su propia solicitud.',
  'playground.person-pkce.outcome':
    'Nadie puede calcular el verifier a partir del challenge. Quien robe el código no podrá hacer nada con él.',
  'playground.person-authorize.title': 'Enviar a la persona al servidor',
  'playground.person-authorize.intro':
    'El navegador sale de esta página con la solicitud en la dirección. Inicie sesión como {username} con la contraseña {password} y permita el acceso. Después volverá aquí.',
  'playground.person-authorize.outcome':
    'El servidor ha devuelto el navegador con un código. Antes de usar el código, la aplicación comprueba dos cosas: state tiene que ser el que ha enviado, e iss tiene que ser el servidor al que ha llamado.',
  'playground.person-exchange.title': 'Canjear el código por tokens',
  'playground.person-exchange.intro':
    'El código estaba en la barra de direcciones, donde otros pueden haberlo visto. Solo sirve junto con el verifier, una única vez y por poco tiempo.',
  'playground.person-exchange.outcome':
    'El hash del verifier es el challenge de la primera solicitud, así que el servidor ha emitido dos tokens. El token de acceso es para la API. El token de actualización (refresh token) nunca se envía a otro sitio que este.',
  'playground.person-use.title': 'Llamar a la API en nombre de la persona',
  'playground.person-use.intro': 'La misma llamada que en el primer capítulo, con otro token.',
  'playground.person-use.outcome':
    'Ahora hay un sub, así que la API sabe en nombre de quién llama la aplicación. El scope es lo que la persona ha permitido, y nada más.',

  'playground.redirect.title': 'Usar una URI de redirección no registrada',
  'playground.redirect.intro':
    'Si los códigos se enviaran a cualquier dirección, un ladrón usaría la suya: {uri}.',
  'playground.redirect-authorize.outcome':
    'El servidor muestra a la persona una página de error y no redirige el navegador. La dirección no está registrada para este cliente, así que ni siquiera se envía allí el error.',
  'playground.state.title': 'Volver con otro state',
  'playground.state.intro':
    'Alguien le envía un enlace. Parece una respuesta del servidor, pero su código es de la cuenta de otra persona. Si la aplicación lo aceptara, usted iniciaría sesión como esa persona.',
  'playground.state-forged.outcome':
    'La aplicación nunca ha enviado este state, así que no es la respuesta a su solicitud. La aplicación la ignora y no envía el código a ninguna parte.',
  'playground.verifier.title': 'Usar otro verifier',
  'playground.verifier.intro':
    'Un ladrón ha leído el código por el camino. El verifier nunca ha salido de la aplicación, así que el ladrón tiene que inventarse uno.',
  'playground.signIn.title': 'La persona inicia sesión y permite el acceso',
  'playground.redeem.title': 'La aplicación canjea su código',
  'playground.verifier-wrong.title': 'El código con un verifier inventado',
  'playground.verifier-wrong.outcome':
    'El hash de este verifier no es el challenge, así que el servidor no emite nada. Para esto existe PKCE.',
  'playground.verifier-right.title': 'El código con el verifier correcto',
  'playground.verifier-right.outcome':
    'El intento fallido no ha consumido el código. La aplicación tiene el verifier, así que obtiene sus tokens.',
  'playground.replay.title': 'Usar un código dos veces',
  'playground.replay.intro':
    'La aplicación canjea su código. Después llega otra vez la misma solicitud, de alguien que la ha interceptado.',
  'playground.replay-again.title': 'La misma solicitud otra vez',
  'playground.replay-again.outcome':
    'Un código sirve una sola vez. Durante 15 segundos puede ser la propia aplicación, que no recibió la respuesta, y solo obtiene un error. Después, el código está en malas manos, y el servidor revoca también lo que había emitido con él.',

  'playground.refresh.title': 'Un token nuevo, sin la persona',
  'playground.refresh.lede':
    'Los tokens de acceso duran poco, así que uno robado pronto no sirve de nada. La aplicación obtiene el siguiente con un token de actualización (refresh token), para que nadie tenga que iniciar sesión cada hora.',
  'playground.person-refresh.title': 'Canjear el token de actualización',
  'playground.person-refresh.intro':
    'Se envía al endpoint de tokens, nunca a una API, y lo envía el cliente para el que se emitió.',
  'playground.person-refresh.outcome':
    'La aplicación obtiene un token de acceso nuevo y un token de actualización nuevo. El antiguo se ha rotado: ya no sirve, y si vuelve a aparecer más tarde, el servidor lo trata como robado.',
  'playground.reuse.title': 'Reutilizar un token de actualización rotado',
  'playground.reuse.intro':
    'La aplicación renueva sus tokens dos veces. Después reaparece su primer token de actualización, en manos de un ladrón que lo copió a tiempo.',
  'playground.reuse-first.title': 'La aplicación renueva sus tokens',
  'playground.reuse-second.title': 'La aplicación los renueva otra vez',
  'playground.reuse-again.title': 'El primer token de actualización otra vez',
  'playground.reuse-again.outcome':
    'Su sucesor ya se ha usado, así que dos partes tienen tokens de este inicio de sesión, y una de ellas es un ladrón. El servidor no puede saber cuál, así que los revoca todos.',
  'playground.reuse-use.title': 'Una llamada con el token de acceso más reciente',
  'playground.reuse-use.outcome':
    'Todos los tokens de este inicio de sesión se han revocado, para ambas partes. La persona puede volver a iniciar sesión; el ladrón, no.',

  'playground.introspection.title': 'Comprobar un token (introspección)',
  'playground.introspection.lede':
    'Una API que recibe un token tiene que saber si es válido y qué permite. Puede preguntar al servidor que lo emitió.',
  'playground.person-introspect.title': 'Comprobar el token de acceso',
  'playground.person-introspect.intro':
    'La API se autentica, porque no cualquiera puede examinar los tokens. En esta demostración usa el cliente del primer capítulo.',
  'playground.person-introspect.outcome':
    'El campo que cuenta es active. El resto dice para quién se emitió el token, a qué cliente, para qué y hasta cuándo.',
  'playground.unknown.title': 'Comprobar un token que nunca se emitió',
  'playground.unknown.intro': 'Alguien envía a la API un token inventado.',
  'playground.unknown-introspect.outcome':
    'Esto no es un error: la solicitud era válida y la respuesta es no. El servidor no dice si un token es inventado, ha caducado o fue revocado.',

  'playground.revocation.title': 'Revocar un token',
  'playground.revocation.lede':
    'La persona cierra la sesión en la aplicación o la elimina. Una buena aplicación revoca entonces lo que ya no necesita.',
  'playground.person-revoke.title': 'Revocar el token de actualización',
  'playground.person-revoke.intro':
    'Así se revoca también todo lo demás del mismo inicio de sesión. También se podría revocar solo el token de acceso.',
  'playground.person-revoke.outcome':
    'Los tokens se han revocado. La respuesta sería la misma para un token que el servidor no conoce.',
  'playground.person-gone.title': 'Comprobar de nuevo el token de acceso',
  'playground.person-gone.intro': 'Todavía no ha caducado.',
  'playground.person-gone.outcome':
    'Ya no es válido, aunque no ha caducado. El servidor no dice nada más de un token que no es válido.',
  'playground.revoked.title': 'Usar un token revocado',
  'playground.revoked.intro': 'La aplicación revoca su token y después llama a la API con él.',
  'playground.revoked-token.title': 'La aplicación obtiene un token para sí misma',
  'playground.revoked-revoke.title': 'La aplicación lo revoca',
  'playground.revoked-use.title': 'La aplicación llama a la API con él de todos modos',
  'playground.revoked-use.outcome':
    'La API rechaza la llamada e indica el motivo en WWW-Authenticate. La aplicación debería obtener un token nuevo e intentarlo otra vez, una sola.',

  'playground.device.title': 'Un dispositivo sin navegador inicia sesión',
  'playground.device.lede':
    'Un televisor o una línea de comandos no puede mostrar la página de inicio de sesión. En su lugar muestra un código corto, y la persona inicia sesión con otro dispositivo.',
  'playground.device-ask.title': 'Solicitar dos códigos',
  'playground.device-ask.intro':
    'El dispositivo solicita un código para sí mismo y otro para la persona. No necesita una URI de redirección, porque nadie vuelve a él.',
  'playground.device-ask.outcome':
    'El dispositivo muestra el user_code y la verification_uri, o un código QR de la verification_uri_complete. El device_code se lo guarda.',
  'playground.device-wait.title': 'Preguntar antes de que la persona haya decidido',
  'playground.device-wait.intro':
    'El dispositivo pregunta cada pocos segundos, según indica interval.',
  'playground.device-wait.outcome':
    'Todavía no ha decidido nadie. No es un fallo: el dispositivo espera y vuelve a preguntar.',
  'playground.device-collect.title': 'Permitir el acceso y volver a preguntar',
  'playground.device-collect.intro':
    'Abra {page} en una pestaña nueva, inicie sesión como {username} con la contraseña {password}, introduzca el user_code de la primera respuesta y permita el acceso. Después, el dispositivo pregunta una vez más.',
  'playground.device-collect.outcome':
    'La persona ha permitido el acceso, así que el servidor ha emitido tokens. Lo hace una sola vez. Nadie ha escrito una contraseña en el dispositivo.',
  'playground.hurry.title': 'Preguntar demasiado a menudo',
  'playground.hurry.intro': 'Un dispositivo pregunta dos veces sin esperar.',
  'playground.hurry-again.title': 'La misma solicitud otra vez, enseguida',
  'playground.hurry-again.outcome':
    'El servidor le pide al dispositivo que vaya más despacio. A partir de ahora debe esperar cinco segundos más cada vez.',

  'playground.openid-connect.title': 'Una aplicación averigua quién ha iniciado sesión',
  'playground.openid-connect.lede':
    'Un token de acceso es para la API y no le dice nada a la aplicación. Con OpenID Connect la aplicación obtiene también un token de identidad (ID token): una declaración firmada de quién ha iniciado sesión, cuándo y en qué servidor.',
  'playground.openid-nonce.title': 'Crear además un nonce',
  'playground.openid-nonce.intro':
    'La aplicación crea un verifier y un state, como en el flujo de código. La novedad es el nonce, que vuelve dentro del token de identidad.',
  'playground.openid-nonce.outcome':
    'El state protege el camino de vuelta a la aplicación. El nonce está en el propio token firmado, así que un token de identidad de otro inicio de sesión aquí no sirve.',
  'playground.openid-authorize.title': 'Preguntar quién es la persona',
  'playground.openid-authorize.intro':
    'Con el scope openid, esto pasa a ser OpenID Connect; profile y email piden más datos de la persona. Inicie sesión como {username} con la contraseña {password} si el servidor se lo pide, y permita el acceso.',
  'playground.openid-authorize.outcome':
    'La persona ha visto qué sabrá la aplicación. La respuesta es la misma que en el flujo de código: un código y, con él, state e iss, que la aplicación comprueba primero.',
  'playground.openid-redeem.title': 'Canjear el código por un token de identidad',
  'playground.openid-redeem.intro':
    'La misma solicitud que en el flujo de código, directamente de la aplicación al servidor.',
  'playground.openid-redeem.outcome':
    'Ahora hay un token más. Un token de identidad es siempre un JWT y es solo para la aplicación: nunca se envía a una API.',
  'playground.openid-keys.title': 'Obtener las claves del servidor',
  'playground.openid-keys.intro':
    'La aplicación necesita las claves públicas del servidor. Encuentra su dirección en el documento de descubrimiento, {discovery}, y puede guardar las claves un tiempo.',
  'playground.openid-keys.outcome':
    'El header del token de identidad indica su clave con el kid. Si la aplicación encuentra un kid que no conoce, vuelve a obtener las claves: el servidor las cambia de vez en cuando.',
  'playground.openid-verify.title': 'Verificar el token de identidad, claim por claim',
  'playground.openid-verify.intro':
    'La aplicación solo acepta el token de identidad si se cumplen todas las comprobaciones. Normalmente se encarga una biblioteca; aquí, su navegador.',
  'playground.openid-verify.outcome':
    'La aplicación ya sabe quién ha iniciado sesión y empieza su propia sesión. Reconoce a la persona por iss y sub: un nombre o un correo electrónico pueden cambiar, o ser algún día de otra persona.',
  'playground.openid-userinfo.title': 'Pedir los claims de la persona (UserInfo)',
  'playground.openid-userinfo.intro':
    'El token de identidad dice quién es la persona, y nada más. Lo que representan los scopes profile y email, la aplicación lo pide al servidor con el token de acceso.',
  'playground.openid-userinfo.outcome':
    'La aplicación usa esta respuesta porque su sub es el mismo que en el token de identidad. Con otro sub, hablaría de otra persona.',

  'playground.nonce.title': 'Presentar un token de identidad de otro inicio de sesión',
  'playground.nonce.intro':
    'La aplicación ha empezado otro inicio de sesión, con un nonce nuevo. Entonces llega otra vez el token de identidad de arriba.',
  'playground.openid-nonce-flaw.outcome':
    'Todo lo demás es correcto, pero el nonce pertenece a otro inicio de sesión. Aquí se descubre a quien introduce un código o un token de identidad robado en su inicio de sesión.',
  'playground.audience.title': 'Presentar un token de identidad a otra aplicación',
  'playground.audience.intro':
    'El token de identidad de arriba se emitió para esta aplicación. Aquí lo recibe la aplicación {client}, que lo verifica.',
  'playground.openid-audience-flaw.outcome':
    'El servidor emitió este token, pero no para esta aplicación. Sin esta comprobación, cualquier aplicación podría iniciar sesión en las demás como las personas que la usan.',
  'playground.clock.title': 'Usar un token de identidad caducado',
  'playground.clock.intro':
    'Para que nadie tenga que esperar, el reloj de la aplicación se pone, solo para esta comprobación, una hora después de la caducidad del token de identidad.',
  'playground.openid-clock-flaw.outcome':
    'Según ese reloj, el token de identidad es demasiado antiguo para iniciar sesión. Solo el reloj estaba mal: el token es el de arriba, sin cambios.',
  'playground.signature.title': 'Cambiar un claim',
  'playground.signature.intro':
    'Alguien cambia el sub del token de identidad y deja la firma como estaba.',
  'playground.openid-signature-flaw.outcome':
    'La firma solo coincide con lo que el servidor ha firmado, así que se descubre cualquier cambio. Solo el servidor tiene la clave para firmarlo de nuevo.',
};
