"""CREATE TABLE: what Redshift accepts in it, how the table is laid out, and the same for PostgreSQL.

Keys are left out, since Redshift does not enforce them; the lengths of text become checks of bytes.
"""

import json
from dataclasses import dataclass, field

from . import words
from .refusal import Refusal, syntax, unsupported
from .tokens import closing, find, separated

CONSTRAINTS = {"PRIMARY", "FOREIGN", "UNIQUE", "CONSTRAINT"}
ATTRIBUTES = {
    "DEFAULT", "IDENTITY", "GENERATED", "ENCODE", "DISTKEY", "SORTKEY", "COLLATE", "NOT", "NULL",
    "UNIQUE", "PRIMARY", "REFERENCES", "CHECK", "CONSTRAINT"}
NO_KEY_TYPES = {"SUPER", "GEOMETRY", "GEOGRAPHY", "HLLSKETCH", "VARBYTE"}
TEXT_TYPES = {"VARCHAR", "NVARCHAR", "TEXT", "CHARACTER VARYING"}


@dataclass
class Design:
    """How a table's rows are spread, sorted and encoded."""

    style: str | None = None
    dist: str | None = None
    sort: list = field(default_factory=list)
    interleaved: bool = False
    encodings: dict = field(default_factory=dict)
    backup: bool = True
    keys: list = field(default_factory=list)

    def json(self):
        """As the catalog keeps it: what was not said is left out."""
        return json.dumps({name: value for name, value in vars(self).items() if value not in (None, [], {})})


@dataclass
class Column:
    """A column and its definition for PostgreSQL."""

    name: str
    type: str
    sql: str


def name_of(token):
    """A name as Redshift folds it: to lower case, quoted or not (dg/r_names)."""
    return token.value.lower()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def check_name(token):
    if token.kind == "word" and token.upper in words.RESERVED:
        raise syntax(token.value)
    if token.value.upper() in words.SYSTEM_COLUMNS:
        raise Refusal("42701", f'column name "{name_of(token)}" conflicts with a system column name')


def column(item, statement, design):
    """Reads one column's definition and enters its design."""
    check_name(item[0])
    if len(item) < 2:
        raise syntax(item[0].value)
    name, place = name_of(item[0]), 1
    while place < len(item) and item[place].upper not in ATTRIBUTES:
        place = closing(item, place) + 1 if item[place].upper == "(" else place + 1
    type_name, type_sql, bytes_limit = column_type(item[1:place], statement)
    parts = [quoted(name), type_sql]
    while place < len(item):
        place = attribute(item, place, name, type_name, statement, design, parts)
    if bytes_limit is not None:
        parts.append(bytes_check(name, bytes_limit))
    return Column(name, type_name, " ".join(parts))


def bytes_check(name, limit):
    """VARCHAR(n) counts bytes, and PostgreSQL's counts characters (dg/r_Character_types)."""
    return f"CONSTRAINT {quoted('bytes of ' + name)} CHECK (octet_length({quoted(name)}) <= {limit})"


def column_type(item, statement):
    """A type's name, the type for PostgreSQL, and the most bytes of a text."""
    names = []
    for token in item:
        if token.upper == "(":
            break
        names.append(token.upper)
    name = " ".join(names)
    if not names or names[0] in words.ABSENT_TYPES:
        raise Refusal("42704", f'type "{name.lower()}" does not exist')
    if any(token.upper == "[" for token in item) or "ARRAY" in names:
        raise unsupported("an array column")
    if names[0] == "INTERVAL" and len(names) < 2:
        raise Refusal("0A000", "Interval values with month or day parts are not supported")
    if names[0] in NO_KEY_TYPES:
        raise unsupported(f"{names[0]} by the stand-in")
    if name in TEXT_TYPES:
        limit = text_length(item)
        return name, f"VARCHAR({limit})", limit
    text = statement.text[item[0].start : item[-1].end]
    if name in ("CHAR", "CHARACTER", "NCHAR", "BPCHAR") and "(" in text:
        if int(item[-2].value) > 4096:
            raise Refusal("22023", "length for type char cannot exceed 4096")
    return name, {"DATETIME": "TIMESTAMP"}.get(name, text), None


