/**
 * Words that stand for one another in what people ask for.
 *
 * Small tables of everyday words and no stemming: cutting words down did more
 * harm than good where tools differ by one word.
 *
 * @module
 */

import { wordForm } from "./word_form.ts";

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
list find
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
resend redeliver again
attach upload asset
complain annotation warning
line annotation
warning annotation
picture media image
photo media image
video media
audio media
sound audio media
several multiple
remark comment
proposal suggestion
suggestion propose
unprotect delete remove protection
protect create protection
ban block
subtask sub issue child
task issue ticket
handle username user name
nickname user name
headline title
subject title
teammate member colleague people
coworker colleague people
boss person
customer person
client person
diary calendar agenda
slot free time
gap free time
hole free time
busy free calendar
doctor appointment
dentist appointment
lunch event
dinner event
party event
letter email
correspondence email
attachment file
paper document
drawing image
sprint cycle
backlog issue
board project
column section
blocker blocked dependency
stuck blocked
postpone update
delay postpone
extend update
prolong update
shorten update
swap replace update
substitute replace update
overwrite replace update
prepend update
append update
undo revert restore
restore untrash
scrap delete
ditch delete
bin trash
throw delete trash
wipe delete
unassign remove assignee
untag remove label
relabel label update
retitle rename title
reword edit update
summarise summarize
summary summarize read
gist summary
digest summary
recap summary read
skim read
transcript text
look read view
watching watch subscription
watched watch subscription
following follow
blocked block
installed install
approve deployment review
greenlight approve
okay approve
veto reject decline
accept invitation
attend invitation
skip decline
contributor commit
committer commit
author commit
blame commit history
sha commit ref reference
head ref
pointer ref reference
fingerprint key
visitor view
popularity star
bookmark star
bookmarked starred
favorited starred
liked starred
picture avatar
employer company
hometown location
website blog
linkedin social account
twitter social account
mastodon social account
instagram social account
hovercard context
yaml workflow
cron schedule
nightly workflow
flaky rerun
red failed
green pass status
failing failed
failed failure
broken failed
crash bug
vulnerability alert
dependabot vulnerability alert
provenance attestation
attestation provenance
approval review
sign-off approve
signoff approve
reviewer requested
maintainer collaborator
permission role
privilege permission
role permission
group team
crew team
squad team
department team
subteam child team
nested child
box runner machine
server machine
host machine
vm machine
builder runner
agent runner
unregister remove
deregister remove
enroll add register
notification inbox
seen read
unseen unread
snooze mute
silence mute
quiet mute
deliver delivery
ship release deliver
payload delivery webhook
endpoint webhook url
callback webhook
ping test
gif image emoji
smiley emoji
rocket reaction
plus reaction
compliance rule
policy rule
bypass rule
bypassed bypass rule
evaluation rule suite
fork copy
mirror clone
sourcecode source
zipball zip
dump export read
export download
backup download
catalog list
overview list summary
inventory list
everything all
wiki repository setting
description update
visibility private public
referral referrer visitor
recursively tree
recursive tree
subfolder directory tree
signed signature
verified signature signed
unsigned signature
asynchronous background async
reprioritize reorder order
reorder order move
immutable unchangeable frozen
retention keep kept
health healthy
outsider fork contributor
passphrase secret
smiley emojis
gitignore ignore
successful success status
bell notification
invitee invitation pending
hook webhook
referral source
contribution activity event
asked requested
background asynchronous
offer quote document
mention said
info detail get
biggest largest size
largest size
heaviest size
guy user person
proof attestation
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
