/**
 * Words that stand for one another in what people ask for, and the words that
 * mean nothing for a search.
 *
 * Small tables of everyday words and no stemming: cutting words down did more
 * harm than good where tools differ by one word.
 *
 * @module
 */

import { wordForm } from "./word_form.ts";

/** Said in every sentence, and of every tool. */
export const IDLE: ReadonlySet<string> = new Set(
  `a about again all also am an and any anyone are as at be been being but by can could did do does
  doing down for from give go going gone got had has have he her here hey him his how i if in
  into is it its just let like made make many me mine more most much my need no not now of off ok on
  one only or our out over own please put s she should so some someone somebody something everything nothing anything every each called named stands t
  tell than that the their them then there these they thing things this those to too up us very want
  was we well were what when where which who will with would you your yes yet exactly really lately
  der die das den dem des ein eine einen einem einer mir mich mein meine meinen meiner meinem ich du
  er sie es wir ihr und oder ist sind war hat haben habe hast bitte im am um an auf aus bei mit nach
  von vom zu zum zur fur dass was wer wie wo alle alles noch mal doch man sag sagen dir uns da denn
  el la los las un una unos unas de del al que quien cual cuales me mi mis tu su sus se lo le y o en
  por para con sin es son esta estan estoy hay porque como favor`.split(/\s+/),
);

/** Words and phrases of one meaning; each leads to the others of its line, with less weight. */
const ALIKE = `
repository repo codebase project
pull pr mr
issue ticket bug defect incident story
workflow pipeline ci build action run
email mail inbox gmail
message msg dm text
event appointment meeting call invite sync standup
code usage use import function method class
invitation invite rsvp
task todo chore
file document doc pdf
file content
spreadsheet sheet excel
presentation slides deck
folder directory
search find look lookup locate seek hunt
list show display see ls print enumerate exist
get show fetch retrieve read view see check tell
read open view see show fetch
check verify confirm whether
create add new make open start generate register put
update change edit modify set adjust alter switch bring rename fix point correct
delete remove erase drop discard kill wipe clear purge nuke trash
remove kick revoke take unlink
cancel delete
enable activate allow
disable deactivate stop
send write
reply answer respond
assign responsible owner give
assignee assign assigned
person people user member colleague
comment note remark
reaction emoji react heart thumbs like
label tag
state status
due deadline
share access permission
permission allowed right
free available availability
schedule book arrange
move shift push postpone reschedule mv
rename name
merge squash land
approve accept
decline reject refuse
close fix done resolve
complete done finish tick
forward pass
archive label
unread label
conversation thread discussion
lock conversation freeze
unlock reopen
branch ref reference
remember memory observation store know
forget delete memory
code source
notification alert ping inbox
star favorite favourite stargazer starred unstar
watch subscription subscribe watcher notification watched
unwatch subscription unsubscribe
mute ignore subscription
follow follower following followed unfollow
fork forked
block blocked spam spammer ban
unblock blocked
collaborator contributor member
team group
organization org company
calendar agenda schedule
rerun restart retry again
rerequest rerun again
job run
artifact output
asset attachment binary zip attach file
release version publish
upload attach
profile account bio user
detail information get read
authenticated me
license licence
environment env staging production
deployment deploy rollout
secret token password credential
variable env
runner machine
cache cached
page site website
sum add plus
thinking think reason reasoning
size big large
webhook hook callback
copy duplicate
archive zip tarball tar
tarball tar
download archive
check test
check status
ruleset rule policy
protection protect protected rule
codeowner owner
topic keyword
referrer visitor source traffic
clone cloned traffic
stat statistic activity
activity history recent
event activity history
event timeline
milestone goal
dependency blocked blocking depend blocker
sub child subtask
parent child
gist snippet paste
key ssh
gpg key signing
invitation pending
transfer move owner
rate limit quota
feed rss atom
markdown html
directory dir path
tree recursive nested
relation link relationship connect
entity node thing company
graph knowledge
echo repeat say
compress gzip zip
image picture
template boilerplate
commit change revision
review reviewer feedback
dismiss discard
thread notification
language programming
pin pinned sticky
domain dns
vulnerability security
suite check
blob object
member belong
`;