def text_length(item):
    """The bytes of VARCHAR(n), VARCHAR(MAX), VARCHAR and TEXT."""
    if item[-1].upper != ")":
        return 256
    length = 65535 if item[-2].upper == "MAX" else int(item[-2].value)
    if not 1 <= length <= 65535:
        raise Refusal("22023", "length for type varchar cannot exceed 65535")
    return length


def attribute(item, place, name, type_name, statement, design, parts):
    """Reads one attribute of a column; where the next one begins."""
    word = item[place].upper
    following = item[place + 1].upper if place + 1 < len(item) else ""
    if word == "NOT" and following == "NULL":
        parts.append("NOT NULL")
        return place + 2
    if word == "NULL":
        return place + 1
    if word == "DISTKEY":
        if design.dist:
            raise Refusal("42P16", "multiple DISTKEY columns are not allowed")
        design.dist = name
        return place + 1
    if word == "SORTKEY":
        if design.sort:
            raise Refusal("42P16", "multiple SORTKEY columns are not allowed; use SORTKEY (…)")
        design.sort = [name]
        return place + 1
    if word == "ENCODE":
        design.encodings[name] = encoding(following, type_name)
        return place + 2
    if word == "PRIMARY" and following == "KEY":
        design.keys.append("PRIMARY KEY")
        parts.append("NOT NULL")
        return place + 2
    if word == "UNIQUE":
        return place + 1
    if word == "REFERENCES":
        place += 4 if place + 2 < len(item) and item[place + 2].upper == "." else 2
        if place < len(item) and item[place].upper == "(":
            place = closing(item, place) + 1
        if place < len(item) and item[place].upper in ("ON", "MATCH", "DEFERRABLE", "INITIALLY"):
            raise syntax(item[place].value)
        return place
    if word in ("IDENTITY", "GENERATED"):
        return identity(item, place, type_name, parts)
    if word == "COLLATE" and following in ("CASE_SENSITIVE", "CS"):
        return place + 2
    if word == "DEFAULT":
        return default(item, place, statement, parts)
    raise syntax(item[place].value)


def encoding(word, type_name):
    """A column's encoding (dg/c_Compression_encodings)."""
    if word not in words.ENCODINGS:
        raise Refusal("42601", f'encoding "{word.lower()}" is not supported')
    if word == "AZ64" and type_name.split(" ")[0] not in words.AZ64_TYPES:
        raise Refusal("0A000", f"encoding type az64 is not supported for {type_name.lower()}")
    return "none" if word == "RAW" else word.lower()


def identity(item, place, type_name, parts):
    """IDENTITY(seed, step), whose numbers have gaps (dg/r_CREATE_TABLE_NEW)."""
    kind = "ALWAYS"
    if item[place].upper == "GENERATED":
        if [t.upper for t in item[place + 1 : place + 5]] != ["BY", "DEFAULT", "AS", "IDENTITY"]:
            raise syntax(item[place + 1].value)
        place, kind = place + 4, "BY DEFAULT"
    end = closing(item, place + 1) if place + 1 < len(item) else place
    numbers = [t.value for t in item[place + 2 : end] if t.upper != ","]
    if len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        raise syntax(item[place].value)
    if type_name not in ("INT", "INTEGER", "INT4", "BIGINT", "INT8"):
        raise Refusal("42P16", "an IDENTITY column must be of type integer or bigint")
    seed, step = int(numbers[0]), int(numbers[1])
    parts.append(
        f"GENERATED {kind} AS IDENTITY (START WITH {seed} MINVALUE {min(seed, 0)} INCREMENT BY {step * 4})")
    return end + 1


def default(item, place, statement, parts):
    """DEFAULT and its expression, which ends where another attribute begins."""
    end = place + 1
    while end < len(item) and (end == place + 1 or item[end].upper not in ATTRIBUTES):
        end = closing(item, end) + 1 if item[end].upper == "(" else end + 1
    parts.append(statement.text[item[place].start : item[end - 1].end])
    return end


def table_constraint(item, design, columns):
    """A key is declared, not enforced; those of a primary key are NOT NULL."""
    place = 2 if item[0].upper == "CONSTRAINT" else 0
    kind = item[place].upper
    if kind not in ("PRIMARY", "UNIQUE", "FOREIGN"):
        raise syntax(item[place].value)
    if any(t.upper in ("ON", "DEFERRABLE", "INITIALLY") for t in item):
        raise syntax("ON")
    opening = find(item, "(")
    names = [name_of(t) for t in item[opening + 1 : closing(item, opening)] if t.is_name]
    known = {one.name: one for one in columns}
    for name in names:
        if name not in known:
            raise Refusal("42703", f'column "{name}" named in key does not exist')
        if kind == "PRIMARY" and "NOT NULL" not in known[name].sql:
            known[name].sql += " NOT NULL"
    design.keys.append(kind)


