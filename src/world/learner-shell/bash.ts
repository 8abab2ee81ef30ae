import { markNumber } from './marks.ts'
import { exports, leaveEnvironment, quoted, type Start } from './quote.ts'

/**
 * Start file for bash 3.2 and later.
 *
 * From 5.1 on: `PS0` tells the line, and `PROMPT_COMMAND` is an array, of which a start file that is read again
 * (`PROMPT_COMMAND=…`) changes the first part only. Before: a DEBUG trap. `handrail_trap=1` in the learner's start file asks
 * for the trap.
 *
 * `HISTCONTROL` and `HISTIGNORE` are empty from the prompt on, so that every line is in the history when it begins, the
 * later ones of a pasted block too; afterwards they are back, and what they exclude is taken out.
 */
export function bashStartFile(start: Start): string {
  return `${functions(start)}
if [[ -r ~/.bashrc ]]; then . ~/.bashrc
elif [[ -r ~/.bash_profile ]]; then . ~/.bash_profile
fi
${exports(start)}
command stty ${quoted(start.settings)} </dev/tty 2>/dev/null
shopt -s promptvars
handrail_n=0 handrail_seen=0 handrail_at= handrail_idle= handrail_prompting= handrail_closing=
handrail_hooks= handrail_told= handrail_stray=
handrail_version=$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))
((handrail_version >= 501)) || handrail_trap=1
(HISTCONTROL= HISTIGNORE=) 2>/dev/null || handrail_locked=1 # read-only
trap "handrail_leave last$(handrail_code "$(trap -p EXIT)")" EXIT
trap handrail_closing=1 USR1
[[ -z \${handrail_trap-} ]] || trap '{ handrail_debug "$?" "$_"; } 2>/dev/null'"$(handrail_code "$(trap -p DEBUG)")" DEBUG
handrail_install
`
}

