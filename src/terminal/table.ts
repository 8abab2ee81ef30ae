import type { Look } from './screen.ts'
import { columns, pad, wrap } from './width.ts'

export type Align = 'left' | 'right' | 'center' | null

/** A table of styled cells within `width` columns: cells that are too wide are wrapped, and nothing is cut off. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: readonly Align[],
  width: number,
  look: Pick<Look, 'unicode'>,
): string {
  const [bar, cross, rule] = look.unicode ? ['│', '┼', '─'] : ['|', '+', '-']
  const widths = narrow(
    head.map((_, i) => Math.max(...[head, ...rows].map(row => columns(row[i] ?? '')))),
    width - 3 * (head.length - 1),
  )
  const show = (row: readonly string[]): string => {
    const cells = widths.map((wide, i) => wrap(row[i] ?? '', wide).split('\n'))
    const height = Math.max(...cells.map(lines => lines.length))
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, i) => pad(lines[line] ?? '', widths[i]!, aligns[i] ?? 'left'))
        .join(` ${bar} `)
        .trimEnd(),
    ).join('\n')
  }
  const line = widths.map(wide => rule.repeat(wide)).join(`${rule}${cross}${rule}`)
  return [show(head), line, ...rows.map(show)].join('\n')
}

/** Narrows the widest columns until all fit into `room`. */
function narrow(natural: readonly number[], room: number): number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, wide) => sum + wide, 0) - room
  for (; over > 0; over--) {
    const widest = Math.max(...widths)
    if (widest <= 4) break
    widths[widths.indexOf(widest)]!--
  }
  return widths
}
