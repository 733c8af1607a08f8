/**
 * German and Spanish in the words of the tools, which are English.
 *
 * A word is known by how it begins, without accents, and up to four letters may
 * follow. Where the one who asks writes English none of it is read: "sign" and
 * "fall" begin like other languages' words.
 *
 * @module
 */

import type { Language } from "./languages.ts";
import { wordForm } from "./word_form.ts";

/** What German words mean, and how they begin; one that is cut off in a sentence is written whole. */
const GERMAN = `
show list: zeig anzeig auflist aufgelist aufzahl nenn einblend zeige welch gib
read: les lies vorles vorlies durchles durchlies lesen umfass anschau anseh durchschau durchseh durchgeh steht drinsteht
read summary summarize: zusammenfass fass kurzfass uberblick
search find look: such durchsuch raussuch heraussuch aufspur
find search: find auffind wiederfind stoss
check look: nachschau nachseh nachguck guck schau
check: pruf nachpruf kontrollier uberpruf
open: offn offen
open create: aufmach eroffn
create: erstell anleg angeleg leg erzeug einricht eingericht aufsetz
make create: mach
create event: reserv planif einplan planen anberaum ausmach vereinbar
create issue: melde vorschlag
new: neu
write create message: schreib verfass formulier reinschreib
draft email create: entwurf vorbereit aufsetz entwirf
send: schick send zusend zuschick verschick abschick rausschick mailen gemail
send message email: anschreib
message tell notify: bescheid informier mitteil ausricht verkund
forward: weiterleit weiterschick weitergeb weitergib
reply answer: antwort beantwort zuruckschreib erwider
add: hinzufug dazufug dazu aufnehm aufnimm beifug reinpack
append add: anfug anhang dranhang ranhang
add create event: eintrag eingetrag
add create: trag einstell reinstell
attach add: anheft beileg
delete remove: losch wegwerf wegschmeiss beseitig tilg vernicht
remove delete: entfern streich wegmach rausnehm rausnimm wegnehm wegnimm herausnehm herausnimm rauswerf rauswirf rausschmeiss abnehm abnimm runternehm runternimm
remove revoke access: entzieh entzog
trash delete: papierkorb mull tonn
cancel decline: absag abgesag
cancel delete: stornier abblas ausfall entfall
change update: ander bearbeit anpass uberarbeit umstell korrigier erganz verlanger verkurz umschreib
set change update: setz stell
update: aktualisier auffrisch
rename: benenn umbenenn umtauf umgenannt
move: verschieb verleg vorverleg vorzieh schieb umzieh ruck umhang
move update event later: aufschieb hinauszoger
copy: kopier duplizier vervielfaltig
share: teil
share access: freigeb freigab freigib
give share: gib geb
others: anderen
invite invitation add attendee: einlad eingelad einladen
invitation: einladung kommt
invitation accept: teilnahm teilnehm beitret dabei
accept: zusag zugesag annehm annimm anehm bestatig akzeptier
decline: ablehn ausschlag verhindert krank leider
approve: genehmig absegn durchwink
merge: zusammenfuhr zusammenleg mergen verschmelz gemergt reingemergt
close: schliess schlie zumach dichtmach
reopen: wiederoffn
reopen again: wieder
again rerun: nochmal erneut wiederhol neustart neustarten
assign: zuweis zugewies weis zuteil zugeteilt ubertrag uberg verantwort zustandig ubernehm ubernimm zugeordn bekommt bekomm
comment: kommentier kommentar anmerk bemerk drunterschreib
note: notiz notier
complete done task: erledig abhak abgehak abgeschloss
complete done finish: fertig abschliess vollend beend
mark: mark kennzeichn
star: stern favorit
archive: archivier
unread email: ungeles
read mark: gelesen
meeting event: treff besprech sitzung verabred zusammenkunft kickoff jour retro weekly
event calendar appointment: termin
event meeting: ereignis veranstalt feier
calendar: kalend
invite event: verabred
free: frei
available free: verfugbar lucke zeitfenster
free time when: wann
time: zeit uhrzeit
today: heut
tomorrow: morgen
event date: montag dienstag mittwoch donnerstag freitag samstag sonntag
date: datum tag
week: woche
event time: uhr
attendee person: teilnehmer gast
room location: raum ort
recurring series: serie wiederkehr wochentlich
reminder create: erinner
email: mail post brief newsletter bestellung buchung reservier bestatigungsmail quittung kontoauszug versicherung vermieter bank finanzamt
inbox email: posteingang postfach
recipient: empfang
attachment email: anhang anlag
newsletter label: newsletter rundbrief
label category: etikett label schild kategori
folder: ordner
directory folder: verzeichnis
file: datei
document file: dokument unterlag schriftstuck aktenordner protokoll konzept konzeptpapier angebot handbuch leitfaden plan budget flyer broschur plakat vorlage formular umfrage artikel manuskript mitschrift gehaltsabrechnung lebenslauf bewerbung liste
spreadsheet sheet: tabell kalkulation excel
spreadsheet: spreadsheet
presentation file slides: prasentation folie
image picture: bild foto grafik
report: bericht
invoice: rechnung
contract: vertrag
access permission: zugriff zugang berechtig recht
permission access: durf darf
see read: seh sieh
allow enable: erlaub zulass gestatt
enable: einschalt aktivier anschalt freischalt
disable: ausschalt deaktivier abschalt abstell
block: blockier sperr
unblock remove block: entblock entsperr
lock conversation: verriegel
mute ignore: stumm stummschalt
task: aufgab
task list: erledigung aufgabenlist
subtask sub: unteraufgab teilaufgab unterpunkt unterticket unteraufgaben
project: projekt
section: abschnitt spalt rubrik bereich
due: fallig
overdue due: uberfallig verspatet
due deadline: frist abgabe stichtag
priority: prioritat priorisier
priority urgent: dringend
people: leut
person people: person mensch frau herr chef chefin praktikant vermieterin kunde kundin entwickl gestalter
colleague people: kolleg mitarbeit
user: nutzer benutz anwender
member: mitglied
team: mannschaft abteil
group team: gruppe
company organization: firma unternehm
channel: kanal
message: nachricht
direct message: direkt direktnachricht privatnachricht
conversation thread message: unterhalt gesprach diskussion chatverlauf
thread: faden strang
message ask: frag
message read: besprochen
wrote message: geschrieb geantwort
mentioned said: erwahnt erwahn
said: gesagt
reaction react: reagier
thumbs reaction: daumen
heart reaction: herz
bug issue error: fehler problem storung defekt absturz
issue ticket: vorgang ticket
issue create: melden
state status: status zustand
status read: stand
latest last: letzt neuest jungst aktuell
next: nachst
pending: ausstehend
branch: zweig ast branch
change commit: anderung
history: verlauf
history commit: historie
code: code quelltext quellcode
use code: benutz verwend genutz vorkommt aufruf
run build: durchlauf lauf
run: laufend laufen
build: bau gebaut
failed failure: fehlgeschlag gescheit rot kaputt schiefgegang
workflow: ablauf
release version: version ausgab
release publish: veroffentlich
deploy deployment: ausroll ausliefer bereitstell
environment: umgebung
variable: variabl
secret: geheim geheimnis kennwort passwort
key: schlussel
protect protection: schutz geschutz schutzen
rule ruleset: regel richtlin
required: pflicht erforderlich verlang
restriction: einschrank beschrank
lift delete remove: aufheb aufgehob
dependency blocked: abhang wartet warten abhangig
link relation: verknupf verbind beziehung
milestone: meilenstein etappe
gist: schnipsel
profile: profil biograf bio
profile location: wohnort standort
account: konto
social account: sozial netzwerk
follow: folg
watch subscription: beobacht verfolg abonnier
unsubscribe subscription delete: abbestell abmeld
notification: benachrichtig mitteilung
repository: repositor projektarchiv
public: offentlich
private: privat
owner: besitz eigentum
license: lizenz
language: sprache programmiersprach
page site: seite webseite
visitor traffic: besuch
download: herunterlad runterlad
upload: hochlad
publish upload: stell
start run: start anstoss auslos loslauf
stop cancel: stopp anhalt abbrech abbruch
remember memory create: merk
store create save: speicher ablegen sicher
know: kenn weiss wisst
count: anzahl zahl wieviel wieviele
list: liste ubersicht aufstellung alle aufgef lieg liegt
image avatar: avatar
size: gross
pin: anpinn fixier
unpin: abpinn
transfer: ubertragen ubergeb
error: fehlermeld
review: begutacht durchsicht
reviewer request: prufer
pull request: antrag
role: rolle
test: testen
down outage: ausgefall
late: spat verspat
thank reply: danke bedank
event: abendess mittagess fruhstuck hochzeit geburtstag konzert spiel training kurs schulung unterricht messe reise flug urlaub ferien vorstellungsgesprach prufungstermin zahnarzt arzt friseur sport yoga probe besuch beerdig kaffee ausflug elternabend klausur jubilaum umtrunk party grillen
free time: luft pass passt passend
spreadsheet file: budgetplan zahlen
presentation file: pitch
message announcement: ankundig durchsag
delete: raus fallt weg
remove: herunter abziehen
complete: geschafft bereit
pending open: offen ausstehen
search find: stand steckt lag
read message: verpass verpasst entgang
member list: gehor besteh zusammensetz
permission write: schreibrecht leserecht
reaction: smiley klatsch lach
issue: verbesserung wunsch vorschlag idee
download archive: zip tar
ask message: frage
question message: erkundig
replace change update: ersetz austausch
forget delete: vergiss vergess
meet event: triff getroffen
take assign: nimm nehm
enable create: einschalt
follower follow: follower
background: hintergrund
cycle sprint: zyklus
work list: arbeit mitarbeit
state status: stand
label color: farbe
progress: fortschritt
answer invitation: rsvp
backlog: ruckstand
estimate: schatz aufwand
server: rechner
expense document: spesen
minutes document: niederschrift
event: essen mittagspause stammtisch betriebsfeier
create event: blocke block
meeting event call: telefonat anruf videokonferenz
vacation event: abwesen
search code: vorkomm
message tell: ping
`;

