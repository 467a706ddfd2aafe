#!/usr/bin/env python3
"""How far the program's words have become messages, by room: texts in msg(), plural(), key() and key_in(), and string
literals of two words or more that are in none of them. Names are no words: those whose words all have capitals ("Adobe
RGB"), those of a list that is_one_of() and its kin are given, and the parameters in a row of a table of functions; nor is
an option with its value ("--engine fast"). A figure, not a check: a literal may be code of another program, JSON or a
shader's name. tests/words_left.py --list ROOM prints those of a room."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<raw>R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<char>'(?:[^'\\\n]|\\.)+')|(?P<include>^\s*\#[^\n]*)""",
    re.S | re.M | re.X,
)
MESSAGE = re.compile(r"\b(?:msg|key|key_in|plural)\(\s*$")
WORDS = re.compile(r"[^\W\d_]{2,}[^\w\"]*\s[^\w\"]*[^\W\d_]{2,}")
# What nobody reads: ids of Dear ImGui behind ##, places of formats, marks of XML, lines for a shader's preprocessor, names
# of fields in UiState, and what a static_assert says.
UNREAD = re.compile(r"##.*|\{[^}]*\}|<[^>]*>|^\(?<.*|#define.*|\bfont-family=.*", re.S)
UNSHOWN = re.compile(r"(?:\bkey = fmt::format\(|\bstatic_assert\([^;]*,)\s*$")
WORD = re.compile(r"[^\W\d_]{2,}")
OPTION = re.compile(r"--[a-z-]+ \S+")
NAMES = re.compile(r"(?:(?:[A-Za-z_][\w.]*|[*-])(?: |$))+")  # parted by blanks
LISTING = r"\b(?:is_one_of|is_name|words|given\.take|argument|Given \w+)\((?:[^;{}]|\{[^;{}]*\})*?"  # up to where the list stands
LISTED = re.compile(LISTING + "$")
LIST_CONSTANT = re.compile(LISTING + r"\b(k[A-Z]\w*)")
CONSTANT = re.compile(r"\b(k[A-Z]\w*)\s*=[^;]*$")
ROW = re.compile(r"\b(?:Signature|KnownFunction|Program|Library)\b[^;]*$")


def is_for_people(text):
    named = all(word[0].isupper() for word in WORD.findall(text))
    return bool(WORDS.search(text)) and not named and not OPTION.fullmatch(text)


def is_list(text, before, constants):
    """Whether a literal is a list of names, by the source in front of it."""
    if not NAMES.fullmatch(text):
        return False
    constant = CONSTANT.search(before)
    return bool(LISTED.search(before) or ROW.search(before) or (constant and constant[1] in constants))


def literals(source):
    """Adjacent literals as one, each with whether it is an argument of a function that makes messages, its line and what
    of the source is in front of it."""
    found, end, inside = [], -1, False
    for token in TOKEN.finditer(source):
        if token["text"] is None and token["raw"] is None:
            continue
        between = source[end : token.start()] if end >= 0 else source[: token.start()]
        text = token.group()[1:-1]
        if end >= 0 and not between.strip() and found:
            found[-1] = (found[-1][0] + text, *found[-1][1:])
        else:
            second = inside and between.strip() == ","  # the form for many, or the text behind its context
            inside = bool(MESSAGE.search(source[: token.start()][-80:]))
            line = source.count("\n", 0, token.start()) + 1
            if not UNSHOWN.search(source[: token.start()][-200:]):
                found.append((text, inside or second, line, source[max(token.start() - 4000, 0) : token.start()]))
        end = token.end()
    return found


def main():
    listed = sys.argv[2] if sys.argv[1:2] == ["--list"] else None
    rooms = {}
    paths = sorted([*(ROOT / "core").rglob("*.cpp"), *(ROOT / "core").rglob("*.h"),
                    *(ROOT / "app").rglob("*.cpp"), *(ROOT / "app").rglob("*.h")])
    constants = {name for path in paths for name in LIST_CONSTANT.findall(path.read_text(encoding="utf-8"))}
    for path in paths:
        place = path.relative_to(ROOT)
        if "third_party" in place.parts:
            continue
        room = "/".join(place.parts[:2]) if len(place.parts) > 2 else "app"
        counts = rooms.setdefault(room, [0, 0])
        for text, is_message, line, before in literals(path.read_text(encoding="utf-8")):
            if is_message:
                counts[0] += 1
            elif is_for_people(UNREAD.sub("", text)) and not is_list(text, before, constants):
                counts[1] += 1
                if room == listed:
                    print(f"{place}:{line}: {text}")
    if listed:
        return
    print(f"{'room':<16}{'messages':>9}{'left':>7}")
    for room, (messages, left) in sorted(rooms.items()):
        print(f"{room:<16}{messages:>9}{left:>7}")
    print(f"{'all':<16}{sum(r[0] for r in rooms.values()):>9}{sum(r[1] for r in rooms.values()):>7}")


main()
