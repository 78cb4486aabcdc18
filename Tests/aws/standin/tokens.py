"""SQL as Redshift reads it, in tokens that know where they stand."""

import re
from dataclasses import dataclass

PARTS = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
    | (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<parameter>\$\d+)
    | (?P<word>[#A-Za-z_\u0080-\U0010ffff][\w$]*)
    | (?P<sign>::|\|\||<>|!=|>=|<=|->>|->|\#>>|\#>|@>|<@|!~\*|!~|~\*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
DOLLAR = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")


@dataclass(frozen=True)
class Token:
    """`kind` is word, name (quoted), text, number, parameter or sign; `upper` is the word in capitals,
    or a sign as it is. A quoted name or text has no `upper`, so that it is never taken for a keyword."""

    kind: str
    value: str
    upper: str
    start: int
    end: int

    @property
    def is_name(self):
        return self.kind in ("word", "name")


class Unterminated(Exception):
    """A literal, name or comment without its end."""

    def __init__(self, what, start):
        super().__init__(f"unterminated {what}")
        self.start = start


def quoted_end(sql, start):
    """The place behind the quote that ends what begins at `start`.

    In '...' a backslash escapes, as in PostgreSQL before 9.1 (dg/pattern-matching-conditions-posix).
    """
    quote, place = sql[start], start + 1
    while place < len(sql):
        if sql[place] == "\\" and quote == "'":
            place += 2
        elif sql[place] != quote:
            place += 1
        elif sql[place + 1 : place + 2] == quote:
            place += 2
        else:
            return place + 1
    raise Unterminated("quoted string" if quote == "'" else "quoted identifier", start)


def comment_end(sql, start):
    """The place behind a comment, which may hold others."""
    depth, place = 0, start
    while place < len(sql):
        pair = sql[place : place + 2]
        if pair == "/*":
            depth, place = depth + 1, place + 2
        elif pair == "*/":
            depth, place = depth - 1, place + 2
            if depth == 0:
                return place
        else:
            place += 1
    raise Unterminated("/* comment", start)


def unescaped(literal):
    """What a literal with its quotes means."""
    body = literal[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL)


def tokens(sql):
    """The tokens of `sql`, without comments and white space."""
    found, place = [], 0
    while place < len(sql):
        letter = sql[place]
        if sql.startswith("/*", place):
            place = comment_end(sql, place)
            continue
        if letter == "'":
            end = quoted_end(sql, place)
            found.append(Token("text", unescaped(sql[place:end]), "", place, end))
        elif letter == '"':
            end = quoted_end(sql, place)
            name = sql[place + 1 : end - 1].replace('""', '"')
            found.append(Token("name", name, "", place, end))
        elif letter == "$" and (tag := DOLLAR.match(sql, place)):
            close = sql.find(tag.group(), tag.end())
            if close < 0:
                raise Unterminated("dollar-quoted string", place)
            end = close + len(tag.group())
            found.append(Token("text", sql[tag.end() : close], "", place, end))
        else:
            match = PARTS.match(sql, place)
            end, kind = match.end(), match.lastgroup
            if kind != "space":
                upper = match.group().upper() if kind == "word" else match.group()
                found.append(Token(kind, match.group(), upper, place, end))
        place = end
    return found


@dataclass(frozen=True)
class Statement:
    """One statement: its text and its tokens, which count from the text's start."""

    text: str
    tokens: list

    def words(self, count=4):
        """The first keywords in capitals, to tell statements apart."""
        return [token.upper for token in self.tokens[:count]]

    def find(self, *words, start=0):
        """Where these words stand one after another, from token `start`; -1 when nowhere."""
        return find(self.tokens, *words, start=start)


def find(found, *words, start=0):
    """Where these words stand one after another among the tokens `found`; -1 when nowhere."""
    for index in range(start, len(found) - len(words) + 1):
        if all(found[index + offset].upper == word for offset, word in enumerate(words)):
            return index
    return -1


def closing(found, opening):
    """The index of the parenthesis that closes the one at `opening`, or of the last token."""
    depth = 0
    for index in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[index].upper, 0)
        if depth == 0:
            return index
    return len(found) - 1


def separated(found):
    """The token lists between the commas outside of parentheses."""
    items, depth = [[]], 0
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.upper, 0)
        if depth == 0 and token.upper == ",":
            items.append([])
        else:
            items[-1].append(token)
    return [item for item in items if item]


def statements(sql):
    """The statements of a script, without empty ones."""
    every, first, begin, parts = tokens(sql), 0, 0, []
    for index, token in enumerate(every):
        if token.upper == ";":
            parts.append((begin, token.start, every[first:index]))
            first, begin = index + 1, token.end
    parts.append((begin, len(sql), every[first:]))
    return [
        Statement(
            sql[begin:end],
            [
                Token(t.kind, t.value, t.upper, t.start - begin, t.end - begin)
                for t in inside
            ],
        )
        for begin, end, inside in parts
        if inside
    ]
