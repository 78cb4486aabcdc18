"""What Redshift refuses, statement by statement. Each rule raises a Refusal or lets it pass."""

from . import words
from .refusal import Refusal, syntax, unsupported
from .tokens import closing, find, separated

RULES = []
AGGREGATES = set(
    """SUM AVG COUNT MIN MAX STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP FIRST_VALUE LAST_VALUE
    NTH_VALUE BOOL_AND BOOL_OR""".split())


def rule(*verbs):
    """Marks a rule for statements that begin with one of `verbs`, or for all."""

    def add(check):
        RULES.append((set(verbs), check))
        return check

    return add


def check(statement, status="I"):
    """Raises what Redshift would answer; `status` is the transaction's: I none, T open, E failed."""
    verb = statement.tokens[0].upper
    for verbs, rule_of in RULES:
        if not verbs or verb in verbs:
            rule_of(statement)
    if status != "I":
        check_outside(statement)


def is_call(found, index):
    """Whether a function of no named schema is called at `index`."""
    return (
        found[index].kind == "word"
        and index + 1 < len(found)
        and found[index + 1].upper == "("
        and (index == 0 or found[index - 1].upper != "." or found[index - 2].upper == "PG_CATALOG"))


def check_outside(statement):
    """Statements that must not be in a transaction block (their pages in the guide say so)."""
    first, second = (statement.words(2) + [""])[:2]
    what = None
    if first == "VACUUM":
        what = "VACUUM"
    elif first == "ALTER" and second == "TABLE":
        if statement.find("APPEND") >= 0:
            what = "ALTER TABLE APPEND"
        elif statement.find("ALTER", "COLUMN") >= 0 or statement.find("ALTER", "SORTKEY") >= 0:
            what = "ALTER TABLE ALTER COLUMN"
    elif first in ("CREATE", "DROP") and second in ("DATABASE",):
        what = f"{first} DATABASE"
    if what:
        raise Refusal("25001", f"{what} cannot run inside a transaction block")


@rule()
def known_command(statement):
    first = statement.tokens[0]
    if first.upper not in words.COMMANDS:
        raise syntax(first.value)


@rule("CREATE", "ALTER", "DROP")
def known_object(statement):
    left = [word for word in statement.words(6)[1:] if word not in ("OR", "REPLACE", "TEMP", "TEMPORARY",
                                                                    "LOCAL")]
    if not left or left[0] not in words.OBJECTS:
        raise syntax(left[0] if left else "end of input")
    if statement.find("CONCURRENTLY") >= 0:
        raise syntax("CONCURRENTLY")


@rule()
def absent_functions(statement):
    found = statement.tokens
    for index, token in enumerate(found):
        if token.upper in words.ABSENT_FUNCTIONS and is_call(found, index):
            if token.upper == "FORMAT" and found[0].upper in ("COPY", "CREATE", "UNLOAD"):
                continue
            raise Refusal(
                "42883", f"function {token.value.lower()}() does not exist",
                hint="No function matches the given name and argument types. You may need to add "
                "explicit type casts.")
        if token.upper == "TO_TIMESTAMP" and is_call(found, index):
            inside = found[index + 2 : closing(found, index + 1)]
            if len(separated(inside)) < 2:
                raise Refusal("42883", "function to_timestamp(numeric) does not exist")


@rule()
def leader_functions(statement):
    """Functions of the leader node fail beside tables of the compute nodes."""
    found, called = statement.tokens, None
    for index, token in enumerate(found):
        if token.upper in words.LEADER_FUNCTIONS and is_call(found, index):
            called = token
    if not called:
        return
    into = found[0].upper in ("INSERT", "CREATE", "UPDATE", "DELETE", "MERGE")
    for index, token in enumerate(found[:-1]):
        name = found[index + 1]
        if token.upper in ("FROM", "JOIN") and name.is_name:
            is_function = index + 2 < len(found) and found[index + 2].upper == "("
            catalog = name.value.lower().startswith(("pg_", "information_schema"))
            into = into or not (is_function or catalog)
    if into and called.upper != "NOW":
        raise Refusal(
            "0A000", "Specified types or functions (one per INFO message) not supported on Redshift "
            "tables.", detail=f'Function "{called.value.lower()}" not supported.')


@rule()
def absent_names(statement):
    for token in statement.tokens:
        if token.is_name and token.value.lower() in words.ABSENT_NAMES:
            kind = "relation" if token.value.lower().startswith("pg_") else "column"
            state = "42P01" if kind == "relation" else "42703"
            raise Refusal(state, f'{kind} "{token.value.lower()}" does not exist')


