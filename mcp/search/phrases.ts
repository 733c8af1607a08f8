/**
 * What people say in several words where the tools have one: "turn it on" is
 * "enable".
 *
 * @module
 */

import { wordForm } from "./word_form.ts";

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
is there: search list find
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
throw away: delete trash dismiss
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
check off: complete task
cross off: complete
catch up: read latest messages
catch me up: read latest messages
going on: read latest messages received event activity
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
in one go: multiple
all at once: multiple
all of them: multiple
both files: multiple
these files: multiple
together: multiple
put in main: merge
put into main: merge
get into main: merge
go into main: merge
land in main: merge
into production: deploy
to production: deploy
nobody can comment: lock conversation
nobody should comment: lock conversation
no one can comment: lock conversation
no one should comment: lock conversation
stop comments: lock conversation
stop people commenting: lock conversation
stop the discussion: lock conversation
stop discussion: lock conversation
end the discussion: lock conversation
cool down: lock conversation
can comment again: unlock conversation
open for comments: unlock conversation
can not begin before: blocked dependency
can't begin before: blocked dependency
can not start before: blocked dependency
can't start before: blocked dependency
can't start until: blocked dependency
cannot start until: blocked dependency
before is finished: blocked dependency
before is done: blocked dependency
has to wait: blocked dependency
must wait: blocked dependency
needs to wait: blocked dependency
wait for: blocked dependency
waits for: blocked dependency
depend on: dependency blocked
held up by: dependency blocked
holding up: dependency blocking
holds up: dependency blocking
stands in the way: dependency blocking
waiting on this: dependency blocking
has happened to: event timeline history
happened to: event timeline history
who labelled: event
who labeled: event
who closed: event
who assigned: event
who did what: event activity
send again: redeliver resend
deliver again: redeliver
try again: retry rerun redeliver
once more: rerun again
one more time: rerun again
from scratch: create
complain about: annotation
complains about: annotation
takes long: long running
take long: long running
long job: long running operation
takes a while: long running
takes forever: long running
with progress: long running operation
shouldn't be able: remove access restriction
should not be able: remove access restriction
shouldn't push: remove access restriction
not push any more: remove access restriction
able to push: access restriction
allowed to push: access restriction
may push: access restriction
can push: access restriction
push to main: protection branch
push to master: protection branch
the people i follow: received event
people i follow: followed authenticated
who follows me: follower authenticated
follows me: follower authenticated
how i look: profile
short version: summary read
sum up: summarize read
boil down: summarize read
break down: summarize read
main points: summarize read
key points: summarize read
gist of: summarize read
tl dr: summarize read
have a look: read
take a look: read
go over: read
read up: read
read out: read
read aloud: read
walk me through: read
fill me in: read summarize
bring me up to speed: read latest messages
up to speed: read latest messages
what happened: read latest
what did i miss: read latest messages
say about: search message
talk about: message
talked about: search message
spoke about: search message
spoken about: search message
write about: search message
heard back: search email reply
hear back: search email reply
get back to: reply
got back to me: search email
write back: reply
come back to: reply
in touch: message
reach out: send message
give a heads up: send message
heads up: send message
pass on: forward
send on: forward
send over: send
chase up: send reminder
follow up: reply send
don't send: draft
do not send: draft
not send yet: draft
without sending: draft
before sending: draft
before it goes out: draft
check it first: draft
look first: draft
only save: draft create
put off: postpone update
push back: postpone update event
push out: postpone update
bring forward: reschedule update
pull forward: reschedule update
make it to: invitation decline accept
i'm in: accept invitation
count me in: accept invitation
count me out: decline invitation
i will be there: accept invitation
i'll be there: accept invitation
i'm coming: accept invitation
will not come: decline invitation
not going: decline invitation
not attend: decline invitation
squeeze in: free time create event
fit in: free time
any time for: free time
get together: meeting event
sit down with: meeting event create
catch up with: meeting event create
meet up: meeting event
block off: create event
block out: create event
pencil in: create event
put down for: create event
save the date: create event
on my plate: task list assigned
on my list: task list
to my list: create task
to do list: task list
mark off: complete task
is done: complete
are done: complete
is finished: complete
have finished: complete
i finished: complete
has been done: complete
hand off: assign
hand to: assign
give to: assign
pass to: assign
over to: assign
take over: assign assignee
responsible for: assignee assign
in charge: assignee
works on: assignee
working on: assigned
due by: due date
how far: status
how far along: status read
how is going: status read
what's left: list open
still open: list open
still to do: list open task
left to do: list open task
who can see: permission access read
who can edit: permission access read
who may: permission access read
who is allowed: permission access
can see: access
can edit: edit access share
can view: access share
may see: access
read only: permission access
edit access: share access
view access: share access
let in: share access
lock out: remove access
lose access: remove access
with the link: share link
write into: append change
write to the end: append
add to the end: append
stick on top: pin
stick to the top: pin
to the top: pin
at the top: pin
top of: pin
make it private: private visibility
make it public: public visibility
hide my: private visibility
keep track: watch subscription
keep an eye: watch subscription
keep me posted: watch subscription
stay informed: watch subscription
no more notifications: unsubscribe ignore subscription
stop notifying: unsubscribe ignore subscription
stop bothering: unsubscribe mute block
turn back on: enable
put back: restore
bring back: restore
out of: from
where do we use: search code
where is used: search code
where we use: search code
uses of: search code
is used: search code
who calls: search code
what calls: search code
who wrote: commit history
who changed: commit history
who touched: commit history
who broke: commit history
last touched: commit history
when did: history search
went wrong: failed run log
go wrong: failed run log
goes wrong: failed run log
is broken: failed
break the build: failed run
throw out: remove delete dismiss
not good: dismiss reject
kick off: create start trigger
fire off: send start trigger
spin up: create
start up: start
shut down: disable stop
take down: delete remove
take offline: delete remove
off the net: delete
put online: publish create
put live: publish deploy
go live: publish deploy
sign up: register
sign out: remove
written in: language
programming language: languages
how many people: count list
how many stars: stargazer count
comes from: referrer traffic
visitors come from: referrer
same as: duplicate
check mark: reaction
give a: add
sin leer: unread
por leer: unread
por hacer: task list
me toca: assigned task
que dice: read
que pone: read
que hay en: read list
a que hora: calendar list event
con quien: attendee event
tengo que hacer: task list
que tengo: list
hueco libre: free time
estoy libre: free time
estas libre: free time
estamos libres: free time
ya no: remove
deja de: stop remove
da de alta: create add
da de baja: remove delete
dar de alta: create add
pon al dia: update
echa un vistazo: read
al final: append
de vuelta: back
vuelve a: again
otra vez: again
en que: search
donde esta: search find
quien ha: search history
quien dijo: search message
pide cambios: request change review
deja un comentario: add comment
en nombre: person
todos los que: reply all
responde a todos: reply all
a todos: all
me gusta: reaction like
no voy: decline invitation
no puedo ir: decline invitation
no podre: decline invitation
si voy: accept invitation
di que si: accept invitation
di que no: decline invitation
nicht mehr: remove
kein zugriff: remove access
wer darf: permission access
wer kann sehen: permission access
zugriff auf: access
steht in: read content
steht im: read content
was steht an: calendar list event
steht heute an: calendar list event
was steht: read
was sagt: read
worum geht: read
um was geht: read
geht es in: read
wo wird: search
wo ist: search find
wo sind: search find
wo liegt: search find
wo hat: search
wo haben: search
in welchen: search
wer hat: search history
wie viel uhr: calendar event time
wann ist: calendar list event
wann hab: calendar list event
habe ich: list
hab ich: list
hat mir: search message
mir geschrieben: search message email
wie viele: count
zu erledigen: task list
noch erledigen: task list
noch machen: task list
noch tun: task list
muss ich: task
zeit hat: free time message
zeit haben: free time
haben zeit: free time
beide zeit: free time
alle zeit: free time
bin ich frei: free time
ist frei: free time
hangt davon: dependency blocked blocking
hangen davon: dependency blocked blocking
davon abhang: dependency blocked blocking
ab hang: dependency
warten auf: dependency blocked
wartet auf: dependency blocked
schreib unter: comment
schreib in: message write
schreib direkt: direct message
kurz direkt: direct message
gib bescheid: message send tell
sag bescheid: message send tell
lass wissen: message send tell
als gelesen: read mark
als ungelesen: unread mark
als erledigt: complete
auf erledigt: complete
nicht senden: draft
nicht schicken: draft
noch nicht abschicken: draft
noch nicht senden: draft
ohne zu senden: draft
an alle: all
allen antworten: reply all
bin dabei: accept invitation
komme nicht: decline invitation
kann nicht kommen: decline invitation
komm nicht: decline invitation
im kalender: calendar event
in den kalender: calendar create event
per mail: email send
vom netz: delete unpublish
am laufenden: watch subscription
was gibt es neues: read latest messages
was ist passiert: read latest messages
was ist los: read latest messages
merged yet: check merged
been merged: check merged
already merged: check merged
already in: check merged
gone in: check merged
ask to review: request reviewer
have review it: request reviewer
have look at my pr: request reviewer
want to review: request reviewer
needs a review from: request reviewer
can i assign: assignee assign check
be assigned: assignee check
hasn't accepted: pending invitation
not accepted: pending invitation
haven't accepted: pending invitation
not joined: pending invitation
how healthy: community profile metric
can't be changed: immutable protect
nobody can change: immutable protect
kept: retention
how long are kept: retention limit
how much space: size storage limit
how much room: size storage limit
take up: size storage
calls do i have: rate limit
requests do i have: rate limit
being throttled: rate limit
starts with: matching reference
starting with: matching reference
begin with: matching reference
beginning with: matching reference
new branch: create reference branch
make a branch: create reference branch
cut a branch: create reference branch
branch off: create reference branch
delete the branch: delete reference
remove the branch: delete reference
kill the branch: delete reference
points at: reference
point at: reference
point to: reference update
bigger issue: parent issue
belong to: parent member
break into: sub issue
split into: sub issue
further up: reprioritize
higher up: reprioritize
further down: reprioritize
let through: approve review pending
go to production: review pending deployment
release to production: review pending deployment
has to be green: status check protection required
have to be green: status check protection required
must be green: status check protection required
have to pass: status check protection required
must pass: status check protection required
has to approve: review protection required
have to approve: review protection required
must approve: review protection required
approvals needed: review protection required
who must: required protection
force push: protection branch
needs my attention: notification pending
my attention: notification
clear my notifications: mark notification read
all read: mark read
think through: sequential thinking
think hard: sequential thinking
think about: sequential thinking
work out: sequential thinking
add up: sum
say after me: echo
parrot: echo
older version: revision history
previous version: revision history
earlier version: revision history
old version: revision history
who likes: stargazer
likes this: stargazer
like best: star
where do visitors: referral source
our visitors: traffic referral
how often cloned: clone
turn into links: autolink reference
become links: autolink reference
into html: render
as html: render
push something: push event
lately been doing: activity event
been up to: activity event
up to lately: activity event
did lately: activity event
keep him away: block user
keep her away: block user
won't leave me alone: block user
let back in: unblock
as a zip: download archive zip
whole repo: archive download
whole repository: archive download
save to disk: write file filesystem
on my disk: filesystem
on my computer: filesystem
on this machine: filesystem
local file: filesystem file
folder on: directory
sort by size: size directory
takes most space: size directory
folder structure: directory tree
when was changed: info file history
permissions on the file: info file
gave up: dismiss
from the team: remove team member
off the team: remove team membership member
out of the team: remove team member
onto the team: add team member
in the team: team member
to the team: add team member
on the team: team member
part of the team: team member check
make maintainer: team membership update role
sub team: child team
teams under: child team
below the team: child team
reviewed by: review
reviews on: list review
code review: review
answer the reviewer: reply review comment
reply to the reviewer: reply review comment
line by line: review comment
on line: review comment line
take back my review: delete pending review dismiss
finish my review: submit review
send off my review: submit review
which files: list file
files changed: list file pull
which commits: list commit
which pull request: pull request associated commit
came from which: associated
brought in: associated commit
stop following: unfollow
stop watching: delete subscription
stop letting: remove access restriction
was asked to: invitation request
were asked to: invitation request
hasn't answered: pending invitation
haven't answered: pending invitation
not answered: pending
link to our: autolink reference
links to our: autolink reference
in the background: asynchronous
been doing: event activity
have i done: event activity
did i do: event activity
tags that start: matching reference
branches that start: matching reference
my repos: list repository
show me all: list
so far: list
every day: recurring event
asks for: read
what do they want: read message
what does he want: read message
what does she want: read message
takes over: assign assignee
give it to: assign assignee
fell through: cancel delete
falls through: cancel delete
called off: cancel delete
is off: cancel delete
doesn't take place: cancel delete
won't happen: cancel delete
not happening: cancel delete
i'm late: message send
running late: message send
i am late: message send
be late: message send
working from home: message
out of office: create event
on vacation: create event
on holiday: create event
away from: create event
by then: due date
until friday: due date
no rush: due date
high priority: priority update
top priority: priority update
in review: state update
in progress: state
to done: state update complete
as done: complete update
as duplicate: close update
as read: mark read label
as unread: mark unread label
as spam: label spam
out of my inbox: archive label
from my inbox: archive label
out of the inbox: archive label
important mails: label star
read it out: read
tell me more: read
more about: read
all about: read
was about: read
is about: read
what's it about: read
talk me through: read summarize
explain me: read
explain to me: read
put together: create
write up: create
start a list: create file
turn this into: create
save this: create file
save these: create file
keep a copy: copy create file
make a copy: copy create file
who can: permission access
who else: permission access
can open: access permission
can't open: share access permission
cannot open: share access permission
needs access: share access
need access: share access
get access: share access
has access: permission access
with everyone: share public
with my: share
send the link: share link
share the link: share link
say hello: send message
say hi: send message
ask him: send message
ask her: send message
ask them: send message
ask the team: send message channel
tell him: send message reply
tell her: send message reply
tell them: send message comment
tell everyone: send message channel comment
tell everybody: send message channel
tell people: send message
remind the team: send message channel
remind everyone: send message channel
remind him: send message
remind her: send message
remind me: create event task reminder
remind me what: read
don't forget: create task reminder
don't let me forget: create task reminder
forget to: create task reminder
have to remember: create task reminder
need to remember: create task reminder
got mail: search email
get mail: search email
any mail: search email
any emails: search email
any word: search email message
any news: latest message search
did they reply: search email
has replied: search email
has answered: search email
has written: search email message
did he write: search email message
did she write: search email message
did i get: search email
have i got: search email
has arrived: search email
did arrive: search email
come in: search email
came in: search email
schon geantwortet: search email reply
hat geantwortet: search email reply
hat geschrieben: search email message
ist angekommen: search email
ist da: search
fallt aus: cancel delete event
findet nicht statt: cancel delete event
bei mir an: calendar list event
komme spat: send message
bin krank: send message email
komme zu spat: send message
neue aufgabe: create task
neuer termin: create event
neues ticket: create issue
neues issue: create issue
in bearbeitung: state progress
in arbeit: state progress
auf fertig: complete state
erinnere mich: create event task reminder
vergiss nicht: create task reminder
sag allen: send message channel
schreib dem team: send message channel
frag ob: send message
an die gruppe: send message channel
mit mir: share
fur alle: everyone public
wer ist alles: list people member
wer ist in: list member people
wer arbeitet: list people member
nueva tarea: create task
nuevo ticket: create issue
ya esta: complete close done
esta arreglado: close fixed
esta hecho: complete done
en revision: state review
en curso: progress state
en progreso: progress state
llego tarde: send message
estoy enfermo: send message
recuerdame: create event task reminder
no olvides: create task reminder
ha respondido: search email reply
ha contestado: search email reply
ha escrito: search email message
me ha escrito: search email message
ha llegado: search email
tengo correos: search email
a que equipos: list team authenticated
a quien: list
quien me: list authenticated
de que va: read
de que trata: read
quien tiene acceso: permission access
con mi: share
let into: add permission access
back to commit: update reference
reset to: update reference
roll back to: update reference
must not have: remove access
has left: remove member collaborator
left the company: remove member collaborator
is leaving: remove member
how busy: activity stat
who belongs: list member
gehort zu: list member
gehort zum: list member
aus dem team: remove team member
ins team: add team member
al equipo: add team member
del equipo: team member
want people to see: visibility private
nobody should see: visibility private
arbeite ich: list repository task
woran arbeite: list assigned
en que trabajo: list assigned task
que cambia: read
was andert: read
was bringt: read
el ultimo ciclo: cycle
in this sprint: cycle list issue
in the sprint: cycle list issue
im sprint: cycle list issue
kann nicht: decline invitation
konnen nicht: decline invitation
schaffe es nicht: decline invitation
ich komme: accept invitation
no puedo: decline invitation
no podemos: decline invitation
auf meine liste: create task
meine liste: task list
a mi lista: create task
mi lista: task list
my list: task list
off my list: complete task
which file: search file code
somebody explained: search message
someone explained: search message
somebody said: search message
someone said: search message
somebody wrote: search message
someone wrote: search message
somebody posted: search message
someone posted: search message
somebody shared: search message
someone shared: search message
anyone mentioned: search message
anyone mention: search message
anybody mention: search message
jemand geschrieben: search message
jemand gesagt: search message
jemand erwahnt: search message
alguien dijo: search message
alguien escribio: search message
alguien menciono: search message
i can't remember: search find
i don't remember: search find
i forgot: search find
can't find: search find
i'm looking for: search find
i need the: search find
ich finde: search find
ich suche: search find
no encuentro: search find
what's the name of: search people
what is the name of: search people
name of that: search people
wie heisst: search people
como se llama: search people
who's responsible: read assignee
who is responsible: read assignee
wer ist zustandig: read assignee
wer kummert sich: read assignee
quien se encarga: read assignee
keeps complaining: create issue
keep complaining: create issue
keeps crashing: create issue
does not work: create issue bug
doesn't work: create issue bug
is not working: create issue bug
isn't working: create issue bug
does not load: create issue bug
doesn't load: create issue bug
funktioniert nicht: create issue bug
geht nicht: create issue bug
no funciona: create issue bug
in the backlog: create issue
ins backlog: create issue
al backlog: create issue
give tasks to: list people
of today out: cancel delete event
take all my meetings: cancel delete event
clear my: delete cancel
am sick: cancel message send
call me: send message
dm: send direct message
frei habe: free time
habe ich frei: free time
was vor: calendar list event
etwas vor: calendar list event
going on this weekend: calendar list event
got going on: calendar list event
who's coming: attendee list event
who is coming: attendee list event
wer kommt: attendee list event
quien viene: attendee list event
one hour later: update event
an hour later: update event
hour earlier: update event
eine stunde spater: update event
una hora mas tarde: update event
an hour longer: update event
go live with it: merge
can go in: merge
is fine: approve merge
looks fine: approve
looks good: approve review
passt so: approve review
de acuerdo: reply accept
einverstanden: reply accept
tell her yes: reply
tell him yes: reply
say yes to: accept
say no to: decline
say thanks: reply comment
thank the: comment reply
thank him: reply
thank her: reply
schreib ihm: send email message
schreib ihr: send email message
schreib an: send email message
escribele: send email message
mandale: send email message
leerechte: share access
leserechte: share access permission
schreibrechte: write permission access
should not see: remove access share
shouldn't see: remove access share
must not see: remove access share
nicht mehr sehen: remove access share
no deberia ver: remove access share
in the trash: trash delete
in den papierkorb: trash delete
a la papelera: trash delete
anything from: search email message
anything by: search
anything urgent: list task
should be working on: list task assigned
should i do: list task
do next: list task
thank the person: comment
mailing list: email label
get rid of everything: delete
see my email: email visibility
`;

/** What is said in words, and what it is in those of the tools. */
export interface InWords {
  phrase: RegExp;
  words: readonly string[];
  /** Its own words, where it has several. */
  parts: readonly string[];
  /** Whether it is one word alone. */
  isOne: boolean;
  /** What it begins with: most phrases are not looked for, as this is not there. */
  start: string;
}

/** By the words that all have to be there, in their order; single words last. */
export const SAID_IN_WORDS: readonly InWords[] = PHRASES.trim().split("\n")
  .map((line) => {
    const [phrase = "", words = ""] = line.split(": ");
    const parts = phrase.split(" ").map((part) => part.replace("'", "['’]?"));
    return {
      // What stands between is short: "throw that mail in the bin".
      phrase: new RegExp(`\\b${parts.join("\\b(?:\\W+\\w+){0,4}?\\W+")}\\b`, "i"),
      words: words.split(" ").map(wordForm),
      parts: parts.length === 1 ? [] : phrase.split(" ").map(wordForm),
      isOne: parts.length === 1,
      start: /^\w+/.exec(phrase)?.[0] ?? "",
    };
  })
  .toSorted((a, b) => Number(a.isOne) - Number(b.isOne));
