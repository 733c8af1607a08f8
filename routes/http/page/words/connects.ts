/**
 * What operators read of connects: each step, and where one failed what that means and what mends it.
 * In a failure `{provider}` is its title, `{callback}` the address that has to be registered there, and
 * `{code}` the reason as the log has it.
 *
 * @module
 */

import { lookUp } from "../../../../broker/core/lists.ts";
import { sayText } from "./say.ts";

const en = {
  title: "Connects",
  lead: "Somebody who was shown “Reference …” on a page can tell you it. It leads to that connect.",
  reference: "Reference, or connect id",
  lookUp: "Find this connect",
  notFound:
    "No connect of the last 30 days failed in a request of this reference. The log has each request, and sign-ins, by it.",
  more: "There are more, which are not read here: look one up by its reference.",
  begun: "Begun by {who}",
  all: "All of this user",
  times: "{count} times, the last:",
  standing: { done: "Connected", failed: "Failed", open: "Not finished" },
  steps: {
    link_made: "The link was made",
    link_opened: "The link was opened",
    received: "The app handed over what it holds",
    checked: "{provider} took it, and said whose it is",
    set_out: "Sent on to {provider}",
    came_back: "Came back from {provider}",
    connected: "Connected",
    handed_off: "Given to the app, which has to claim it",
    claimed: "The app claimed it: connected",
    failed: "Failed",
  },
  causes: {
    access_denied:
      "The person said no at {provider}, or their organization does not allow this app. They can try again; an administrator there can allow it.",
    declined:
      "The person said no on the page here. They can open the link again, as long as it is good.",
    link_expired: "The link was too old. Make a new one, at the moment when the person wants it.",
    link_changed:
      "The link's address was altered on its way. Look at what carries it: a mail program, a redirect or a router that changes parameters.",
    link_invalid:
      "The link was used up, or confirmed in another browser. Make a new one, and open it in the browser where it is finished.",
    link_withdrawn:
      "By today's settings nobody may finish this: the API key is gone, lost the service, or the return address is not in RETURN_URLS any more. Put that right, and make a new link.",
    other_person:
      "Somebody else is signed in in that browser than the link is for. They sign out first, or use another browser.",
    browser_mismatch:
      "Another browser came back than the one that set out: an app's own browser that hands over to another, a private window, or cookies that are blocked. Begin and finish in one browser, at the address of PUBLIC_URL.",
    service_mismatch:
      "The answer came to another provider's address. Register {callback} at {provider}, and no other.",
    issuer_mismatch:
      "The answer names another authorization server than the one that was asked. Look at the address that is set for {provider}; if it is right, somebody tried to mix two servers up.",
    state_expired: "The person took more than ten minutes at {provider}. They begin again.",
    state_invalid:
      "This sign-in had come back already, or its server was changed meanwhile. The person begins again.",
    invalid_client:
      "The client id or the client secret is wrong: {provider} refuses them. Set both again, from the page of your OAuth app there; deno task doctor tries them.",
    unauthorized_client:
      "{provider} does not let this OAuth app sign people in this way. Look at the app's kind and its allowed grants there.",
    invalid_grant:
      "{provider} did not take the code: it was used or too old, or the redirect URI or the client is another one than at the start. One time is chance; if it stays, compare {callback} and the client id with the OAuth app there.",
    redirect_uri_mismatch:
      "The redirect URI is not registered at {provider}. Register exactly {callback}.",
    invalid_scope:
      "{provider} does not know one of the scopes, or the OAuth app may not ask for it. Allow it there, or ask for less.",
    exchange_late:
      "{provider} gave no answer in 20 seconds. The person tries again; look at its status page if it stays.",
    exchange_lost:
      "The connection to {provider} failed. Look at this server's way out: DNS, a firewall, a certificate.",
    exchange_empty:
      "{provider} answered without an access token. Look at the token address that is set for it.",
    exchange_unusable:
      "{provider} answered with an error page, too many requests, or no JSON. Look at the token address that is set for it, and at its status page.",
    identify_failed:
      "{provider} gave tokens, and did not say whose account it is. Look at the scopes of the OAuth app (the profile, the e-mail address), and whether its API is enabled there.",
    account_unknown: "{provider} did not say whose account it is.",
    too_large: "What {provider} gave is too large to be kept.",
    not_stored: "The database was out. Look at the disk and at the log; the person tries again.",
    vault_unavailable:
      "A record cannot be opened with the keys of this server. Look at ENCRYPTION_KEYS.",
    not_claimed:
      "The app did not claim it within five minutes: it has to send the code that came with the person to POST /links/claim. What was given was ended at {provider}.",
    key_malformed:
      "What was handed over has not the form of a key of {provider}. It may be cut off, or another kind of key.",
    key_refused:
      "{provider} does not take the key: it is wrong, ended, or lacks the right to say whose it is. Make a new one there.",
    key_unclear:
      "{provider} took the key and did not say whose it is. Its entry in the settings does not fit what it answers.",
    client_malformed: "What was handed over is no client id and secret.",
    client_refused:
      "{provider} does not take this client id and secret. Make the secret anew there, and look at the client's scopes.",
    client_unclear:
      "{provider} took the client and did not say whose it is. Its entry in the settings does not fit what it answers.",
    provider_unavailable: "{provider} could not be asked just now. It can be tried again.",
    invalid_request:
      "What was asked or handed over does not fit; the answer to the app said what. Look at the app's request.",
    reauthorization_required:
      "{provider} refuses the refresh token for good: it was ended there, used by another server, or belongs to another client. The person has to connect anew.",
    connection_not_allowed:
      "What was handed over reaches further than this app may. Let its API key have the service, or bring tokens with less.",
    service_not_allowed:
      "The app's API key may not have this service. Allow it in API_KEYS or in the console.",
    unknown_service: "{provider} is not set up here any more.",
    user_deleted: "The user was deleted less than a quarter of an hour ago.",
    rate_limited: "There were too many requests of this kind.",
    server_error: "This server has failed. The log has an error with the same request id.",
  },
  otherCause:
    "{provider} refused it in its own words: {code}. Its documentation says what that means.",
};

