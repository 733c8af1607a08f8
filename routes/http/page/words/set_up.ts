/**
 * The words of the page that says how clients are set up. Another language is
 * one more entry of {@linkcode setUpWords}. Names of buttons are the clients'
 * own, in English, since that is what their documentation has.
 *
 * @module
 */

const en = {
  client: "Your app",
  /** Leads to the client itself. */
  open: "Open {name}",
  install: "Add to {name}",
  copy: "Copy",
  copied: "Copied",
  signIn: {
    oauth: "{name} sends you here to sign in, and you choose what it may use.",
    token: "{name} cannot sign you in. It sends a personal token, which you make here.",
  },
  withToken: "With a personal token instead of signing in",
  forUsers: "For an app with users of its own",
  forUsersWhy:
    "Never give it your own token. Your backend asks for a session token for each user, and uses that in its place.",
  /** What stands above a thing to copy. */
  titles: {
    address: "Address",
    header: "Value of the header Authorization",
    bearer: "Bearer token",
    variable: "The token, for this terminal",
    command: "Command",
    config: "Settings",
    project: "Or for everybody in a project",
    event: "Event for the session",
    request: "Request",
    code: "Code",
    node: "Node",
    session: "A session token for one user",
  },
  steps: {
    claudeOpen: "Open the link. Claude shows the name and the address; check the address.",
    claudeAdd: "Or go to “Customize”, “Connectors”, “+”, “Add custom connector”, and paste it.",
    claudeConnect: "Press “Add”, then “Connect”, and sign in here.",
    claudeTeam: "In a Team or Enterprise plan an owner adds it first, and each member connects.",
    claudeCodeAdd: "Run the command.",
    claudeCodeSignIn: "In Claude Code type /mcp, choose switchboard, and sign in.",
    chatgptMode:
      "On the web, turn on developer mode: “Settings”, “Apps”, “Advanced settings”, or, where it is not there, “Security and login”.",
    chatgptCreate:
      "Press “Create app” (or “+” in “Plugins”). Paste the address, and leave “OAuth” chosen.",
    chatgptSignIn: "Press “Create”, and sign in here.",
    chatgptUse: "In a chat press “+”, and choose it in the list.",
    cursorInstall: "Open the link, and press “Install” in Cursor.",
    cursorFile: "Or put this into the file, beside what it has.",
    cursorSignIn: "In Cursor’s settings for MCP press “Connect”, and sign in.",
    vscodeInstall: "Open the link, and press “Install” in VS Code.",
    vscodeFile: "Or put this into the file of a project, or run the command.",
    vscodeSignIn: "VS Code asks whether it may sign in: press “Allow”.",
    windsurfFile: "Put this into the file, beside what it has.",
    windsurfRefresh: "Press the button that reloads the list of MCP servers, and sign in.",
    codexAdd: "Run the command, or put this into the file.",
    codexSignIn: "A browser opens: sign in. If none does, run codex mcp login switchboard.",
    geminiAdd: "Run the command, or put this into the file.",
    geminiSignIn: "In Gemini CLI type /mcp auth switchboard, and sign in.",
    openaiEvent:
      "Send this event from your server, or put the tool into the session that you make.",
    openaiResponses: "The same entry of “tools” works in the Responses API.",
    elevenlabsAdd:
      "In the agents’ dashboard go to “Integrations”, “Add custom MCP server”. Paste the address, and choose “Streamable HTTP”.",
    elevenlabsHeader:
      "Add the header Authorization with this value, kept as a secret. Or send the request instead.",
    elevenlabsAgent: "Add the server to your agent, and choose which tools it must ask for.",
    vapiCreate: "Send the request. The answer has the tool’s id.",
    vapiAssistant: "Add that id to your assistant’s “toolIds”, or the tool in the dashboard.",
    livekitInstall: "Install the package, and set the token.",
    livekitAgent: "Give the agent this tool set.",
    n8nPaste: "Copy the node, and paste it into a workflow.",
    n8nCredential: "In the node make a “Bearer Auth” credential with your token.",
    n8nAgent: "Connect the node to the “Tool” input of an AI Agent.",
    curlToken: "Set the token.",
    curlAsk: "Send the request. The answer lists your tools.",
    reachable: "The address must be reachable from the internet.",
  },
};

/** A language's. */
export type SetUpWords = typeof en;
/** Something to do. */
export type Step = keyof SetUpWords["steps"];
/** What a thing to copy is called. */
export type SnippetTitle = keyof SetUpWords["titles"];

