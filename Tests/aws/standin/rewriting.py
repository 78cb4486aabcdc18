"""From Redshift's SQL to what the stand-in does with it."""

import json
import re
from dataclasses import dataclass

from . import rules, words
from .refusal import syntax, unsupported
from .tables import Design, bytes_check, column, create_table, encoding, name_of, quoted, text_length
from .tokens import Statement, closing
from .wire import literal


@dataclass
class Work:
    """What becomes of a statement.

    `sql` goes to PostgreSQL. `before` runs first, in the same transaction, and only in one when it is
    `in_block`. With a `tag`, nobody sees the rows of `sql`, and the command's answer is the tag.
    `copy` is a COPY that the stand-in does itself. With `explains`, the rows are a plan.
    """

    sql: str
    text: str = ""
    before: str = ""
    in_block: str = ""
    tag: str = ""
    commits: bool = False
    explains: bool = False
    copy: Statement | None = None

    @property
    def is_plain(self):
        return not (self.before or self.in_block or self.tag or self.commits or self.copy)


def work(statement, status="I"):
    """Checks a statement and says what to do; raises a Refusal."""
    rules.check(statement, status)
    statement = folded(statement)
    done = WORKS.get(statement.tokens[0].upper, plain)(statement)
    done.text = statement.text.strip()
    return done


def folded(statement):
    """The same with quoted names in lower case (dg/r_names)."""
    text = statement.text
    for token in statement.tokens:
        if token.kind == "name":
            text = text[: token.start] + text[token.start : token.end].lower() + text[token.end :]
    return Statement(text, statement.tokens)


def edited(statement, edits):
    """The text with some stretches replaced; `edits` are (start, end, replacement)."""
    text = statement.text
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement.ljust(end - start) + text[end:]
    return text


def expressions(statement):
    """Edits for functions that PostgreSQL spells in another way."""
    found, edits = statement.tokens, []
    for index, token in enumerate(found):
        following = found[index + 1].upper if index + 1 < len(found) else ""
        if token.upper == "SYSDATE" and following != "(":
            edits.append((token.start, token.end, "statement_timestamp()::timestamp"))
        elif token.upper in ("NVL", "ISNULL") and following == "(":
            edits.append((token.start, token.end, "COALESCE"))
        elif token.upper in ("DATEADD", "DATEDIFF", "DATE_PART", "DATE_PART_YEAR") and following == "(":
            part = found[index + 2]
            if part.kind == "word" and found[index + 3].upper == ",":
                edits.append((part.start, part.end, f"'{part.value}'"))
        elif token.upper == "VARCHAR" and following == "(" and found[index + 2].upper == "MAX":
            edits.append((found[index + 2].start, found[index + 2].end, "65535"))
    return edits


def plain(statement):
    return Work(edited(statement, expressions(statement)))


def table_name(statement, place):
    """The table named at token `place`, with its schema, quoted; and the place behind it."""
    found = statement.tokens
    if place >= len(found) or not found[place].is_name:
        raise syntax(found[place].value if place < len(found) else "end of input")
    if place + 2 < len(found) and found[place + 1].upper == ".":
        return f"{quoted(name_of(found[place]))}.{quoted(name_of(found[place + 2]))}", place + 3
    return quoted(name_of(found[place])), place + 1


def change(statement):
    """INSERT, UPDATE, DELETE, MERGE: one transaction at a time writes into a table
    (dg/r_LOCK, dg/c_write_readwrite)."""
    place = 2 if statement.tokens[0].upper in ("INSERT", "DELETE", "MERGE") else 1
    if statement.tokens[0].upper == "DELETE" and statement.words(2)[-1] != "FROM":
        place = 1
    name, _ = table_name(statement, place)
    done = plain(statement)
    done.in_block = f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"
    return done