def table_attributes(tail, design, columns):
    """What stands behind the columns: BACKUP, DISTSTYLE, DISTKEY, SORTKEY, ENCODE AUTO."""
    place = 0
    while place < len(tail):
        word = tail[place].upper
        following = tail[place + 1].upper if place + 1 < len(tail) else ""
        if word == "BACKUP" and following in ("YES", "NO"):
            design.backup = following == "YES"
            place += 2
        elif word == "DISTSTYLE" and following in ("AUTO", "EVEN", "KEY", "ALL"):
            design.style = following
            place += 2
        elif word == "ENCODE" and following == "AUTO":
            place += 2
        elif word == "SORTKEY" and following == "AUTO":
            place += 2
        elif word in ("DISTKEY", "SORTKEY") and following == "(":
            end = closing(tail, place + 1)
            names = [name_of(t) for t in tail[place + 2 : end] if t.is_name]
            if word == "SORTKEY":
                if design.sort:
                    raise Refusal("42P16", "SORTKEY was given twice")
                design.sort = names
            elif design.dist or len(names) != 1:
                raise Refusal("42P16", "multiple DISTKEY columns are not allowed")
            else:
                design.dist = names[0]
            place = end + 1
        elif word in ("COMPOUND", "INTERLEAVED") and following == "SORTKEY":
            design.interleaved = word == "INTERLEAVED"
            place += 1
        else:
            raise syntax(tail[place].value)
    check_design(design, columns)


def check_design(design, columns):
    if design.dist and design.style not in (None, "KEY"):
        raise Refusal("42P16", f"DISTKEY cannot be specified with DISTSTYLE {design.style}")
    if design.style == "KEY" and not design.dist:
        raise Refusal("42P16", "DISTSTYLE KEY requires a DISTKEY column")
    if len(design.sort) > (8 if design.interleaved else 400):
        raise Refusal("54011", "too many SORTKEY columns")
    names = {one.name for one in columns}
    for name in [design.dist, *design.sort] if columns else []:
        if name and name not in names:
            raise Refusal("42703", f'column "{name}" named in key does not exist')


def create_table(statement):
    """CREATE TABLE as PostgreSQL takes it, and its design."""
    found, design = statement.tokens, Design()
    place = statement.find("TABLE") + 1
    if [t.upper for t in found[place : place + 3]] == ["IF", "NOT", "EXISTS"]:
        place += 3
    place += 3 if place + 1 < len(found) and found[place + 1].upper == "." else 1
    if place >= len(found):
        raise syntax("end of input")
    head, columns, items = statement.text[: found[place - 1].end], [], []
    if found[place].upper == "(":
        end = closing(found, place)
        items, place = separated(found[place + 1 : end]), end + 1
    query = find(found, "AS", start=place)
    tail = found[place : query if query >= 0 else len(found)]
    if query >= 0:
        if "IF" in statement.words(6):
            raise syntax("NOT")
        table_attributes(tail, design, [])
        names = f" ({', '.join(quoted(name_of(item[0])) for item in items)})" if items else ""
        return head + names + " " + statement.text[found[query].start :], design
    if not items:
        raise syntax("end of input")
    body = []
    for item in items:
        if item[0].upper == "LIKE":
            if any(t.upper in ("INCLUDING", "EXCLUDING") for t in item) and item[-1].upper != "DEFAULTS":
                raise syntax(item[-1].value)
            body.append(statement.text[item[0].start : item[-1].end] + " INCLUDING CONSTRAINTS")
        elif item[0].upper in CONSTRAINTS:
            table_constraint(item, design, columns)
        elif item[0].upper in ("CHECK", "EXCLUDE"):
            raise syntax(item[0].value)
        else:
            columns.append(column(item, statement, design))
    if len({one.name for one in columns}) < len(columns) or len(columns) > 1600:
        raise Refusal("42701", "a column is specified more than once")
    table_attributes(tail, design, columns)
    return f"{head} ({', '.join([one.sql for one in columns] + body)})", design
