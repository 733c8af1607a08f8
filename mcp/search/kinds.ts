/**
 * What the things and deeds of everyday life are in the words of the tools: a
 * dinner is an event, a lease is a document. It leads one way: who asks for
 * events does not mean a dinner.
 *
 * @module
 */

import { wordForm } from "./word_form.ts";

/** What they are, and what people say. */
const KINDS = `
event calendar: dinner lunch breakfast brunch supper party wedding birthday anniversary concert gig match game training class lesson course workshop seminar webinar conference fair trip flight holiday vacation interview exam appointment dentist doctor physio therapist haircut hairdresser gym yoga practice rehearsal checkup visit ceremony funeral kickoff retro retrospective planning refinement daily offsite townhall hands demo session coffee drinks barbecue picnic outing recital briefing huddle rendezvous date diary occasion reminder
time free: availability slot gap window hole spare convenient suitable
email: letter receipt booking reservation confirmation statement airline bank insurance landlord tax hotel voucher subscription newsletter correspondence inquiry
file document: contract agreement lease proposal minutes handbook manual policy guide brief plan budget forecast catalogue brochure flyer poster scan template form questionnaire survey concept paper whitepaper thesis essay article manuscript transcript pitch nda expense timesheet payroll inventory pricelist cv resume itinerary recipe quote estimate offer doc writeup onepager
spreadsheet file: sheet table forecast budget figures numbers accounts excel csv
presentation file: slides deck slide keynote pitch powerpoint
folder: directory subfolder
task: todo chore errand homework groceries shopping laundry renewal paperwork item action assignment
issue bug: crash crashing timeout error exception glitch regression leak freeze hang freezes crashes fails broken blank misbehaves malfunction defect
issue: feature enhancement wish suggestion epic story spec
create issue: suggest propose complain complaint
code: function method class constant import module library env regex symbol snippet call called
run workflow: pipeline build deploy deployment deploys job nightly release tests
message: chat announcement gossip news discussion
search message: discussed discuss mentioned talked debated argued
channel: room chat space group
person people: woman man guy lady girl boss manager intern designer engineer accountant newcomer employee staff
person user: who whom
member: belongs participates
share access: visible viewer editor readable accessible
reaction: popper tada emoji clap laugh fire eyes rocket smile heart love confetti applause
react: love
create: compose draft start begin found jot note log prepare establish launch set
delete: ditch scrap axe nix zap bin dump rid
update: tweak amend revise adapt alter correct improve extend
complete: ready finished done ticked solved accomplished
close: solved resolved fixed
move: relocate drag shift
assign: delegate hand take overtake responsible reassign
search find: dig hunt spot track trace locate discover grep browse
search: remember recall misplaced lost
read: peek skim inspect study digest solved
read message: missed miss
send: shoot fire drop deliver dispatch
send message: inform notify announce tell ping
comment: say write remark mention answer add respond
reply: answer respond
list: which enumerate inventory available existing exist
status: progress running dead died stuck finished far
check: whether yet already
rule protection: mandatory enforce forbid prohibit
restriction access: only prevent
delete subscription: unwatch unsubscribe
unfollow: unfollow
reference: tag branch ref
reference branch tag: tags branches
repository: library libraries package framework playground
search repository: popular trending
release: notes changelog version
download archive: grab zip tar tarball zipball
filesystem file: disk local mv cp
filesystem directory: ls
move file: mv
delete file: rm
cache: bust npm
event activity: doing happening lately
authenticated user: myself username whoami login
reaction list: react reacted
approval: approve approved consent
decline: skip miss absent regret apologise apologize
accept: attend attending join coming
artifact: artefact output
vulnerability security: vulnerable insecure cve
topic label: tagged
page: site docs
`;

const byWord = new Map<string, string[]>();
for (const line of KINDS.trim().split("\n")) {
  const [kinds = "", words = ""] = line.split(": ");
  for (const word of words.split(" ").map(wordForm)) {
    byWord.set(word, [...new Set([...byWord.get(word) ?? [], ...kinds.split(" ").map(wordForm)])]);
  }
}

/** What a word is one of; nothing where that is not known. */
export function kindsOf(word: string): readonly string[] {
  return byWord.get(word) ?? [];
}
