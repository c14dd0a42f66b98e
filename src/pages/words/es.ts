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
    'La aplicación sabrá que ha iniciado sesión aquí. No pide permiso para ver ni modificar nada de su cuenta.',
  'consent.resourcesOnly':
    'La aplicación podrá actuar en su nombre en {resources}. No ha indicado qué quiere hacer allí, así que lo que pueda ver y modificar se decide allí y no aquí.',
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
  'home.heading': 'Este es un servidor de autorización OAuth\u00a02.0',
  'home.lede':
    'Inicia la sesión de las personas, les pregunta qué puede hacer una aplicación y entrega a esta un access token para su API. Ninguna aplicación ve jamás una contraseña.',
  'home.issuer': 'Emisor',
  'home.signedOut': 'No ha iniciado sesión.',
  'home.signIn': 'Iniciar sesión',
  'home.try': 'Pruébelo',
  'home.trySignIn': 'Inicie sesión como si viniera de una aplicación',
  'home.tryAs': 'Inicie sesión como {username} con la contraseña {password} y elija «{allow}».',
  'home.tryReturn': 'Volverá a la aplicación con un {code} en la dirección.',
  'home.tryButton': 'Probar el inicio de sesión',
  'home.getToken': 'Obtener un access token',
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
  'home.endpoints': 'Endpoints',
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
  'home.account': 'Qué aplicaciones tienen acceso a una cuenta y dónde hay sesiones abiertas',
  'home.protected': 'Un recurso protegido: requiere un access token',

  'callback.title': 'Un código para el cliente',
  'callback.titleWithout': 'Sin código',
  'callback.heading': 'Ha vuelto a la aplicación, y esta tiene un código',
  'callback.headingWithout': 'Ha vuelto a la aplicación, sin código',
  'callback.lede':
    'Esta página representa a la aplicación. En la dirección de arriba, el servidor le ha dado un código que sirve una sola vez y por poco tiempo. La aplicación lo envía ahora al token endpoint, junto con su secreto y su code verifier, y recibe sus tokens.',
  'callback.ledeWithout':
    'Esta página representa a la aplicación. En la dirección de arriba, el servidor le ha dicho por qué no hay código, y una aplicación debería explicarlo con sus propias palabras.',
  'callback.next': 'Qué viene ahora',
  'callback.exchange': 'Canjear el código por tokens',
  'callback.twice': 'Ejecutarlo por segunda vez',
  'callback.twiceWhy':
    'Un código que se usa dos veces puede haber sido robado: el servidor lo rechaza y pone fin a todo lo que se obtuvo con él.',
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
  'account.apps.more.one':
    'Otra aplicación, usada menos recientemente, tiene acceso. Aparecerá cuando se retire alguna de las anteriores.',
  'account.apps.more.other':
    'Otras {count} aplicaciones, usadas menos recientemente, tienen acceso. Aparecerán cuando se retiren algunas de las anteriores.',
  'account.app.can': 'La aplicación puede',
  'account.app.at': 'En {resource}',
  'account.app.identity': 'La aplicación sabe que es usted. No tiene permiso para hacer nada más.',
  'account.app.actsAt':
    'La aplicación puede actuar en su nombre en {resources}. Lo que pueda ver y modificar se decide allí.',
  'account.app.more.one': 'También tiene acceso en otra dirección.',
  'account.app.more.other': 'También tiene acceso en otras {count} direcciones.',
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
    'Su contraseña se ha cambiado y se ha cerrado su sesión en todos los demás sitios.',
  'account.password.appsKept':
    'Las aplicaciones conservan su acceso: retírelo a las que no conozca.',

  'playground.heading': 'Vea OAuth en acción',
  'playground.lede':
    'Cinco capítulos breves que su navegador representa con este mismo servidor. Verá cada solicitud tal como se envía, cada respuesta tal como llega y lo que significan.',
  'playground.noScript':
    'Su navegador no ejecuta scripts aquí, así que esta página no puede enviar nada por sí misma. Los mismos pasos están abajo como comandos para una terminal. Ponga lo que le dio una respuesta en lugar de {placeholder} y similares.',
  'playground.elsewhere':
    'Desde esta dirección la página no puede llegar al servidor, que se conoce por otra. Ábrala allí:',
  'playground.insecure':
    'Con http sin cifrar, los navegadores solo calculan SHA-256 para páginas en localhost. Abra el servidor en localhost o por https para continuar aquí.',
  'playground.chapters': 'Capítulos',
  'playground.done': '(hecho)',
  'playground.restart': 'Empezar de nuevo',
  'playground.next': 'Siguiente: {chapter}',
  'playground.comesLater': 'Viene después del paso anterior.',
  'playground.needsSignIn': 'Esto continúa a partir del inicio de sesión del capítulo {chapter}.',
  'playground.wrongTurns': 'Pasos en falso',
  'playground.wrongTurnsLede':
    'Errores y robos, y en qué acaban. Cada uno se representa con valores propios y deja los pasos de arriba como están.',

  'playground.home.title': 'Véalo todo en acción',
  'playground.home.text':
    'El playground recorre cada flujo en su navegador, paso a paso, y muestra lo que se envía y lo que vuelve.',
  'playground.home.open': 'Abrir el playground',

  'playground.request': 'Solicitud',
  'playground.answer': 'Respuesta',
  'playground.redirected': 'Respuesta, en la dirección',
  'playground.checked': 'Lo que comprueba la aplicación',
  'playground.computation': 'Cálculo',
  'playground.ownHeaders':
    'De las cabeceras de las solicitudes se omiten las que todo navegador añade por su cuenta, como Host y User-Agent.',
  'playground.credentials': 'La cabecera, decodificada de Base64',
  'playground.whatHappened': 'Qué ha pasado',
  'playground.section': 'RFC {rfc}, sección {section}',
  'playground.orOpen': 'Ábralo en el navegador; el código está en la dirección a la que vuelve.',

  'playground.parties.appToServer': 'La aplicación se dirige al servidor',
  'playground.parties.appToApi': 'La aplicación llama a la API',
  'playground.parties.apiToServer': 'La API pregunta al servidor',
  'playground.parties.browserToServer': 'El navegador va al servidor',
  'playground.parties.browserToApp': 'El navegador llega a la aplicación',
  'playground.parties.thiefToServer': 'Un ladrón se dirige al servidor',
  'playground.parties.inTheApp': 'Dentro de la aplicación',

  'playground.send': 'Enviar',
  'playground.sendAgain': 'Enviar otra vez',
  'playground.compute': 'Calcular',
  'playground.computeAgain': 'Crear otros',
  'playground.visit': 'Ir al servidor',
  'playground.visitAgain': 'Ir otra vez',
  'playground.play': 'Probarlo',
  'playground.playSigningIn': 'Iniciar sesión y probarlo',
  'playground.copy': 'Copiar como curl',
  'playground.copied': 'Copiado',
  'playground.answered': 'Respuesta: {status}',
  'playground.unreachable': 'Sin respuesta: no se puede llegar al servidor. ¿Está en marcha?',
  'playground.unexpected':
    'Con esta respuesta la historia no continúa. Un código dura poco y sirve una sola vez, y los tokens también se acaban. Vuelva al paso del que salió, o empiece de nuevo.',
  'playground.denied':
    'La persona ha dicho que no, y el servidor se lo comunica a la aplicación. No hay código ni nada que canjear. Una aplicación debería decirlo con sus propias palabras, y puede volver a preguntar cuando la persona quiera.',
  'playground.opaque':
    'Opaco: una cadena aleatoria que por sí sola no dice nada. Solo el servidor sabe qué representa.',
  'playground.jwt':
    'Un JWT: cualquiera puede leerlo, pero solo el servidor puede haberlo firmado. Una API lo verifica con las claves de {keys}.',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': 'De vuelta con un código',
  'playground.withoutCode': 'De vuelta sin código',
  'playground.refusedByApp': 'Rechazado por la aplicación',
  'playground.sameState': 'El mismo que ha enviado la aplicación',
  'playground.otherState': 'No es el que ha enviado la aplicación, que era {expected}',
  'playground.noState':
    'La aplicación no ha enviado ninguno: no hay ningún inicio de sesión en curso',
  'playground.sameIssuer': 'El servidor al que se ha dirigido la aplicación',
  'playground.otherIssuer':
    'No es el servidor al que se ha dirigido la aplicación, que era {expected}',

  'playground.client-credentials.title': 'Una aplicación obtiene un token para sí misma',
  'playground.client-credentials.lede':
    'Una tarea nocturna, un servicio que llama a otro: no hay ninguna persona a quien preguntar. La aplicación actúa por cuenta propia y demuestra quién es con un secreto.',
  'playground.client-token.title': 'Pedir un access token',
  'playground.client-token.intro':
    'La aplicación envía su client id y su secreto al token endpoint. Fuera de una demostración, el secreto nunca estaría en una página web; este no es ningún secreto.',
  'playground.client-token.outcome':
    'El servidor ha reconocido al cliente y ha emitido un access token. No hay refresh token: la aplicación puede volver a pedirlo cuando quiera.',
  'playground.client-use.title': 'Llamar a la API con él',
  'playground.client-use.intro':
    'El token va en la cabecera Authorization de cada llamada. La API de esta demostración es {api}.',
  'playground.client-use.outcome':
    'La API ha dejado pasar la llamada: el token está vigente, está destinado a esta API y tiene el scope que aquí hace falta.',

  'playground.scope.title': 'Pedir un scope que no está permitido',
  'playground.scope.intro': 'La aplicación pide {scope}, que nadie le ha dado nunca.',
  'playground.scope-token.outcome':
    'El servidor se niega y dice qué puede tener la aplicación. Un token que en silencio pudiera menos de lo pedido fallaría más tarde, donde nadie busca el motivo.',

  'playground.authorization-code.title': 'Una persona da acceso a una aplicación',
  'playground.authorization-code.lede':
    'La aplicación quiere usar lo que pertenece a una persona. La persona dice que sí en el servidor, y la aplicación nunca ve una contraseña. Esta aplicación se ejecuta en el navegador y no puede guardar un secreto, así que la protege PKCE.',
  'playground.person-pkce.title': 'Crear un secreto solo para este inicio de sesión',
  'playground.person-pkce.intro':
    'La aplicación inventa un code verifier y se lo guarda. Lo primero que enviará es solo su hash, el code challenge. También inventa un state, para reconocer la respuesta a su propia solicitud.',
  'playground.person-pkce.outcome':
    'A partir del challenge nadie puede calcular el verifier. Quien robe el código que vendrá después no podrá hacer nada con él.',
  'playground.person-authorize.title': 'Enviar a la persona al servidor',
  'playground.person-authorize.intro':
    'El navegador deja esta página con la solicitud en la dirección. Inicie sesión como {username} con la contraseña {password}, permita el acceso y volverá aquí.',
  'playground.person-authorize.outcome':
    'El servidor ha devuelto el navegador con un código. Antes de tocar el código, la aplicación mira dos cosas: state tiene que ser el que ha enviado, e iss tiene que ser el servidor al que se ha dirigido.',
  'playground.person-exchange.title': 'Canjear el código por tokens',
  'playground.person-exchange.intro':
    'El código ha pasado por la barra de direcciones, donde otros pueden haberlo visto. Solo sirve junto con el verifier, una única vez y por poco tiempo.',
  'playground.person-exchange.outcome':
    'El servidor ha calculado el hash del verifier y ha obtenido el challenge de la solicitud anterior, así que ha emitido dos tokens. El access token es para la API; el refresh token nunca va a otro sitio que este.',
  'playground.person-use.title': 'Llamar a la API en nombre de la persona',
  'playground.person-use.intro': 'La misma llamada que en el primer capítulo, con otro token.',
  'playground.person-use.outcome':
    'Ahora hay un sub: la API sabe en nombre de quién llama la aplicación. El scope es lo que la persona ha permitido, y nada más.',

  'playground.redirect.title': 'Indicar una redirect URI que no está registrada',
  'playground.redirect.intro':
    'Si los códigos se enviaran a cualquier dirección, un ladrón indicaría la suya: {uri}.',
  'playground.redirect-authorize.outcome':
    'El servidor muestra a la persona una página de error y no envía a nadie a ninguna parte. La dirección no pertenece a ningún cliente que conozca, así que ni siquiera el error va allí.',
  'playground.state.title': 'Volver con otro state',
  'playground.state.intro':
    'Alguien le envía un enlace. Parece una respuesta del servidor, con un código para la cuenta de esa persona. Una aplicación que lo aceptara iniciaría su sesión como otra persona.',
  'playground.state-forged.outcome':
    'La aplicación nunca ha enviado este state, así que es la respuesta a la pregunta de otro. No toma nada de ella, y el código no va a ninguna parte.',
  'playground.verifier.title': 'Cambiar el verifier',
  'playground.verifier.intro':
    'Un ladrón ha leído el código por el camino. El verifier nunca ha salido de la aplicación, así que el ladrón se inventa uno.',
  'playground.signIn.title': 'La persona inicia sesión y lo permite',
  'playground.redeem.title': 'La aplicación canjea su código',
  'playground.verifier-wrong.title': 'El código con un verifier inventado',
  'playground.verifier-wrong.outcome':
    'El hash de este verifier no es el challenge, así que el servidor no entrega nada. Para esto sirve PKCE.',
  'playground.verifier-right.title': 'El código con el verifier correcto',
  'playground.verifier-right.outcome':
    'El intento no ha gastado el código. La aplicación, que tiene el verifier, aún obtiene sus tokens.',
  'playground.replay.title': 'Usar un código dos veces',
  'playground.replay.intro':
    'La aplicación canjea su código. Después llega otra vez la misma solicitud, de alguien que la ha grabado.',
  'playground.replay-again.title': 'La misma solicitud otra vez',
  'playground.replay-again.outcome':
    'Un código sirve una sola vez. Durante 15 segundos puede ser la propia aplicación, que no recibió la respuesta, y solo obtiene un error. Después, el código lo tiene alguien que no debería, y el servidor anula también lo que había emitido por él.',

  'playground.refresh.title': 'Un token nuevo, sin la persona',
  'playground.refresh.lede':
    'Los access tokens duran poco: uno robado pronto no vale nada. Para el siguiente, la aplicación tiene un refresh token, de modo que nadie tenga que iniciar sesión cada hora.',
  'playground.person-refresh.title': 'Canjear el refresh token',
  'playground.person-refresh.intro':
    'Va al token endpoint, nunca a una API, y viene del cliente para el que se emitió.',
  'playground.person-refresh.outcome':
    'Hay un access token nuevo y, con él, un refresh token nuevo. El antiguo se ha rotado: ya está gastado, y quien lo presente más tarde delata que fue robado.',
  'playground.reuse.title': 'Reutilizar un refresh token rotado',
  'playground.reuse.intro':
    'La aplicación renueva sus tokens dos veces. Después reaparece su primer refresh token, en manos de un ladrón que lo copió a tiempo.',
  'playground.reuse-first.title': 'La aplicación renueva sus tokens',
  'playground.reuse-second.title': 'La aplicación los renueva otra vez',
  'playground.reuse-again.title': 'El primer refresh token otra vez',
  'playground.reuse-again.outcome':
    'Su sucesor ya se ha usado, así que dos partes tienen tokens de este inicio de sesión, y una de ellas los ha robado. El servidor no puede saber con cuál está hablando.',
  'playground.reuse-use.title': 'Una llamada con el access token más reciente',
  'playground.reuse-use.outcome':
    'Todo lo que salió del inicio de sesión ha terminado, para ambos. La persona vuelve a iniciar sesión; el ladrón no puede.',

  'playground.introspection.title': '¿Cuánto vale un token?',
  'playground.introspection.lede':
    'Una API que recibe un token tiene que saber si está vigente y qué permite. Puede preguntar al servidor que lo emitió.',
  'playground.person-introspect.title': 'Preguntar por el access token',
  'playground.person-introspect.intro':
    'La API demuestra quién es, porque no cualquiera puede mirar dentro de los tokens. En esta demostración lo hace con el cliente del primer capítulo.',
  'playground.person-introspect.outcome':
    'Lo que cuenta es active. El resto dice para quién se emitió el token, a qué cliente, para qué y hasta cuándo.',
  'playground.unknown.title': 'Preguntar por un token que nadie emitió',
  'playground.unknown.intro': 'Alguien envía a la API un token inventado.',
  'playground.unknown-introspect.outcome':
    'Esto no es un error: la pregunta era correcta y la respuesta es no. Si un token es inventado, ha caducado o fue revocado, no es asunto de nadie.',

  'playground.revocation.title': 'El final',
  'playground.revocation.lede':
    'La persona cierra la sesión en la aplicación o la elimina. Una buena aplicación devuelve entonces lo que ya no necesita.',
  'playground.person-revoke.title': 'Devolver el refresh token',
  'playground.person-revoke.intro':
    'Con el refresh token termina todo lo que salió del mismo inicio de sesión. También se podría devolver solo el access token.',
  'playground.person-revoke.outcome':
    'Los tokens han terminado. La respuesta sería la misma para un token que el servidor no conoce: lo que no está, no está.',
  'playground.person-gone.title': 'Preguntar otra vez cuánto vale el access token',
  'playground.person-gone.intro': 'Todavía no ha caducado.',
  'playground.person-gone.outcome':
    'Ya no vale nada, de inmediato. De un token que no está vigente el servidor no dice nada más.',
  'playground.revoked.title': 'Usar un token revocado',
  'playground.revoked.intro': 'La aplicación devuelve su token y después llama a la API con él.',
  'playground.revoked-token.title': 'La aplicación obtiene un token para sí misma',
  'playground.revoked-revoke.title': 'La aplicación lo devuelve',
  'playground.revoked-use.title': 'Una llamada con él de todos modos',
  'playground.revoked-use.outcome':
    'La API rechaza la llamada y dice por qué en WWW-Authenticate. La aplicación debería obtener un token nuevo e intentarlo otra vez, una sola.',
};
