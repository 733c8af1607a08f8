/**
 * Every word that people read on a page, in Spanish, as it is understood in
 * Spain and in Latin America. People are called "tú".
 *
 * Names that are filled in stand where neither gender nor number shows.
 *
 * @module
 */

import type { Catalogue } from "./en.ts";

export const es: Catalogue = {
  lang: "es",
  dir: "ltr",

  frame: {
    skip: "Ir al contenido",
    sections: "Secciones",
    services: "Servicios",
    apps: "Apps",
    activity: "Actividad",
    setUp: "Configurar",
    you: "Tu cuenta",
    console: "Consola",
    runBy: "A cargo de {operator}",
    privacy: "Privacidad",
    copy: "Copiar",
    copied: "Copiado",
    cancel: "Cancelar",
    back: "Volver",
    home: "Ir a tu página",
    tryAgain: "Intentar de nuevo",
    forSupport: "Detalles para quien te ayude",
    search: "Buscar",
  },

  time: {
    justNow: "ahora mismo",
    withinTheHour: "en la última hora",
    hoursAgo: { one: "hace una hora", other: "hace {count} horas" },
    daysAgo: { one: "hace un día", other: "hace {count} días" },
    minutesAgo: { one: "hace un minuto", other: "hace {count} minutos" },
  },

  connect: {
    title: "¿Conectar {service}?",
    asks: "La app {app} quiere usar tu cuenta de {service}. Te conoce como {user}.",
    asksForSecret: "La app {app} te pide {what} de tu cuenta de {service}. Te conoce como {user}.",
    self: "Iniciaste sesión como {user}.",
    rawScope: "Lo que {provider} llama «{scope}»",
    appCan: "{app} podrá:",
    toolsCan: "Tus herramientas podrán:",
    appCanAll: "{app} podrá hacer todo lo que tú puedes hacer allí.",
    toolsCanAll: "Tus herramientas podrán hacer todo lo que tú puedes hacer allí.",
    appCanKey: "Con esto, {app} podrá:",
    toolsCanKey: "Con esto, tus herramientas podrán:",
    appCanAllKey: "Con esto, {app} podrá hacer todo lo que permita {thing}.",
    toolsCanAllKey: "Con esto, tus herramientas podrán hacer todo lo que permita {thing}.",
    about: "Se trata de tu cuenta {account} de {provider}: inicia sesión con esa.",
    aboutPasted: "Se trata de tu cuenta {account} de {provider}: pega {thing} de esa.",
    mcpServer: "Servidor MCP",
    go: "Continuar a {provider}",
    goPaste: "Conectar {service}",
    password:
      "Iniciarás sesión en la página de {provider}; aquí nadie ve tu contraseña. Puedes desconectar la cuenta cuando quieras.",
    kept:
      "Antes de guardar estos datos, se le pregunta a {service} de quién son. Después no se vuelven a mostrar. Para que dejen de servir, elimínalos en {service}.",
    notYou: "¿Alguien te envió este enlace o no eres {user}? Entonces, cancela.",
    makeOne: "Crear {thing} en {service}",
    secrets: {
      api_key: { what: "una clave de API", thing: "una clave", bare: "la clave" },
      client_credentials: {
        what: "un ID de cliente con su secreto",
        thing: "un cliente",
        bare: "el cliente",
      },
    },
    fields: {
      key: "Clave de API",
      client_id: "ID de cliente",
      client_secret: "Secreto de cliente (client secret)",
    },
  },

  connected: {
    done: "✓ Conexión lista: {service}",
    nothing: "{provider}: no se permitió nada",
    as: "Con la cuenta {account}.",
    signedInAs: "Iniciaste sesión como {account}.",
    goBack: "Puedes cerrar esta página y volver a tu app.",
    close: "Cerrar la página",
    home: "Volver a tu página",
    otherAccount:
      "Iniciaste sesión como {account}, pero se trataba de {meant}. La cuenta {account} queda conectada como una más; {meant} sigue como estaba.",
    otherSecret: {
      key:
        "Esta clave es de {account}, pero se trataba de {meant}. La cuenta {account} queda conectada como una más; {meant} sigue como estaba.",
      client:
        "Este cliente es de {account}, pero se trataba de {meant}. La cuenta {account} queda conectada como una más; {meant} sigue como estaba.",
    },
    withheld: "En {provider} dejaste esto sin marcar, así que no se puede usar:",
    withheldSecret: "En {provider} no tiene permiso para esto, así que no se puede usar:",
    allowRest: "Intentar de nuevo y permitirlo",
    againAs: "Intentar de nuevo como {meant}",
    leave: "Si quieres dejarlo así, cierra esta página.",
    keepBoth: "Si quieres conservar la cuenta {account} como una más, cierra esta página.",
    beforeTitle: "Esto ya está hecho",
    before: "Ya conectaste {service} con la cuenta {account}. Puedes cerrar esta página.",
    beforeHandedOff: "Ya iniciaste sesión en {service} como {account}. Sigue en tu app.",
    relayTitle: "Un paso más",
    relay: "Ya volviste de {provider}.",
    relayGo: "Continuar",
    asAlready: "Ya está conectado como {account}",
  },

  popup: {
    not: "{service} no se ha conectado",
    goesBack: "Ahora vuelves a tu app y esta ventana se cierra.",
    go: "Volver a tu app",
    almost: "Casi conectado",
    lost:
      "No se pudo encontrar la página de tu app a la que pertenece esta ventana: {service} no está conectado. Cierra esta ventana y conecta otra vez en tu app.",
    close: "Cierra esta ventana y vuelve a tu app.",
  },

  signIn: {
    title: "Iniciar sesión en Switchboard",
    nobody: "Aquí todavía no se puede iniciar sesión: falta configurar un proveedor para eso.",
    with: "Continuar con {provider}",
    only: "Solo se piden tu nombre y tu correo electrónico, para saber quién eres.",
    what: "Conecta tus cuentas una sola vez y decide qué apps pueden usarlas.",
  },

  consent: {
    title: "¿Dar acceso a «{client}»?",
    wants: "Esta app quiere usar herramientas en tu nombre. Iniciaste sesión como {user}.",
    verified: "Verificada: {host} responde por esta app.",
    verifiedHere:
      "Verificada: {host} responde por esta app. Se ejecuta en este dispositivo: sigue solo si la acabas de abrir tú.",
    byOperator: "Verificada: quien administra este Switchboard conoce esta app.",
    unverified:
      "Sin verificar: la app eligió este nombre por su cuenta. Sigue solo si acabas de empezar esto tú.",
    sentTo: "Después irás a {host}.",
    onDevice: "una app de este dispositivo ({scheme})",
    services: "Servicios",
    notConnected: "sin conectar todavía",
    nothingTicked: "No hay nada marcado. Marca al menos un servicio o no permitas el acceso.",
    readsOnly: "Solo pide leer, sin cambiar nada.",
    access: "Acceso",
    accessTo: "Acceso a {services}",
    readOnly: "Solo leer",
    readAndChange: "Leer y cambiar",
    widen: "Si quieres, deja que también haga cambios",
    widenIn: "Hacer cambios en {service}",
    allow: "Permitir",
    deny: "No permitir",
    ends:
      "El acceso termina por sí solo el {day}, o tras {days} sin uso. Puedes quitarlo cuando quieras en tu página de Switchboard.",
    days: { one: "{count} día", other: "{count} días" },
  },

  home: {
    title: "Tus servicios",
    signedInAs: "Sesión iniciada como {user}",
    lead: "Conecta una cuenta una sola vez; las apps de abajo la usan en tu nombre.",
    needsYou: "Necesita tu atención",
    connected: "Conectados",
    more: "Listos para conectar",
    servers: "Servidores MCP",
    find: "Buscar un servicio",
    none: "Ningún servicio se llama así.",
    all: "Ver todos",
    nothingHere: "Aquí todavía no hay ningún servicio configurado.",
    state: {
      connectedAs: "Con la cuenta {account}",
      connected: "Conectado",
      accounts: { one: "{count} cuenta", other: "{count} cuentas" },
      reconnect: "Hay que volver a conectar",
      moved: "Se trasladó a otro servidor",
      none: "Sin conectar",
    },
    renews: "Se renueva por sí sola",
    lasts: "Dura hasta que la desconectes",
    endsOn: "Termina el {day}",
    reconnectWhy:
      "{provider} terminó esta conexión. No se perdió nada más: vuelve a iniciar sesión y todo sigue.",
    movedWhy: "Esta conexión se trasladó a otro servidor.",
    since: "Conectada desde el {day}",
    lastUsed: "Último uso: {when}, por {app}",
    lastUsedTool: "Último uso: {when}, por {app} ({tool})",
    someApp: "una app",
    neverUsed: "Sin uso en los últimos 30 días",
    shared: "Lo que se permite",
    sharedAll: "Todo lo que tú puedes hacer allí",
    default: "predeterminada",
    connect: "Conectar",
    connectThis: "Conectar {service}",
    another: "Agregar otra cuenta",
    anotherOf: "Agregar otra cuenta de {service}",
    preferred: "La cuenta {account} es ahora la predeterminada.",
    makeDefault: "Usar de forma predeterminada",
    makeDefaultOf: "Usar de forma predeterminada: {account}",
    reconnect: "Volver a conectar",
    reconnectOf: "Volver a conectar {account}",
    disconnect: "Desconectar",
    disconnectOf: "Desconectar {account} de {service}",
  },

  disconnect: {
    title: "¿Desconectar {account} de {provider}?",
    what:
      "Las apps que usan esta cuenta dejan de poder hacerlo al momento. También se avisa a {provider}, para que el acceso termine allí.",
    also: "Con esto termina todo a la vez: {services}.",
    go: "Desconectar",
    keep: "Conservar",
    revoked: "El acceso en {provider} terminó ({time}). La cuenta {account} ya no está conectada.",
    deleted:
      "La cuenta {account} ya no está conectada aquí ({time}). En {provider} no se pudo terminar el acceso: quítalo también allí, en tu cuenta.",
    forgotten:
      "{account} se ha olvidado aquí, {time}. El servidor al que se trasladó sigue usándola.",
    gone: "Esta cuenta ya no está conectada.",
  },

  apps: {
    title: "Apps con acceso",
    none: "Todavía ninguna. Configura una y aparecerá aquí.",
    setUp: "Configurar una app",
    full: "leer y cambiar",
    read: "solo leer",
    can: "{services}: {access}",
    since: "Desde el {day}",
    neverUsed: "Sin usar todavía",
    lastUsed: "Último uso: {when}",
    ended: "Terminó el {day}",
    ends: "Termina el {day} si no se usa",
    narrow: "Limitar",
    narrowOf: "Limitar lo que puede usar {app}",
    end: "Quitar acceso",
    endOf: "Quitar acceso: {app}",
    narrowTitle: "¿Qué puede usar {app}?",
    narrowLead: "Aquí solo puedes quitar. Para dar más, deja que la app lo pida de nuevo.",
    narrowSave: "Guardar",
    nothing: "Nada",
    narrowed: "{app} ahora puede usar menos.",
    narrowNothing: "No hay nada marcado. Para terminar con todo, quítale el acceso a la app.",
    endTitle: "¿Quitar el acceso a {app}?",
    endWhat:
      "Deja de funcionar al momento. Para volver a usar algo tuyo, tendrá que pedírtelo otra vez.",
    endGo: "Quitar acceso",
    endKeep: "Conservar",
    endDone: "{app} ya no tiene acceso ({time}).",
    places: "Se usa en {count} lugares desde el {time}",
    counts: ["ningún", "un", "dos", "tres", "cuatro", "cinco"],
    several: "varios",
    placesWhy:
      "Puede que dos ventanas o dispositivos tuyos compartan un mismo inicio de sesión. Si no reconoces un lugar, ciérralo: la app de ese lugar tendrá que iniciar sesión otra vez. Si no sabes cuál es, quítale el acceso a la app y vuelve a iniciar sesión.",
    firstPlace: "El primero, desde el {time}",
    otherPlace: "Otro, desde el {time}",
    joined: ", con {count} más que se le unieron",
    endPlace: "Cerrar este",
    turnedAway: "{who} y no se le dejó pasar, la última vez el {time}.",
    late: "Alguien vino con una clave antigua de esta app",
    endedKey: "Alguien vino con una clave de esta app que ya no servía",
    otherApp: "Otra app vino con una clave de esta app",
  },

  tokens: {
    title: "Tokens personales",
    lead: "Para asistentes de voz y scripts que solo pueden enviar un encabezado fijo.",
    makeOne: "Crear un token nuevo",
    make: "Crear un token",
    name: "Nombre",
    example: "Asistente de la cocina",
    newTitle: "Tu nuevo token",
    newHint: "Cópialo ahora. No se vuelve a mostrar.",
    sentAs: "Se envía como {header}.",
    made:
      "Este token ya se creó y solo se muestra una vez. Si no lo copiaste, quítale el acceso y crea otro.",
  },

  setUp: {
    title: "Configurar una app",
    lead:
      "A la mayoría de las apps les basta esta dirección: pégala allí e inicia sesión aquí cuando la app te lo pida.",
    tokens:
      "Las apps que solo pueden enviar un encabezado fijo necesitan un token personal: créalo al final de la página de tus servicios.",
  },

  docs: {
    title: "API REST",
    lead:
      "Lo que llaman los backends con su clave de API. Para programas está lo mismo como {file}.",
    english: "Lo que sigue está en inglés, como la propia API.",
  },

  activity: {
    title: "Actividad",
    lead:
      "Lo que se hizo en tu nombre en los últimos 30 días. Lo que se leyó o escribió no se guarda.",
    none: "Todavía nada.",
    older: "Anteriores",
    newest: "Lo más reciente",
    time: "Hora",
    app: "App",
    did: "Qué",
    service: "Servicio",
    outcome: "Resultado",
    ok: "hecho",
    times: { one: "una vez", other: "{count} veces" },
    you: "Tú",
    operator: "Quien administra",
    system: "Switchboard",
    unknownApp: "Una app",
    leftOut: {
      one: "Hay {count} línea más que no se guardó, porque eran demasiadas.",
      other: "Hay {count} líneas más que no se guardaron, porque eran demasiadas.",
    },
    what: {
      connected: "Conexión creada",
      disconnected: "Conexión terminada",
      connect_failed: "Conectar",
      refresh_failed: "Hay que volver a conectar",
      token_handed_out: "Acceso entregado",
      api_called: "Solicitud enviada",
      tool_called: "Herramienta {tool}",
      signed_in: "Inicio de sesión",
      access_allowed: "Acceso permitido a {app}",
      access_narrowed: "Acceso de {app} limitado",
      access_ended: "Acceso de {app} terminado",
      changed_by_operator: "Cambio de quien administra",
      keys_rotated: "Sellado de nuevo",
      user_deleted: "Se eliminó a un usuario",
    },
    failed: "no funcionó ({code})",
  },

  you: {
    title: "Tu cuenta",
    signOut: "Cerrar sesión",
    signOutEverywhere: "Cerrar sesión en todas partes",
    signOutHint:
      "«En todas partes» cierra la sesión en todos los navegadores donde la iniciaste. Las apps conservan su acceso.",
    exportTitle: "Exportar mis datos",
    exportHint:
      "Todo lo que se guarda sobre ti, en JSON. Sin secretos: no incluye ningún token ni ninguna clave.",
    exportGo: "Descargar",
    deleteTitle: "Eliminar mis datos",
    deleteHint:
      "Termina todas las conexiones en sus proveedores y el acceso de todas las apps, y elimina todo lo que se guarda sobre ti.",
    deleteGo: "Eliminar mis datos",
    deleteAsk: "¿Eliminar todo sobre {user}?",
    deleteWhat: "Esto no se puede deshacer. Termina {connections} y el acceso de {apps}.",
    deleteWhatElse:
      "Se cierra tu sesión en todos los navegadores, y durante un cuarto de hora no se guarda nada nuevo sobre ti.",
    deleteFresh:
      "Para que nadie más lo haga en una pantalla que dejaste abierta, inicia sesión otra vez. Después tienes cinco minutos.",
    deleteFreshGo: "Iniciar sesión otra vez",
    deleteConnections: { one: "{count} conexión", other: "{count} conexiones" },
    deleteApps: { one: "{count} app", other: "{count} apps" },
    deleteType: "Escribe {word} para continuar",
    deleteWord: "eliminar",
    deleteWrong: "No se eliminó nada: no escribiste la palabra.",
    deleteKeep: "Conservar mis datos",
    deleted: "Tus datos están eliminados",
    deletedAt: "Eliminados el {time}",
    revokedAt: "Acceso terminado en {provider}, {time}.",
    notRevokedAt: "No se pudo avisar a {provider}: termina el acceso allí, en tu cuenta.",
    removed: "Se eliminó: {what}.",
    removedNothing: "Ya no se guardaba nada sobre ti.",
    removedSessions: { one: "{count} inicio de sesión", other: "{count} inicios de sesión" },
    removedOthers: { one: "{count} registro más", other: "{count} registros más" },
    tombstone:
      "Durante un año queda una sola línea: que a esta hora se eliminó una cuenta, sin decir de quién era.",
    again: "Puedes volver a iniciar sesión a partir de las {time}; entonces empezarás de cero.",
  },

  console: {
    title: "Consola",
    sections: "Partes de la consola",
    overview: "Resumen",
    people: "Personas",
    apps: "Apps",
    providers: "Proveedores",
    servers: "Servidores MCP",
    events: "Eventos",
    you: "Administras este Switchboard como {user}.",
    sure: "Sí, cambiarlo ahora",
    notSure: "Todo sigue igual: marca que quieres hacerlo.",
    faster: "Todo sigue igual: alguien se adelantó. Así está ahora.",
    staleTitle: "Inicia sesión otra vez para cambiar esto",
    stale: "Para cambiar algo aquí hay que haber iniciado sesión en los últimos cinco minutos.",
    staleGo: "Iniciar sesión otra vez",
    saved: "Guardado ({time}). Ya está en vigor.",
    removed: "Eliminado ({time}).",
    byEnv: "viene de env, y eso es lo que vale",
    byConsole: "lo puso aquí {who}, {day}",
    faulty: "No está en vigor: {fault}",
    unopened:
      "La configuración que se guarda aquí no se puede abrir con las claves de este programa. No se puede cambiar nada.",
    save: "Guardar",
    remove: "Eliminar",
    none: "Ninguno.",
    figures: {
      people: "Personas",
      connections: "Conexiones",
      needReconnect: "Hay que volver a conectar",
      refreshes: "Renovaciones, últimas 24 horas",
      failures: "Renovaciones fallidas, últimas 24 horas",
      calls: "Usos de herramientas, últimas 24 horas",
      errors: "Usos de herramientas fallidos, últimas 24 horas",
      plot: "{what}: {sum} en total, {most} en la hora con más",
    },
    counting: "Todavía se está contando lo que ya había.",
    byService: "Conexiones por servicio",
    service: "Servicio",
    working: "Funcionan",
    waiting: "Por volver a conectar",
    moved: "Trasladadas",
    changes: "Cambios de quienes administran",
    deadTitle: "Conexiones que hay que volver a conectar",
    deadNone: "Ninguna: todas las conexiones funcionan.",
    user: "Persona",
    account: "Cuenta",
    since: "Desde",
    why: "Por qué",
    whys: {
      grant_over: "el proveedor la terminó",
      refused: "el proveedor se niega a renovarla",
      moved: "se trasladó a otro servidor",
      ended: "se terminó aquí",
    },
    refusingTitle: "Proveedores que no aceptan nuestro cliente",
    refusing:
      "{provider} rechaza el ID y el secreto de cliente que están puestos. Mientras no se arregle, nadie puede conectarse allí, y las conexiones terminan cuando terminan sus tokens.",
    refusingGo: "Ponerlos de nuevo",
    withheldTitle: "Herramientas que te esperan",
    withheld: {
      one: "{count} definición de {upstream} cambió y queda retenida.",
      other: "{count} definiciones de {upstream} cambiaron y quedan retenidas.",
    },
    withheldGo: "Verlas",
    steps: {
      title: "Cinco pasos para un Switchboard que funciona",
      done: "hecho",
      toDo: "pendiente",
      address: "Tiene una dirección y sus claves",
      addressHint: "{url} · las claves están puestas",
      provider: "Configura un proveedor",
      providerHint:
        "Registra allí una app con la URI de redirección y pega su ID y su secreto de cliente.",
      signIn: "Di quién puede iniciar sesión",
      signInHint:
        "SIGN_IN_ALLOW lo dice, por dirección o por dominio. Sin eso, solo entran quienes administran.",
      app: "Crea una clave de API para tu app, o deja que la gente use sus propios clientes",
      appHint: "Un backend necesita una clave. Claude, Cursor y otros parecidos no la necesitan.",
      connect: "Conecta algo tú",
      connectHint:
        "Pruébalo con tu propia cuenta: lo que te funciona a ti les funciona a los demás.",
      go: "Hacerlo",
    },
    peopleLead: "Busca a alguien por el identificador que le da tu app o por su inicio de sesión.",
    realm: "De qué app, o con qué inició sesión",
    userId: "Identificador",
    lookUp: "Buscar",
    nobody: "No se guarda nada sobre {user}.",
    connectionsOf: "Conexiones",
    appsOf: "Apps con acceso",
    sessionsOf: "Tokens de sesión",
    activityOf: "Actividad",
    disconnect: "Desconectar",
    disconnected: "La cuenta {account} ya no está conectada ({time}).",
    disconnectTitle: "¿Desconectar la cuenta {account} de {user}?",
    endGrant: "Quitar acceso",
    endGrantTitle: "¿Quitarle a {app} el acceso de {user}?",
    grantEnded: "{app} ya no tiene acceso ({time}).",
    deleteUser: "Eliminar todo sobre {user}",
    deleteTitle: "¿Eliminar todo sobre {user}?",
    deleteWhat:
      "Las conexiones se terminan en sus proveedores y se elimina todo lo guardado. Esto no se puede deshacer.",
    deletedUser: "Todo sobre {user} está eliminado ({time}).",
    makeLink: "Crear un enlace",
    linkFor: "Un enlace que conecta",
    linkMade: "Envía este enlace a {user}. Sirve una sola vez, durante diez minutos.",
    appsLead:
      "Una app es un backend con una clave de API. Sus usuarios son solo suyos; la gente ve su nombre y su imagen cuando pide conectar algo.",
    newApp: "Nueva app",
    appName:
      "Nombre de la clave: letras minúsculas, números y guiones. Después no se puede cambiar.",
    faceTitle: "Lo que ve la gente",
    displayName: "Nombre",
    operator: "Quién la administra",
    privacy: "Página de privacidad (https)",
    logo: "Imagen (PNG, JPEG o WebP, 32 KB como máximo)",
    logoKeep: "Si lo dejas vacío, la imagen se queda.",
    logoRemove: "Quitar la imagen",
    rulesTitle: "Lo que puede hacer",
    appServices: "Servicios que puede usar, uno por línea; vacío: todos",
    appTools:
      "Herramientas que puede usar, una por línea; vacío: todas. Si nombras alguna, no recibe tokens de proveedores.",
    returnUrls: "Adónde puede volver la gente, una dirección por línea",
    returnTo: "Adónde vuelve si un enlace no lo dice",
    handOffOnly: "Conectar a su gente solo con una entrega que la app tiene que recoger",
    keysTitle: "Claves de API",
    keysLead: "Dos a la vez como máximo, para que una pueda reemplazar a la otra.",
    keyEnv: "viene de env",
    keyMade: "la creó {who}, {day}",
    makeKey: "Crear una clave",
    newKey: "La nueva clave",
    newKeyHint: "Cópiala ahora. No se vuelve a mostrar; solo se guarda su huella.",
    withdraw: "Anular",
    withdrawTitle: "¿Anular esta clave de {app}?",
    withdrawWhat: "Quien la use queda fuera al momento aquí, y en cinco segundos en todas partes.",
    removeApp: "Eliminar la app",
    removeAppTitle: "¿Eliminar {app}?",
    removeAppWhat:
      "Sus claves dejan de servir al momento. Lo que conectó su gente queda en la bóveda y vuelve a funcionar con una clave del mismo nombre.",
    providersLead:
      "Registra una app en el proveedor con la URI de redirección y pega aquí su ID y su secreto de cliente. Quedan cifrados y no se vuelven a mostrar.",
    setUpYes: "Configurado",
    setUpNo: "Sin configurar",
    setItUp: "Configurar",
    replaceIt: "Reemplazar el ID y el secreto",
    registerAt: "Registrar una app en {provider}",
    redirectUri: "URI de redirección para registrar",
    clientId: "ID de cliente",
    clientSecret: "Secreto de cliente (client secret)",
    hasSecret: "Ya hay un secreto. Pega los dos datos para reemplazarlos.",
    noteIt: "Anotar cuándo caduca el secreto",
    secretEnds: "El secreto caduca el",
    secretEndsOn: "El secreto caduca el {day}.",
    isTesting: "La app está en modo de prueba: el proveedor termina cada conexión tras una semana.",
    needsEnv: "Este necesita variables de env; consulta el README.",
    tryIt: "Probar",
    tryHint: "Conecta tu propia cuenta, como lo haría cualquiera.",
    removeCredentialsTitle: "¿Eliminar el cliente de {provider}?",
    removeCredentialsWhat:
      "Entonces nadie puede conectarse allí, y las conexiones terminan cuando terminan sus tokens.",
    serversLead:
      "Servidores MCP que la gente conecta: por un nombre que se conoce aquí o por su dirección https pública.",
    addKnown: "Agregar uno conocido",
    addUrl: "Agregar uno por su dirección",
    serverName:
      "Nombre: letras minúsculas, números y guiones bajos. Sus herramientas empiezan con él.",
    serverTitle: "Cómo lo llama la gente",
    serverUrl: "Dirección (https)",
    add: "Agregar",
    tools: { one: "{count} herramienta aprobada", other: "{count} herramientas aprobadas" },
    toolsWaiting: { one: "{count} en espera", other: "{count} en espera" },
    leftOut: { one: "{count} omitida", other: "{count} omitidas" },
    notSeen: "Todavía no hay nada en la lista: conéctalo y se encontrarán sus herramientas.",
    changedSince: "{what}: hay cambios desde que se aprobó.",
    newSince: "{what}: llegó después de la primera lista.",
    instructions: "Instrucciones del servidor",
    accept: "Aprobar",
    acceptHint: "Antes de aprobarlo, lee lo que le dice a un modelo.",
    accepted: "Aprobado ({time}). Vuelve a la lista en menos de cinco minutos.",
    acceptGone: "Entretanto volvió a cambiar; así está ahora.",
    switchedOn: "Está activado de nuevo ({time}). Lo que lo espera se está enviando.",
    sentAgain: "Se envía una vez más ({time}).",
    replayed: "Eventos que se envían una vez más: {count} ({time}).",
    replayedPart:
      "Eventos que se envían una vez más: {count} ({time}). Hay más: pulsa otra vez, desde el cursor que aparece allí.",
    eventGone: "Todo sigue igual: eso ya no está.",
    offTitle: "Un receptor de eventos está desactivado",
    off: "{receiver} respondió 410. Lo que ocurra mientras tanto lo espera durante 30 días.",
    offGo: "Verlo",
    receivers: {
      lead:
        "Lo que se avisa a las aplicaciones sobre las conexiones de sus usuarios, y en qué quedó.",
      none: "No se avisa a nadie: {variable} nombra a los receptores.",
      ofPeople: "Quienes inician sesión",
      on: "Activado",
      off: "Desactivado desde el {time}: respondió 410",
      failing: "Falla desde el {time}: {fault}",
      paused: "Se lo deja en paz hasta el {time}",
      waitingNone: "Nada lo espera.",
      waiting: { one: "{count} evento lo espera.", other: "{count} eventos lo esperan." },
      waitingMost: "Lo esperan {most} eventos o más.",
      switchOn: "Activarlo de nuevo",
      nothing: "En los últimos 30 días no ocurrió nada.",
      latest: "Últimos eventos de {receiver}",
      when: "Cuándo",
      what: "Qué",
      outcome: "Resultado",
      notYet: "Aún sin enviar",
      delivered: "Entregado, {time}",
      trying: "Aún no aceptado",
      gaveUp: "Se desistió",
      tries: { one: "{count} intento", other: "{count} intentos" },
      next: "de nuevo {time}",
      again: "Enviar de nuevo",
      againTitle: "¿Enviar este evento una vez más?",
      againWhat:
        "Se envía con el ID que tiene, después de lo que espera de la misma persona. Un receptor que ya lo tuvo puede omitirlo.",
      replayTitle: "Enviar de nuevo los eventos desde un momento",
      replayHint:
        "Llegan con los ID que tienen, primero los más antiguos, {most} a la vez. Indica un momento o un cursor de GET /events.",
      since: "Desde (UTC)",
      after: "Después de este cursor",
      replay: "Enviarlos de nuevo",
    },
    findings: "Fuera de la lista, con los nombres que usa el servidor",
    removeServerTitle: "¿Eliminar {server}?",
    removeServerWhat:
      "Sus herramientas salen de la lista. Lo que la gente conectó queda cifrado y vuelve a funcionar si lo agregas con la misma dirección.",
    operatorsTitle: "Quién administra",
    operatorsLead:
      "Quién puede abrir esta consola: una dirección verificada en un proveedor con el que se inicia sesión.",
    addOperator: "Agregar a alguien",
    address: "Correo electrónico",
    provider: "Proveedor",
    removeOperatorTitle: "¿Quitar a {who}?",
    removeOperatorWhat: "Esa persona deja de poder abrir la consola al momento.",
    setupTitle: "Primera configuración",
    setupLead: "Pega el código que mostró {command}.",
    setupCode: "Código",
    setupGo: "Empezar",
    setupWrong: "Este código es desconocido, ya se usó o es demasiado antiguo. Pide uno nuevo.",
  },

  unready: {
    title: "Aún sin configurar",
    text:
      "Este Switchboard está desplegado y en marcha, pero quien lo gestiona debe configurar más antes de que pueda servir a nadie:",
    example: "Ejemplo: {example}",
    database: "Una base de datos KV: no se puede abrir.",
    others: "Hay algo más que está mal: el registro dice qué es y cómo se arregla.",
    next: "Lo siguiente, en la carpeta del proyecto:",
    again: "Después se reinicia por sí solo. Todos los pasos están en el README, en «Deploy».",
    silent: "La base de datos no responde",
    silentAgain: "No se ha perdido nada. Inténtalo de nuevo en un momento.",
  },

  endings: {
    nothingNew: "No se conectó nada nuevo",
    unchanged: "Todo sigue igual.",
    unknown: "Puede que algo haya cambiado: mira primero tus conexiones.",
    askApp: "Para intentarlo de nuevo, pide otro enlace en tu app.",
    startInApp: "Para intentarlo de nuevo, empieza otra vez en tu app.",
    addAgain: "Para intentarlo de nuevo, quita este servidor en tu app y agrégalo otra vez.",
    reload: "Todo sigue igual. Entonces vuelve a cargar esta página.",
    later: "Ahora no se puede",
    laterText:
      "Desde aquí llegaron demasiadas solicitudes como esta. Inténtalo de nuevo en {wait}.",
    seconds: { one: "{count} segundo", other: "{count} segundos" },
    minutes: { one: "{count} minuto", other: "{count} minutos" },
    code: "Motivo: {code}",
    reference: "Referencia {id}",
    detail: "Para programas: {detail}",
    mendAt: "Arreglarlo en {provider}",
    signInAgain: "Iniciar sesión de nuevo",
    otherAccount: "Iniciar sesión con otra cuenta",
    signOutFirst: "Cerrar sesión y abrir el enlace otra vez",
    expired: {
      title: "Este enlace es demasiado antiguo",
      text:
        "Los enlaces para conectar una cuenta sirven solo unos minutos, para que nadie pueda usarlos después.",
    },
    used: {
      title: "Este enlace ya no sirve",
      text: "Este enlace no es válido o ya se usó. Sirve una sola vez, y en un solo navegador.",
    },
    changed: {
      title: "Este enlace cambió por el camino",
      text:
        "Falta una parte de su dirección, o es distinta. Copia el enlace entero o ábrelo donde lo recibiste.",
    },
    withdrawn: {
      title: "Este enlace ya no se puede usar",
      text: "La app, o quien administra esta página, lo anuló después de crearlo.",
    },
    otherBrowser: {
      title: "Esto empezó en otro navegador",
      text:
        "Este inicio de sesión empezó en otro navegador. Por tu seguridad, solo se puede terminar allí.",
    },
    doneElsewhere: {
      title: "Esto ya está hecho",
      text: "Este inicio de sesión ya no hace falta: con el mismo enlace ya se terminó otro.",
    },
    finished: {
      title: "Este inicio de sesión ya terminó",
      text: "Este inicio de sesión es desconocido, o ya se completó.",
    },
    noState: {
      title: "Esta respuesta no es de ningún inicio de sesión",
      text: "La respuesta no dice a qué inicio de sesión pertenece, y así no se puede saber.",
    },
    tookTooLong: {
      title: "Este inicio de sesión tardó demasiado",
      text: "Hay que completarlo en diez minutos. Empieza otra vez, es rápido.",
    },
    otherService: {
      title: "Este era otro inicio de sesión",
      text: "Este inicio de sesión se empezó para otro servicio.",
    },
    otherIssuer: {
      title: "Esta respuesta vino de otro lugar",
      text:
        "Esta respuesta vino de otro servidor de inicio de sesión. Por tu seguridad, no se aceptó.",
    },
    denied: {
      title: "Dijiste que no, y está bien",
      text: "Decidiste no conectar {provider}.",
    },
    cancelled: {
      title: "Cancelaste",
      text: "Decidiste no conectar {service}.",
    },
    providerDown: {
      title: "{provider} no responde",
      text:
        "{provider} no pudo completar el inicio de sesión en este momento. El problema está allí, y suele pasar en unos minutos.",
    },
    providerAsks: {
      title: "{provider} necesita tu respuesta",
      text: "{provider} no te preguntó, y necesita tu respuesta.",
    },
    notInstalled: {
      title: "La app no está instalada allí",
      text:
        "La app no está instalada allí, o no tienes permiso para ver que lo está. Instálala primero y luego inténtalo de nuevo.",
    },
    notOwner: {
      title: "Para esto hacen falta más permisos",
      text:
        "La app actúa en todos los repositorios para los que se instaló. Solo puede conectarla quien sea dueño de esa cuenta u organización, o quien administre cada uno de esos repositorios.",
    },
    misconfigured: {
      title: "Por ahora, {provider} no se puede conectar aquí",
      text:
        "{provider} no acepta el registro de este servidor. Eso solo lo puede arreglar quien administra el servidor; conectar otra vez no ayuda. Tú no hiciste nada mal.",
    },
    providerRefused: {
      title: "{provider} no completó el inicio de sesión",
      text: "{provider} se negó a completar el inicio de sesión.",
    },
    unreadable: {
      title: "{provider} no dio una respuesta útil",
      text: "Puede que {provider} esté fallando en este momento. Suele volver en unos minutos.",
    },
    unavailable: {
      title: "{provider} no responde",
      text: "{provider} no responde. Inténtalo de nuevo en {wait}.",
    },
    keyMalformed: {
      title: "Esta clave no es de {provider}",
      text: "Esto no es una clave de API de {provider}: no lo parece. Cópiala entera, y nada más.",
    },
    keyRefused: {
      title: "{provider} no acepta esta clave",
      text:
        "{provider} no acepta esta clave de API, o la clave no tiene permiso para ver de quién es.",
    },
    keyUnclear: {
      title: "¿De quién es esta clave?",
      text: "{provider} no dijo de quién es esta clave de API.",
    },
    clientMalformed: {
      title: "Este cliente no es de {provider}",
      text:
        "Esto no es un ID y un secreto de cliente de {provider}. Copia los dos enteros, y nada más.",
    },
    clientRefused: {
      title: "{provider} no acepta este cliente",
      text:
        "{provider} no da acceso con este ID y este secreto de cliente. Puede que estén mal, o que el cliente no tenga permiso para lo que se pide.",
    },
    clientUnclear: {
      title: "¿De quién es este cliente?",
      text: "{provider} no dijo de quién es este cliente.",
    },
    notStored: {
      title: "La conexión con {provider} no se pudo guardar",
      text: "No se conectó {provider}: no se pudo guardar.",
    },
    notKeepable: {
      title: "La conexión con {provider} no se pudo conservar",
      text: "No se conectó {provider}: {detail}.",
    },
    access: {
      taken_back: "El acceso que se acababa de dar ya se retiró.",
      not_taken_back:
        "El acceso que se acababa de dar no se pudo retirar: puedes quitarlo en tu cuenta de {provider}.",
      held_before: "La conexión que ya había sigue como estaba.",
    },
    vault: {
      title: "Ahora no se puede",
      text: "La conexión guardada no se puede abrir en este momento.",
    },
    store: {
      title: "Ahora no se puede",
      text: "El almacén de datos no responde. Inténtalo de nuevo en unos segundos.",
    },
    signInRefused: {
      title: "Esta cuenta no puede entrar aquí",
      text:
        "Iniciaste sesión, pero esta cuenta no está en la lista. Usa otra, o pídele a quien administra esta página que agregue la tuya.",
    },
    full: {
      connections: {
        title: "Aquí no caben más conexiones",
        text:
          "Hay {limit} cuentas conectadas y no puede haber más. Desconecta una en tu página e inténtalo de nuevo.",
      },
      clients: {
        title: "Aquí no caben más aplicaciones",
        text:
          "{limit} aplicaciones pueden usar tu cuenta y no puede haber más. Retira el acceso de una en tu página e inténtalo de nuevo.",
      },
      personal_tokens: {
        title: "Aquí no caben más tokens",
        text:
          "Hay {limit} tokens personales y no puede haber más. Retira uno en tu página e inténtalo de nuevo.",
      },
    },
    deletedJustNow: {
      title: "Tus datos se acaban de eliminar",
      text:
        "Hasta que termine todo lo que estaba en curso, no se guarda nada nuevo sobre ti. Puedes empezar de cero en {wait}.",
    },
    signInNeeded: {
      title: "Primero inicia sesión",
      text: "En este navegador ya no tienes la sesión iniciada.",
    },
    otherPerson: {
      title: "Este enlace es para otra persona",
      text: "Este enlace no es para la persona que inició sesión aquí.",
    },
    unknownApp: {
      title: "Aquí no se conoce esta app",
      text: "Aquí no se conoce esta app. Puede que tenga que registrarse de nuevo.",
    },
    appDocuments: {
      title: "Aquí no se conoce esta app",
      text:
        "Aquí no se admiten apps que se presentan solo con un documento (client id metadata document): esta app tiene que registrarse.",
    },
    appDescription: {
      title: "Esta app no se puede usar",
      text: "La descripción de esta app no sirve: {detail}.",
    },
    appAddress: {
      title: "Esta app pidió un camino de vuelta equivocado",
      text:
        "Esta app no puede enviar a nadie de vuelta a esa dirección. Por tu seguridad, no se envía a nadie allí.",
    },
    crossSite: {
      title: "Esto no vino de esta página",
      text:
        "Esta solicitud vino de otro sitio, o la página estuvo abierta demasiado tiempo. Vuelve a abrir la página y usa el botón que hay allí.",
    },
    notFound: {
      title: "Aquí no hay nada",
      text: "En esta dirección no hay nada.",
    },
    wrongHost: {
      title: "Esta dirección no se atiende aquí",
      text: "Aquí no se atiende este nombre de servidor.",
    },
    unknownService: {
      title: "Ese servicio no existe aquí",
      text: "Aquí no hay ningún servicio «{service}».",
    },
    notAllowed: {
      title: "Esta app no puede usar {service}",
      text: "Quien administra esta página no lo permitió.",
    },
    tooLarge: {
      title: "Eso es demasiado largo",
      text: "Eso es demasiado grande para guardarlo.",
    },
    wrongInput: {
      title: "Falta algo",
      text: "{detail}",
    },
    own: {
      title: "Aquí algo salió mal",
      text: "Es culpa nuestra, no tuya. Inténtalo de nuevo en un momento.",
    },
  },
};
