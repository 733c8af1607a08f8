/**
 * Linear's API as its schema has it, in front of an emulator that knows less of it: nested
 * filters, search, parents, relations, links, estimates, numbers of issues that moved. What the
 * emulator knows is kept there; the rest is remembered here.
 *
 * https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference
 *
 * @module
 */

import type { Json } from "./api.ts";
import { Connection, type Field, parseOperation, pick } from "./graphql.ts";

/** What the emulator does not know, by the names of things. */
export interface LinearExtras {
  /** By identifier: any of the fields of the API; `parent`, and `relations` by identifier. */
  issues?: Record<string, Json>;
  /** By name. */
  projects?: Record<string, Json>;
  /** By e-mail address. */
  users?: Record<string, Json>;
  /** By name: `{ group: "Area" }` puts it into a group, `{ isGroup: true }` makes it one. */
  labels?: Record<string, Json>;
  /** By number. */
  cycles?: Record<number, Json>;
  /** By the beginning of their text. */
  comments?: Record<string, Json>;
}

const BASE = `{
  viewer { id }
  users(first: 250) { nodes { id name displayName email active guest } }
  teams(first: 250) { nodes { id key name
    states(first: 250) { nodes { id name type position } } } }
  issueLabels(first: 250) { nodes { id name team { id } } }
  projects(first: 250) { nodes { id name state team { id } } }
  cycles(first: 250) { nodes { id number name startsAt endsAt team { id } } }
  issues(first: 250) { nodes {
    id identifier number title description priority priorityLabel url createdAt updatedAt
    archivedAt dueDate state { id } assignee { id } creator { id } team { id }
    project { id } cycle { id } labels(first: 50) { nodes { id } }
    comments(first: 250) { nodes { id body createdAt user { id } } }
  } }
}`;

/** What the emulator's own mutations take; the rest is an extra. */
const INPUT = ["teamId", "title", "description", "priority", "stateId", "assigneeId", "labelIds"]
  .concat("projectId", "cycleId", "dueDate", "issueId", "body");
/** What stands in an input of Linear's beside it. */
const EXTRA_INPUT = ["estimate", "parentId", "addedLabelIds", "removedLabelIds"];

