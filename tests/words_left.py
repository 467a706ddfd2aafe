#!/usr/bin/env python3
"""The words that people read are messages, so that every language has them. Fails, naming the places, on a string literal
of two words or more that is in no msg(), plural(), key() or key_in(). What nobody reads is told by these rules:
  - core/codegen writes programs of other frameworks: all but its notes, which are messages, is program text;
  - names are no words: those whose words all have capitals ("Adobe RGB"), those of a list that is_one_of() and its kin are
    given, the parameters in a row of a table of functions, and an option with its value ("--engine fast");
  - ids of Dear ImGui, what a static_assert or a consteval function says, and `.name =` of a table's row are no words;
  - a comment "// no words: WHY" behind a literal speaks for its line, and above a definition for all of that.
    tests/words_left.py"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"//.*\bno words: \w")
PROGRAMS = "core/codegen"
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<raw>R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<char>'(?:[^'\\\n]|\\.)+')|(?P<include>^\s*\#[^\n]*)""",
    re.S | re.M | re.X,
)
MESSAGE = re.compile(r"\b(?:msg|key|key_in|plural)\(\s*$")
WORDS = re.compile(r"[^\W\d_]{2,}[^\w\"]*\s[^\w\"]*[^\W\d_]{2,}")
# What nobody reads: ids of Dear ImGui behind ##, places of formats, marks of XML, lines for a shader's preprocessor, names
# of fields in UiState, and what a static_assert says.
UNREAD = re.compile(r"##.*|convlens: |%[-.\w]|\{[^}]*\}|<[^>]*>|^\(?<.*|#define.*|\bfont-family=.*", re.S)
UNSHOWN = re.compile(
    r"(?:\bkey = fmt::format\(|\bstatic_assert\([^;]*,|\bthrow|\.name =|\b(?:GetID|PushID|BeginViewportSideBar)\()\s*$"
)
WORD = re.compile(r"[^\W\d_]{2,}")
OPTION = re.compile(r"--[a-z-]+ \S+")
NAMES = re.compile(r"(?:(?:[A-Za-z_][\w.]*|[*-])(?: |$))+")  # parted by blanks
LISTING = r"\b(?:is_one_of|is_name|words|has|mentions_of|given\.take|argument|Given \w+)\((?:[^;{}]|\{[^;{}]*\})*?"  # up to where the list stands
LISTED = re.compile(LISTING + "$")
LIST_CONSTANT = re.compile(LISTING + r"\b(k[A-Z]\w*)")
CONSTANT = re.compile(r"\b(k[A-Z]\w*)\s*=[^;]*$")
ROW = re.compile(r"\b(?:[Ss]ignature|KnownFunction|Program|Library)\b[^;]*$")
ROW_CONSTANT = re.compile(r"\bKnownFunction\{[^{}]*?, (k[A-Z]\w*)")


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
        text = token.group()[1:-1] if token["raw"] is None else token.group()[3 + len(token["mark"]) : -2 - len(token["mark"])]
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


def spoken_for(source):
    """The lines that comments "no words" speak for."""
    lines, spoken = source.split("\n"), set()
    for at, line in enumerate(lines):
        if not MARK.search(line):
            continue
        if not line.lstrip().startswith("//"):
            spoken.add(at + 1)
            continue
        below = [i for i in range(at + 1, len(lines)) if lines[i].strip() and not lines[i].lstrip().startswith("//")]
        first = below[0]
        code = {i: lines[i].split("  // ")[0].rstrip() for i in below}
        last = next(i for i in below if code[i].endswith(("{", ";")))
        if code[last].endswith("{"):
            end = re.match(r" *", lines[first])[0] + "}"
            last = next(i for i in below if i > last and lines[i].startswith(end))
        spoken.update(range(first + 1, last + 2))
    return spoken


def left_in(source, constants=frozenset()):
    """The literals of a source that should be messages, each with its line."""
    spoken = spoken_for(source)
    return [
        (line, text)
        for text, is_message, line, before in literals(source)
        if not is_message and line not in spoken
        and is_for_people(UNREAD.sub("", text)) and not is_list(text, before, constants)
    ]  # fmt: skip


def check_itself():
    """What this must find, and what it must let pass."""
    found = ['complain(ui, verbatim("two words"));', 'ImGui::TextUnformatted("Not in Chinese");',
             'say(ui, msg("of a message"), "topic of it");', 'return fmt::format("{} of them", n);',
             '// no words: an id\nconst char* kId = "an id";\nconst char* kText = "the text";']
    passed = ['say(ui, msg("a sentence", "n"_is(3)));', 'plural("one row", "many rows", n);', 'key_in("a noun", "a stamp")',
              'ImGui::PushID("some id");', 'f("an id");  // no words: an id', 'title = "Adobe RGB";', '// "in a comment"',
              '// no words: ids\nstd::array kIds{\n    Id{"an id"},\n\n    Id{"another id"},\n};']
    for source in found:
        assert len(left_in(source)) == 1, source
    for source in passed:
        assert not left_in(source), source


def main():
    check_itself()
    paths = sorted(path for room in ("core", "app") for kind in ("*.cpp", "*.h") for path in (ROOT / room).rglob(kind)
                   if "third_party" not in path.parts)  # fmt: skip
    sources = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in paths}
    constants = {name for source in sources.values() for form in (LIST_CONSTANT, ROW_CONSTANT) for name in form.findall(source)}
    failed = False
    for place, source in sources.items():
        if place.is_relative_to(PROGRAMS):
            continue
        for line, text in left_in(source, constants):
            print(f"{place}:{line}: no message: {text}", file=sys.stderr)
            failed = True
    return failed


sys.exit(main())
