import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A prompt as starship makes it: a program that is asked for it before each prompt, two lines, colours, the exit code and the
 * time of the last command; hooks before the prompt and before a command, and in zsh something at the right.
 */
const program = `#!/bin/sh
case $THEME_SHELL in bash) open='\\[' close='\\]' ;; *) open='%{' close='%}' ;; esac
paint() { printf '%s\\033[%sm%s%s%s\\033[0m%s' "$open" "$1" "$close" "$2" "$open" "$close"; }
case $1 in
  --right) paint 2 '⏱ clock'; exit ;;
esac
printf '\\n'
paint '1;36' "$(basename "$PWD")"
printf ' via '
paint '1;32' '⬢ v20'
[ "$1" = 0 ] || paint '1;31' " ✖$1"
printf '\\n'
paint '1;32' '❯'
printf ' '
`

const bash = `export THEME_SHELL=bash
theme_preexec() { local last=$1; if [[ $theme_ready == true ]]; then theme_ready=false theme_began=$SECONDS; fi; : "$last"; }
theme_precmd() { local status=$? pipe="\${PIPESTATUS[*]}"; PS1="$("$HOME/bin/theme" "$status" "$pipe" "$(jobs -p | wc -l)")"; theme_ready=true; }
`

const zsh = `export THEME_SHELL=zsh
zmodload zsh/parameter
theme_precmd() { theme_status=$? theme_jobs=\${#jobstates[*]} }
theme_preexec() { theme_began=$SECONDS }
autoload -Uz add-zsh-hook
add-zsh-hook precmd theme_precmd
add-zsh-hook preexec theme_preexec
theme_select() { zle reset-prompt }
zle -N zle-keymap-select theme_select
setopt promptsubst
PROMPT='$("$HOME/bin/theme" "$theme_status")'
RPROMPT='$("$HOME/bin/theme" --right)'
`

/** Start files by name: how such a prompt hangs itself into the shell. */
export const prompts = [
  {
    name: 'PROMPT_COMMAND and a DEBUG trap',
    shell: 'bash',
    rc: `${bash}trap 'theme_preexec "$_"' DEBUG\nPROMPT_COMMAND=theme_precmd`,
  },
  {
    name: 'an array of PROMPT_COMMAND and PS0',
    shell: 'bash',
    rc: `${bash}PS0='\${theme_ready:$((theme_ready=0)):0}'\nPROMPT_COMMAND=(theme_precmd 'history -a')`,
  },
  { name: 'hooks of zsh and a prompt at the right', shell: 'zsh', rc: zsh },
] as const

export function installTheme(home: string): void {
  const folder = join(home, 'bin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'theme'), program)
  chmodSync(join(folder, 'theme'), 0o755)
}