/** Answers Linear's API; `forward` asks the emulator. */
export function linearApi(extras: LinearExtras) {
  /** By id: what was given to a mutation and the emulator has no place for. */
  const kept = new Map<string, Json>();

  async function ask(request: Request, forward: typeof fetch, query: string, variables = {}) {
    const body = JSON.stringify({ query, variables });
    const { headers } = request;
    const answer = await forward(new Request(request.url, { method: "POST", headers, body }));
    const json = await answer.clone().json().catch(() => ({}));
    if (!answer.ok || json.errors) throw answer;
    return json.data;
  }

  /** Everything, each thing leading to the others. */
  function linked(base: Json) {
    const by = (list: Json[]) => (ref: Json) => list.find(({ id }) => id === ref?.id) ?? null;
    const all = (list: Json) => list.nodes as Json[];
    const users = all(base.users).map((user) => ({
      guest: false,
      ...user,
      isMe: user.id === base.viewer.id,
      ...extras.users?.[user.email],
    }));
    const teams = all(base.teams).map((team) => ({
      ...team,
      states: new Connection(team.states.nodes),
    }));
    const states = teams.flatMap((team) =>
      team.states.items.map((state: Json) => ({ ...state, team }))
    );
    const labels: Json[] = all(base.issueLabels).map((label) => ({
      isGroup: false,
      parent: null,
      ...label,
      team: by(teams)(label.team),
      ...extras.labels?.[label.name],
    }));
    for (const label of labels) {
      if (label.group) label.parent = labels.find(({ name }) => name === label.group);
    }
    const projects = all(base.projects).map((project) => ({
      ...project,
      status: { name: project.state },
      targetDate: null,
      lead: null,
      url: `https://linear.app/acme/project/${project.id}`,
      ...extras.projects?.[project.name],
    }));
    const cycles = all(base.cycles).map((cycle) => ({
      isActive: false,
      isNext: false,
      isPrevious: false,
      ...cycle,
      team: by(teams)(cycle.team),
      ...extras.cycles?.[cycle.number],
    }));
    const issues: Json[] = all(base.issues).map((issue) => ({
      estimate: null,
      trashed: null,
      snoozedUntilAt: null,
      previousIdentifiers: [],
      branchName: `me/${issue.identifier.toLowerCase()}`,
      externalUserCreator: null,
      botActor: null,
      attachments: [],
      relations: [],
      ...issue,
      assignee: by(users)(issue.assignee),
      creator: by(users)(issue.creator),
      team: by(teams)(issue.team),
      state: by(states)(issue.state),
      project: by(projects)(issue.project),
      cycle: by(cycles)(issue.cycle),
      labels: new Connection(all(issue.labels).map(by(labels))),
      comments: new Connection(
        all(issue.comments).map((comment) => ({
          externalUser: null,
          botActor: null,
          parent: null,
          ...comment,
          user: by(users)(comment.user),
          ...Object.entries(extras.comments ?? {}).find(([text]) => comment.body.startsWith(text))
            ?.[1],
        })),
      ),
      ...extras.issues?.[issue.identifier],
      ...kept.get(issue.id),
    }));
    const named = (name: string) =>
      issues.find((one) => one.identifier === name || one.id === name);
    const links = issues.map(({ relations }) => relations);
    for (const [index, issue] of issues.entries()) {
      issue.parent = named(issue.parentId ?? issue.parent) ?? null;
      issue.attachments = new Connection(issue.attachments);
      issue.relations = new Connection(links[index].map(({ type, to }: Json) => ({
        type,
        relatedIssue: named(to),
      })));
      issue.inverseRelations = new Connection(
        links.flatMap((list, from) =>
          list.filter(({ to }: Json) => named(to) === issue)
            .map(({ type }: Json) => ({ type, issue: issues[from] }))
        ),
      );
    }
    for (const issue of issues) {
      issue.children = new Connection(issues.filter(({ parent }) => parent === issue));
    }
    return { me: by(users)(base.viewer), users, teams, states, labels, projects, cycles, issues };
  }

  return async function answer(request: Request, forward: typeof fetch): Promise<Response> {
    const { query, variables = {} } = await request.json();
    const world = async () => linked(await ask(request, forward, BASE));
    type World = Awaited<ReturnType<typeof world>>;
    const issueOf = ({ issues }: World, id: string) =>
      issues.find((one) => [one.id, one.identifier, ...one.previousIdentifiers].includes(id)) ??
        notFound("Issue");

    async function change(field: Field): Promise<Json> {
      const { id, input } = field.args;
      const unknown = Object.keys(input).filter((name) =>
        ![...INPUT, ...EXTRA_INPUT].includes(name)
      );
      if (unknown.length > 0) throw new Error(`Field "${unknown}" is not defined by the input`);
      const before = await world();
      const target = id === undefined ? undefined : issueOf(before, id);
      const { addedLabelIds = [], removedLabelIds = [], ...rest } = input;
      const has = (target?.labels.items ?? []).map((label: Json) => label.id);
      const labelIds = [...has, ...addedLabelIds].filter((one) => !removedLabelIds.includes(one));
      const known = Object.fromEntries(
        Object.entries({ ...rest, ...(target && { labelIds }) })
          .filter(([name]) => INPUT.includes(name)),
      );
      const type = field.name === "commentCreate" ? "comment" : "issue";
      const name =
        { issueCreate: "IssueCreateInput", issueUpdate: "IssueUpdateInput" }[field.name] ??
          "CommentCreateInput";
      const sent = `mutation M($id: String, $input: ${name}!) {
        ${field.name}(${target ? "id: $id, " : ""}input: $input) { success ${type} { id } }
      }`.replace(target ? "" : "$id: String, ", "");
      const ids = { id: target?.id, input: known };
      const { [field.name]: payload } = await ask(request, forward, sent, ids);
      const extra = Object.entries(rest).filter(([name]) =>
        ["estimate", "parentId"].includes(name)
      );
      const changed = payload[type].id;
      kept.set(changed, { ...kept.get(changed), ...Object.fromEntries(extra) });
      const { issues } = await world();
      const comments = issues.flatMap((issue) => issue.comments.items);
      const entity = [...issues, ...comments].find((one) => one.id === changed);
      return { success: true, lastSyncId: 1, [type]: entity };
    }

    try {
      const { kind, fields } = parseOperation(query, variables);
      if (kind === "mutation") {
        const data: Json = {};
        for (const field of fields) {
          data[field.alias] = await pick(await change(field), field.fields ?? []);
        }
        return Response.json({ data });
      }
      const all = await world();
      const data = await pick({
        viewer: all.me,
        users: new Connection(all.users.filter(({ active }) => active)),
        teams: new Connection(all.teams),
        team: ({ id }: Json) => all.teams.find((team) => team.id === id) ?? notFound("Team"),
        workflowStates: new Connection(all.states),
        issueLabels: new Connection(all.labels),
        projects: new Connection(all.projects),
        cycles: new Connection(all.cycles),
        issues: new Connection(all.issues),
        searchIssues: ({ term }: Json) =>
          new Connection(
            all.issues.filter(({ title, description }) =>
              `${title} ${description}`.toLowerCase().includes(term.toLowerCase())
            ),
          ),
        issue: ({ id }: Json) => issueOf(all, id),
        issueVcsBranchSearch: ({ branchName }: Json) =>
          all.issues.find((issue) => issue.branchName === branchName) ?? null,
      }, fields);
      return Response.json({ data });
    } catch (error) {
      if (error instanceof Response) return error;
      const { message } = error as Error;
      const extensions = { code: "INPUT_ERROR", type: "invalid input" };
      return Response.json({ errors: [{ message, extensions }] }, { status: 400 });
    }
  };
}

function notFound(entity: string): never {
  throw new Error(`Entity not found: ${entity} - Could not find referenced ${entity}.`);
}
