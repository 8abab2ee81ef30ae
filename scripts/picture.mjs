// Makes docs/run.ko.svg and docs/run.en.svg: what a terminal of 80 columns shows of a real run of the first lab.
//   node scripts/picture.mjs
import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pty from '@lydell/node-pty'
import xterm from '@xterm/headless'

const root = fileURLToPath(new URL('..', import.meta.url))
const columns = 80
const colours = ['#1f2329', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#adbac7']
const ink = '#cdd9e5'
const paper = '#1c2128'

await mkdir(path.join(root, 'docs'), { recursive: true })
for (const language of ['ko', 'en']) {
  const rows = await record(language)
  await writeFile(path.join(root, 'docs', `run.${language}.svg`), svg(rows))
  process.stdout.write(`docs/run.${language}.svg: ${rows.length} lines\n`)
}

/** Runs two steps through the menu and gives the screen, line by line, as cells. */
async function record(language) {
  const home = await mkdtemp(path.join(tmpdir(), 'lab-picture-'))
  const terminal = new xterm.Terminal({ cols: columns, rows: 500, allowProposedApi: true })
  // From a place that says nothing of the machine it was made on.
  const program = path.join(tmpdir(), 'handrail')
  for (const part of ['bin', 'dist', 'labs', 'package.json'])
    await cp(path.join(root, part), path.join(program, part), { recursive: true })
  const lab = path.join(program, 'bin/lab.js')
  const own = { HOME: '/tmp/learner', XDG_STATE_HOME: path.join(home, 'state') }
  const env = { ...process.env, ...own, TERM: 'xterm-256color', CI: '', NO_COLOR: '' }
  const run = ['run', 'first-steps', '--lang', language]
  const shell = pty.spawn(process.execPath, [lab, ...run], { cols: columns, rows: 44, cwd: home, env })
  let written = Promise.resolve()
  shell.onData(data => {
    written = written.then(() => new Promise(done => terminal.write(data, done)))
  })
  const exited = new Promise(resolve => shell.onExit(resolve))
  const menu = language === 'ko' ? '어떻게 할까요?' : 'What now?'
  for (const [count, key] of [
    [1, 'r'],
    [2, 'r'],
    [3, 'q'],
  ]) {
    await until(async () => {
      await written
      return occurrences(terminal, menu) >= count
    })
    shell.write(key)
  }
  await exited
  await written
  execFileSync(process.execPath, [lab, 'clean', 'first-steps', '--yes'], { env, stdio: 'ignore' })
  await rm(home, { recursive: true, force: true })
  await rm('/tmp/learner', { recursive: true, force: true })
  await rm(program, { recursive: true, force: true })
  return cells(terminal)
}

async function until(condition) {
  const deadline = Date.now() + 60_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the run did not get there within a minute')
    await new Promise(done => setTimeout(done, 50))
  }
}

function occurrences(terminal, text) {
  const buffer = terminal.buffer.active
  let count = 0
  for (let y = 0; y < buffer.length; y++) if (buffer.getLine(y)?.translateToString(true).includes(text)) count++
  return count
}

function cells(terminal) {
  const buffer = terminal.buffer.active
  const rows = []
  for (let y = 0; y < buffer.length; y++) {
    const line = buffer.getLine(y)
    const row = []
    for (let x = 0; x < columns; x++) {
      const cell = line.getCell(x)
      if (!cell || cell.getWidth() === 0) continue
      const colour = cell.isFgPalette() ? (colours[cell.getFgColor() % 8] ?? ink) : ink
      row.push({ x, text: cell.getChars() || ' ', colour, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 })
    }
    rows.push(row)
  }
  const last = rows.findLastIndex(row => row.some(cell => cell.text !== ' '))
  return rows.slice(0, last + 1)
}

function svg(rows) {
  const [wide, high] = [8.4, 19]
  const text = rows.flatMap((row, y) =>
    runs(row).map(({ x, text: part, colour, bold, dim }) => {
      const style = `fill="${colour}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity=".6"' : ''}`
      const length = /^[\x20-\x7e]+$/.test(part) ? ` textLength="${(part.length * wide).toFixed(1)}"` : ''
      return `<text x="${(x * wide + 16).toFixed(1)}" y="${y * high + 30}"${length} ${style}>${escaped(part)}</text>`
    }),
  )
  const size = `width="${columns * wide + 32}" height="${rows.length * high + 32}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="ui-monospace, 'D2Coding', 'Noto Sans Mono CJK KR', Menlo, Consolas, monospace" font-size="14" style="white-space:pre">
<title>lab run first-steps</title>
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
${text.join('\n')}
</svg>
`
}

/** Neighbouring cells of one style; wide characters stand alone, so that columns stay columns in any font. */
function runs(row) {
  const parts = []
  for (const cell of row) {
    const last = parts.at(-1)
    const narrow = /^[\x20-\x7e]$/.test(cell.text)
    const same = last && last.colour === cell.colour && last.bold === cell.bold && last.dim === cell.dim
    if (same && narrow && last.narrow && last.x + last.text.length === cell.x) last.text += cell.text
    else if (cell.text !== ' ') parts.push({ ...cell, narrow })
  }
  return parts.map(part => ({ ...part, text: part.text.trimEnd() }))
}

function escaped(text) {
  return text.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character])
}
