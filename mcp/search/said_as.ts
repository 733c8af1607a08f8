/**
 * What people say when they mean one of our own tools, in words that its name and description do
 * not have. Read by the search alone: no list shows it.
 *
 * @module
 */

/** By the name of the tool. */
export const SAID_AS: Readonly<Record<string, string>> = {
  github_list_repositories:
    "my repos, show repositories, code projects I own, work on or have access to, repositories I maintain or contribute to",
  github_find_issues:
    "open bugs, tickets, bugs that people reported, list somebody's pull requests, which issues or PRs are open, waiting for my review, reported already, assigned to me, pull requests with a label, pull requests I opened that are not merged, bugs still open, issues assigned to me, what needs my attention on github",
  github_read_issue:
    "what does the ticket say, show bug, look at issue number, details of an issue, open an issue and tell me what people said, discussion of a ticket",
  github_create_issue:
    "report or file a bug, we need a ticket for, raise a new ticket, feature request, open an issue, log a defect, report a problem to the developers, something does not work",
  github_update_issue:
    "close, reopen, assign to somebody, tag with a label, unassign, rename an issue, mark a bug as fixed, done, won't fix, give the ticket to somebody, make somebody responsible, set a label, mark as duplicate",
  github_comment:
    "approve a PR, request changes, LGTM, leave a review, write or answer under an issue, ticket or pull request, code review, say thanks on a pull request, looks good, write under it, tell them on the ticket that",
  github_read_pull_request:
    "show the diff of a PR, changed files, is it mergeable, can it be merged, conflicts, who reviewed, did the checks pass, what is in the pull request, summarize a PR, what does it change, review comments, is it approved",
  github_create_pull_request:
    "make, raise, submit a PR, merge request, propose my branch, push changes for review, put my branch up for review, from my branch into main",
  github_merge_pull_request:
    "merge it, squash, rebase and merge, land, ship a PR, go ahead and merge, merge the pull request",
  github_read_workflow_runs:
    "did the build pass or go through, CI failed, why did it fail, pipeline, tests red or green, deploy job, workflow log, status of the last build, is the pipeline still running, are the tests green, did the deploy work, github actions",
  github_search_code:
    "where is a function defined or used, find usages of a method, who calls it, grep, which file contains a word, which files import or use a library, find the words in our code, search our source",
  github_list_commits:
    "what changed, history, recent changes, who changed a file last, git log, show a commit by its hash, developers' latest work, who committed, change history of a file, what was pushed, latest commits",
  github_read_file:
    "show the readme, cat a source file, contents of a file in a repo, what is in a folder of the repository, look at the code, what is in package.json, config of the repository, view the source of a file",
  gmail_search_messages:
    "any new mail, unread emails, inbox, find an email about or from somebody, did somebody write me, look for the mail with the invoice, booking, newsletters, latest mails, did somebody write me, has the bank answered, mails of this year, who mailed me, check my mail",
  gmail_read_message:
    "open the mail, read it out to me, what did they write, read the whole thread, full email thread with somebody, attachment of an email, what does the mail say, read me the last mail, what is in his or her email, open the letter, what did they want",
  gmail_send_message:
    "mail somebody, write to a person, send an email to, forward a mail, pass it on, shoot a message, let somebody know by mail, send the draft now, email my boss that I am sick, send a report or file to an address, write an email",
  gmail_reply:
    "answer the mail, answer him or her, write back, reply all, respond to everybody on the thread, tell them in an answer, write back that it works, thank him for his mail, reply that I agree, say yes to the mail",
  gmail_create_draft:
    "prepare an email, compose but do not send it yet, leave it in drafts, write a mail for me to check first, draft a letter, write a mail but wait, save as a draft",
  gmail_label_messages:
    "archive, mark as read or unread, star, trash, delete, bin, throw away mails, move to spam, tag newsletters, clean up the inbox, put into a folder, delete the email, flag, mark as important, remove from the inbox, junk, unsubscribe, label",
  gmail_list_labels:
    "how many unread emails do I have, count inbox, folders of my mailbox, categories, which labels are there, how full is my inbox, number of unread mails",
  calendar_create_event:
    "book, schedule or set up a meeting, put an appointment into my calendar, weekly sync, recurring, remind me at, block time, invite people to a call, make a date, dinner, dentist, doctor, video call with a Meet link, add a birthday, block two hours for, plan, put in, note down dinner or lunch, reserve, reminder, birthday, at nine o'clock, new appointment",
  calendar_list_events:
    "what does my day look like, what's on today, tomorrow, this week, my agenda, my schedule, appointments, next meeting, when does it start, what do I have planned, when is the dentist, who comes to the meeting, my day, do I have anything on Sunday, do I have something planned, am I busy, what happens this week, show my calendar, where do I have to be",
  calendar_update_event:
    "reschedule, postpone, push back, shift, move an appointment to another time or day, invite somebody else to a meeting, rename, change the room, make it longer, make the meeting longer or shorter, change the time, start earlier or later, different location, move the dentist to Thursday",
  calendar_delete_event:
    "cancel an appointment, call off a meeting, remove it from my calendar, drop, scrap a meeting, take it off my calendar, it does not take place",
  calendar_answer_invitation:
    "accept or decline an invite, RSVP, I can come, I can't make it, tell them I am coming or not, say maybe, attend, confirm that I attend, attendance, say yes or no to an invitation, I will be there",
  calendar_find_free_time:
    "when am I free or available, open slot, find a time when both of us can meet, availability, busy, gap in my schedule, am I free on an afternoon, find a slot for an hour, when do I have time, when are we all available, next free hour",
  calendar_list_calendars:
    "which calendars do I have, shared calendars, family calendar, other people's calendars, holiday calendar, names of my calendars, subscribed calendars",
  drive_search_files:
    "where is the document, find a spreadsheet, presentation, slides, PDF, scan, photo, look for a file or folder, recent documents, what did I work on last, which files did I edit last, look for the agreement, contract, lease, report, excel table, my documents",
  drive_read_file:
    "open the document, what does the contract say, summarize the doc, contents of the spreadsheet, who has access or can see a file, read a sheet, who has access, read out the notes, what is in the document, show the sheet, permissions of a file",
  drive_create_file:
    "new folder, new google doc or sheet, save notes as a document, write it down in a file, duplicate or make a copy of a template, store a text, start a new document, create a spreadsheet, new sheet, make a folder, put this text into a file",
  drive_change_file:
    "rename, move to another folder, append or add a sentence to a document, overwrite, edit a doc, delete or trash a file, restore it, star it, add a line to a list or doc, delete the document, trash the draft, update the text, write into my notes, put it in another folder",
  drive_share_file:
    "give somebody edit rights, let them see or view it, access, permission, share a folder by link, make public, remove or revoke access, stop sharing, make someone editor, let somebody edit, make it visible to everyone with the link, give access to a document, invite to a folder, unshare, take away access",
  asana_create_task:
    "add a to-do, new task, remind me to do, assign a job to somebody, note down a todo, put a task on somebody's list, remind the team, new job in a project",
  asana_find_tasks:
    "my tasks, to-do list, what do I have to do, what is on my plate, open or overdue tasks of a project, what is due, who has which tasks, what is somebody working on, overdue, due today, pending tasks, tasks of the project",
  asana_read_task:
    "details of a task, what is the status, its subtasks and comments, notes of a task, what does it wait for, tell me more about a task, what does the task say",
  asana_update_task:
    "tick off, mark as done or complete, finish, check off a to-do, change the due date or deadline, postpone, reassign, reopen a task, move to another section, the task is finished, give the task to somebody, rename a task, change its due date, it is done",
  asana_comment_on_task:
    "leave a note on a task, write an update under a to-do, tell the followers, tell the people on the task that, comment",
  asana_look_up:
    "which projects, workspaces, sections, teams, tags, members, who is in our asana, list the sections of a project, which projects are there, people",
  slack_post_message:
    "tell a channel, write to somebody, DM, ping, announce, say in the team chat, reply in the thread, let colleagues know, send a slack message, ping somebody that, announce in a channel, message the team, write in the channel, tell everybody",
  slack_read_messages:
    "catch me up, what is going on in a channel, what did they say, latest messages, read my DMs, conversation with a colleague, read the thread, what did I miss in the chat, what did somebody just write me, anything important in a channel, what is new in the channel, what was discussed, what has been said",
  slack_list_channels:
    "which channels are there, rooms, groups, chats of the workspace, my direct messages, which channels am I in, all channels",
  slack_search_people:
    "who is, find a colleague, handle, user name, member of the team, look up a person by name or email in slack, find somebody from a department, what is the name of the colleague, email address of a colleague",
  slack_search_messages:
    "who said or mentioned, find a conversation about, where did we talk about, look for a message in the chat history, who wrote about, find that message about, when did we talk about, messages that mention",
  slack_add_reaction:
    "thumbs up, emoji, like, heart, react, party, check mark, remove a reaction, give a post a heart, react to a message",
  linear_create_issue:
    "new ticket, file a bug for a team, create a task, story, feature request, report a problem, put a ticket in linear, log a task for the team, new issue",
  linear_find_issues:
    "my tickets, open bugs, backlog, what is in the current cycle or sprint, issues of a project, what am I working on, assigned to me, what is left in this sprint, bugs of the team, tickets assigned to me, roadmap, what is next",
  linear_read_issue:
    "what is the ticket about, details of ENG-123, show a ticket, its comments, sub-issues, status of an issue, open a ticket, what is the state of a ticket, who works on it, read",
  linear_update_issue:
    "move to in progress, in review or done, close a ticket, assign to somebody, raise the priority, set estimate, due date, put into a cycle or sprint, change the status, set to high priority, put into the next cycle, give the ticket to somebody, mark as done, cancel a ticket, change the title",
  linear_comment_on_issue:
    "leave a note on a ticket, tell the team on the ticket that, answer under an issue, write an update on it, reply on a ticket that, comment on it, tell them in the ticket",
  linear_look_up:
    "which teams, members, projects, cycles, sprints, labels, workflow states exist, who is in the team, which projects are there, people",
};
