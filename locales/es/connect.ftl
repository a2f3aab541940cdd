foot = Tu contraseña se queda con el proveedor. Keybearer guarda la conexión.
support = Ayuda
languages = Idioma
development = Desarrollo
    .text = Esta aplicación está en desarrollo: solo para pruebas.
stands-in = Desarrollo: el proveedor de pruebas de este equipo sustituye a { $providers }.
date = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
  } de { $year }

connect = Conectar { $provider } con { $application }
reconnect = Volver a conectar { $provider } con { $application }
connect-several = Conectar tus cuentas con { $application }
reconnect-several = Volver a conectar tus cuentas con { $application }
asks = { $application } pide conectar una cuenta de { $person }. Si no eres tú, cierra esta página.
asks-again = { $application } pide renovar una conexión de { $person }. Si no eres tú, cierra esta página.
asks-test = Un miembro de { $application } prueba esta conexión con una cuenta propia. Al final se devuelve todo.
nothing-offered = { $application } no ofrece ningún proveedor en este momento. Vuelve atrás e inténtalo más tarde.
next = A continuación se abre { $provider }: inicia sesión y permite el acceso. Después Keybearer guarda los tokens para { $application } hasta que elimines la conexión aquí o en { $provider }.
next-test = A continuación se abre { $provider }: inicia sesión con tu propia cuenta y permite el acceso. Después la prueba continúa sola y muestra su informe.
next-several = A continuación eliges por dónde empezar, inicias sesión y permites el acceso. Después Keybearer guarda los tokens para { $application } hasta que elimines la conexión aquí o en el proveedor.
may = { $application } podrá entonces:
continue = Continuar
connected = Conectada
not-connected = No conectada: { $why }

failed-declined = El acceso se rechazó en el proveedor.
failed-unavailable = El proveedor no está disponible en este momento.
failed-refused = El proveedor rechazó la solicitud.
failed-interrupted = La respuesta del proveedor no llegó. No se sabe si se concedió el acceso.
failed-credentials = El proveedor no acepta las credenciales de la aplicación. Avisa a la aplicación.
failed-switched-off = El proveedor se desactivó mientras tanto.
failed-other-account = Se eligió una cuenta de { $provider } distinta de la que hay que volver a conectar. Inicia sesión en { $provider } con la correcta e inténtalo de nuevo.
failed-unconfirmed = La aplicación no confirmó a tiempo que eras tú.
failed-here = Algo ha fallado aquí; no se ha conectado nada.
failed-words = La respuesta fue: «{ $words }»

more = Conecta más cuentas o termina
first = Conecta tus cuentas
done = Terminar
stop = Dejarlo aquí
good = { $provider } está conectado
bad = { $provider } no está conectado
good-several = Tus cuentas están conectadas
bad-several = No hay nada conectado
again = Para intentarlo de nuevo, empieza otra vez desde { $application }.
confirms = { $application } lo completará en cuanto vuelvas allí.
usable = { $application } ya puede usar la conexión. Puedes ponerle fin cuando quieras, aquí o en el proveedor.
back = Volver a { $application }
close = Puedes cerrar esta ventana y volver a { $application }.

unknown = Este enlace no se reconoce
    .text = Quizá esté incompleto: ábrelo otra vez desde donde lo recibiste o pide uno nuevo a la aplicación.
expired = Este enlace ha caducado
    .text = Estos enlaces solo sirven durante poco tiempo. Vuelve a la aplicación y empieza de nuevo.
finished = Este enlace ya se ha usado
    .text = Cada enlace sirve una sola vez. Si aún falta algo, vuelve a la aplicación y empieza de nuevo.
paused = Las conexiones están en pausa
    .text = Este servicio se está trasladando o restaurando. No se pierde nada: vuelve a abrir este enlace dentro de un rato.
elsewhere = Ya se empezó en otro lugar
    .text = Alguien pulsó «Continuar» en otro navegador. Sigue allí. Si no fuiste tú, avisa a la aplicación y empieza de nuevo desde ella.
other-browser = Esto se empezó en otro navegador
    .text = No hay nada conectado. Vuelve al navegador en el que pulsaste «Continuar» o empieza de nuevo en este desde la aplicación.
empty = El proveedor no devolvió nada
    .text = Su respuesta no contenía ni un permiso ni un error, así que no hay nada conectado. Empieza de nuevo desde la aplicación.
unexpected = Esta respuesta no se esperaba
    .text = No corresponde a ninguna conexión empezada aquí, o corresponde a una terminada hace tiempo. No hay nada conectado. Empieza de nuevo desde la aplicación.
not-here = No hay nada que ver en este navegador
    .text = Solo el navegador en el que se pulsó «Continuar» muestra el resultado. Quizá las cookies estén desactivadas o borradas: en ese caso, empieza de nuevo desde la aplicación.
not-offered = Esa opción no está disponible
    .text = Este proveedor no se ofrece aquí o ya está conectado. Vuelve atrás y elige otro.
switched-off = No es posible en este momento
    .text = La aplicación ha desactivado este proveedor. Vuelve a ella e inténtalo más tarde.
too-often = Demasiados intentos
    .text = Espera unos minutos y vuelve a intentarlo.
broken = Algo ha fallado aquí
    .text = Vuelve a intentarlo en un momento.
    .request = No ha cambiado nada. Vuelve a intentarlo en un momento; si continúa, comunica este identificador a la aplicación:
began = Empieza desde { $application }
    .said = Has añadido { $application } en { $provider }, pero { $application } aún no sabe para quién.
    .text = Todavía no hay nada conectado. Inicia sesión en { $application } y conecta { $provider } desde allí: solo así sabrá que esta cuenta es tuya.

manage = Tus cuentas conectadas
    .text = { $person }, estas cuentas están conectadas con { $application }.
    .nothing = No hay nada conectado con { $application } en este momento. Cuando lo haya, podrás ponerle fin aquí.
works = Conectada
needs = Hay que reconectarla
lost-refused = { $provider } ya no da acceso.
lost-superseded = Permitiste el acceso otra vez en otro lugar, y eso puso fin a este.
lost-removed = El acceso se retiró en { $provider }.
lost-idle = No se usó durante demasiado tiempo, así que { $provider } puso fin al acceso.
lost-scopes = Los permisos en { $provider } han cambiado.
since = Conectada desde
last-used = Último uso
never-used = Aún no
granted = { $application } puede
disconnect = Desconectar
disconnect-what = Desconectar la cuenta de { $provider } { $account }
reconnect-what = Volver a conectar
ask = ¿Desconectar { $provider }?
    .text = { $application } pierde el acceso a { $account } de inmediato y Keybearer borra los tokens. Lo que { $application } ya haya guardado se queda allí.
    .later = Puedes volver a conectarla desde { $application } cuando quieras.
keep = Conservarla
over = { $provider } está desconectado
    .text = { $application } ya no puede usar { $account }.
over-revoked = { $provider } también ha puesto fin al acceso.
over-pending = { $provider } aún no ha respondido. Keybearer seguirá pidiéndolo hasta que el acceso termine también allí.
over-unsupported = Keybearer no tiene forma de poner fin al acceso en { $provider }. Para asegurarte, quita { $application } en los ajustes de tu cuenta de { $provider }.
over-failed = { $provider } no confirmó que el acceso haya terminado. Para asegurarte, quita { $application } en los ajustes de tu cuenta de { $provider }.
over-kept = Las demás conexiones de la misma cuenta de { $provider } siguen activas.
