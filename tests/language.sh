#!/usr/bin/env bash
# The texts of the program against their translations. Fails, naming the texts, on one that a catalogue in assets/words
# lacks or has only guessed (fuzzy), and on one that the program has no more; what stands in the places of a text is
# looked at by tests/app/words/words_test.cpp.
#   tests/language.sh          checks
#   tests/language.sh --keys   prints the texts as a template that msgmerge and msginit read
set -euo pipefail
cd "$(dirname "$0")/.."

keys=$(mktemp)
presets=$(mktemp -d)
trap 'rm -rf "$keys" "$presets"' EXIT
# What presets are called stands in JSON: it is written as the key() that app/document/presets.cpp makes of it.
mkdir -p "$presets/assets/presets"
for file in assets/presets/*.json; do
    python3 -c '
import json, sys
for preset in json.load(open(sys.argv[1], encoding="utf-8")):
    panes = [pane.get("title", "") for pane in preset["document"].get("panes", [])]
    for text in (preset["document"].get("title", ""), preset["about"], *panes):
        if text: print("key(" + json.dumps(text, ensure_ascii=False) + ")")' "$file" >"$presets/$file"
done
{ find core app -name '*.cpp' -o -name '*.h'; find assets/presets -name '*.json'; } |
    grep -v '^app/third_party/' | LC_ALL=C sort |
    xargs xgettext --language=C++ --directory="$presets" --directory=. --from-code=UTF-8 --keyword --keyword=msg:1 --keyword=key:1 --keyword=key_in:1c,2 \
        --keyword=plural:1,2 --no-wrap --add-location=file --output=- |
    sed 's/charset=CHARSET/charset=UTF-8/' >"$keys"
if [ "${1-}" = --keys ]; then
    cat "$keys"
    exit
fi

failed=0
for words in assets/words/*.po; do
    msgfmt --check-format --check-domain --output-file=/dev/null "$words" || failed=1
    # msgcmp tells of texts that are not used, too, but does not fail because of them
    said=$(LC_ALL=C msgcmp "$words" "$keys" 2>&1) || failed=1
    if grep -q 'this message is not used' <<<"$said"; then failed=1; fi
    [ -z "$said" ] || printf '%s\n' "$said" >&2
done
exit $failed
