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
  client: "Deine App",
  open: "{name} öffnen",
  install: "Zu {name} hinzufügen",
  copy: "Kopieren",
  copied: "Kopiert",
  signIn: {
    oauth: "{name} schickt dich zum Anmelden hierher, und du bestimmst, was es nutzen darf.",
    token:
      "{name} kann dich nicht anmelden. Es sendet ein persönliches Token, das du hier erstellst.",
  },
  withToken: "Mit einem persönlichen Token statt einer Anmeldung",
  forUsers: "Für eine App mit eigenen Nutzern",
  forUsersWhy:
    "Gib ihr nie dein eigenes Token. Dein Server holt für jede Person ein Sitzungstoken und nutzt dieses an seiner Stelle.",
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
    session: "Ein Sitzungstoken für eine Person",
  },
  steps: {
    claudeOpen: "Öffne den Link. Claude zeigt den Namen und die Adresse; prüfe die Adresse.",
    claudeAdd:
      "Oder geh zu „Customize“, „Connectors“, „+“, „Add custom connector“ und füge sie ein.",
    claudeConnect: "Drück auf „Add“, dann auf „Connect“, und melde dich hier an.",
    claudeTeam:
      "In einem Team- oder Enterprise-Tarif fügt zuerst ein Owner ihn hinzu, und dann verbindet sich jedes Mitglied.",
    claudeCodeAdd: "Führe den Befehl aus.",
    claudeCodeSignIn: "Tippe in Claude Code /mcp, wähle switchboard und melde dich an.",
    chatgptMode:
      "Schalte im Web den „developer mode“ ein: „Settings“, „Apps“, „Advanced settings“ oder, wenn er dort fehlt, „Security and login“.",
    chatgptCreate:
      "Drück auf „Create app“ (oder auf „+“ unter „Plugins“). Füge die Adresse ein und lass „OAuth“ ausgewählt.",
    chatgptSignIn: "Drück auf „Create“ und melde dich hier an.",
    chatgptUse: "Drück in einem Chat auf „+“ und wähle die App in der Liste.",
    cursorInstall: "Öffne den Link und drück in Cursor auf „Install“.",
    cursorFile: "Oder schreib das in die Datei, zu dem, was schon darin steht.",
    cursorSignIn: "Drück in den MCP-Einstellungen von Cursor auf „Connect“ und melde dich an.",
    vscodeInstall: "Öffne den Link und drück in VS Code auf „Install“.",
    vscodeFile: "Oder schreib das in die Datei eines Projekts, oder führe den Befehl aus.",
    vscodeSignIn: "VS Code fragt, ob es dich anmelden darf: Drück auf „Allow“.",
    windsurfFile: "Schreib das in die Datei, zu dem, was schon darin steht.",
    windsurfRefresh:
      "Drück auf den Knopf, der die Liste der MCP-Server neu lädt, und melde dich an.",
    codexAdd: "Führe den Befehl aus, oder schreib das in die Datei.",
    codexSignIn:
      "Ein Browser öffnet sich: Melde dich an. Öffnet sich keiner, führe codex mcp login switchboard aus.",
    geminiAdd: "Führe den Befehl aus, oder schreib das in die Datei.",
    geminiSignIn: "Tippe in Gemini CLI /mcp auth switchboard und melde dich an.",
    openaiEvent:
      "Sende dieses Ereignis von deinem Server, oder gib das Tool der Sitzung mit, die du erstellst.",
    openaiResponses: "Derselbe Eintrag in „tools“ geht auch in der Responses API.",
    elevenlabsAdd:
      "Geh im Dashboard der Agenten zu „Integrations“, „Add custom MCP server“. Füge die Adresse ein und wähle „Streamable HTTP“.",
    elevenlabsHeader:
      "Füge den Header Authorization mit diesem Wert hinzu, als Geheimnis gespeichert. Oder sende stattdessen die Anfrage.",
    elevenlabsAgent:
      "Füge den Server deinem Agenten hinzu und wähle, bei welchen Tools er fragen muss.",
    vapiCreate: "Sende die Anfrage. In der Antwort steht die id des Tools.",
    vapiAssistant:
      "Füge diese id den „toolIds“ deines Assistenten hinzu, oder das Tool im Dashboard.",
    livekitInstall: "Installiere das Paket und setze das Token.",
    livekitAgent: "Gib dem Agenten diese Tools.",
    n8nPaste: "Kopiere den Knoten und füge ihn in einen Workflow ein.",
    n8nCredential: "Erstelle im Knoten ein Credential „Bearer Auth“ mit deinem Token.",
    n8nAgent: "Verbinde den Knoten mit dem Eingang „Tool“ eines AI Agent.",
    curlToken: "Setze das Token.",
    curlAsk: "Sende die Anfrage. In der Antwort stehen deine Tools.",
    reachable: "Die Adresse muss aus dem Internet erreichbar sein.",
  },
};