@rule()
def absent_expressions(statement):
    found = statement.tokens
    for index, token in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        after = following.upper if following else ""
        if token.kind == "sign" and token.value in ("->", "->>", "#>", "#>>", "@>", "<@"):
            raise Refusal("42883", f"operator does not exist: {token.value}")
        if token.upper == "DISTINCT" and after == "ON":
            if index + 2 < len(found) and found[index + 2].upper == "(":
                raise unsupported("SELECT DISTINCT ON")
        if token.upper == "FILTER" and after == "(" and find(found, "WHERE", start=index) == index + 2:
            raise syntax("(")
        if token.upper == "LATERAL" and index and found[index - 1].upper in ("FROM", "JOIN", ","):
            raise syntax("LATERAL")
        if token.upper == "ARRAY" and after == "[":
            raise unsupported("ARRAY[]")
        if token.upper == "ROW" and after == "(" and found[0].upper != "CREATE":
            raise syntax("ROW")
        if token.upper == "IS" and (find(found, "IS", "DISTINCT", "FROM", start=index) == index
                                    or find(found, "IS", "NOT", "DISTINCT", "FROM", start=index) == index):
            raise unsupported("IS DISTINCT FROM")
        if token.upper == "VALUES" and index and found[index - 1].upper == "(":
            raise syntax("VALUES")
        if token.upper == "FOR" and after in ("UPDATE", "SHARE", "NO", "KEY"):
            raise unsupported(f"SELECT FOR {after}")
        if token.upper == "FETCH" and after in ("FIRST", "NEXT") and found[0].upper != "FETCH":
            raise syntax("FETCH")
        if token.upper in ("TABLESAMPLE", "RETURNING") and found[0].upper != "CREATE":
            raise syntax(token.value)
        if token.upper == "OVERRIDING":
            raise syntax(token.value)


@rule()
def casts(statement):
    found = statement.tokens
    for index, token in enumerate(found[:-1]):
        name = found[index + 1]
        if token.upper == "::" and name.upper in words.ABSENT_TYPES:
            raise Refusal("42704", f'type "{name.value.lower()}" does not exist')
        if token.upper == "CAST" and name.upper == "(":
            inside = found[index + 2 : closing(found, index + 1)]
            place = max((i for i, t in enumerate(inside) if t.upper == "AS"), default=-1)
            if 0 <= place < len(inside) - 1 and inside[place + 1].upper in words.ABSENT_TYPES:
                raise Refusal("42704", f'type "{inside[place + 1].value.lower()}" does not exist')


@rule()
def window_frames(statement):
    """Aggregates over an order need their frame, and frames are of rows (dg/c_Window_functions)."""
    found = statement.tokens
    for index, token in enumerate(found[:-1]):
        if token.upper != "OVER":
            continue
        if found[index + 1].upper != "(":
            raise syntax(found[index + 1].value)
        inside = [t.upper for t in found[index + 2 : closing(found, index + 1)]]
        if "RANGE" in inside or "GROUPS" in inside:
            raise syntax("RANGE" if "RANGE" in inside else "GROUPS")
        if "ORDER" in inside and "ROWS" not in inside and window_function(found, index) in AGGREGATES:
            raise Refusal(
                "0A000", "Aggregate window functions with an ORDER BY clause require a frame clause")


def window_function(found, over):
    """The function whose OVER stands at index `over`."""
    index = over - 1
    while index > 0 and found[index].upper in ("NULLS", "IGNORE", "RESPECT"):
        index -= 1
    depth = 0
    while index > 0:
        depth += {")": 1, "(": -1}.get(found[index].upper, 0)
        if depth == 0:
            return found[index - 1].upper
        index -= 1
    return ""


@rule("WITH")
def with_before_change(statement):
    depth = 0
    for index, token in enumerate(statement.tokens):
        if token.upper in ("INSERT", "UPDATE", "DELETE", "MERGE"):
            if depth == 0 or statement.tokens[index - 1].upper == "(":
                raise syntax(token.value)
        depth += {"(": 1, ")": -1}.get(token.upper, 0)


@rule("INSERT")
def insert_forms(statement):
    if statement.find("ON", "CONFLICT") >= 0:
        raise syntax("ON")
    if len(statement.tokens) > 3 and find(statement.tokens, "AS") == 3:
        raise syntax("AS")


@rule("EXPLAIN")
def explain_forms(statement):
    second = statement.words(2)[-1]
    if second in ("(", "ANALYZE", "ANALYSE"):
        raise syntax(statement.tokens[1].value)


@rule("TRUNCATE")
def truncate_forms(statement):
    for token in statement.tokens[1:]:
        if token.upper in ("CASCADE", "RESTRICT", "RESTART", "CONTINUE", "ONLY", ","):
            raise syntax(token.value)


@rule("VACUUM")
def vacuum_forms(statement):
    for token in statement.tokens[1:3]:
        if token.upper in ("ANALYZE", "VERBOSE", "FREEZE", "("):
            raise syntax(token.value)


@rule("ROLLBACK")
def savepoints(statement):
    if statement.find("TO") >= 0:
        raise unsupported("SAVEPOINT")


@rule("BEGIN", "START")
def begin_forms(statement):
    for token in statement.tokens[1:]:
        if token.upper in ("DEFERRABLE",):
            raise syntax(token.value)