/** What people say in several words, and what it is in those of the tools. */
const PHRASES = `
turn on: enable
any more: remove delete
anymore: remove delete
don't need: remove delete
don't want: remove delete
doesn't have to: remove
must go: delete
stop: remove delete unsubscribe
leaves: remove member
still has to: pending requested
look into: list read
at once: multiple
not yet: pending
hasn't yet: pending
is there: search list
does it: check
is in: check member
is a: check
has been: check
belongs to: member
switch on: enable
back on: enable
turn off: disable
switch off: disable
get rid: delete remove
kick out: remove
throw away: delete trash
throw bin: trash
take off: remove
take back: remove
take away: remove
no longer: remove
set up: create
hand over: transfer
up to date: update
bring up: update
call off: cancel delete
tick off: complete
check off: complete
cross off: complete
catch up: read latest messages
catch me up: read latest messages
going on: read latest messages
anything new: unread latest message
any new: unread latest message
what's new: unread latest message
how many: count
how often: count traffic
how big: size info
details: get read
need a: create
drop a line: send email message
my day: calendar list event
tell the: send message comment
written me: read search message
hat mir geschrieben: read search message email
log a: create
write me: read search message
wrote me: read search message
who has access: read permission
last edited: latest recent
edit last: latest recent
say yes: accept
say no: decline
up for review: create pull request
who am i: authenticated user me
about me: authenticated user
where is: find search
where's: find search
where do: find search
where are: find search
in which: find search
look for: search find
look up: search find
look at: read
what does: read
what did: read
what is in: read list
what's in: read list
what's on: list
what have: list
what are: list
which: list
who: list user people
my: authenticated user
i: authenticated user
is there: search find
are there: list
is anyone: search user
there anyone: search user
anyone called: search user
popular: search
how much left: limit
how many left: limit
calls left: rate limit
write down: create
note that: add comment
leave a note: comment
let know: send message
let discuss: unlock conversation
thumbs up: reaction add
on disk: filesystem
locally: filesystem
step by step: sequential thinking
say back: echo
go through: run workflow status
went through: run workflow status
to do: task
edit rights: share access
back in: reopen
part of: sub issue
depends on: blocked dependency
waiting for: blocked dependency
don't come: decline
not come: decline
can't make: decline
can't come: decline
won't come: decline
have time: free
both meet: free time
am i free: free time
is free: free time
are free: free time
due on: due date
in person: people
work with: collaborator
works at: relation
`;

/** What asks, and what wants something done; the first of them in a request says which it is. */
export const READS: ReadonlySet<string> = new Set(
  `list show display see get fetch retrieve read view check find search look browse summarize
  describe count tell what which who whom whose where when why how is are was were does did has have
  can could any download open compare query lookup print catch going`.split(/\s+/),
);
export const WRITES: ReadonlySet<string> = new Set(
  `create add new make generate register put update change edit modify set adjust switch rename
  delete remove erase drop discard cancel kick revoke enable activate disable turn send write reply
  answer respond assign give comment react share schedule book arrange move shift push postpone
  reschedule merge squash approve accept decline reject dismiss close reopen resolve complete finish
  tick forward archive mark lock unlock star unstar watch unwatch follow unfollow block unblock fork
  transfer upload rerun rerequest run request pin unpin subscribe unsubscribe post tell let store
  remember forget save replace convert invite file report open start trigger apply attach insert
  append copy duplicate clear label tag submit publish leave note bring think`.split(/\s+/),
);

/** By the words that all have to be there, in their order. */
export const SAID_IN_WORDS: readonly { phrase: RegExp; words: readonly string[] }[] = PHRASES
  .trim().split("\n").map((line) => {
    const [phrase = "", words = ""] = line.split(": ");
    const parts = phrase.split(" ").map((part) => part.replace("'", "['’]?"));
    return {
      // What stands between is short: "throw that mail in the bin".
      phrase: new RegExp(`\\b${parts.join("\\b(?:\\W+\\w+){0,4}?\\W+")}\\b`, "i"),
      words: words.split(" ").map(wordForm),
    };
  });

/** What a word leads to beside itself. */
export const SYNONYMS: ReadonlyMap<string, readonly string[]> = lines(ALIKE);

function lines(text: string): Map<string, string[]> {
  const alike = new Map<string, string[]>();
  for (const line of text.trim().split("\n")) {
    const words = line.trim().split(" ").map(wordForm);
    for (const word of words) {
      const others = words.filter((other) => other !== word);
      alike.set(word, [...new Set([...alike.get(word) ?? [], ...others])]);
    }
  }
  return alike;
}

/**
 * German and Spanish, without accents, by how words begin (up to three letters
 * may follow), and what they are in the words of the tools.
 */
