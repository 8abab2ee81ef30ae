/**
 * Escape sequences: those with a string (OSC, DCS, …) up to BEL or ST, CSI, and the short ones. `stripVTControlCharacters` of
 * Node 20 takes only a part of a hyperlink that ends in ST.
 */
const escapes =
  /\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-Z\\^-~]/g

/** Control characters but tab and newline, and the marks that reverse the direction of what follows. */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

export function stripEscapes(text: string): string {
  return text.replace(escapes, '')
}

/** Text from anywhere (a lab, a log, a container's name) without anything that would steer the terminal. */
export function harmless(text: string): string {
  return stripEscapes(text).replaceAll('\r\n', '\n').replace(unsafe, '')
}