/** What Spanish words mean, and how they begin. */
const SPANISH = `
show list: muestr mostr ensen dame enumer list
read: les lee leer leem leid
read summary summarize: resum
search find look: busc encuentr encontr localiz averigu
check look: mir consult
check: comprob comprueb verific revis
check review: revisa
open: abiert pendient
open create: abre abri abra
create: cre gener registr
make create: haz hac hazme
create event: apunt reserv planif program
schedule event: agend convoc
agenda event: agenda
new: nuev
write create send message: escrib redact
draft email: borrador redacta
draft create: prepar
send: envi mand remit
message tell send: avis comunic dile diles digale inform notific
forward: reenvi
reply answer: respond contest respuest
add: anad agreg sum inclu
set add change: pon poner ponle ponga ponme puest
put add: met
delete: borr elimin suprim
remove delete: quit retir sac saca
trash delete: papelera basura tira
cancel delete: cancel anul suspend
change update: cambi modific correg ajust alarg acort
update edit: edit actualiz
rename: renombr
move update: muev mover mueve traslad
move update event: aplaz pospon posterg retras adelant reprogram
copy: copi duplic
share access: compart
give share: dar dale
invite invitation add attendee: invit
invitation: invitacion
attend invitation accept: asist asistenci acud
accept: acept confirm
decline: rechaz declin ire podre vendre asistire
approve: aprueb aprob
merge: fusion integr mezcl
close: cierr cerra cerr
reopen: reabr reabri
again rerun: vuelv reintent repet repit relanz
assign: asign encarg responsabl asigname
assigned: asignad
comment: coment
note comment: nota anot
complete done task: complet termin acab tachar tacha
done complete: hecho hecha list finaliz terminad
mark: marc
star: estrell destac favorit
archive: archiv
unread: leido
meeting event: reunion junta
event appointment: cita
event: event boda cumpleanos concierto partido clase curso taller viaje vuelo vacacion entrevista examen dentista medico peluquer gimnasio ensayo visita funeral cafe excursion aniversari feria almuerzo desayuno
calendar: calendari
event party: fiest cena comida
free time: libr hueco hueca
available free: disponib
busy: ocupad
when time: cuando
time: tiempo
event time when: hora horari
today: hoy
tomorrow: manana
date: lunes martes miercoles jueves viernes sabado domingo
week: seman
date due: fecha
due: venc vencimient
overdue due: vencid atrasad
deadline due: limite plaz entreg
reminder create: recordar recordator recuerd
reminder remember: recuerdo memoriz
email: corre mail recibo reserva pedido banco seguro extracto boletin
inbox email: bandeja buzon
attachment email: adjunt
recipient: destinatari
label category: etiquet categor
file: archivo fichero
document file: document propuest acta manual guia plan presupuest folleto cartel plantill formulari encuest articul curricul nomina
folder: carpeta
directory folder: directorio
spreadsheet: hojade calcul excel planilla
sheet: hoja
presentation file slides: presentacion diapositiv
image picture: imag imagen foto
report: informe report
invoice: factura
contract: contrat
access permission: acceso acced
permission access: permis derech
allow enable: permit dej
enable: activ habilit encend encien
disable: desactiv deshabilit apag
block: bloque
unblock remove block: desbloque
lock conversation: bloquear
unlock: desbloquear
mute ignore: silenci
task: tarea
task pending: hacer
subtask sub: subtarea
project: proyect
project board: tablero
section: seccion column
priority: priorid
priority urgent: urgent urgenci
people person: gent persona
person people: person jefe jefa cliente clienta senor senora mujer hombre becari
colleague people: companer
user: usuari
member: miembro integrante
team: equip
group team: grupo
department team: departament
company organization: empresa organizacion
channel: canal canales sala
message: mensaj
message talk: habl
message ask: pregunt
conversation thread: conversacion charla hilo
thread discussion: discut discusion debat
mentioned said: menciono mencion hablo
said: dijo dicho dijer dice
reaction react: reaccion
thumbs reaction: pulgar arriba
heart reaction: corazon
emoji reaction: emotic carita
bug issue error: error fall fallo bug
issue: incidenci problem sugerenc idea propuesta mejora
ticket issue: tique
status state: estado situacion
latest last: ultim recient
next: proxim siguient
branch: rama
change: cambio
history commit: historial
code: codigo
use code: usa usam utiliz llam
run: ejecut ejecucion corri
build run: compil compilacion
failed failure: fracas roto rota
pass status: paso pasar pasaron
workflow: flujo
release version: version
release publish: publicad publiqu lanzamient
publish create: public
deploy deployment: despleg desplieg
environment: entorno
variable: variabl
secret: secret contrasena
key: clave llave
protect protection: proteg proteccion
rule ruleset: regla norma politica
required: obligatori requer requier
restriction: restriccion limitacion
dependency blocked: depend esper
link relation: relacion conect vincul enlaz
milestone: hito
gist: fragment
profile: perfil biograf
account: cuenta
social account: social redes
follow: sig sigu segui
watch subscription: vigil observ suscrib suscri
notification: notificacion aviso
repository: repositor
public: public publico
private: privad
owner: duen propietari
license: licenci
language: idiom lenguaj
page site: pagina sitio web
visitor traffic: visit
download: descarg baja bajame bajarme
upload raise increase: sube subi
start run: inici arranc lanz dispar empiez
stop cancel: par deten
remember memory create: memoria
store create save: guard
know: sab conoc
count: cuant cont numer
size: tamano
pin: fij anclar
unpin: desfij
transfer: transfer traspas
review: revision
reviewer request: revisor
request: solicit ped pid pide pedir
topic: tema
photo: foto
holiday: vacacion
role: rol
test: prueba
down outage: caido
late: tarde llego
thank reply: graci
attend accept: apuntarme apuntame ire
spreadsheet file: cifras numeros
commit history: toco tocado
save store search: guarde guardad
message tell: dile avis
progress status: curso
child team: cuelg depend
follow following: sigue siguen
read message: perdi perdido
missed message read: perdi
move: pasa pasar
delete remove: fuera
list: lista existen
replace change update: reemplaz sustitu
forget delete: olvid
authenticated member: pertenezc
fix close: arregl
ask message: pregunta
cycle sprint: ciclo
work list: trabaj colabor
label color: color
progress: progres avanc
backlog: atraso
estimate: estim
minutes document: acta
read show: pone
meeting event call: llamada videollamada
vacation event: ausent
`;

