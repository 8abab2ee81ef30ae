import { expect, test } from 'vitest'
import { type Look, lookOf } from '../../src/terminal/screen.ts'

const vscode = { TERM: 'xterm-256color', TERM_PROGRAM: 'vscode', LANG: 'en_US.UTF-8' }
const xterm = { TERM: 'xterm-256color' }
const tty = { isTTY: true, columns: 90, rows: 30 }

const everything: Look = { columns: 90, rows: 30, colour: true, links: true, repaint: true, unicode: true }
const nothing = { colour: false, links: false, repaint: false }

test.each<[string, Record<string, string>, Partial<Look>]>([
  ['the course terminal', vscode, {}],
  ['an unknown terminal', xterm, { links: false }],
  ['NO_COLOR', { ...vscode, NO_COLOR: '1' }, { colour: false, links: false }],
  ['an empty NO_COLOR says nothing', { ...vscode, NO_COLOR: '' }, {}],
  ['CI', { ...vscode, CI: 'true' }, nothing],
  ['CI=false is no CI', { ...vscode, CI: 'false' }, {}],
  ['dumb', { ...vscode, TERM: 'dumb' }, nothing],
  ['FORCE_COLOR before NO_COLOR', { ...vscode, NO_COLOR: '1', FORCE_COLOR: '1' }, { links: false }],
  ['FORCE_COLOR=0', { ...vscode, FORCE_COLOR: '0' }, { colour: false }],
  ['FORCE_COLOR in CI', { ...vscode, CI: '1', FORCE_COLOR: '' }, { ...nothing, colour: true }],
  ['ACCESSIBLE', { ...vscode, ACCESSIBLE: '1' }, { repaint: false }],
  ['ACCESSIBLE=0', { ...vscode, ACCESSIBLE: '0' }, {}],
  ['kitty', { TERM: 'xterm-kitty' }, {}],
  ['iTerm', { ...xterm, TERM_PROGRAM: 'iTerm.app' }, {}],
  ['Windows Terminal', { ...xterm, WT_SESSION: 'x' }, {}],
  ['VTE', { ...xterm, VTE_VERSION: '7600' }, {}],
  ['VTE too old', { ...xterm, VTE_VERSION: '5000' }, { links: false }],
  ['Konsole', { ...xterm, KONSOLE_VERSION: '230804' }, {}],
  ['tmux within a terminal that has links', { ...vscode, TMUX: '/tmux,1,0' }, { links: false }],
  ['POSIX', { ...xterm, LANG: 'POSIX' }, { links: false, unicode: false }],
  ['LC_ALL before LANG', { ...xterm, LC_ALL: 'C', LANG: 'ko_KR.UTF-8' }, { links: false, unicode: false }],
  ['C.UTF-8', { ...xterm, LANG: 'C.UTF-8' }, { links: false }],
  ['ko_KR.utf8', { ...xterm, LANG: 'ko_KR.utf8' }, { links: false }],
  ['EUC-KR', { ...xterm, LANG: 'ko_KR.eucKR' }, { links: false, unicode: false }],
  ['C in the course terminal', { ...vscode, LANG: 'C' }, {}],
  ['the console of Linux', { TERM: 'linux' }, { links: false, unicode: false }],
])('%s', (_, env, differs) => {
  expect(lookOf(env, tty)).toEqual({ ...everything, ...differs })
})

test.each([
  [{ columns: 120 }, 100],
  [{ columns: 79 }, 79],
  [{ columns: 0 }, 80],
  [{}, 80],
  [{ columns: 5 }, 20],
])('columns of %j: %i', (stream, expected) => {
  expect(lookOf(vscode, stream)).toEqual({ columns: expected, rows: 24, ...nothing, unicode: true })
})

test('colours can be forced into a file', () => {
  expect(lookOf({ FORCE_COLOR: '1' }, {})).toMatchObject({ ...nothing, colour: true })
})
