"""Values of records as columns take them, or the error that stl_load_errors names
(dg/r_Load_Error_Reference)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .records import Number

RANGES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
TIMES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y%m%d %H%M%S")
SURROGATE = re.compile("[\ud800-\udfff\x00]")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Invalid(Exception):
    """A value that its column does not take."""

    def __init__(self, code, reason, position=0):
        super().__init__(reason)
        self.code, self.reason, self.position = code, reason, position


@dataclass
class Column:
    """A column of the table; `limit` is the bytes of a text."""

    name: str
    type: str
    limit: int | None
    is_required: bool
    default: str | None
    is_identity: bool


def text_of(value):
    """A value as the text that COPY makes of it."""
    if isinstance(value, str):
        return str(value)
    if value is True or value is False:
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def converted(value, column, options):
    """The text for PostgreSQL; None is NULL. Raises Invalid."""
    if value is None:
        return required(None, column)
    text = text_of(value)
    if column.type in ("character varying", "character"):
        return required(characters(text, column, options), column)
    text = text.strip()
    if text == "":
        return required(None, column)
    if column.type in RANGES:
        return integer(text, column)
    if column.type in ("double precision", "real"):
        return floating(text, column)
    if column.type == "numeric":
        return decimal(text, column)
    if column.type == "boolean":
        return boolean(text)
    if column.type == "date":
        return moment(text, options.date_format, "Date", 1205)[:10]
    return moment(text, options.time_format, "Timestamp", 1206)


def required(text, column):
    if text is None and column.is_required:
        raise Invalid(1213, "Missing data for not-null field")
    return text


def characters(text, column, options):
    bad = SURROGATE.search(text)
    if bad and options.replacement is None:
        found = bad.group().encode("utf-8", "surrogatepass" if bad.group() < "\udc80" else "surrogateescape")
        raise Invalid(
            1220, "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: "
            f"{found.hex(' ')} (error 3)", bad.start())
    if bad:
        text = SURROGATE.sub(options.replacement, text)
    if "TRIMBLANKS" in options.flags:
        text = text.rstrip(" ")
    if ("EMPTYASNULL" in options.flags and text == "") or (
            "BLANKSASNULL" in options.flags and text.strip() == "" and text != ""):
        return None
    data = text.encode()
    if column.limit is not None and len(data) > column.limit:
        if "TRUNCATECOLUMNS" in options.flags:
            return data[: column.limit].decode(errors="ignore")
        raise Invalid(1204, "String length exceeds DDL length")
    return text


def integer(text, column):
    name = {"smallint": "Short", "integer": "Integer", "bigint": "Long"}[column.type]
    sound = re.match(r"[+-]?\d*", text).end()
    if sound < len(text) or not re.search(r"\d", text):
        raise Invalid(1207, f"Invalid digit, Value '{text[sound:sound + 1]}', Pos {sound}, Type: {name}", sound)
    number = int(text)
    if not -RANGES[column.type] <= number < RANGES[column.type]:
        raise Invalid(1207, f"Overflow for {name}: {text}"[:100])
    return str(number)


def floating(text, column):
    try:
        number = float(text)
    except ValueError:
        raise Invalid(1208, f"Invalid digit, Value '{text[:1]}', Pos 0, Type: Double") from None
    if number in (float("inf"), float("-inf")) and "inf" not in text.lower():
        raise Invalid(1208, "Overflow (Double valid range is approximately 1.7E-308 to 1.7E+308)")
    return text


def decimal(text, column):
    if not re.fullmatch(r"[+-]?\d*\.?\d*", text) or not re.search(r"\d", text):
        raise Invalid(1209, f"Invalid digit, Value '{text[:1]}', Pos 0, Type: Decimal")
    return text


def boolean(text):
    if text.lower() not in ("true", "false", "t", "f", "1", "0", "yes", "no", "y", "n"):
        raise Invalid(1210, f"Unknown boolean format: {text}"[:100])
    return text


def moment(text, form, kind, code):
    """A time, by TIMEFORMAT or DATEFORMAT."""
    if form in ("epochsecs", "epochmillisecs"):
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise Invalid(code, f"Invalid {kind.lower()} format or value [{form}]")
        scale = 1000 if form == "epochmillisecs" else 1
        whole, _, fraction = text.partition(".")
        micros = int(whole) * (1_000_000 // scale)
        if fraction:
            micros += int(float("0." + fraction) * (1_000_000 // scale))
        try:
            return (EPOCH + timedelta(microseconds=micros)).strftime("%Y-%m-%d %H:%M:%S.%f")
        except OverflowError:
            raise Invalid(code, f"Invalid {kind.lower()} format or value [{form}]") from None
    forms = TIMES if form in (None, "auto") else ()
    for one in forms:
        try:
            return datetime.strptime(text, one).strftime("%Y-%m-%d %H:%M:%S.%f")
        except ValueError:
            continue
    raise Invalid(code, f"Invalid {kind.lower()} format or value [{form or 'YYYY-MM-DD HH24:MI:SS'}]")


def copy_text(text):
    """A value in PostgreSQL's text format for COPY."""
    if text is None:
        return "\\N"
    if isinstance(text, Number):
        return str(text)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