/** What stands at the end of a German sentence and belongs to its verb. */
const PARTICLES =
  "ab an auf aus bei bereit bescheid daran drauf dran durch ein fertig fest frei her heraus hin hinzu " +
  "hoch los mit nach nieder raus rein runter um vor vorbei weg weiter wieder zu zuruck zusammen ran dazu";

/** How much may follow the beginning of a word. */
const ENDING = 4;
const SHORTEST = 3;
/** Beginnings that are that long are known at the end of a word that is put together. */
const LEAST_IN_COMPOUND = 4;
const LEAST_COMPOUND = 8;

const german = byStem(GERMAN);
const spanish = byStem(SPANISH);
const particles = PARTICLES.split(" ");
const separated = new RegExp(
  `([^.,;:!?]*?)\\b(${particles.join("|")})(?=\\s*(?:[.,;:!?]|$|und\\b|oder\\b|bitte\\b))`,
  "g",
);
const joined = new RegExp(`^(${particles.join("|")})(?:ge|zu)(?=..)`);

/** A German or Spanish word in the words of the tools, the best first; none where it is neither. */
export function inEnglish(word: string, languages: ReadonlySet<Language>): readonly string[] {
  return (languages.has("German") ? germanInEnglish(word) : undefined) ??
    (languages.has("Spanish") ? spanishInEnglish(word) : undefined) ?? [];
}

