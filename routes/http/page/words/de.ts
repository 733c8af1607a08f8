/**
 * Every word that people read on a page, in German. People are called "du".
 *
 * Names that are filled in stand where no case shows: "dein Konto bei {service}".
 *
 * @module
 */

import type { Catalogue } from "./en.ts";

export const de: Catalogue = {
  lang: "de",
  dir: "ltr",

  frame: {
    skip: "Zum Inhalt springen",
    sections: "Bereiche",
    services: "Dienste",
    apps: "Apps",
    activity: "Aktivität",
    setUp: "Einrichten",
    you: "Dein Konto",
    console: "Konsole",
    runBy: "Betrieben von {operator}",
    privacy: "Datenschutz",
    copy: "Kopieren",
    copied: "Kopiert",
    cancel: "Abbrechen",
    back: "Zurück",
    home: "Zu deiner Seite",
    tryAgain: "Noch einmal versuchen",
    forSupport: "Details für den Support",
    search: "Suchen",
  },

  time: {
    justNow: "gerade eben",
    withinTheHour: "in der letzten Stunde",
    hoursAgo: { one: "vor einer Stunde", other: "vor {count} Stunden" },
    daysAgo: { one: "vor einem Tag", other: "vor {count} Tagen" },
    minutesAgo: { one: "vor einer Minute", other: "vor {count} Minuten" },
  },

  connect: {
    title: "{service} verbinden?",
    asks: "Die App {app} möchte dein Konto bei {service} nutzen. Sie kennt dich als {user}.",
    asksForSecret:
      "Die App {app} bittet um {what} aus deinem Konto bei {service}. Sie kennt dich als {user}.",
    self: "Du bist als {user} angemeldet.",
    rawScope: "Was {provider} „{scope}“ nennt",
    appCan: "{app} kann dann:",
    toolsCan: "Deine Tools können dann:",
    appCanAll: "{app} kann dann alles tun, was du dort tun kannst.",
    toolsCanAll: "Deine Tools können dann alles tun, was du dort tun kannst.",
    appCanKey: "{app} kann damit:",
    toolsCanKey: "Deine Tools können damit:",
    appCanAllKey: "{app} kann damit alles tun, was {thing} erlaubt.",
    toolsCanAllKey: "Deine Tools können damit alles tun, was {thing} erlaubt.",
    about: "Es geht um dein Konto {account} bei {provider}: Melde dich mit diesem Konto an.",
    aboutPasted:
      "Es geht um dein Konto {account} bei {provider}: Füge {thing} aus diesem Konto ein.",
    mcpServer: "MCP-Server",
    go: "Weiter zu {provider}",
    goPaste: "{service} verbinden",
    password:
      "Du meldest dich direkt bei {provider} an; hier sieht niemand dein Passwort. Du kannst die Verbindung jederzeit trennen.",
    kept:
      "Vor dem Speichern wird bei {service} nachgefragt, wem diese Daten gehören. Danach werden sie nicht mehr angezeigt. Sollen sie nicht mehr gelten, lösche sie bei {service}.",
    notYou: "Hat dir jemand diesen Link geschickt, oder bist du nicht {user}? Dann brich ab.",
    makeOne: "Bei {service} {thing} erstellen",
    secrets: {
      api_key: { what: "einen API-Schlüssel", thing: "einen Schlüssel", bare: "der Schlüssel" },
      client_credentials: {
        what: "eine Client-ID mit Geheimnis",
        thing: "einen Client",
        bare: "der Client",
      },
    },
    fields: {
      key: "API-Schlüssel",
      client_id: "Client-ID",
      client_secret: "Client-Geheimnis (Client Secret)",
    },
  },

  connected: {
    done: "✓ {service} verbunden",
    nothing: "{provider}: nichts erlaubt",
    as: "Mit dem Konto {account}.",
    signedInAs: "Angemeldet als {account}.",
    goBack: "Du kannst diese Seite schließen und zu deiner App zurückkehren.",
    close: "Seite schließen",
    home: "Zurück zu deiner Seite",
    otherAccount:
      "Du hast dich als {account} angemeldet, es ging aber um {meant}. {account} ist jetzt als weiteres Konto verbunden; an {meant} hat sich nichts geändert.",
    otherSecret: {
      key:
        "Dieser Schlüssel gehört zu {account}, es ging aber um {meant}. {account} ist jetzt als weiteres Konto verbunden; an {meant} hat sich nichts geändert.",
      client:
        "Dieser Client gehört zu {account}, es ging aber um {meant}. {account} ist jetzt als weiteres Konto verbunden; an {meant} hat sich nichts geändert.",
    },
    withheld: "Das hast du bei {provider} nicht angekreuzt. Deshalb geht es nicht:",
    withheldSecret: "Das ist bei {provider} nicht dafür freigegeben. Deshalb geht es nicht:",
    allowRest: "Noch einmal versuchen und erlauben",
    againAs: "Noch einmal als {meant} versuchen",
    leave: "Soll es so bleiben, schließ einfach diese Seite.",
    keepBoth: "Soll {account} als weiteres Konto bleiben, schließ einfach diese Seite.",
    beforeTitle: "Das ist schon erledigt",
    before:
      "Du hast {service} schon mit dem Konto {account} verbunden und kannst diese Seite schließen.",
    beforeHandedOff:
      "Du hast dich bei {service} schon als {account} angemeldet. In deiner App geht es weiter.",
    relayTitle: "Nur noch ein Schritt",
    relay: "Du bist von {provider} zurück.",
    relayGo: "Weiter",
    asAlready: "Schon als {account} verbunden",
  },

  popup: {
    not: "{service} wurde nicht verbunden",
    goesBack: "Du kehrst jetzt zu deiner App zurück, und dieses Fenster schließt sich.",
    go: "Zurück zu deiner App",
    almost: "Fast verbunden",
    lost:
      "Die Seite deiner App, zu der dieses Fenster gehört, war nicht zu erreichen: {service} ist nicht verbunden. Schließ dieses Fenster, und verbinde noch einmal in deiner App.",
    close: "Schließ dieses Fenster, und geh zurück zu deiner App.",
  },

  signIn: {
    title: "Bei Switchboard anmelden",
    nobody: "Hier kann sich noch niemand anmelden: Dafür ist noch kein Anbieter eingerichtet.",
    with: "Mit {provider} fortfahren",
    only:
      "Es wird nur nach deinem Namen und deiner E-Mail-Adresse gefragt, um zu wissen, wer du bist.",
    what: "Verbinde deine Konten einmal und bestimme, welche Apps sie nutzen dürfen.",
  },

  consent: {
    title: "Zugriff für „{client}“ erlauben?",
    wants: "Diese App möchte Tools in deinem Namen nutzen. Du bist als {user} angemeldet.",
    verified: "Geprüft: {host} bürgt für diese App.",
    verifiedHere:
      "Geprüft: {host} bürgt für diese App. Sie läuft auf diesem Gerät: Mach nur weiter, wenn du sie gerade selbst gestartet hast.",
    byOperator: "Geprüft: Wer dieses Switchboard betreibt, kennt diese App.",
    unverified:
      "Nicht geprüft: Diesen Namen hat sich die App selbst gegeben. Mach nur weiter, wenn du das gerade selbst gestartet hast.",
    sentTo: "Danach geht es weiter zu {host}.",
    onDevice: "einer App auf diesem Gerät ({scheme})",
    services: "Dienste",
    notConnected: "noch nicht verbunden",
    nothingTicked:
      "Es ist nichts angekreuzt. Kreuze mindestens einen Dienst an, oder erlaube den Zugriff nicht.",
    readsOnly: "Die App möchte nur lesen und nichts ändern.",
    access: "Zugriff",
    accessTo: "Zugriff auf {services}",
    readOnly: "Nur lesen",
    readAndChange: "Lesen und ändern",
    widen: "Wenn du willst, darf die App auch etwas ändern",
    widenIn: "Änderungen in {service}",
    allow: "Erlauben",
    deny: "Nicht erlauben",
    ends:
      "Der Zugriff endet von selbst am {day}, oder nach {days} ohne Nutzung. Auf deiner Switchboard-Seite kannst du ihn jederzeit beenden.",
    days: { one: "{count} Tag", other: "{count} Tagen" },
  },

  home: {
    title: "Deine Dienste",
    signedInAs: "Angemeldet als {user}",
    lead: "Verbinde ein Konto einmal; die Apps weiter unten nutzen es in deinem Namen.",
    needsYou: "Hier bist du gefragt",
    connected: "Verbunden",
    more: "Bereit zum Verbinden",
    servers: "MCP-Server",
    find: "Dienst suchen",
    none: "Kein Dienst heißt so.",
    all: "Alle anzeigen",
    nothingHere: "Hier ist noch kein Dienst eingerichtet.",
    state: {
      connectedAs: "Verbunden als {account}",
      connected: "Verbunden",
      accounts: { one: "{count} Konto", other: "{count} Konten" },
      reconnect: "Bitte neu verbinden",
      moved: "Auf einen anderen Server umgezogen",
      none: "Nicht verbunden",
    },
    renews: "Erneuert sich von selbst",
    lasts: "Besteht, bis du sie trennst",
    endsOn: "Endet am {day}",
    reconnectWhy:
      "{provider} hat diese Verbindung beendet. Sonst ist nichts verloren: Melde dich noch einmal an, dann geht es weiter.",
    movedWhy: "Diese Verbindung ist auf einen anderen Server umgezogen.",
    since: "Verbunden seit dem {day}",
    lastUsed: "Zuletzt benutzt: {when} von {app}",
    lastUsedTool: "Zuletzt benutzt: {when} von {app} ({tool})",
    someApp: "einer App",
    neverUsed: "In den letzten 30 Tagen nicht benutzt",
    shared: "Was erlaubt ist",
    sharedAll: "Alles, was du dort tun kannst",
    default: "Standard",
    connect: "Verbinden",
    connectThis: "{service} verbinden",
    another: "Weiteres Konto hinzufügen",
    anotherOf: "Weiteres Konto hinzufügen bei {service}",
    preferred: "{account} ist jetzt dein Standardkonto.",
    makeDefault: "Als Standard festlegen",
    makeDefaultOf: "Als Standard festlegen: {account}",
    reconnect: "Neu verbinden",
    reconnectOf: "{account} neu verbinden",
    disconnect: "Trennen",
    disconnectOf: "{account} von {service} trennen",
  },

  disconnect: {
    title: "{account} von {provider} trennen?",
    what:
      "Apps, die dieses Konto nutzen, verlieren sofort den Zugriff. {provider} erfährt davon, damit er auch dort endet.",
    also: "Damit endet die Verbindung für alle diese Dienste: {services}.",
    go: "Trennen",
    keep: "Behalten",
    revoked: "Zugriff bei {provider} beendet ({time}). {account} ist nicht mehr verbunden.",
    deleted:
      "{account} ist hier nicht mehr verbunden ({time}). Bei {provider} ließ sich der Zugriff nicht beenden: Entferne ihn bitte auch dort in deinem Konto.",
    forgotten:
      "{account} ist hier vergessen, {time}. Der Server, zu dem die Verbindung umgezogen ist, nutzt sie weiter.",
    gone: "Dieses Konto ist nicht mehr verbunden.",
  },

  apps: {
    title: "Apps mit Zugriff",
    none: "Noch keine. Sobald du eine einrichtest, steht sie hier.",
    setUp: "App einrichten",
    full: "lesen und ändern",
    read: "nur lesen",
    can: "{services}: {access}",
    since: "Seit dem {day}",
    neverUsed: "Noch nie benutzt",
    lastUsed: "Zuletzt benutzt: {when}",
    ended: "Am {day} beendet",
    ends: "Endet am {day}, wenn sie nicht benutzt wird",
    narrow: "Einschränken",
    narrowOf: "Einschränken, was {app} nutzen darf",
    end: "Zugriff beenden",
    endOf: "Zugriff beenden: {app}",
    narrowTitle: "Was darf {app} nutzen?",
    narrowLead:
      "Hier kannst du nur etwas wegnehmen. Um mehr zu erlauben, lass die App noch einmal fragen.",
    narrowSave: "Speichern",
    nothing: "Nichts",
    narrowed: "{app} darf jetzt weniger nutzen.",
    narrowNothing: "Es ist nichts angekreuzt. Soll alles enden, beende den Zugriff der App.",
    endTitle: "Zugriff von {app} beenden?",
    endWhat:
      "Er endet sofort. Die App muss dich erneut fragen, bevor sie wieder etwas von dir nutzen kann.",
    endGo: "Zugriff beenden",
    endKeep: "Behalten",
    endDone: "{app} hat keinen Zugriff mehr ({time}).",
    places: "Wird seit dem {time} an {count} Stellen benutzt",
    counts: ["keiner", "einer", "zwei", "drei", "vier", "fünf"],
    several: "mehreren",
    placesWhy:
      "Vielleicht teilen sich zwei deiner Fenster oder Geräte eine Anmeldung. Wenn du eine Stelle nicht kennst, beende sie: Die App dort muss sich dann neu anmelden. Weißt du nicht, welche es ist, beende den Zugriff der App und melde sie neu an.",
    firstPlace: "Die erste, seit dem {time}",
    otherPlace: "Eine weitere, seit dem {time}",
    joined: ", dazu {count} weitere, die darin aufgegangen sind",
    endPlace: "Diese beenden",
    turnedAway: "{who} und wurde abgewiesen, zuletzt am {time}.",
    late: "Jemand kam mit einem alten Schlüssel dieser App",
    endedKey: "Jemand kam mit einem Schlüssel dieser App, der schon beendet war,",
    otherApp: "Eine andere App kam mit einem Schlüssel dieser App",
  },

  tokens: {
    title: "Persönliche Tokens",
    lead: "Für Sprachassistenten und Skripte, die nur einen festen Header senden können.",
    makeOne: "Ein neues Token erstellen",
    make: "Token erstellen",
    name: "Name",
    example: "Lautsprecher in der Küche",
    newTitle: "Dein neues Token",
    newHint: "Kopiere es jetzt. Es wird nicht noch einmal angezeigt.",
    sentAs: "Gesendet wird es als {header}.",
    made:
      "Dieses Token gibt es schon, und angezeigt wird es nur einmal. Wenn du es nicht kopiert hast, beende seinen Zugriff und erstelle ein neues.",
  },

  setUp: {
    title: "App einrichten",
    lead:
      "Die meisten Apps brauchen nur diese Adresse: Füge sie dort ein, und melde dich hier an, wenn die App darum bittet.",
    tokens:
      "Apps, die nur einen festen Header senden können, brauchen ein persönliches Token: Du erstellst es ganz unten auf der Seite deiner Dienste.",
  },

  docs: {
    title: "REST-API",
    lead:
      "Was Backends mit ihrem API-Schlüssel aufrufen. Für Programme gibt es dasselbe als {file}.",
    english: "Alles Weitere ist auf Englisch, wie die API selbst.",
  },

  activity: {
    title: "Aktivität",
    lead:
      "Was in den letzten 30 Tagen in deinem Namen getan wurde. Was dabei gelesen oder geschrieben wurde, wird nicht gespeichert.",
    none: "Noch nichts.",
    older: "Ältere",
    newest: "Neueste",
    time: "Zeit",
    app: "App",
    did: "Was",
    service: "Dienst",
    outcome: "Ergebnis",
    ok: "erledigt",
    times: { one: "einmal", other: "{count}-mal" },
    you: "Du",
    operator: "Betreiber",
    system: "Switchboard",
    unknownApp: "Eine App",
    leftOut: {
      one: "{count} weitere Zeile wurde nicht gespeichert, es waren zu viele.",
      other: "{count} weitere Zeilen wurden nicht gespeichert, es waren zu viele.",
    },
    what: {
      connected: "Verbunden",
      disconnected: "Getrennt",
      connect_failed: "Verbinden",
      refresh_failed: "Muss neu verbunden werden",
      token_handed_out: "Zugang übergeben",
      api_called: "Anfrage weitergegeben",
      tool_called: "Tool {tool}",
      signed_in: "Angemeldet",
      access_allowed: "Zugriff für {app} erlaubt",
      access_narrowed: "Zugriff von {app} eingeschränkt",
      access_ended: "Zugriff von {app} beendet",
      changed_by_operator: "Vom Betreiber geändert",
      keys_rotated: "Neu versiegelt",
      user_deleted: "Ein Nutzer wurde gelöscht",
    },
    failed: "hat nicht geklappt ({code})",
  },

  you: {
    title: "Dein Konto",
    signOut: "Abmelden",
    signOutEverywhere: "Überall abmelden",
    signOutHint:
      "„Überall“ meldet dich in jedem Browser ab, in dem du angemeldet bist. Apps behalten ihren Zugriff.",
    exportTitle: "Meine Daten exportieren",
    exportHint:
      "Alles, was über dich gespeichert ist, als JSON. Ohne Geheimnisse: Tokens und Schlüssel sind nicht dabei.",
    exportGo: "Herunterladen",
    deleteTitle: "Meine Daten löschen",
    deleteHint:
      "Beendet jede Verbindung bei ihrem Anbieter und den Zugriff jeder App, und löscht alles, was über dich gespeichert ist.",
    deleteGo: "Meine Daten löschen",
    deleteAsk: "Alles über {user} löschen?",
    deleteWhat:
      "Das lässt sich nicht rückgängig machen. Es beendet {connections} und den Zugriff von {apps}.",
    deleteWhatElse:
      "Du wirst in jedem Browser abgemeldet, und eine Viertelstunde lang wird nichts Neues über dich gespeichert.",
    deleteFresh:
      "Damit das niemand anders an einem Bildschirm tut, den du offen gelassen hast, melde dich noch einmal an. Danach hast du fünf Minuten.",
    deleteFreshGo: "Noch einmal anmelden",
    deleteConnections: { one: "{count} Verbindung", other: "{count} Verbindungen" },
    deleteApps: { one: "{count} App", other: "{count} Apps" },
    deleteType: "Tippe {word}, um fortzufahren",
    deleteWord: "löschen",
    deleteWrong: "Es wurde nichts gelöscht: Das Wort stand nicht da.",
    deleteKeep: "Meine Daten behalten",
    deleted: "Deine Daten sind gelöscht",
    deletedAt: "Gelöscht am {time}",
    revokedAt: "Zugriff bei {provider} beendet, {time}.",
    notRevokedAt:
      "{provider} ließ sich nicht benachrichtigen: Beende den Zugriff dort in deinem Konto.",
    removed: "Entfernt: {what}.",
    removedNothing: "Über dich war nichts mehr gespeichert.",
    removedSessions: { one: "{count} Anmeldung", other: "{count} Anmeldungen" },
    removedOthers: { one: "{count} anderer Eintrag", other: "{count} andere Einträge" },
    tombstone:
      "Ein Jahr lang bleibt eine Zeile: dass zu dieser Zeit ein Konto gelöscht wurde, ohne dessen Namen.",
    again: "Ab {time} kannst du dich wieder anmelden und fängst dann von vorn an.",
  },

  console: {
    title: "Konsole",
    sections: "Teile der Konsole",
    overview: "Überblick",
    people: "Personen",
    apps: "Apps",
    providers: "Anbieter",
    servers: "MCP-Server",
    events: "Ereignisse",
    you: "Du betreibst dieses Switchboard als {user}.",
    sure: "Ja, jetzt ändern",
    notSure: "Es wurde nichts geändert: Kreuze an, dass du sicher bist.",
    faster: "Es wurde nichts geändert: Jemand war schneller. So sieht es jetzt aus.",
    staleTitle: "Zum Ändern noch einmal anmelden",
    stale: "Wer hier etwas ändert, muss sich in den letzten fünf Minuten angemeldet haben.",
    staleGo: "Noch einmal anmelden",
    saved: "Gespeichert ({time}). Es gilt ab jetzt.",
    removed: "Entfernt ({time}).",
    byEnv: "von env vorgegeben, und das gilt",
    byConsole: "hier von {who} eingestellt, {day}",
    faulty: "Gilt nicht: {fault}",
    unopened:
      "Die Einstellungen, die hier gespeichert sind, lassen sich mit den Schlüsseln dieses Programms nicht öffnen. Es kann nichts geändert werden.",
    save: "Speichern",
    remove: "Entfernen",
    none: "Keine.",
    figures: {
      people: "Personen",
      connections: "Verbindungen",
      needReconnect: "Müssen neu verbunden werden",
      refreshes: "Erneuerungen, letzte 24 Stunden",
      failures: "Gescheiterte Erneuerungen, letzte 24 Stunden",
      calls: "Tool-Aufrufe, letzte 24 Stunden",
      errors: "Gescheiterte Tool-Aufrufe, letzte 24 Stunden",
      plot: "{what}: {sum} insgesamt, {most} in der Stunde mit den meisten",
    },
    counting: "Was schon vorher da war, wird noch gezählt.",
    byService: "Verbindungen nach Dienst",
    service: "Dienst",
    working: "In Ordnung",
    waiting: "Neu zu verbinden",
    moved: "Umgezogen",
    changes: "Was Betreiber geändert haben",
    deadTitle: "Verbindungen, die neu verbunden werden müssen",
    deadNone: "Keine: Alle Verbindungen sind in Ordnung.",
    user: "Person",
    account: "Konto",
    since: "Seit",
    why: "Warum",
    whys: {
      grant_over: "der Anbieter hat sie beendet",
      refused: "der Anbieter erneuert sie nicht mehr",
      moved: "sie ist auf einen anderen Server umgezogen",
      ended: "sie wurde hier beendet",
    },
    refusingTitle: "Anbieter, die unseren Client nicht annehmen",
    refusing:
      "{provider} weist die eingestellte Client-ID mit ihrem Geheimnis zurück. Bis das behoben ist, kann sich dort niemand verbinden, und Verbindungen enden mit ihren Tokens.",
    refusingGo: "Neu einstellen",
    withheldTitle: "Tools, die auf dich warten",
    withheld: {
      one: "{count} Definition von {upstream} hat sich geändert und wird zurückgehalten.",
      other: "{count} Definitionen von {upstream} haben sich geändert und werden zurückgehalten.",
    },
    withheldGo: "Ansehen",
    steps: {
      title: "Fünf Schritte zu einem Switchboard, das läuft",
      done: "erledigt",
      toDo: "offen",
      address: "Es hat eine Adresse und seine Schlüssel",
      addressHint: "{url} · Schlüssel sind gesetzt",
      provider: "Einen Anbieter einrichten",
      providerHint:
        "Registriere dort eine App mit dem Redirect-URI, und füge ihre Client-ID und ihr Geheimnis ein.",
      signIn: "Festlegen, wer sich anmelden darf",
      signInHint:
        "SIGN_IN_ALLOW nennt sie, nach Adresse oder nach Domain. Ohne diese Angabe melden sich nur Betreiber an.",
      app:
        "Einen API-Schlüssel für deine App erstellen, oder die Leute ihre eigenen Clients nutzen lassen",
      appHint: "Ein Backend braucht einen Schlüssel. Claude, Cursor und ähnliche brauchen keinen.",
      connect: "Selbst etwas verbinden",
      connectHint:
        "Probier es mit deinem eigenen Konto: Was bei dir klappt, klappt auch bei anderen.",
      go: "Jetzt tun",
    },
    peopleLead:
      "Such jemanden nach der Kennung, die deine App vergibt, oder nach der eigenen Anmeldung.",
    realm: "Aus welcher App, oder womit angemeldet",
    userId: "Kennung",
    lookUp: "Suchen",
    nobody: "Über {user} ist nichts gespeichert.",
    connectionsOf: "Verbindungen",
    appsOf: "Apps mit Zugriff",
    sessionsOf: "Sitzungstokens",
    activityOf: "Aktivität",
    disconnect: "Trennen",
    disconnected: "{account} ist nicht mehr verbunden ({time}).",
    disconnectTitle: "{account} von {user} trennen?",
    endGrant: "Zugriff beenden",
    endGrantTitle: "Zugriff von {app} für {user} beenden?",
    grantEnded: "{app} hat keinen Zugriff mehr ({time}).",
    deleteUser: "Alles über {user} löschen",
    deleteTitle: "Alles über {user} löschen?",
    deleteWhat:
      "Verbindungen werden bei ihren Anbietern beendet, und alles Gespeicherte wird gelöscht. Das lässt sich nicht rückgängig machen.",
    deletedUser: "Alles über {user} ist gelöscht ({time}).",
    makeLink: "Link erstellen",
    linkFor: "Ein Link, der dies verbindet",
    linkMade: "Schick diesen Link an {user}. Er gilt einmal, zehn Minuten lang.",
    appsLead:
      "Eine App ist ein Backend mit einem API-Schlüssel. Wer sie nutzt, gehört zu ihr allein; ihren Namen und ihr Bild sieht man, wenn sie etwas verbinden möchte.",
    newApp: "Neue App",
    appName:
      "Name des Schlüssels: kleine Buchstaben, Ziffern und Bindestriche. Er lässt sich später nicht ändern.",
    faceTitle: "Was die Leute sehen",
    displayName: "Name",
    operator: "Wer sie betreibt",
    privacy: "Seite zum Datenschutz (https)",
    logo: "Bild (PNG, JPEG oder WebP, höchstens 32 KB)",
    logoKeep: "Bleibt das Feld leer, bleibt das Bild.",
    logoRemove: "Bild entfernen",
    rulesTitle: "Was sie darf",
    appServices: "Dienste, die sie nutzen darf, je Zeile einer; leer: alle",
    appTools:
      "Tools, die sie nutzen darf, je Zeile eines; leer: alle. Sind welche genannt, bekommt sie keine Tokens der Anbieter.",
    returnUrls: "Wohin die Leute zurückgeschickt werden dürfen, je Zeile eine Adresse",
    returnTo: "Wohin sie kommen, wenn ein Link nichts sagt",
    handOffOnly: "Verbindet die Leute nur mit Übergabe, die sie selbst abholen muss",
    keysTitle: "API-Schlüssel",
    keysLead: "Höchstens zwei zugleich, damit einer den anderen ablösen kann.",
    keyEnv: "von env vorgegeben",
    keyMade: "am {day} von {who} erstellt",
    makeKey: "Schlüssel erstellen",
    newKey: "Der neue Schlüssel",
    newKeyHint:
      "Kopiere ihn jetzt. Er wird nicht noch einmal angezeigt; gespeichert ist nur seine Prüfsumme.",
    withdraw: "Zurückziehen",
    withdrawTitle: "Diesen Schlüssel von {app} zurückziehen?",
    withdrawWhat:
      "Wer ihn benutzt, wird hier sofort abgewiesen, und innerhalb von fünf Sekunden überall.",
    removeApp: "App entfernen",
    removeAppTitle: "{app} entfernen?",
    removeAppWhat:
      "Ihre Schlüssel gelten sofort nicht mehr. Was die Leute verbunden haben, bleibt im Tresor und geht mit einem Schlüssel desselben Namens wieder.",
    providersLead:
      "Registriere beim Anbieter eine App mit dem Redirect-URI, und füge dann ihre Client-ID und ihr Geheimnis ein. Sie werden versiegelt und nicht mehr angezeigt.",
    setUpYes: "Eingerichtet",
    setUpNo: "Nicht eingerichtet",
    setItUp: "Einrichten",
    replaceIt: "Client-ID und Geheimnis ersetzen",
    registerAt: "App bei {provider} registrieren",
    redirectUri: "Redirect-URI zum Registrieren",
    clientId: "Client-ID",
    clientSecret: "Client-Geheimnis (Client Secret)",
    hasSecret: "Ein Geheimnis ist gesetzt. Um beides zu ersetzen, füge beides ein.",
    noteIt: "Ablauf des Geheimnisses notieren",
    secretEnds: "Das Geheimnis läuft ab am",
    secretEndsOn: "Das Geheimnis läuft am {day} ab.",
    isTesting: "Die App ist im Testmodus: Der Anbieter beendet jede Verbindung nach einer Woche.",
    needsEnv: "Dieser Anbieter braucht Variablen in env; siehe README.",
    tryIt: "Ausprobieren",
    tryHint: "Verbindet dein eigenes Konto, so wie andere es auch tun.",
    removeCredentialsTitle: "Client von {provider} entfernen?",
    removeCredentialsWhat:
      "Dann kann sich dort niemand mehr verbinden, und Verbindungen enden mit ihren Tokens.",
    serversLead:
      "MCP-Server, die man verbinden kann: über einen Namen, der hier bekannt ist, oder über ihre öffentliche https-Adresse.",
    addKnown: "Bekannten Server hinzufügen",
    addUrl: "Über die Adresse hinzufügen",
    serverName: "Name: kleine Buchstaben, Ziffern und Unterstriche. Seine Tools beginnen damit.",
    serverTitle: "Wie die Leute ihn nennen",
    serverUrl: "Adresse (https)",
    add: "Hinzufügen",
    tools: { one: "{count} Tool freigegeben", other: "{count} Tools freigegeben" },
    toolsWaiting: { one: "{count} wartet", other: "{count} warten" },
    leftOut: { one: "{count} weggelassen", other: "{count} weggelassen" },
    notSeen: "Noch ist nichts gelistet: Verbinde ihn, dann werden seine Tools gefunden.",
    changedSince: "{what} hat sich seit der Freigabe geändert.",
    newSince: "{what} kam nach der ersten Liste dazu.",
    instructions: "Anweisungen des Servers",
    accept: "Freigeben",
    acceptHint: "Lies vorher, was es einem Modell sagt.",
    accepted: "Freigegeben ({time}). Innerhalb von fünf Minuten steht es wieder in der Liste.",
    acceptGone: "Inzwischen hat es sich wieder geändert; so sieht es jetzt aus.",
    switchedOn: "Er ist wieder eingeschaltet ({time}). Was auf ihn wartet, wird jetzt gesendet.",
    sentAgain: "Es wird noch einmal gesendet ({time}).",
    replayed: "Ereignisse, die noch einmal gesendet werden: {count} ({time}).",
    replayedPart:
      "Ereignisse, die noch einmal gesendet werden: {count} ({time}). Es gibt mehr: Drücke noch einmal, ab dem Cursor, der dort steht.",
    eventGone: "Es wurde nichts geändert: Das gibt es nicht mehr.",
    offTitle: "Ein Empfänger von Ereignissen ist abgeschaltet",
    off: "{receiver} hat 410 geantwortet. Was inzwischen geschieht, wartet 30 Tage auf ihn.",
    offGo: "Ansehen",
    receivers: {
      lead: "Was Apps über die Verbindungen ihrer Nutzer erfahren, und was daraus wurde.",
      none: "Niemand erfährt etwas: {variable} nennt Empfänger.",
      ofPeople: "Wer sich anmeldet",
      on: "Eingeschaltet",
      off: "Abgeschaltet seit {time}: Er hat 410 geantwortet",
      failing: "Fehlerhaft seit {time}: {fault}",
      paused: "Wird in Ruhe gelassen bis {time}",
      waitingNone: "Nichts wartet auf ihn.",
      waiting: {
        one: "{count} Ereignis wartet auf ihn.",
        other: "{count} Ereignisse warten auf ihn.",
      },
      waitingMost: "{most} oder mehr Ereignisse warten auf ihn.",
      switchOn: "Wieder einschalten",
      nothing: "In den letzten 30 Tagen ist nichts geschehen.",
      latest: "Letzte Ereignisse von {receiver}",
      when: "Wann",
      what: "Was",
      outcome: "Ergebnis",
      notYet: "Noch nicht gesendet",
      delivered: "Zugestellt, {time}",
      trying: "Noch nicht angenommen",
      gaveUp: "Aufgegeben",
      tries: { one: "{count} Versuch", other: "{count} Versuche" },
      next: "wieder {time}",
      again: "Noch einmal senden",
      againTitle: "Dieses Ereignis noch einmal senden?",
      againWhat:
        "Es wird mit der ID gesendet, die es hat, nach allem, was von derselben Person wartet. Ein Empfänger, der es schon hatte, kann es auslassen.",
      replayTitle: "Ereignisse ab einer Zeit noch einmal senden",
      replayHint:
        "Sie kommen mit den IDs, die sie haben, die ältesten zuerst, {most} auf einmal. Gib eine Zeit an oder einen Cursor von GET /events.",
      since: "Seit (UTC)",
      after: "Nach diesem Cursor",
      replay: "Noch einmal senden",
    },
    findings: "Nicht gelistet, mit den Namen des Servers selbst",
    removeServerTitle: "{server} entfernen?",
    removeServerWhat:
      "Seine Tools stehen nicht mehr in der Liste. Was die Leute verbunden haben, bleibt versiegelt und geht wieder, wenn du ihn mit derselben Adresse hinzufügst.",
    operatorsTitle: "Betreiber",
    operatorsLead:
      "Wer diese Konsole öffnen darf: eine bestätigte Adresse bei einem Anbieter, mit dem man sich hier anmeldet.",
    addOperator: "Betreiber hinzufügen",
    address: "E-Mail-Adresse",
    provider: "Anbieter",
    removeOperatorTitle: "{who} entfernen?",
    removeOperatorWhat: "Die Konsole ist für diese Person dann sofort geschlossen.",
    setupTitle: "Ersteinrichtung",
    setupLead: "Füge den Code ein, den {command} ausgegeben hat.",
    setupCode: "Code",
    setupGo: "Los geht’s",
    setupWrong:
      "Dieser Code ist unbekannt, schon benutzt oder zu alt. Lass dir einen neuen ausgeben.",
  },

  unready: {
    title: "Noch nicht eingerichtet",
    text:
      "Dieses Switchboard ist bereitgestellt und läuft, aber wer es betreibt, muss noch mehr einstellen, bevor es jemandem dient:",
    example: "Beispiel: {example}",
    database: "Eine KV-Datenbank: Sie lässt sich nicht öffnen.",
    others: "Noch etwas stimmt nicht: Das Protokoll sagt, was es ist und was hilft.",
    next: "Als Nächstes, im Ordner des Projekts:",
    again: "Danach startet es von selbst neu. Alle Schritte stehen in der README unter „Deploy“.",
    silent: "Die Datenbank antwortet nicht",
    silentAgain: "Nichts ist verloren. Bitte versuche es gleich noch einmal.",
  },

  endings: {
    nothingNew: "Es wurde nichts Neues verbunden",
    unchanged: "Es wurde nichts geändert.",
    unknown: "Vielleicht wurde etwas geändert: Sieh zuerst bei deinen Verbindungen nach.",
    askApp: "Um es noch einmal zu versuchen, lass dir in deiner App einen neuen Link geben.",
    startInApp: "Um es noch einmal zu versuchen, fang in deiner App von vorn an.",
    addAgain:
      "Um es noch einmal zu versuchen, entferne diesen Server in deiner App und füge ihn neu hinzu.",
    reload: "Es wurde nichts geändert. Lade diese Seite dann neu.",
    later: "Gerade geht es nicht",
    laterText: "Von hier kamen zu viele Anfragen dieser Art. Versuch es in {wait} noch einmal.",
    seconds: { one: "{count} Sekunde", other: "{count} Sekunden" },
    minutes: { one: "{count} Minute", other: "{count} Minuten" },
    code: "Grund: {code}",
    reference: "Vorgang {id}",
    detail: "Für Programme: {detail}",
    mendAt: "Bei {provider} beheben",
    signInAgain: "Neu anmelden",
    otherAccount: "Mit einem anderen Konto anmelden",
    signOutFirst: "Abmelden und den Link noch einmal öffnen",
    expired: {
      title: "Dieser Link ist zu alt",
      text:
        "Links zum Verbinden gelten nur wenige Minuten, damit sie später niemand benutzen kann.",
    },
    used: {
      title: "Dieser Link gilt nicht mehr",
      text:
        "Dieser Link ist ungültig oder wurde schon benutzt. Ein Link gilt einmal, und in einem Browser.",
    },
    changed: {
      title: "Dieser Link wurde unterwegs verändert",
      text:
        "Ein Teil der Adresse fehlt oder ist anders. Kopiere den ganzen Link, oder öffne ihn dort, wo du ihn bekommen hast.",
    },
    withdrawn: {
      title: "Dieser Link darf nicht mehr benutzt werden",
      text: "Die App oder wer diese Seite betreibt hat ihn zurückgezogen, seit er erstellt wurde.",
    },
    otherBrowser: {
      title: "Das wurde in einem anderen Browser begonnen",
      text:
        "Diese Anmeldung wurde in einem anderen Browser begonnen. Zu deiner Sicherheit lässt sie sich nur dort abschließen.",
    },
    doneElsewhere: {
      title: "Das ist schon erledigt",
      text:
        "Diese Anmeldung wird nicht mehr gebraucht: Mit demselben Link wurde schon eine andere abgeschlossen.",
    },
    finished: {
      title: "Diese Anmeldung ist vorbei",
      text: "Diese Anmeldung ist unbekannt oder wurde schon abgeschlossen.",
    },
    noState: {
      title: "Diese Antwort gehört zu keiner Anmeldung",
      text: "Die Antwort sagt nicht, zu welcher Anmeldung sie gehört: Diese ist unbekannt.",
    },
    tookTooLong: {
      title: "Diese Anmeldung hat zu lange gedauert",
      text:
        "Sie muss innerhalb von zehn Minuten fertig sein. Fang noch einmal an, es geht schnell.",
    },
    otherService: {
      title: "Das war eine andere Anmeldung",
      text: "Diese Anmeldung wurde für einen anderen Dienst begonnen.",
    },
    otherIssuer: {
      title: "Diese Antwort kam von woanders",
      text:
        "Diese Antwort kam von einem anderen Anmeldeserver. Zu deiner Sicherheit wurde sie nicht angenommen.",
    },
    denied: {
      title: "Du hast Nein gesagt, und das ist in Ordnung",
      text: "Du hast dich entschieden, {provider} nicht zu verbinden.",
    },
    cancelled: {
      title: "Du hast abgebrochen",
      text: "Du hast dich entschieden, {service} nicht zu verbinden.",
    },
    providerDown: {
      title: "{provider} antwortet nicht",
      text:
        "{provider} konnte die Anmeldung gerade nicht abschließen. Das liegt dort, und meistens ist es in ein paar Minuten vorbei.",
    },
    providerAsks: {
      title: "{provider} braucht deine Antwort",
      text: "{provider} hat dich nicht gefragt und braucht deine Antwort.",
    },
    notInstalled: {
      title: "Die App ist dort nicht installiert",
      text:
        "Die App ist dort nicht installiert, oder du darfst nicht sehen, dass sie es ist. Installiere sie zuerst, dann versuch es noch einmal.",
    },
    notOwner: {
      title: "Dafür braucht es mehr Rechte",
      text:
        "Die App handelt für alle Repositorys, für die sie installiert wurde. Verbinden kann sie nur, wem dieses Konto oder diese Organisation gehört, oder wer jedes dieser Repositorys verwaltet.",
    },
    misconfigured: {
      title: "{provider} lässt sich hier gerade nicht verbinden",
      text:
        "{provider} nimmt die Registrierung dieses Servers nicht an. Das kann nur beheben, wer den Server betreibt; noch einmal zu verbinden hilft nicht. Du hast nichts falsch gemacht.",
    },
    providerRefused: {
      title: "{provider} hat die Anmeldung nicht abgeschlossen",
      text: "{provider} hat es abgelehnt, die Anmeldung abzuschließen.",
    },
    unreadable: {
      title: "{provider} hat nichts Brauchbares geantwortet",
      text:
        "Vielleicht ist {provider} gerade gestört. Meistens kommt in ein paar Minuten wieder eine Antwort.",
    },
    unavailable: {
      title: "{provider} antwortet nicht",
      text: "{provider} antwortet nicht. Versuch es in {wait} noch einmal.",
    },
    keyMalformed: {
      title: "Das ist kein Schlüssel von {provider}",
      text:
        "Das ist kein API-Schlüssel von {provider}: Er sieht nicht so aus. Kopiere ihn ganz, und nichts anderes.",
    },
    keyRefused: {
      title: "{provider} nimmt diesen Schlüssel nicht an",
      text:
        "{provider} nimmt diesen API-Schlüssel nicht an, oder der Schlüssel darf nicht sehen, wem er gehört.",
    },
    keyUnclear: {
      title: "Wem gehört dieser Schlüssel?",
      text: "{provider} hat nicht gesagt, wem dieser API-Schlüssel gehört.",
    },
    clientMalformed: {
      title: "Das ist kein Client von {provider}",
      text:
        "Das sind keine Client-ID und kein Geheimnis von {provider}. Kopiere beides ganz, und nichts anderes.",
    },
    clientRefused: {
      title: "{provider} nimmt diesen Client nicht an",
      text:
        "{provider} gibt für diese Client-ID und dieses Geheimnis keinen Zugang. Vielleicht sind sie falsch, oder der Client darf nicht, was hier gebraucht wird.",
    },
    clientUnclear: {
      title: "Wem gehört dieser Client?",
      text: "{provider} hat nicht gesagt, wem dieser Client gehört.",
    },
    notStored: {
      title: "{provider} ließ sich nicht speichern",
      text: "{provider} wurde nicht verbunden: Die Verbindung ließ sich nicht speichern.",
    },
    notKeepable: {
      title: "{provider} ließ sich nicht behalten",
      text: "{provider} wurde nicht verbunden: {detail}.",
    },
    access: {
      taken_back: "Der Zugriff, der gerade gegeben wurde, ist wieder zurückgenommen.",
      not_taken_back:
        "Der Zugriff, der gerade gegeben wurde, ließ sich nicht zurücknehmen: Du kannst ihn in deinem Konto bei {provider} entfernen.",
      held_before: "An der Verbindung, die es vorher gab, hat sich nichts geändert.",
    },
    vault: {
      title: "Gerade geht es nicht",
      text: "Die gespeicherte Verbindung lässt sich gerade nicht öffnen.",
    },
    store: {
      title: "Gerade geht es nicht",
      text: "Der Speicher antwortet nicht. Versuch es in ein paar Sekunden noch einmal.",
    },
    signInRefused: {
      title: "Dieses Konto darf sich hier nicht anmelden",
      text:
        "Du hast dich angemeldet, aber dieses Konto steht hier nicht auf der Liste. Nimm ein anderes Konto, oder bitte darum, deines aufzunehmen: Das kann, wer diese Seite betreibt.",
    },
    full: {
      connections: {
        title: "Mehr Verbindungen passen hier nicht",
        text:
          "Es sind {limit} Konten verbunden, und mehr dürfen es nicht sein. Trenn eines davon auf deiner Seite und versuch es dann noch einmal.",
      },
      clients: {
        title: "Mehr Apps passen hier nicht",
        text:
          "{limit} Apps dürfen dein Konto benutzen, und mehr dürfen es nicht sein. Beende auf deiner Seite den Zugriff von einer und versuch es dann noch einmal.",
      },
      personal_tokens: {
        title: "Mehr Schlüssel passen hier nicht",
        text:
          "Es gibt {limit} persönliche Schlüssel, und mehr dürfen es nicht sein. Beende einen davon auf deiner Seite und versuch es dann noch einmal.",
      },
    },
    deletedJustNow: {
      title: "Deine Daten wurden gerade gelöscht",
      text:
        "Bis alles vorbei ist, was noch im Gange war, wird nichts Neues über dich gespeichert. In {wait} kannst du neu anfangen.",
    },
    signInNeeded: {
      title: "Melde dich zuerst an",
      text: "In diesem Browser bist du nicht mehr angemeldet.",
    },
    otherPerson: {
      title: "Dieser Link ist für jemand anderen",
      text: "Dieser Link ist nicht für die Person, die hier angemeldet ist.",
    },
    unknownApp: {
      title: "Diese App ist hier nicht bekannt",
      text: "Diese App ist hier nicht bekannt. Vielleicht muss sie sich neu registrieren.",
    },
    appDocuments: {
      title: "Diese App ist hier nicht bekannt",
      text:
        "Apps, die sich nur mit einem Dokument ausweisen (client id metadata document), sind hier nicht zugelassen: Diese App muss sich registrieren.",
    },
    appDescription: {
      title: "Diese App lässt sich nicht benutzen",
      text: "Die Beschreibung dieser App ist nicht brauchbar: {detail}.",
    },
    appAddress: {
      title: "Diese App wollte den falschen Rückweg",
      text:
        "An diese Adresse darf die App niemanden zurückschicken. Zu deiner Sicherheit wird niemand dorthin geschickt.",
    },
    crossSite: {
      title: "Das kam nicht von dieser Seite",
      text:
        "Diese Anfrage kam von einer anderen Website, oder die Seite war zu lange offen. Öffne die Seite neu, und drück dort auf den Knopf.",
    },
    notFound: {
      title: "Hier ist nichts",
      text: "Unter dieser Adresse gibt es nichts.",
    },
    wrongHost: {
      title: "Diese Adresse gehört nicht hierher",
      text: "Unter diesem Namen antwortet hier niemand.",
    },
    unknownService: {
      title: "Diesen Dienst gibt es hier nicht",
      text: "Einen Dienst „{service}“ gibt es hier nicht.",
    },
    notAllowed: {
      title: "Diese App darf {service} nicht nutzen",
      text: "Wer diese Seite betreibt, hat es nicht erlaubt.",
    },
    tooLarge: {
      title: "Das ist zu lang",
      text: "Das ist zu groß, um es zu speichern.",
    },
    wrongInput: {
      title: "Da fehlt noch etwas",
      text: "{detail}",
    },
    own: {
      title: "Hier ist etwas schiefgegangen",
      text: "Das liegt an uns, nicht an dir. Versuch es gleich noch einmal.",
    },
  },
};
