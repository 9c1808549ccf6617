# The page of causes (docs/causes.md) from `atcert explain --json`: ./dev causes writes it, tests/docs hold it to the tool.

# Text in a table or a paragraph: what Markdown or HTML would take for its own is written out.
def plain: gsub("(?<c>[<>|*_])"; "\\" + .c);
def line($name; $text): "* \($name): \($text | plain)";
def each($name; $texts): $texts[] | line($name; .);

def cause:
  "### `\(.code)`: \(.title | plain)",
  "",
  line("seen as"; .symptom),
  line("cause"; .cause),
  line("remedy"; .remedy),
  line("told apart by"; .tell),
  (if .at == [] then "* nothing tells it by itself" else
    "* when \(.at | map("`" + . + "`") | join(", ")) fails: \(.confidence)",
    each("must hold"; .must), each("must not hold"; .["not"]), each("likely if"; .likely), each("certain if"; .certain)
  end),
  line("source"; .sources | join("; ")),
  "";

"# Causes of failures",
"",
"What `atcert` knows of how modules, networks and AWS fail: one entry a cause, under the code that a failed run names",
"(`error.code` and `diagnosis` in `--json`). `atcert explain CODE` shows the same. This page is made of",
"`causes/causes.json` by `./dev causes`; change it there.",
"",
"What must hold is known to hold; of what must not, nothing is known to hold; what is not known is neither. A cause is as",
"likely as it says, and more so when one of the further conditions holds. `ERROR` with an `ERR CODE` is the module's own",
"refusal; `ERROR` without one, after `AT+MQTTCONN`, `AT+MQTTSUB` or `AT+MQTTPUB`, is the network, TLS, the broker or a policy.",
"",
(.causes | group_by(.chapter) as $groups
 | (reduce .[] as $one ([]; if index($one.chapter) then . else . + [$one.chapter] end))[] as $chapter
 | "## \($chapter)", "", ($groups[] | select(.[0].chapter == $chapter) | .[] | cause))