def create(statement):
    first = [word for word in statement.words(5)[1:] if word not in ("OR", "REPLACE", "LOCAL", "TEMP",
                                                                     "TEMPORARY")]
    if first[0] == "TABLE":
        sql, design = create_table(statement)
        return Work(sql, before=f"SET redshift.design TO {literal(design.json())}")
    if first[0] == "VIEW":
        place = statement.find("WITH", "NO", "SCHEMA", "BINDING")
        end = statement.tokens[place].start if place >= 0 else len(statement.text)
        return plain(Statement(statement.text[:end], statement.tokens[: place if place >= 0 else None]))
    if first[0] in ("SCHEMA", "USER", "GROUP"):
        edits = []
        place = statement.find("PASSWORD", "DISABLE")
        if place >= 0:
            edits.append((statement.tokens[place].start, statement.tokens[place + 1].end, ""))
        return Work(edited(statement, edits))
    raise unsupported(f"CREATE {first[0]} by the stand-in")


def alter(statement):
    if statement.words(2)[1:] != ["TABLE"]:
        return plain(statement)
    found = statement.tokens
    name, place = table_name(statement, 2)
    rest = [t.upper for t in found[place : place + 5]] + [""] * 5
    if rest[:2] == ["APPEND", "FROM"]:
        source, _ = table_name(statement, place + 2)
        return Work(f"INSERT INTO {name} SELECT * FROM {source}; DELETE FROM {source}", tag="ALTER TABLE")
    if rest[0] == "ADD":
        return add(statement, name, place + 1)
    if rest[:2] == ["DROP", "CONSTRAINT"]:
        return Work(f"SELECT {literal(name)}::regclass", tag="ALTER TABLE")
    if rest[0] == "ALTER" and rest[1] == "COLUMN" and rest[3] == "TYPE":
        of, limit = name_of(found[place + 2]), text_length(found[place + 4 :])
        return Work(
            f"ALTER TABLE {name} DROP CONSTRAINT IF EXISTS {quoted('bytes of ' + of)}, "
            f"ALTER COLUMN {quoted(of)} TYPE VARCHAR({limit}), ADD {bytes_check(of, limit)}")
    if rest[0] == "ALTER":
        design = json.dumps(changed_design(found[place + 1 :]))
        return Work(
            f"SELECT pg_internal.change_design({literal(name)}, {literal(design)})", tag="ALTER TABLE")
    return plain(statement)


def changed_design(found):
    """ALTER DISTKEY, DISTSTYLE, [COMPOUND] SORTKEY, COLUMN … ENCODE."""
    first, second = found[0].upper, found[1].upper
    if first == "DISTKEY":
        return {"dist": name_of(found[1]), "style": "KEY"}
    if first == "DISTSTYLE" and second == "KEY":
        return {"dist": name_of(found[3]), "style": "KEY"}
    if first == "DISTSTYLE" and second in ("ALL", "EVEN", "AUTO"):
        return {"dist": None, "style": second}
    if "SORTKEY" in (first, second):
        return {"sort": [name_of(t) for t in found[1:] if t.is_name and t.upper not in ("SORTKEY", "AUTO", "NONE")]}
    if first == "COLUMN" and found[2].upper == "ENCODE":
        return {"encodings": {name_of(found[1]): encoding(found[3].upper, "INTEGER")}}
    return {}


def add(statement, name, place):
    """ALTER TABLE … ADD a column; a key is not enforced."""
    found = statement.tokens
    if found[place].upper in ("PRIMARY", "UNIQUE", "FOREIGN", "CONSTRAINT"):
        return Work(f"SELECT {literal(name)}::regclass", tag="ALTER TABLE")
    if found[place].upper == "COLUMN":
        place += 1
    added = column(found[place:], statement, Design())
    return Work(f"ALTER TABLE {name} ADD COLUMN {added.sql}")


def vacuum(statement):
    """VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] table [TO n PERCENT] [BOOST]."""
    place, found = 1, statement.tokens
    words_here = [t.upper for t in found]
    if len(found) > 1 and words_here[1] in ("FULL", "REINDEX", "RECLUSTER"):
        place = 2
    elif words_here[1:3] in (["SORT", "ONLY"], ["DELETE", "ONLY"]):
        place = 3
    if place >= len(found):
        return Work("SELECT 1", tag="VACUUM")
    name, place = table_name(statement, place)
    rest = words_here[place:]
    if rest[:1] == ["TO"] and rest[2:3] == ["PERCENT"]:
        rest = rest[3:]
    if rest not in ([], ["BOOST"]):
        raise syntax(found[place].value)
    return Work(f"VACUUM {name}", before=f"SELECT pg_internal.tended('vacuum', {literal(name)})")


