// What the guided shell adds: to a prompt, and to much output. Beside it: the same shell in a bare terminal, and behind a
// relay in Node.js that does nothing but forward, which is the least that a second pseudo-terminal costs.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import * as pty from '@lydell/node-pty'
import xterm from '@xterm/headless'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = path.join(here, '../..')
const size = { cols: 80, rows: 24 }
const plain = 'The quick brown fox jumps over the lazy dog, and 한글 as well: 0123456789\n'
const coloured = '\x1b[32mINFO\x1b[0m \x1b[1mThe quick\x1b[0m brown fox \x1b[36mjumps\x1b[0m over the lazy dog\n'

/** Rows of the table. `bin` is the program, `work` an empty folder. */
export async function typing(bin, work) {
  const home = path.join(work, 'typing')
  mkdirSync(home)
  writeFileSync(path.join(home, '.bashrc'), "PS1='$ '\n")
  for (const [name, line] of Object.entries({ plain, coloured }))
    writeFileSync(path.join(home, name), line.repeat(Math.ceil(10_000_000 / Buffer.byteLength(line))))
  const env = { ...process.env, HOME: home, XDG_STATE_HOME: path.join(home, '.state'), SHELL: '/bin/bash' }
  for (const name of ['TERM', 'LANG', 'LC_ALL']) env[name] = { TERM: 'xterm-256color' }[name] ?? 'C.UTF-8'
  const course = path.join(root, 'test/fixtures/live/typing')
  const commands = {
    bare: ['bash', '-i'],
    relay: [process.execPath, path.join(here, 'relay.mjs'), 'bash', '-i'],
    lab: [process.execPath, bin, 'run', 'marks', '--course', course],
  }
  const rows = []
  for (const draws of [true, false]) {
    const shells = {}
    for (const [name, words] of Object.entries(commands)) shells[name] = openTerminal(words, { cwd: home, env }, draws)
    await Promise.all([shells.bare.until('$ '), shells.relay.until('$ '), begin(shells.lab, draws)])
    const terminal = draws ? 'in a terminal that draws (xterm.js)' : 'in one that only reads'
    if (draws) rows.push(promptRow(await compare(shells, 41, ':', 'prompt')))
    for (const name of ['plain', 'coloured'])
      rows.push(catRow(`\`cat\` of 10 MB, ${name}, ${terminal}`, await compare(shells, 15, `cat ~/${name}`, 'output')))
    for (const shell of Object.values(shells)) shell.close()
  }
  return rows
}

/** Through the question of a course from elsewhere, once, and the menu. */
async function begin(lab, first) {
  await lab.until('Enter')
  if (first) {
    lab.write('y')
    await lab.until('Enter')
  }
  lab.write('t')
  await lab.until('\x1b]133;B')
}

/** One after the other, so that what else the machine does meets all of them. */
async function compare(shells, rounds, line, to) {
  const times = { bare: [], relay: [], lab: [] }
  for (let i = 0; i < rounds + 2; i++)
    for (const [name, shell] of Object.entries(shells)) {
      const took = (await shell.time(line, `round-${i}.`))[to]
      // The first ones warm up.
      if (i >= 2) times[name].push(took)
    }
  return times
}

function promptRow({ bare, relay, lab }) {
  const [a, b, c] = [lab, bare, relay].map(median)
  const differences = lab.map((each, i) => each - bare[i]).toSorted((x, y) => x - y)
  const worst = differences.at(-2)
  return ['Enter to the next prompt', ms(a), `bare ${ms(b)}, relay ${ms(c)}`, `+${ms(a - b)}, at most +${ms(worst)}`]
}

function catRow(what, { bare, relay, lab }) {
  const [a, b, c] = [lab, bare, relay].map(median)
  const percent = to => `${(100 * (median(lab.map((each, i) => each / to[i])) - 1)).toFixed(0)} %`
  return [what, ms(a), `bare ${ms(b)}, relay ${ms(c)}`, `${percent(bare)} more than bare, ${percent(relay)} than relay`]
}

function openTerminal([file, ...args], options, draws) {
  const child = pty.spawn(file, args, { ...size, ...options, encoding: null })
  const screen = draws ? new xterm.Terminal({ ...size, scrollback: 1000, allowProposedApi: true }) : null
  let tail = ''
  let ahead = 0
  let check = () => {}
  child.onData(bytes => {
    const shown = () => {
      tail = (tail + bytes.subarray(-4000).toString('latin1')).slice(-8000)
      check()
    }
    if (!screen) return shown()
    // As VS Code does: it does not read on while too much waits to be drawn.
    ahead += bytes.length
    if (ahead > 100_000) child.pause()
    screen.write(bytes, () => {
      ahead -= bytes.length
      if (ahead < 5000) child.resume()
      shown()
    })
  })
  const write = text => child.write(Buffer.from(text))
  const until = text =>
    new Promise(done => {
      check = () => {
        const at = tail.indexOf(text)
        if (at === -1) return
        tail = tail.slice(at + text.length)
        check = () => {}
        done()
      }
      check()
    })
  return {
    ...{ write, until },
    /** From Enter to the end of the output, and to the prompt after it, ms. */
    async time(line, mark) {
      tail = ''
      write(`${line}; echo ${mark.slice(0, 1)}""${mark.slice(1)}`)
      await until(mark.slice(1))
      const from = performance.now()
      write('\r')
      await until(mark)
      const output = performance.now() - from
      await until('$ ')
      return { output, prompt: performance.now() - from }
    },
    close: () => child.kill('SIGKILL'),
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
