/**
 * What a program costs: the processor time and the memory of its process and of
 * all that it started, as Linux counts them.
 *
 * @module
 */

/** Microseconds of one tick of `/proc`, which Linux says in hundredths of a second everywhere. */
const TICK_US = 10_000;

/** One line of `/proc/<pid>/stat`. */
interface Stat {
  pid: number;
  parent: number;
  cpuUs: number;
}

/** The system says how much processor a process has used; elsewhere than on Linux, it does not. */
export function canMeasure(): boolean {
  return Deno.build.os === "linux";
}

/** Of a process and all below it, those that have ended included, in microseconds. */
export function cpuUs(pid: number): number {
  return family(pid).reduce((sum, { cpuUs }) => sum + cpuUs, 0);
}

/**
 * The same of the threads that run, as the scheduler counts them: a start is over before the others
 * have made ten steps. Where it does not say so, in those steps.
 */
export function exactCpuUs(pid: number): number {
  const spent = family(pid).flatMap((one) => threadsOf(one.pid).map((path) => spentNs(path)));
  return spent.length === 0 || spent.some((ns) => ns === undefined)
    ? cpuUs(pid)
    : spent.reduce<number>((sum, ns) => sum + ns!, 0) / 1000;
}

/** Of a process that has ended there are none. */
function threadsOf(pid: number): string[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) =>
      `/proc/${pid}/task/${name}`
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Nanoseconds on a processor: the first number of a thread's `schedstat`. */
function spentNs(thread: string): number | undefined {
  const [ns = ""] = read(`${thread}/schedstat`)?.split(" ") ?? [];
  return /^\d+$/.test(ns) ? Number(ns) : undefined;
}

/** Resident memory of a process and all below it, in bytes. */
export function residentBytes(pid: number): number {
  return family(pid).reduce((sum, one) => sum + residentOf(one.pid), 0);
}

/** A process and all below it. One that has just ended is left out. */
function family(root: number): Stat[] {
  const own = statOf(root);
  if (own === undefined) return [];
  return [own, ...childrenOf(root).flatMap(family)];
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name may hold spaces and brackets; what follows its last bracket does not.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
  return { pid, parent: Number(fields[1]), cpuUs: ticks * TICK_US };
}

/** A kernel that keeps no list of children is asked for everybody's parent. */
function childrenOf(pid: number): number[] {
  const listed = childrenByThread(pid);
  if (listed !== undefined) return listed;
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name))
    .map(({ name }) => statOf(Number(name)))
    .flatMap((stat) => stat?.parent === pid ? [stat.pid] : []);
}

function childrenByThread(pid: number): number[] | undefined {
  const children: number[] = [];
  for (const thread of threadsOf(pid)) {
    const text = read(`${thread}/children`);
    if (text === undefined) return undefined;
    children.push(...text.trim().split(" ").filter(Boolean).map(Number));
  }
  return children;
}

function residentOf(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? "") ?? [];
  return Number(kilobytes) * 1024;
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
