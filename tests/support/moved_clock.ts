/**
 * Moves the clock of a whole process by days, or by minutes. It is loaded before everything
 * else: `deno run --preload="file:///…/moved_clock.ts?days=400" …`, and needs no
 * permission, so that it can stand before any program.
 *
 * `Date` and `Temporal.Now` move. What the runtime keeps for itself does not:
 * timers, `performance`, KV's own expiry, and the clock that certificates are
 * held against.
 *
 * @module
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** As far as it is used here: not every Deno has it. */
interface TemporalNow {
  instant(): { add(time: { milliseconds: number }): Instant };
  timeZoneId(): string;
}
interface Instant {
  toZonedDateTimeISO(zone: string): Zoned;
}
interface Zoned {
  toPlainDateTime(): unknown;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
}

function moveDate(ms: number): void {
  const real = Date.now;
  const now = () => real() + ms;
  const moved: DateConstructor = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
  });
  Date.now = now;
  Date.prototype.constructor = moved;
  globalThis.Date = moved;
}

function moveTemporal(now: TemporalNow, milliseconds: number): void {
  const real = now.instant;
  const instant = () => real().add({ milliseconds });
  const zoned = (zone = now.timeZoneId()) => instant().toZonedDateTimeISO(zone);
  Object.assign(now, {
    instant,
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (zone?: string) => zoned(zone).toPlainDateTime(),
    plainDateISO: (zone?: string) => zoned(zone).toPlainDate(),
    plainTimeISO: (zone?: string) => zoned(zone).toPlainTime(),
  });
}

const { searchParams } = new URL(import.meta.url);
const ms = Number(searchParams.get("days")) * DAY_MS +
  Number(searchParams.get("minutes")) * MINUTE_MS;
if (!Number.isSafeInteger(ms)) throw new Error(`${import.meta.url} names no number`);
moveDate(ms);
const { Temporal } = globalThis as { Temporal?: { Now: TemporalNow } };
if (Temporal !== undefined) moveTemporal(Temporal.Now, ms);