function functions(start: Start): string {
  const mark = (content: string) => `\\033]${markNumber};${start.nonce};${content}\\007`
  return `handrail_mark() { builtin printf '${mark('%s')}' "$1"; } >/dev/tty
handrail_entry() { HISTTIMEFORMAT= builtin history 1; }
# In one write: what is typed ahead may be echoed between two. An entry is found already where the trap has looked.
handrail_line() {
  local entry
  entry=\${3-$(handrail_entry)}
  builtin printf '${mark('%s;%s;%s;%s')}%s${mark('E')}' "$1" "$handrail_n" "$2" "$SHELLOPTS" "$entry"
} >/dev/tty
${leaveEnvironment(start)}

# Of what trap -p says: what it does, to be done after ours.
handrail_code() {
  local words
  eval "words=($1)"
  [[ -z \${words[2]-} ]] || builtin printf '\\n%s' "\${words[2]}"
}

# After a command, before what the learner has in PROMPT_COMMAND; keeps the exit code.
handrail_done() {
  local status=\${1-$?}
  [[ -n $handrail_prompting ]] || return "$status"
  handrail_prompting= handrail_idle=
  # A line that never began: a syntax error; with the trap, a subshell too.
  if ((handrail_n == handrail_seen)) && [[ $HISTCMD != "$handrail_at" ]]; then
    handrail_n=$((handrail_n + 1))
    handrail_line L 0
  fi
  if ((handrail_n != handrail_seen)); then
    handrail_seen=$handrail_n
    handrail_mark "D;$handrail_n;$status;$PWD"
  fi
  handrail_filter
  return "$status"
}

handrail_filter() {
  [[ -z \${handrail_locked-} ]] || return 0
  HISTCONTROL=\${HISTCONTROL:-$handrail_histcontrol} HISTIGNORE=\${HISTIGNORE:-$handrail_histignore}
  [[ -n $HISTCONTROL$HISTIGNORE && $SHELLOPTS == *history* && $HISTCMD != "$handrail_at" ]] || return 0
  local entry number
  entry=$(handrail_entry)
  number=\${entry%%[!0-9\\ ]*}
  entry=\${entry#*[0-9][\\ \\*]\\ }
  # What is added passes both; a line that has changed the history is not the last one any more.
  [[ -z $entry || $entry == *'history -'* ]] || { builtin history -d $number && builtin history -s -- "$entry"; }
}

# After what the learner has in PROMPT_COMMAND.
handrail_prompt() {
  local status=\${1-$?}
  handrail_done "$status"
  # Twice, for jobs that are stopped.
  [[ -z $handrail_closing ]] || { exit 0; exit 0; }
  [[ "\${PROMPT_COMMAND[*]}" == "$handrail_hooks" ]] || handrail_install
  [[ $PS1 == *"$handrail_input" ]] || PS1=\${PS1//"$handrail_input"/}$handrail_input
  if [[ -z \${handrail_trap-} && \${PS0-} != *"$handrail_start"* ]]; then
    PS0=\${PS0-}$handrail_start
    export -n PS0
  fi
  [[ -n $handrail_told ]] || { handrail_told=1; handrail_leave first; }
  if [[ -z \${handrail_locked-} ]]; then
    handrail_histcontrol=\${HISTCONTROL-} handrail_histignore=\${HISTIGNORE-}
    HISTCONTROL= HISTIGNORE=
  fi
  handrail_at=$HISTCMD
  [[ -z \${handrail_trap-} ]] || handrail_last=$(handrail_entry)
  handrail_mark "A;$PWD"
  handrail_prompting=1 handrail_idle=1
  return "$status"
}

handrail_install() {
  local each theirs first='{ handrail_done; } 2>/dev/null' last='{ handrail_prompt; } 2>/dev/null'
  theirs=()
  for each in "\${PROMPT_COMMAND[@]}"; do
    each=\${each//"$first"$'\\n'/} each=\${each//$'\\n'"$last"/}
    each=\${each//"$first"/:} each=\${each//"$last"/:}
    [[ -z $each || $each == : ]] || theirs[\${#theirs[@]}]=$each
  done
  if [[ -n \${handrail_trap-} ]]; then
    PROMPT_COMMAND=$first$'\\n'\${theirs[0]:+\${theirs[0]}$'\\n'}$last
    export -n PROMPT_COMMAND
  else
    PROMPT_COMMAND=("$first\${theirs[0]:+$'\\n'\${theirs[0]}}" "\${theirs[@]:1}")
    PROMPT_COMMAND[99]=$last
  fi
  handrail_hooks="\${PROMPT_COMMAND[*]}"
}

# Before each simple command: the first one after a prompt is where a line begins.
handrail_debug() {
  if [[ \${PROMPT_COMMAND-} != *handrail_prompt* ]]; then
    handrail_stray=\${PROMPT_COMMAND-}
    handrail_install
    # Another PROMPT_COMMAND runs just now, and only this once.
    handrail_part "$handrail_stray" && handrail_prompt "$1"
  fi
  if [[ $BASH_COMMAND != *handrail_* && -z \${COMP_LINE-}\${READLINE_LINE-} ]] && ! handrail_part "$handrail_stray" &&
    # Without a new line in the history it is another trap. A further line of a pasted block has no prompt before it.
    if [[ -n $handrail_idle ]]; then
      handrail_now=$(handrail_entry)
      [[ $SHELLOPTS != *history* || -z $handrail_last || $handrail_now != "$handrail_last" ]]
    else
      [[ -n $handrail_prompting && $HISTCMD != "$handrail_at" ]] && ! handrail_part "$PROMPT_COMMAND" &&
        handrail_now=$(handrail_entry)
    fi
  then
    handrail_idle= handrail_stray= handrail_at=$HISTCMD handrail_n=$((handrail_n + 1))
    handrail_line C "$1" "$handrail_now"
  fi
  handrail_return "$1" "$2"
}
handrail_part() { [[ " $1 " == *[$' \\t\\n;&|{(']"$BASH_COMMAND"[$' \\t\\n;&|})']* ]]; }
# For $? and $_ of the command.
handrail_return() { return "$1"; }

handrail_input=$'\\\\[\\e]133;B\\a\\\\]'
# The array may have been replaced: the last part comes back with the next command.
handrail_start='${mark('x;${PROMPT_COMMAND[99]:={ handrail_prompt; \\} 2>/dev/null}')}'
handrail_start=$handrail_start'${mark('C;$((handrail_n+=1));$?;$SHELLOPTS')}$({ handrail_entry; } 2>/dev/null)${mark('E')}'
`
}
