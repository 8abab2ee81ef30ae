import type { Position } from '../lab/yaml.ts'

/** A fence that holds a command: ```` ```bash run=ID ````. */
export interface Fence {
  readonly command: string
  /** Of the command's name. */
  readonly at: Position
  /** Index of the opening line, and of the line after the content. */
  readonly open: number
  readonly end: number
  /** What stands before the opening marks; taken off each line of the content. */
  readonly indent: string
  readonly marks: string
  readonly content: string
  readonly section: string | null
}

export interface Section {
  readonly id: string
  readonly title: string
  /** Of the id. */
  readonly at: Position
  /** Markdown, without the heading. */
  readonly text: string
}

/** One language's text of a lab. */
export interface Prose {
  readonly intro: string
  /** Those of steps and `debrief`, as they come. */
  readonly sections: readonly Section[]
  readonly fences: readonly Fence[]
  /** `##` headings without an id; they stay part of the text before them. */
  readonly nameless: readonly Position[]
  readonly unclosed?: Position
  /** Lines of the file; `within`: the fence a line is part of. */
  readonly lines: readonly {
    readonly text: string
    readonly section: string | null
    readonly within?: 'command' | 'code'
  }[]
}

const mostIndent = 24

export function readProse(markdown: string): Prose {
  const rows = markdown.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const intro: string[] = []
  const sections: (Omit<Section, 'text'> & { rows: string[] })[] = []
  const fences: Fence[] = []
  const nameless: Position[] = []
  const lines: Prose['lines'][number][] = []
  let open: { row: number; indent: string; marks: string; command?: { name: string; at: Position } } | null = null

  rows.forEach((row, index) => {
    const section = sections.at(-1)
    let kept = true
    if (open) {
      if (closes(row, open.marks)) {
        if (open.command) fences.push(fence(open as Opened, index))
        open = null
      }
    } else {
      open = opening(row, index)
      const heading = open ? null : headingOf(row, index)
      if (heading && 'id' in heading) sections.push({ ...heading, rows: [] })
      if (heading) kept = !('id' in heading)
      if (heading && !('id' in heading)) nameless.push(heading)
      if (kept && !section && /^# /.test(row) && intro.every(each => each.trim() === '')) kept = false
    }
    if (kept) (sections.at(-1)?.rows ?? intro).push(row)
    const within = open && { within: open.command ? ('command' as const) : ('code' as const) }
    lines.push({ text: row, section: sections.at(-1)?.id ?? null, ...within })
  })

  return {
    intro: trimmed(intro),
    sections: sections.map(({ rows: own, ...section }) => ({ ...section, text: trimmed(own) })),
    fences,
    nameless,
    lines,
    ...(open ? { unclosed: { line: (open as { row: number }).row + 1, column: 1 } } : {}),
  }

  function fence({ row, indent, marks, command }: Opened, end: number): Fence {
    const content = rows
      .slice(row + 1, end)
      .map(each => (each.startsWith(indent) ? each.slice(indent.length) : each.trimStart()))
      .join('\n')
    const section = sections.at(-1)?.id ?? null
    return { command: command.name, at: command.at, open: row, end, indent, marks, content, section }
  }
}

interface Opened {
  readonly row: number
  readonly indent: string
  readonly marks: string
  readonly command: { readonly name: string; readonly at: Position }
}

function opening(row: string, index: number) {
  const indent = /^[ \t]*/.exec(row)![0]
  const marks = /^(`{3,}|~{3,})/.exec(row.slice(indent.length, indent.length + 200))?.[0]
  if (!marks || indent.length > mostIndent) return null
  const info = row.slice(indent.length + marks.length)
  if (marks[0] === '`' && info.includes('`')) return null
  const run = /(?:^|\s)run=(\S+)/.exec(info)
  if (!run) return { row: index, indent, marks }
  const column = row.length - info.length + run.index + run[0].length - run[1]!.length + 1
  return { row: index, indent, marks, command: { name: run[1]!, at: { line: index + 1, column } } }
}

function closes(row: string, marks: string): boolean {
  const end = row.trim()
  return end.length >= marks.length && end[0] === marks[0] && end === marks[0]!.repeat(end.length)
}

/** `## Title {#id}`; without an id only its position. */
function headingOf(row: string, index: number): Omit<Section, 'text'> | Position | null {
  if (!/^##[ \t]/.test(row)) return null
  const end = row.trimEnd()
  const from = end.lastIndexOf('{#')
  if (from < 0 || !end.endsWith('}')) return { line: index + 1, column: 1 }
  return {
    id: end.slice(from + 2, -1).trim(),
    title: end.slice(2, from).trim(),
    at: { line: index + 1, column: from + 3 },
  }
}

/** Without empty lines at the ends. */
function trimmed(rows: readonly string[]): string {
  const first = rows.findIndex(row => row.trim() !== '')
  const last = rows.findLastIndex(row => row.trim() !== '')
  return first < 0 ? '' : rows.slice(first, last + 1).join('\n')
}

/** The Markdown with other contents for some fences, everything else as it was. */
export function withFences(markdown: string, changes: readonly { readonly fence: Fence; readonly content: string }[]) {
  const newline = markdown.includes('\r\n') ? '\r\n' : '\n'
  const rows = markdown.split(/\r\n|\n|\r/)
  for (const { fence, content } of changes.toSorted((a, b) => b.fence.open - a.fence.open)) {
    const body = content.split('\n').map(row => (row === '' ? '' : fence.indent + row))
    const longest = Math.max(0, ...body.map(row => (closes(row, fence.marks) ? row.trim().length : 0)))
    const extra = longest === 0 ? '' : fence.marks[0]!.repeat(longest + 1 - fence.marks.length)
    const at = fence.indent.length
    const opener = rows[fence.open]!
    rows.splice(
      fence.open,
      fence.end - fence.open + 1,
      opener.slice(0, at) + extra + opener.slice(at),
      ...body,
      rows[fence.end]!.trimEnd() + extra,
    )
  }
  return rows.join(newline)
}
