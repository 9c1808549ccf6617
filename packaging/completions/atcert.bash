# SPDX-License-Identifier: Apache-2.0
# Bash completion for atcert. Options, modules and faults are asked of the tool, so that they are those of its version.

# The options of a command: the words with dashes that begin the lines of its help.
_atcert_options() {
  "$@" --help 2>/dev/null | sed -n 's/^  \(-[^ ]*\) .*/\1/p' | tr ',' '\n'
}

_atcert_ports() {
  local port
  for port in /dev/ttyUSB* /dev/ttyACM* /dev/serial/by-id/*; do
    [[ -e $port ]] && printf '%s\n' "$port"
  done
}

# Adds the words of $1, or the paths of the kind $1, that begin with $2.
_atcert_words() {
  mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$2")
}

_atcert_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# The values of option $3 of atcert ($1) for the word $2. False: the option takes no value that is known here.
_atcert_value() {
  case $3 in
    --creds | --extract | --templates | --partitions) _atcert_paths -d "$2" ;;
    --output | -o | --cert | --key | --aws-json | --aws-certificate-json | --log | --junit | --config | --flash | --link) _atcert_paths -f "$2" ;;
    --wifi-password-file | --partition-table | --into | --manifest | --nvs-keys | --nvs-csv) _atcert_paths -f "$2" ;;
    --ca)
      _atcert_paths -f "$2"
      _atcert_words 'AmazonRootCA1 AmazonRootCA2 AmazonRootCA3 AmazonRootCA4' "$2"
      ;;
    --script)
      _atcert_paths -f "$2"
      _atcert_words 'aws-iot mqtt-mutual-tls' "$2"
      ;;
    --port | -p)
      [[ -n $2 ]] || _atcert_words "$(_atcert_ports)" ''
      ((${#COMPREPLY[@]})) || _atcert_paths -f "$2"
      ;;
    --baud | -b | --pace) _atcert_words '9600 57600 115200 230400 460800 921600' "$2" ;;
    --speed) _atcert_words 'keep 230400 460800 921600 2000000' "$2" ;;
    --module) _atcert_words "$("$1" build --list-modules 2>/dev/null | sed '1d; s/ .*//')" "$2" ;;
    --fault) _atcert_words "$("$1" emulate --list-faults 2>/dev/null | sed 's/[[ ].*//')" "$2" ;;
    --generation) _atcert_words 'pki nvs' "$2" ;;
    --color) _atcert_words 'auto always never' "$2" ;;
    --slot) _atcert_words 'mqtt client server https wss wpa_ent' "$2" ;;
    # Behind --slot client_cert=
    *_cert | *_key | *_ca) _atcert_paths -f "$2" ;;
    --nvs-update) _atcert_words 'in-place old new' "$2" ;;
    --endpoint | --client-id | --topic | --wifi-ssid | --set | --set-file | --release | --days | --broker | --online-broker | --jobs) ;;
    --resolve | --no-dns) ;;
    --tx-power | --country-code | --start-channel | --channel-number | --uart-* | --platform | --module-name) ;;
    --gatt-row | --size) ;;
    *) return 1 ;;
  esac
}

_atcert() {
  local tool=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
  local verbs='check build inspect info push verify provision explain emulate demo version'
  COMPREPLY=()
  # Bash makes three words of --port=/dev/x.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _atcert_value "$tool" "$word" "$before" && return
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [[ " $verbs " == *" ${COMP_WORDS[i]} "* ]] && verb=${COMP_WORDS[i]} && break
  done
  if [[ $word == -* ]]; then
    _atcert_words "$(_atcert_options "$tool" ${verb:+"$verb"})${verb:+ --config}" "$word"
  elif [[ -z $verb ]]; then
    _atcert_words "$verbs" "$word"
  elif [[ $verb == inspect ]]; then
    _atcert_paths -f "$word"
  elif [[ $verb == explain ]]; then
    _atcert_words "$("$tool" explain 2>/dev/null | sed -n 's/^  \([a-z0-9_]*\) .*/\1/p')" "$word"
  fi
}

complete -F _atcert atcert
