#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reads the ELF of a release build and says what protects it: check_hardening.sh BUILD-FOLDER
# Fails when anything is missing that is in our hands. Control-flow protection (CET) is the program's only when every
# archive in it has it: those that lack it are named, and ours must not be among them.
set -euo pipefail
folder=${1:?usage: check_hardening.sh BUILD-FOLDER}
program=$folder/atcert
debug=$program.debug
export LC_ALL=C
failed=0

holds() { # holds WHAT COMMAND...: the command's success is what must hold
  local what=$1; shift
  if "$@" >/dev/null; then printf 'ok    %s\n' "$what"; else printf 'FAIL  %s\n' "$what"; failed=1; fi
}
reads() { readelf -W "$1" "$2" 2>/dev/null | grep -E "$3" >/dev/null; } # reads OPTION FILE PATTERN
lacks() { ! reads "$@"; }

holds 'position independent' reads -h "$program" 'Type: +DYN'
holds 'relocations read-only' reads -l "$program" 'GNU_RELRO'
holds 'symbols bound at the start' reads -d "$program" 'FLAGS_1.*NOW|BIND_NOW'
holds 'no text relocations' lacks -d "$program" 'TEXTREL'
holds 'stack not executable' reads -l "$program" 'GNU_STACK.* RW +0x'
holds 'no segment both writable and executable' lacks -l "$program" 'LOAD.* RWE '
holds 'stack protector' reads --dyn-syms "$program" '__stack_chk_fail'
holds 'fortified functions' reads --dyn-syms "$program" '__[a-z]+_chk'
holds 'no symbol table' lacks -S "$program" ' \.symtab'
holds 'no debug information' lacks -S "$program" ' \.debug_info'
holds 'a link to the debug file' reads -S "$program" ' \.gnu_debuglink'
holds 'debug information beside it' reads -S "$debug" ' \.debug_info'
build_id() { readelf -n "$1" 2>/dev/null | sed -n 's/.*Build ID: //p'; }
holds 'of the same build' test -n "$(build_id "$program")" -a "$(build_id "$program")" = "$(build_id "$debug")"

# The members of an archive, and how many of them are marked.
members() { ar t "$1" | wc -l; }
marked() { readelf -n "$1" 2>/dev/null | grep -c 'x86 feature:.*IBT, SHSTK' || true; }

if [[ $(uname -m) == x86_64 ]]; then
  mapfile -t archives < <(ninja -C "$folder" -t commands atcert | tail -1 | grep -oE '[^ ]+\.a( |$)' | tr -d ' ' | sort -u)
  lacking=()
  for archive in "${archives[@]}"; do
    [[ $archive == /* ]] || archive=$folder/$archive
    [[ $(marked "$archive") -eq $(members "$archive") ]] || lacking+=("$archive")
  done
  for archive in "$folder"/lib*.a; do
    holds "control-flow protection in ${archive##*/}" test "$(marked "$archive")" -eq "$(members "$archive")"
  done
  if ((${#lacking[@]})); then
    printf 'note  no control-flow protection (CET) of the whole program, for lack of it in:%s\n' \
      "$(printf ' %s' "${lacking[@]##*/}")"
  else
    holds 'control-flow protection (CET) of the whole program' reads -n "$program" 'IBT, SHSTK'
  fi
fi
exit $failed
