import type { Lab, Language } from '../../src/lab/lab.ts'
import type { Scene } from '../../src/report/plain.ts'
import { createTeller, type Teller } from '../../src/report/teller.ts'
import type { Look } from '../../src/terminal/screen.ts'

export const look: Look = { columns: 80, rows: 24, colour: false, links: false, repaint: false, unicode: true }

/** A teller that writes to a text instead of a terminal. */
export function paper(language: Language, change: Partial<Look> = {}): Teller & { text(): string } {
  let written = ''
  const teller = createTeller(language, { ...look, ...change }, text => {
    written += text
  })
  return { ...teller, text: () => written }
}

export function scene(lab: Lab, change: Partial<Scene> = {}): Scene {
  return { lab, playing: true, commandFor: words => `lab ${words}`, nextLab: null, ...change }
}