const de: SetUpWords = {
  client: "Ihre App",
  open: "{name} öffnen",
  install: "Zu {name} hinzufügen",
  copy: "Kopieren",
  copied: "Kopiert",
  signIn: {
    oauth: "{name} schickt Sie zur Anmeldung hierher, und Sie wählen, was es verwenden darf.",
    token:
      "{name} kann Sie nicht anmelden. Es sendet ein persönliches Token, das Sie hier erstellen.",
  },
  withToken: "Mit einem persönlichen Token statt einer Anmeldung",
  forUsers: "Für eine App mit eigenen Benutzern",
  forUsersWhy:
    "Geben Sie ihr nie Ihr eigenes Token. Ihr Server fordert für jeden Benutzer ein Sitzungstoken an und verwendet dieses an seiner Stelle.",
  titles: {
    address: "Adresse",
    header: "Wert des Headers Authorization",
    bearer: "Bearer-Token",
    variable: "Das Token, für dieses Terminal",
    command: "Befehl",
    config: "Einstellungen",
    project: "Oder für alle in einem Projekt",
    event: "Ereignis für die Sitzung",
    request: "Anfrage",
    code: "Code",
    node: "Knoten",
    session: "Ein Sitzungstoken für einen Benutzer",
  },
  steps: {
    claudeOpen:
      "Öffnen Sie den Link. Claude zeigt den Namen und die Adresse; prüfen Sie die Adresse.",
    claudeAdd:
      "Oder gehen Sie zu „Customize“, „Connectors“, „+“, „Add custom connector“ und fügen Sie sie ein.",
    claudeConnect: "Drücken Sie „Add“, dann „Connect“, und melden Sie sich hier an.",
    claudeTeam:
      "In einem Team- oder Enterprise-Tarif fügt ein Owner ihn zuerst hinzu, und jedes Mitglied verbindet sich.",
    claudeCodeAdd: "Führen Sie den Befehl aus.",
    claudeCodeSignIn:
      "Tippen Sie in Claude Code /mcp, wählen Sie switchboard und melden Sie sich an.",
    chatgptMode:
      "Schalten Sie im Web den Developer mode ein: „Settings“, „Apps“, „Advanced settings“ oder, falls er dort fehlt, „Security and login“.",
    chatgptCreate:
      "Drücken Sie „Create app“ (oder „+“ unter „Plugins“). Fügen Sie die Adresse ein und lassen Sie „OAuth“ ausgewählt.",
    chatgptSignIn: "Drücken Sie „Create“ und melden Sie sich hier an.",
    chatgptUse: "Drücken Sie in einem Chat „+“ und wählen Sie die App in der Liste aus.",
    cursorInstall: "Öffnen Sie den Link und drücken Sie in Cursor „Install“.",
    cursorFile: "Oder schreiben Sie dies in die Datei, neben das, was darin steht.",
    cursorSignIn: "Drücken Sie in Cursors Einstellungen für MCP „Connect“ und melden Sie sich an.",
    vscodeInstall: "Öffnen Sie den Link und drücken Sie in VS Code „Install“.",
    vscodeFile:
      "Oder schreiben Sie dies in die Datei eines Projekts, oder führen Sie den Befehl aus.",
    vscodeSignIn: "VS Code fragt, ob es Sie anmelden darf: Drücken Sie „Allow“.",
    windsurfFile: "Schreiben Sie dies in die Datei, neben das, was darin steht.",
    windsurfRefresh:
      "Drücken Sie den Knopf, der die Liste der MCP-Server neu lädt, und melden Sie sich an.",
    codexAdd: "Führen Sie den Befehl aus, oder schreiben Sie dies in die Datei.",
    codexSignIn:
      "Ein Browser öffnet sich: Melden Sie sich an. Falls nicht, führen Sie codex mcp login switchboard aus.",
    geminiAdd: "Führen Sie den Befehl aus, oder schreiben Sie dies in die Datei.",
    geminiSignIn: "Tippen Sie in Gemini CLI /mcp auth switchboard und melden Sie sich an.",
    openaiEvent:
      "Senden Sie dieses Ereignis von Ihrem Server, oder geben Sie das Tool der Sitzung mit, die Sie erstellen.",
    openaiResponses: "Derselbe Eintrag in „tools“ funktioniert in der Responses API.",
    elevenlabsAdd:
      "Gehen Sie im Dashboard der Agenten zu „Integrations“, „Add custom MCP server“. Fügen Sie die Adresse ein und wählen Sie „Streamable HTTP“.",
    elevenlabsHeader:
      "Fügen Sie den Header Authorization mit diesem Wert hinzu, als Geheimnis gespeichert. Oder senden Sie stattdessen die Anfrage.",
    elevenlabsAgent:
      "Fügen Sie den Server Ihrem Agenten hinzu und wählen Sie, bei welchen Tools er fragen muss.",
    vapiCreate: "Senden Sie die Anfrage. Die Antwort enthält die id des Tools.",
    vapiAssistant:
      "Fügen Sie diese id den „toolIds“ Ihres Assistenten hinzu, oder das Tool im Dashboard.",
    livekitInstall: "Installieren Sie das Paket und setzen Sie das Token.",
    livekitAgent: "Geben Sie dem Agenten diese Tools.",
    n8nPaste: "Kopieren Sie den Knoten und fügen Sie ihn in einen Workflow ein.",
    n8nCredential: "Erstellen Sie im Knoten ein Credential „Bearer Auth“ mit Ihrem Token.",
    n8nAgent: "Verbinden Sie den Knoten mit dem Eingang „Tool“ eines AI Agent.",
    curlToken: "Setzen Sie das Token.",
    curlAsk: "Senden Sie die Anfrage. Die Antwort nennt Ihre Tools.",
    reachable: "Die Adresse muss aus dem Internet erreichbar sein.",
  },
};