const FOREIGN = `
zeig show list
historial history commit
confirm accept
bestatig accept
asistenci invitation accept
teilnahm invitation accept
teilnehm invitation accept
apunt create event
reserv create event
planif create event
melde create issue
pendient open
nachst next
proxim next
spreadsheet spreadsheet
besprochen message read
umfass read
fass read summary
gib give share
dar give
da give
quiero want
habl message
pregunt message
frag message ask
benenn rename
hojade spreadsheet
calcul spreadsheet
excel spreadsheet
bild image picture
imagen image picture
stand status read
estado status state
verlauf history
anderung change commit
cambio change
lauf run
laufend run
ejecut run
pruf check review
revis review check
kommt invitation
asist attend invitation
erinner reminder create
recuerd reminder remember
recordar reminder create
notiz note
nota note
vacacion holiday
liste list
such search
find find
busc search find
les read
lies read
lee read
leer read
vorles read
abre open create
abri open
offn open
schreib write send message
schick send
send send
mand send
envi send
escrib write send
antwort reply answer
respond reply answer
contest reply answer
erstell create
anleg create
leg create
mach make create
trag add create
eintrag add create event
cre create
anad add
agreg add
hinzufug add
agend schedule event
agenda agenda event
losch delete
entfern remove
borr delete
elimin delete
quita remove
anderen others
ander change update
aktualisier update
actualiz update
cambi change update
verschieb move
muev move
mover move
umbenenn rename
renombr rename
kopier copy
copi copy
teil share
freigeb share access
freigab share access
compart share
einlad invite invitation
invit invite invitation
absag cancel decline
absagt cancel decline
zusag accept invitation
anehm accept
annehm accept
acept accept
rechaz decline
ablehn decline
cancel cancel
schliess close
schlie close
cierr close
cerra close
zuweis assign
weis assign
asign assign
kommentier comment
kommentar comment
coment comment
mark mark
archivier archive
archiv archive
leid forward
weiterleit forward
reenvi forward
zusammenfuhr merge
fusion merge
genehmig approve
aprueb approve
aprob approve
termin event calendar appointment
kalend calendar
calendari calendar
treff meeting event
besprech meeting event
reunion meeting event
cita event appointment
event event
frei free
libr free
zeit time
tiempo time
heut today
morgen tomorrow
manana tomorrow
hoy today
montag event date
dienstag event date
mittwoch event date
donnerstag event date
freitag date
samstag event date
sonntag event date
lunes date
martes date
miercoles date
jueves date
viernes date
sabado date
domingo date
woche week
semana week
uhr event time
nachricht message
mensaj message
mail email
corre email
post email
posteingang inbox email
bandeja inbox email
ungeles unread email
leido unread
entwurf draft email
borrador draft email
anhang attachment email
adjunt attachment email
empfang recipient
datei file
archivo file
fichero file
dokument document file
document document file
ordner folder
carpeta folder
tabell spreadsheet sheet
hoja sheet
prasentation presentation file
presentacion presentation file
rechnung invoice
factura invoice
vertrag contract
foto photo
aufgab task
tarea task
erledig complete done task
terminad complete done
hecho done complete
unteraufgab subtask
fallig due
frist due deadline
fecha date due
limite deadline due
projekt project
proyecto project
leut people
person person people
kolleg colleague people
companer colleague people
kanal channel
canal channel
benachrichtig notification
notificacion notification
fehler bug issue error
error bug issue
incidenci issue
problem issue
vorgang issue ticket
ticket issue ticket
tique ticket issue
offen open
abiert open
neu new
nuev new
letzt latest last
ultim latest last
version release version
veroffentlich release publish
publicad release publish
fehlgeschlag failed
fallo failed failure
fall fail failed
bericht report
repositor repository
zweig branch
rama branch
aste branch
code code
quelltext code
etikett label
etiqueta label
prioritat priority
priorid priority
sube raise increase upload
wiederoffn reopen
wieder reopen again
rolle role
zugriff access permission
acceso access permission
permiso permission access
mitglied member
miembro member
equipo team
gruppe group team
grupo group team
reagier react reaction
reaccion reaction react
daumen thumbs reaction
wann when time free
cuando when time
verfugbar available free
disponib available free
zusammenfass summary read
resum summarize read
herunterlad download
descarg download
hochlad upload
verzeichnis directory folder
directorio directory folder
gelesen read mark
folg follow
sig follow
stern star
estrell star
aufgelist list
enumer list
muestr show list
ensen show list
dame show list
geschrieb wrote message
hablo mentioned said
menciono mentioned said
erwahnt mentioned said
gesagt said
zugewies assigned
asignad assigned
antrag pull request
prueba test
caido down outage
tarde late
`;

const byStem: ReadonlyMap<string, readonly string[]> = new Map(
  FOREIGN.trim().split("\n").map((line) => {
    const [stem = "", ...words] = line.trim().split(" ");
    return [stem, words.map(wordForm)];
  }),
);
/** How much may follow the beginning of a foreign word. */
const ENDING = 4;

/** A German or Spanish word in the words of the tools; none where it is neither. */
export function inEnglish(word: string): readonly string[] {
  for (let length = word.length; length >= Math.max(3, word.length - ENDING); length--) {
    const words = byStem.get(word.slice(0, length));
    if (words !== undefined) return words;
  }
  return [];
}
