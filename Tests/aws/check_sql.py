"""Holds SQL against Redshift's rules: those that the stand-in refuses by, and what the program's own
SQL must keep beside.

    .build/python/bin/python Tests/aws/check_sql.py FILE…

Reads files of statements that end with semicolons, one after another on one session; without files,
standard input. Writes a line for each statement that is wrong; the status is then 1.
"""

import re
import sys

from standin import rules
from standin.copy_options import options_of
from standin.refusal import Refusal
from standin.rewriting import work
from standin.tokens import Unterminated, closing, find, separated, statements

LENGTHLESS = {"VARCHAR", "NVARCHAR", "CHAR", "CHARACTER", "TEXT", "BPCHAR"}
OWN = []


def rule(*verbs):
    """Marks a rule of our own for statements that begin with one of `verbs`, or for all; it gives what
    is wrong, or nothing."""

    def add(check):
        OWN.append((set(verbs), check))
        return check

    return add


@rule("CREATE")
def lengths(statement, status):
    """A text without a length is one of 256 bytes (dg/r_Character_types)."""
    found = statement.tokens
    if statement.find("TABLE") < 0 or statement.find("AS") > 0:
        return None
    for index, token in enumerate(found[:-1]):
        if token.upper in LENGTHLESS and found[index + 1].upper not in ("(", "VARYING"):
            return f"{token.value} without a length has 256 bytes"
    return None


@rule("CREATE")
def placement(statement, status):
    """Where rows lie is said, not left to a default that changed before (dg/r_CREATE_TABLE_NEW)."""
    if statement.find("TABLE") < 0 or statement.find("DISTSTYLE") > 0 or statement.find("DISTKEY") > 0:
        return None
    words = statement.words(12)
    # The run's own records are small, and their DDL is PostgreSQL's too.
    is_said = "TEMP" in words or "TEMPORARY" in words or "SPARKIFY_OPS" in words
    return None if is_said else "a table without DISTSTYLE or DISTKEY"


@rule("INSERT")
def column_list(statement, status):
    """What stands in which column is said, so that no identity or added column takes it."""
    place = 3 if len(statement.tokens) > 3 and statement.tokens[3].upper != "." else 5
    if place < len(statement.tokens) and statement.tokens[place].upper == "(":
        return None
    return "INSERT without a list of columns"


@rule("TRUNCATE")
def lasting(statement, status):
    """TRUNCATE commits (dg/r_TRUNCATE)."""
    return "TRUNCATE would commit the transaction that is open" if status == "T" else None


@rule("COPY")
def copies(statement, status):
    """What a COPY must say to read what is meant and no more."""
    options = options_of(statement)
    if not options.columns:
        return "COPY without a list of columns"
    if "MANIFEST" not in options.flags and not options.source.endswith("/"):
        last = options.source.rsplit("/", 1)[-1]
        if "." not in last:
            return f"{options.source} also means what goes on after it without a slash"
    if not options.role:
        return "COPY without a role"
    if options.json and options.json.startswith("s3://") and "MANIFEST" not in options.flags:
        if options.json.startswith(options.source):
            return "the JSONPaths file lies among the data"
    return None


@rule()
def parts_of_dates(statement, status):
    """`weekday` is Redshift's alone, and EXTRACT has whole seconds there."""
    found = statement.tokens
    for index, token in enumerate(found[:-2]):
        if token.upper in ("DATE_PART", "EXTRACT") and found[index + 1].upper == "(":
            part = found[index + 2].value.lower()
            if part == "weekday":
                return "weekday: dow means the same on both engines"
            if token.upper == "EXTRACT" and part == "second":
                return "EXTRACT(second …) drops what is less than a second"
    return None


@rule()
def whole_division(statement, status):
    """A BIGINT of milliseconds over 1000 loses them (dg/r_TO_TIMESTAMP)."""
    found = statement.tokens
    for index, token in enumerate(found[:-1]):
        if token.upper == "/" and found[index + 1].value == "1000":
            return "/ 1000 drops milliseconds: divide by 1000.0"
    return None


@rule()
def sorted_windows(statement, status):
    """Frames that PostgreSQL understands in one way and Redshift in none."""
    found = statement.tokens
    for index, token in enumerate(found[:-1]):
        if token.upper == "OVER" and found[index + 1].upper == "(":
            inside = found[index + 2 : closing(found, index + 1)]
            if find(inside, "EXCLUDE") >= 0:
                return "EXCLUDE in a window's frame"
    return None


@rule("MERGE")
def merged(statement, status):
    return "MERGE fails on a row that two rows match: delete and insert"


@rule("GRANT", "REVOKE")
def grants(statement, status):
    """Several at a time are one statement each, so that one that fails is named."""
    to = statement.find("TO") if statement.find("TO") > 0 else statement.find("FROM")
    return "several holders in one statement" if to > 0 and len(separated(statement.tokens[to:])) > 1 else None


def problem(statement, status):
    """What is wrong with a statement in a transaction's state; None when nothing is."""
    try:
        done = work(statement, status)
        if done.copy:
            options_of(done.copy)
    except Refusal as error:
        return " ".join(filter(None, [f"{error.state}: {error.message}", error.detail]))
    verb = statement.tokens[0].upper
    for verbs, check in OWN:
        found = check(statement, status) if not verbs or verb in verbs else None
        if found:
            return found
    return None


def after(statement, status):
    """The transaction's state behind a statement."""
    verb = statement.tokens[0].upper
    if verb in ("BEGIN", "START"):
        return "T"
    return "I" if verb in ("COMMIT", "END", "ROLLBACK", "ABORT") else status


def check(name, sql):
    """The lines for a script's statements that are wrong."""
    lines, status = [], "I"
    try:
        found = statements(sql)
    except Unterminated as error:
        return [f"{name}: {error}"]
    for statement in found:
        wrong = problem(statement, status)
        if wrong:
            text = re.sub(r"\s+", " ", statement.text.strip())
            lines.append(f"{name}: {wrong}\n    {text[:160]}")
        status = after(statement, status)
    return lines


def main():
    assert rules.RULES
    lines = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            lines += check(name.rsplit("/", 1)[-1], file.read())
    if not sys.argv[1:]:
        lines = check("standard input", sys.stdin.read())
    print("\n".join(lines) or "nothing is wrong")
    sys.exit(1 if lines else 0)


main()
