/** Terminal modes that a program may leave behind when it is killed, with what the terminal starts with. */
const usual: ReadonlyMap<string, boolean> = new Map([
  ['1', false], // arrow keys for applications
  ['7', true], // wrap at the margin
  ['9', false], // mouse, in all its ways
  ['25', true], // cursor
  ['47', false], // alternate screen, in all its ways
  ['1000', false],
  ['1002', false],
  ['1003', false],
  ['1004', false],
  ['1005', false],
  ['1006', false],
  ['1015', false],
  ['1047', false],
  ['1049', false],
  ['2004', false], // bracketed paste
])

const alternateScreens = ['47', '1047', '1049']

export interface Modes {
  /** A program set (`h`) or reset (`l`) these, separated by `;`. */
  set(names: string, on: boolean): void
  /** From now on nothing is shown, so nothing changes. */
  freeze(): void
  /** A full-screen program has the screen. */
  alternate(): boolean
  /** What brings back the modes that are not as usual. */
  undo(): string
}

/** `changed`: `undo` gives something else now. */
export function createModes(changed: (undo: string) => void = () => {}): Modes {
  const unusual = new Set<string>()
  let frozen = false
  const undo = () => [...unusual].map(name => `\x1b[?${name}${usual.get(name) ? 'h' : 'l'}`).join('') + '\x1b[0m'
  return {
    set(names, on) {
      if (frozen) return
      for (const name of names.split(';')) {
        if (!usual.has(name) || unusual.has(name) !== (usual.get(name) === on)) continue
        if (usual.get(name) === on) unusual.delete(name)
        else unusual.add(name)
        changed(undo())
      }
    },
    freeze() {
      frozen = true
    },
    alternate: () => alternateScreens.some(name => unusual.has(name)),
    undo,
  }
}