/** The words, in whichever language. */
export interface ConnectWords extends Omit<typeof en, "causes" | "steps" | "standing"> {
  causes: Record<keyof typeof en.causes, string>;
  steps: Record<keyof typeof en.steps, string>;
  standing: Record<keyof typeof en.standing, string>;
}

const de: ConnectWords = {
  title: "Verbindungsversuche",
  lead:
    "Wem eine Seite „Vorgang …“ gezeigt hat, der kann ihn dir nennen. Er führt zu diesem Versuch.",
  reference: "Vorgang oder connect_id",
  lookUp: "Diesen Versuch finden",
  notFound:
    "In keiner Anfrage mit diesem Vorgang ist in den letzten 30 Tagen ein Verbinden gescheitert. Das Log hat jede Anfrage und Anmeldungen darunter.",
  more: "Es gibt weitere, die hier nicht gelesen werden: Schlage sie mit ihrem Vorgang nach.",
  begun: "Begonnen von {who}",
  all: "Alles zu diesem Nutzer",
  times: "{count}-mal, zuletzt:",
  standing: { done: "Verbunden", failed: "Gescheitert", open: "Nicht abgeschlossen" },
  steps: {
    link_made: "Der Link wurde erstellt",
    link_opened: "Der Link wurde geöffnet",
    received: "Die App hat übergeben, was sie besitzt",
    checked: "{provider} hat es angenommen und gesagt, wem es gehört",
    set_out: "Zu {provider} weitergeschickt",
    came_back: "Von {provider} zurückgekommen",
    connected: "Verbunden",
    handed_off: "An die App übergeben, die es noch abholen muss",
    claimed: "Von der App abgeholt: verbunden",
    failed: "Gescheitert",
  },
  causes: {
    access_denied:
      "Die Person hat bei {provider} abgelehnt, oder ihre Organisation erlaubt diese App nicht. Sie kann es erneut versuchen; ein Administrator dort kann die App erlauben.",
    declined:
      "Die Person hat auf der Seite hier abgelehnt. Sie kann den Link erneut öffnen, solange er gilt.",
    link_expired: "Der Link war zu alt. Erstelle einen neuen, wenn die Person ihn braucht.",
    link_changed:
      "Die Adresse des Links wurde unterwegs verändert. Prüfe, was ihn befördert: ein Mailprogramm, eine Weiterleitung oder ein Router, der Parameter ändert.",
    link_invalid:
      "Der Link war verbraucht oder in einem anderen Browser bestätigt. Erstelle einen neuen, und lass ihn in dem Browser öffnen, in dem er abgeschlossen wird.",
    link_withdrawn:
      "Nach den heutigen Einstellungen darf dies niemand abschließen: Der API-Schlüssel fehlt, hat den Dienst verloren, oder die Rückadresse steht nicht mehr in RETURN_URLS. Stelle das richtig, und erstelle einen neuen Link.",
    other_person:
      "In diesem Browser ist jemand anderes angemeldet, als für den der Link gilt. Zuerst abmelden, oder einen anderen Browser nehmen.",
    browser_mismatch:
      "Zurückgekommen ist ein anderer Browser als der, der losgeschickt wurde: ein Browser innerhalb einer App, der an einen anderen übergibt, ein privates Fenster oder gesperrte Cookies. Am besten in einem einzigen Browser beginnen und beenden, unter der Adresse von PUBLIC_URL.",
    service_mismatch:
      "Die Antwort kam an die Adresse eines anderen Anbieters. Registriere bei {provider} {callback} und keine andere.",
    issuer_mismatch:
      "Die Antwort nennt einen anderen Autorisierungsserver als den gefragten. Prüfe die Adresse, die für {provider} eingestellt ist; stimmt sie, wollte jemand zwei Server verwechseln lassen.",
    state_expired: "Die Person war länger als zehn Minuten bei {provider}. Sie beginnt von vorn.",
    state_invalid:
      "Diese Anmeldung war schon zurückgekommen, oder ihr Server wurde inzwischen geändert. Die Person beginnt von vorn.",
    invalid_client:
      "Client-ID oder Client-Secret ist falsch: {provider} lehnt sie ab. Setze beide neu, von der Seite deiner OAuth-App dort; deno task doctor probiert sie aus.",
    unauthorized_client:
      "{provider} lässt diese OAuth-App Personen nicht auf diese Weise anmelden. Prüfe dort die Art der App und ihre erlaubten Grants.",
    invalid_grant:
      "{provider} hat den Code nicht angenommen: Er war benutzt oder zu alt, oder Redirect-URI oder Client sind andere als am Anfang. Einmal ist Zufall; bleibt es dabei, vergleiche {callback} und die Client-ID mit der OAuth-App dort.",
    redirect_uri_mismatch:
      "Die Redirect-URI ist bei {provider} nicht registriert. Registriere genau {callback}.",
    invalid_scope:
      "{provider} kennt einen der Scopes nicht, oder die OAuth-App darf ihn nicht verlangen. Erlaube ihn dort, oder verlange weniger.",
    exchange_late:
      "{provider} hat in 20 Sekunden nicht geantwortet. Die Person versucht es erneut; bleibt es dabei, hilft die Statusseite dort.",
    exchange_lost:
      "Die Verbindung zu {provider} ist gescheitert. Prüfe den Weg dieses Servers nach draußen: DNS, Firewall, Zertifikat.",
    exchange_empty:
      "{provider} hat ohne Access-Token geantwortet. Prüfe die eingestellte Token-Adresse.",
    exchange_unusable:
      "{provider} hat mit einer Fehlerseite, mit „zu viele Anfragen“ oder ohne JSON geantwortet. Prüfe die eingestellte Token-Adresse und die Statusseite dort.",
    identify_failed:
      "{provider} hat Token gegeben und nicht gesagt, wessen Konto es ist. Prüfe die Scopes der OAuth-App (Profil, E-Mail-Adresse), und ob dort die API eingeschaltet ist.",
    account_unknown: "{provider} hat nicht gesagt, wessen Konto es ist.",
    too_large: "Was {provider} gegeben hat, ist zu groß, um aufbewahrt zu werden.",
    not_stored:
      "Die Datenbank war nicht erreichbar. Prüfe Platte und Log; die Person versucht es erneut.",
    vault_unavailable:
      "Ein Eintrag lässt sich mit den Schlüsseln dieses Servers nicht öffnen. Prüfe ENCRYPTION_KEYS.",
    not_claimed:
      "Die App hat es nicht innerhalb von fünf Minuten abgeholt: Sie muss den Code, der mit der Person kam, an POST /links/claim senden. Was gegeben wurde, ist bei {provider} beendet.",
    key_malformed:
      "Das Übergebene hat nicht die Form eines Schlüssels von {provider}. Vielleicht ist es abgeschnitten oder ein anderer Schlüssel.",
    key_refused:
      "{provider} nimmt den Schlüssel nicht an: Er ist falsch, beendet, oder darf nicht sagen, wem er gehört. Erstelle dort einen neuen.",
    key_unclear:
      "{provider} hat den Schlüssel angenommen und nicht gesagt, wem er gehört. Der Eintrag in den Einstellungen passt nicht zu seiner Antwort.",
    client_malformed: "Das Übergebene ist keine Client-ID mit Secret.",
    client_refused:
      "{provider} nimmt diese Client-ID mit ihrem Secret nicht an. Erstelle dort das Secret neu, und prüfe die Scopes des Clients.",
    client_unclear:
      "{provider} hat den Client angenommen und nicht gesagt, wem er gehört. Der Eintrag in den Einstellungen passt nicht zu seiner Antwort.",
    provider_unavailable:
      "{provider} konnte gerade nicht gefragt werden. Es kann erneut versucht werden.",
    invalid_request:
      "Das Verlangte oder Übergebene passt nicht; was genau, stand in der Antwort an die App. Prüfe deren Anfrage.",
    reauthorization_required:
      "{provider} lehnt das Refresh-Token endgültig ab: Es wurde dort beendet, von einem anderen Server benutzt oder gehört einem anderen Client. Die Person muss neu verbinden.",
    connection_not_allowed:
      "Das Übergebene reicht weiter, als diese App darf. Erlaube ihrem API-Schlüssel den Dienst, oder bringe Token mit weniger.",
    service_not_allowed:
      "Der API-Schlüssel der App darf diesen Dienst nicht. Erlaube ihn in API_KEYS oder in der Konsole.",
    unknown_service: "{provider} ist hier nicht mehr eingerichtet.",
    user_deleted: "Der Nutzer wurde vor weniger als einer Viertelstunde gelöscht.",
    rate_limited: "Es waren zu viele Anfragen dieser Art.",
    server_error: "Dieser Server hat versagt. Das Log hat einen Fehler mit derselben request_id.",
  },
  otherCause:
    "{provider} hat es mit eigenen Worten abgelehnt: {code}. Was das heißt, sagt die Dokumentation dort.",
};