function germanInEnglish(word: string): readonly string[] | undefined {
  return stemmed(word, german) ?? stemmed(word.replace(joined, "$1"), german) ??
    (word.startsWith("ge") ? stemmed(word.slice(2), german) : undefined) ?? ofCompound(word);
}

function spanishInEnglish(word: string): readonly string[] | undefined {
  return stemmed(word, spanish) ?? stemmed(withoutPronouns(word), spanish) ??
    stemmed(word.replace(/mente$/, ""), spanish);
}

/** A verb, and the words that it was cut into. */
interface SeparatedVerb {
  verb: string;
  parts: string[];
}

/** Verbs of which a part stands at the end: "sag die Feier zu" has "zusag". */
export function separatedVerbs(text: string): SeparatedVerb[] {
  const verbs: SeparatedVerb[] = [];
  for (const [, before = "", particle = ""] of text.matchAll(separated)) {
    for (const word of before.split(/[^a-z]+/)) {
      const verb = particle + word;
      if (word.length >= SHORTEST && stemmed(verb, german) !== undefined) {
        verbs.push({ verb, parts: [word, particle].map(wordForm) });
      }
    }
  }
  return verbs;
}

/** "mandale": what is sent is sent to somebody. */
function withoutPronouns(word: string): string {
  return word.length < 6 ? word : word.replace(/(?:me|te|se|nos)?(?:l[aeo]|me|nos|se)$/, "");
}

/** Of a word that is put together the end says what it is: "kundentermin"; then what it begins with. */
function ofCompound(word: string): readonly string[] | undefined {
  if (word.length < LEAST_COMPOUND) return undefined;
  for (let start = SHORTEST; start <= word.length - LEAST_IN_COMPOUND; start++) {
    const head = stemmed(word.slice(start), german, LEAST_IN_COMPOUND);
    if (head === undefined) continue;
    return [...head, ...stemmed(word.slice(0, start), german, LEAST_IN_COMPOUND) ?? []];
  }
  return undefined;
}

function stemmed(
  word: string,
  stems: ReadonlyMap<string, readonly string[]>,
  shortest = SHORTEST,
): readonly string[] | undefined {
  for (let length = word.length; length >= Math.max(shortest, word.length - ENDING); length--) {
    const words = stems.get(word.slice(0, length));
    if (words !== undefined) return words;
  }
  return undefined;
}

function byStem(table: string): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const line of table.trim().split("\n")) {
    const [meaning = "", stems = ""] = line.split(": ");
    const words = meaning.split(" ").map(wordForm);
    for (const stem of stems.split(" ")) {
      all.set(stem, [...new Set([...all.get(stem) ?? [], ...words])]);
    }
  }
  return all;
}
