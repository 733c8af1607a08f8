/**
 * A small plot, drawn on the server: one bar per hour. The figures stand beside
 * it, and in its name for those who do not see it.
 *
 * @module
 */

/** What is drawn. */
export interface PlotProps {
  /** Oldest first; none is negative. */
  values: number[];
  /** Says what it shows, with the figures that matter. */
  label: string;
  /** What is drawn is nothing to be glad of. */
  failing?: boolean | undefined;
}

const WIDTH = 240;
const HEIGHT = 48;
/** Between bars. */
const GAP = 2;
/** What is not nothing can be seen. */
const LEAST = 2;

/** The plot. */
export function Plot({ values, label, failing = false }: PlotProps) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  return (
    <svg
      class={failing ? "plot failing" : "plot"}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${HEIGHT - .5}H${WIDTH}`} class="axis" />
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(LEAST, Math.round(value / most * HEIGHT));
        return height > 0 && (
          <rect
            x={round(at * step)}
            y={HEIGHT - height}
            width={round(Math.max(1, step - GAP))}
            height={height}
            rx={1}
          />
        );
      })}
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