const es: ConnectWords = {
  title: "Intentos de conexión",
  lead: "Quien haya visto «Referencia …» en una página puede decírtela. Lleva a ese intento.",
  reference: "Referencia o connect_id",
  lookUp: "Encontrar este intento",
  notFound:
    "En los últimos 30 días no falló ninguna conexión en una solicitud con esta referencia. El registro del servidor tiene cada solicitud, y los inicios de sesión, con ella.",
  more: "Hay más, que no se leen aquí: búscalos por su referencia.",
  begun: "Iniciado por {who}",
  all: "Todo de este usuario",
  times: "{count} veces, la última:",
  standing: { done: "Conectado", failed: "Fallido", open: "Sin terminar" },
  steps: {
    link_made: "Se creó el enlace",
    link_opened: "Se abrió el enlace",
    received: "La app entregó lo que tiene",
    checked: "{provider} lo aceptó y dijo de quién es",
    set_out: "Enviado a {provider}",
    came_back: "Volvió de {provider}",
    connected: "Conectado",
    handed_off: "Entregado a la app, que aún debe recogerlo",
    claimed: "Recogido por la app: conectado",
    failed: "Falló",
  },
  causes: {
    access_denied:
      "La persona dijo que no en {provider}, o su organización no permite esta app. Puede intentarlo de nuevo; un administrador de allí puede permitirla.",
    declined:
      "La persona dijo que no en la página de aquí. Puede volver a abrir el enlace mientras sea válido.",
    link_expired: "El enlace era demasiado antiguo. Crea uno nuevo cuando la persona lo necesite.",
    link_changed:
      "La dirección del enlace se alteró por el camino. Revisa lo que lo lleva: un programa de correo, una redirección o un router que cambia parámetros.",
    link_invalid:
      "El enlace ya se usó, o se confirmó en otro navegador. Crea uno nuevo y ábrelo en el navegador donde se termine.",
    link_withdrawn:
      "Con los ajustes de hoy nadie puede terminar esto: la clave de API ya no está, perdió el servicio, o la dirección de vuelta ya no está en RETURN_URLS. Corrígelo y crea un enlace nuevo.",
    other_person:
      "En ese navegador ha iniciado sesión otra persona distinta de la del enlace. Que cierre sesión primero, o use otro navegador.",
    browser_mismatch:
      "Volvió otro navegador distinto del que salió: el navegador de una app que pasa a otro, una ventana privada o cookies bloqueadas. Empieza y termina en un mismo navegador, en la dirección de PUBLIC_URL.",
    service_mismatch:
      "La respuesta llegó a la dirección de otro proveedor. Registra {callback} en {provider}, y ninguna otra.",
    issuer_mismatch:
      "La respuesta nombra otro servidor de autorización distinto del consultado. Revisa la dirección configurada para {provider}; si es correcta, alguien intentó confundir dos servidores.",
    state_expired: "La persona tardó más de diez minutos en {provider}. Que empiece de nuevo.",
    state_invalid:
      "Este inicio ya había vuelto, o su servidor cambió entretanto. Que la persona empiece de nuevo.",
    invalid_client:
      "El client id o el client secret es incorrecto: {provider} los rechaza. Vuelve a ponerlos desde la página de tu app OAuth allí; deno task doctor los prueba.",
    unauthorized_client:
      "{provider} no permite que esta app OAuth inicie sesión de esta manera. Revisa allí el tipo de app y sus grants permitidos.",
    invalid_grant:
      "{provider} no aceptó el código: ya se usó o era demasiado antiguo, o la redirect URI o el cliente son otros que al principio. Una vez es casualidad; si sigue, compara {callback} y el client id con la app OAuth de allí.",
    redirect_uri_mismatch:
      "La redirect URI no está registrada en {provider}. Registra exactamente {callback}.",
    invalid_scope:
      "{provider} no conoce uno de los scopes, o la app OAuth no puede pedirlo. Permítelo allí, o pide menos.",
    exchange_late:
      "{provider} no respondió en 20 segundos. Que la persona lo intente de nuevo; si sigue, mira su página de estado.",
    exchange_lost:
      "Falló la conexión con {provider}. Revisa la salida de este servidor: DNS, cortafuegos, certificado.",
    exchange_empty:
      "{provider} respondió sin token de acceso. Revisa la dirección de tokens configurada.",
    exchange_unusable:
      "{provider} respondió con una página de error, con demasiadas solicitudes o sin JSON. Revisa la dirección de tokens configurada y su página de estado.",
    identify_failed:
      "{provider} dio tokens y no dijo de quién es la cuenta. Revisa los scopes de la app OAuth (perfil, correo) y si su API está habilitada allí.",
    account_unknown: "{provider} no dijo de quién es la cuenta.",
    too_large: "Lo que dio {provider} es demasiado grande para guardarlo.",
    not_stored:
      "La base de datos no estaba disponible. Revisa el disco y el registro; que la persona lo intente de nuevo.",
    vault_unavailable:
      "Un dato guardado no se puede abrir con las claves de este servidor. Revisa ENCRYPTION_KEYS.",
    not_claimed:
      "La app no lo recogió en cinco minutos: debe enviar el código que llegó con la persona a POST /links/claim. Lo que se dio se terminó en {provider}.",
    key_malformed:
      "Lo entregado no tiene la forma de una clave de {provider}. Quizá está cortada, o es otra clase de clave.",
    key_refused:
      "{provider} no acepta la clave: es incorrecta, terminó, o no puede decir de quién es. Crea una nueva allí.",
    key_unclear:
      "{provider} aceptó la clave y no dijo de quién es. Su entrada en los ajustes no encaja con lo que responde.",
    client_malformed: "Lo entregado no es un client id con su secret.",
    client_refused:
      "{provider} no acepta este client id con su secret. Crea allí un secret nuevo y revisa los scopes del cliente.",
    client_unclear:
      "{provider} aceptó el cliente y no dijo de quién es. Su entrada en los ajustes no encaja con lo que responde.",
    provider_unavailable:
      "No se pudo consultar a {provider} en ese momento. Se puede intentar de nuevo.",
    invalid_request:
      "Lo pedido o entregado no encaja; la respuesta a la app dijo qué. Revisa la solicitud de la app.",
    reauthorization_required:
      "{provider} rechaza para siempre el refresh token: se terminó allí, lo usó otro servidor o es de otro cliente. La persona debe conectar de nuevo.",
    connection_not_allowed:
      "Lo entregado alcanza más de lo que esta app puede. Permite el servicio a su clave de API, o trae tokens con menos.",
    service_not_allowed:
      "La clave de API de la app no puede usar este servicio. Permítelo en API_KEYS o en la consola.",
    unknown_service: "{provider} ya no está configurado aquí.",
    user_deleted: "El usuario se eliminó hace menos de un cuarto de hora.",
    rate_limited: "Hubo demasiadas solicitudes de este tipo.",
    server_error: "Este servidor ha fallado. El registro tiene un error con el mismo request_id.",
  },
  otherCause:
    "{provider} lo rechazó con sus propias palabras: {code}. Su documentación dice qué significa.",
};

/** By the language of the page. */
export const connectWords: Record<string, ConnectWords> & { en: ConnectWords } = { en, de, es };

/** What is known of the provider that a connect is about. */
export interface AboutProvider {
  provider: string;
  callback: string;
}

/** Codes that say the same as another one. */
const SAME: Record<string, keyof typeof en.causes> = {
  store_unavailable: "not_stored",
  invalid_redirect_uri: "redirect_uri_mismatch",
  incorrect_client_credentials: "invalid_client",
  bad_verification_code: "invalid_grant",
  not_keepable: "identify_failed",
};

/** Why a connect failed, in words, and what mends it. */
export function causeOf(words: ConnectWords, code: string, about: AboutProvider): string {
  const sentence = lookUp<string>(words.causes, lookUp(SAME, code) ?? code);
  return sayText(sentence ?? words.otherCause, { ...about, code });
}