const es: SetUpWords = {
  client: "Tu aplicación",
  open: "Abrir {name}",
  install: "Añadir a {name}",
  copy: "Copiar",
  copied: "Copiado",
  signIn: {
    oauth: "{name} te envía aquí para iniciar sesión, y tú eliges qué puede usar.",
    token: "{name} no puede iniciar tu sesión. Envía un token personal, que creas aquí.",
  },
  withToken: "Con un token personal en lugar de iniciar sesión",
  forUsers: "Para una aplicación con usuarios propios",
  forUsersWhy:
    "No le des nunca tu propio token. Tu servidor pide un token de sesión para cada usuario y usa ese en su lugar.",
  titles: {
    address: "Dirección",
    header: "Valor de la cabecera Authorization",
    bearer: "Token Bearer",
    variable: "El token, para esta terminal",
    command: "Comando",
    config: "Configuración",
    project: "O para todos en un proyecto",
    event: "Evento para la sesión",
    request: "Petición",
    code: "Código",
    node: "Nodo",
    session: "Un token de sesión para un usuario",
  },
  steps: {
    claudeOpen: "Abre el enlace. Claude muestra el nombre y la dirección; comprueba la dirección.",
    claudeAdd: "O ve a «Customize», «Connectors», «+», «Add custom connector» y pégala.",
    claudeConnect: "Pulsa «Add», después «Connect», e inicia sesión aquí.",
    claudeTeam:
      "En un plan Team o Enterprise, primero lo añade un propietario y después se conecta cada miembro.",
    claudeCodeAdd: "Ejecuta el comando.",
    claudeCodeSignIn: "En Claude Code escribe /mcp, elige switchboard e inicia sesión.",
    chatgptMode:
      "En la web, activa el modo de desarrollador: «Settings», «Apps», «Advanced settings» o, si no está allí, «Security and login».",
    chatgptCreate:
      "Pulsa «Create app» (o «+» en «Plugins»). Pega la dirección y deja elegido «OAuth».",
    chatgptSignIn: "Pulsa «Create» e inicia sesión aquí.",
    chatgptUse: "En un chat pulsa «+» y elígela en la lista.",
    cursorInstall: "Abre el enlace y pulsa «Install» en Cursor.",
    cursorFile: "O escribe esto en el archivo, junto a lo que ya tiene.",
    cursorSignIn: "En los ajustes de MCP de Cursor pulsa «Connect» e inicia sesión.",
    vscodeInstall: "Abre el enlace y pulsa «Install» en VS Code.",
    vscodeFile: "O escribe esto en el archivo de un proyecto, o ejecuta el comando.",
    vscodeSignIn: "VS Code pregunta si puede iniciar sesión: pulsa «Allow».",
    windsurfFile: "Escribe esto en el archivo, junto a lo que ya tiene.",
    windsurfRefresh: "Pulsa el botón que recarga la lista de servidores MCP e inicia sesión.",
    codexAdd: "Ejecuta el comando, o escribe esto en el archivo.",
    codexSignIn: "Se abre un navegador: inicia sesión. Si no, ejecuta codex mcp login switchboard.",
    geminiAdd: "Ejecuta el comando, o escribe esto en el archivo.",
    geminiSignIn: "En Gemini CLI escribe /mcp auth switchboard e inicia sesión.",
    openaiEvent:
      "Envía este evento desde tu servidor, o pon la herramienta en la sesión que creas.",
    openaiResponses: "La misma entrada de «tools» funciona en la Responses API.",
    elevenlabsAdd:
      "En el panel de agentes ve a «Integrations», «Add custom MCP server». Pega la dirección y elige «Streamable HTTP».",
    elevenlabsHeader:
      "Añade la cabecera Authorization con este valor, guardado como secreto. O envía la petición en su lugar.",
    elevenlabsAgent: "Añade el servidor a tu agente y elige para qué herramientas debe preguntar.",
    vapiCreate: "Envía la petición. La respuesta contiene el id de la herramienta.",
    vapiAssistant: "Añade ese id a los «toolIds» de tu asistente, o la herramienta en el panel.",
    livekitInstall: "Instala el paquete y define el token.",
    livekitAgent: "Da al agente estas herramientas.",
    n8nPaste: "Copia el nodo y pégalo en un flujo de trabajo.",
    n8nCredential: "En el nodo crea una credencial «Bearer Auth» con tu token.",
    n8nAgent: "Conecta el nodo a la entrada «Tool» de un AI Agent.",
    curlToken: "Define el token.",
    curlAsk: "Envía la petición. La respuesta enumera tus herramientas.",
    reachable: "La dirección debe ser accesible desde internet.",
  },
};

/** By the language of the page. */
export const setUpWords = { en, de, es } satisfies Record<string, SetUpWords>;