def analyze(statement):
    """ANALYZE [VERBOSE] table [(columns)] [PREDICATE COLUMNS | ALL COLUMNS]."""
    found = statement.tokens
    if "COMPRESSION" in statement.words(3):
        raise unsupported("ANALYZE COMPRESSION by the stand-in")
    place = 2 if statement.words(2)[-1] == "VERBOSE" else 1
    if place >= len(found):
        return Work("ANALYZE")
    name, place = table_name(statement, place)
    columns = ""
    if place < len(found) and found[place].upper == "(":
        end = closing(found, place)
        columns, place = statement.text[found[place].start : found[end].end], end + 1
    if [t.upper for t in found[place:]] not in ([], ["PREDICATE", "COLUMNS"], ["ALL", "COLUMNS"]):
        raise syntax(found[place].value)
    return Work(
        f"ANALYZE {name} {columns}", before=f"SELECT pg_internal.tended('analyze', {literal(name)})")


def truncate(statement):
    """TRUNCATE commits what was before it, and itself (dg/r_TRUNCATE)."""
    done = Work(edited(statement, []))
    done.commits = True
    return done


def begin(statement):
    """Every level is the database's own (dg/r_BEGIN)."""
    place, found = statement.find("ISOLATION", "LEVEL"), statement.tokens
    if place < 0:
        return plain(statement)
    size = 3 if found[place + 2].upper in ("SERIALIZABLE", "SNAPSHOT") else 4
    return Work(edited(statement, [(found[place].start, found[place + size - 1].end, "")]))


def parameter(statement):
    """SET, RESET and SHOW of what PostgreSQL does not know are of a name that it lets pass."""
    for token in statement.tokens[1:]:
        name = token.value.lower()
        if name in words.PARAMETERS:
            if name in words.COMMON_PARAMETERS:
                break
            if statement.tokens[0].upper == "SHOW":
                return Work(f"SELECT current_setting('redshift.{name}', true) AS {name}")
            return Work(edited(statement, [(token.start, token.end, "redshift." + name)]))
    return plain(statement)


def cancel(statement):
    """CANCEL pid ['message'] (dg/r_CANCEL)."""
    return Work(f"SELECT pg_cancel_backend({int(statement.tokens[1].value)})", tag="CANCEL")


def grant(statement):
    """GRANT and REVOKE; databases have other names in the server behind."""
    place, found = statement.find("ON", "DATABASE"), statement.tokens
    if place < 0 or place + 2 >= len(found):
        return plain(statement)
    name, text = found[place + 2], statement.text
    parts = (text[: name.start], name_of(name), text[name.end :])
    return Work(
        f"SELECT pg_internal.on_database({', '.join(literal(part) for part in parts)})",
        tag=found[0].upper)


def explain(statement):
    """EXPLAIN [VERBOSE] (dg/r_EXPLAIN)."""
    done = plain(statement)
    done.explains = True
    return done


JOIN = re.compile(r"((?:Hash|Merge) (?:\w+ )*Join|Nested Loop(?: \w+)*)  \(cost=")
STEP = re.compile(r"^(\s*(?:->  )?)(?=\S.*\(cost=)")


def plan_line(line):
    """A line of PostgreSQL's plan as Redshift writes it: its steps run on the compute nodes, and joins
    say how rows go there."""
    line = JOIN.sub(r"\1 DS_DIST_ALL_NONE  (cost=", line)
    return STEP.sub(r"\1XN ", line, count=1)


def copy(statement):
    done = Work("")
    done.copy = statement
    return done


WORKS = {
    "INSERT": change, "UPDATE": change, "DELETE": change, "MERGE": change, "CREATE": create,
    "ALTER": alter, "VACUUM": vacuum, "ANALYZE": analyze, "ANALYSE": analyze, "TRUNCATE": truncate,
    "BEGIN": begin, "START": begin, "SET": parameter, "RESET": parameter, "SHOW": parameter,
    "CANCEL": cancel, "COPY": copy, "EXPLAIN": explain, "GRANT": grant,
    "REVOKE": grant,
}