const es: SetUpWords = {
  client: "Tu app",
  open: "Abrir {name}",
  install: "Agregar a {name}",
  copy: "Copiar",
  copied: "Copiado",
  signIn: {
    oauth: "{name} te envía aquí para iniciar sesión, y tú eliges qué puede usar.",
    token: "{name} no puede iniciar sesión por ti. Envía un token personal, que creas aquí.",
  },
  withToken: "Con un token personal en lugar de iniciar sesión",
  forUsers: "Para una app con usuarios propios",
  forUsersWhy:
    "No le des nunca tu propio token. Tu servidor pide un token de sesión para cada usuario y usa ese en su lugar.",
  titles: {
    address: "Dirección",
    header: "Valor del encabezado Authorization",
    bearer: "Token Bearer",
    variable: "El token, para esta terminal",
    command: "Comando",
    config: "Configuración",
    project: "O para todos en un proyecto",
    event: "Evento para la sesión",
    request: "Solicitud",
    code: "Código",
    node: "Nodo",
    session: "Un token de sesión para un usuario",
  },
  steps: {
    claudeOpen: "Abre el enlace. Claude muestra el nombre y la dirección; revisa la dirección.",
    claudeAdd: "O ve a «Customize», «Connectors», «+», «Add custom connector» y pégala.",
    claudeConnect: "Haz clic en «Add», después «Connect», e inicia sesión aquí.",
    claudeTeam:
      "En un plan Team o Enterprise, primero lo agrega un propietario y después se conecta cada miembro.",
    claudeCodeAdd: "Ejecuta el comando.",
    claudeCodeSignIn: "En Claude Code escribe /mcp, elige switchboard e inicia sesión.",
    chatgptMode:
      "En la web, activa el modo de desarrollador: «Settings», «Apps», «Advanced settings» o, si no está allí, «Security and login».",
    chatgptCreate:
      "Haz clic en «Create app» (o «+» en «Plugins»). Pega la dirección y deja elegido «OAuth».",
    chatgptSignIn: "Haz clic en «Create» e inicia sesión aquí.",
    chatgptUse: "En un chat haz clic en «+» y elígela en la lista.",
    cursorInstall: "Abre el enlace y haz clic en «Install» en Cursor.",
    cursorFile: "O agrega esto en el archivo, junto a lo que ya contiene.",
    cursorSignIn: "En la configuración de MCP de Cursor haz clic en «Connect» e inicia sesión.",
    vscodeInstall: "Abre el enlace y haz clic en «Install» en VS Code.",
    vscodeFile: "O agrega esto en el archivo de un proyecto, o ejecuta el comando.",
    vscodeSignIn: "VS Code pregunta si puede iniciar sesión: haz clic en «Allow».",
    windsurfFile: "Agrega esto en el archivo, junto a lo que ya contiene.",
    windsurfRefresh: "Haz clic en el botón que recarga la lista de servidores MCP e inicia sesión.",
    codexAdd: "Ejecuta el comando o agrega esto en el archivo.",
    codexSignIn: "Se abre un navegador: inicia sesión. Si no, ejecuta codex mcp login switchboard.",
    geminiAdd: "Ejecuta el comando o agrega esto en el archivo.",
    geminiSignIn: "En Gemini CLI escribe /mcp auth switchboard e inicia sesión.",
    openaiEvent:
      "Envía este evento desde tu servidor, o pon la herramienta en la sesión que creas.",
    openaiResponses: "La misma entrada de «tools» funciona en la Responses API.",
    elevenlabsAdd:
      "En el panel de agentes ve a «Integrations», «Add custom MCP server». Pega la dirección y elige «Streamable HTTP».",
    elevenlabsHeader:
      "Agrega el encabezado Authorization con este valor, guardado como secreto. O envía la solicitud en su lugar.",
    elevenlabsAgent: "Agrega el servidor a tu agente y elige para qué herramientas debe preguntar.",
    vapiCreate: "Envía la solicitud. La respuesta contiene el id de la herramienta.",
    vapiAssistant: "Agrega ese id a los «toolIds» de tu asistente, o la herramienta en el panel.",
    livekitInstall: "Instala el paquete y pon el token.",
    livekitAgent: "Dale al agente estas herramientas.",
    n8nPaste: "Copia el nodo y pégalo en un flujo de trabajo.",
    n8nCredential: "En el nodo crea una credencial «Bearer Auth» con tu token.",
    n8nAgent: "Conecta el nodo a la entrada «Tool» de un AI Agent.",
    curlToken: "Pon el token.",
    curlAsk: "Envía la solicitud. La respuesta enumera tus herramientas.",
    reachable: "La dirección debe ser accesible desde internet.",
  },
};

/** By the language of the page. */
export const setUpWords = { en, de, es } satisfies Record<string, SetUpWords>;