@rule("LOCK")
def lock_forms(statement):
    for token in statement.tokens[1:]:
        if token.upper in ("IN", "NOWAIT", "ONLY"):
            raise syntax(token.value)


@rule("SET", "RESET", "SHOW")
def parameters(statement):
    left = [t for t in statement.tokens[1:] if t.upper not in ("SESSION", "LOCAL")]
    if not left or left[0].upper in ("ALL", "AUTHORIZATION"):
        return
    name = left[0].value.lower()
    if left[0].upper in ("CHARACTERISTICS", "TRANSACTION", "CONSTRAINTS", "ROLE"):
        raise syntax(left[0].value)
    if statement.words(3)[1:] == ["TIME", "ZONE"]:
        return
    is_own = len(left) > 1 and left[1].upper == "."
    if name not in words.PARAMETERS and not (is_own and statement.tokens[0].upper != "SHOW"):
        if statement.tokens[0].upper == "SHOW" and left[0].upper in (
                "TABLE", "TABLES", "SCHEMAS", "COLUMNS", "DATABASES", "VIEW", "PROCEDURE", "GRANTS"):
            raise unsupported(f"SHOW {left[0].upper} by the stand-in")
        raise Refusal("42704", f'unrecognized configuration parameter "{name}"')


@rule("MERGE")
def merge_forms(statement):
    """dg/r_MERGE."""
    found, using = statement.tokens, statement.find("USING")
    if statement.words(2) != ["MERGE", "INTO"] or using < 0:
        raise syntax(found[1].value)
    target = found[2:using]
    if len([t for t in target if t.upper != "."]) > 1 + sum(t.upper == "." for t in target):
        raise syntax(target[-1].value)
    if found[using + 1].upper == "(":
        raise unsupported("MERGE with a subquery as its source")
    for pair in (("MATCHED", "AND"), ("DO", "NOTHING"), ("MATCHED", "BY")):
        if statement.find(*pair) >= 0:
            raise syntax(pair[1])
    if statement.find("REMOVE", "DUPLICATES") >= 0:
        raise unsupported("MERGE … REMOVE DUPLICATES by the stand-in")
    if statement.find("WHEN", "MATCHED") < 0 or statement.find("WHEN", "NOT", "MATCHED") < 0:
        raise syntax("end of input")


@rule("ALTER")
def alter_forms(statement):
    """dg/r_ALTER_TABLE, dg/r_ALTER_SCHEMA."""
    found = statement.tokens
    if statement.words(2)[1:] == ["SCHEMA"]:
        action = [t.upper for t in found[3:5]]
        if action not in (["RENAME", "TO"], ["OWNER", "TO"]) and found[3].upper != "QUOTA":
            raise syntax(found[3].value)
    if statement.words(2)[1:] != ["TABLE"]:
        return
    if statement.find("TABLE", "IF", "EXISTS") == 1:
        raise syntax("IF")
    action = 5 if found[3].upper == "." else 3
    if action >= len(found):
        raise syntax("end of input")
    word = found[action].upper
    following = [t.upper for t in found[action + 1 : action + 5]] + [""] * 4
    allowed = {
        "RENAME": True, "OWNER": following[0] == "TO", "APPEND": following[0] == "FROM",
        "ADD": following[:2] != ["COLUMN", "IF"] and following[0] != "CHECK",
        "DROP": following[:2] != ["COLUMN", "IF"],
        "ALTER": following[0] in ("DISTKEY", "DISTSTYLE", "SORTKEY", "COMPOUND", "ENCODE")
        or (following[0] == "COLUMN" and following[2] in ("TYPE", "ENCODE")),
    }
    if not allowed.get(word, False):
        raise syntax(found[action].value)
    if sum(t.upper == "ADD" for t in found) > 1 or sum(t.upper == "DROP" for t in found) > 1:
        raise syntax(",")
    if following[0] == "COLUMN" and following[2] == "TYPE" and following[3] not in (
            "VARCHAR", "CHARACTER", "NVARCHAR"):
        raise Refusal("0A000", "ALTER COLUMN TYPE is only supported for VARCHAR columns")


@rule("DROP")
def drop_forms(statement):
    """One kind of object at a time, and schemas as PostgreSQL drops them."""
    if statement.words(3)[1:3] == ["OWNED", "BY"]:
        raise syntax("OWNED")


@rule("COMMENT")
def comment_forms(statement):
    kinds = {"TABLE", "COLUMN", "CONSTRAINT", "DATABASE", "VIEW", "SCHEMA"}
    kind = statement.words(3)[-1]
    if kind not in kinds:
        raise syntax(kind)


@rule("DEALLOCATE")
def deallocate_all(statement):
    if "ALL" in statement.words(3):
        raise Refusal("26000", 'prepared statement "all" does not exist')


@rule("UNLOAD", "CALL", "USE")
def beyond(statement):
    raise unsupported(f"{statement.tokens[0].upper} by the stand-in")


@rule()
def statement_size(statement):
    if len(statement.text.encode()) > 16 << 20:
        raise Refusal("54000", "statement is too large: 16 MB is the maximum")
