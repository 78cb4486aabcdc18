"""What a COPY says: dg/r_COPY and the pages of its parameters."""

import re
from dataclasses import dataclass, field

from .refusal import Refusal, syntax, unsupported
from .rewriting import name_of, table_name
from .tokens import closing
from .words import COPY_OPTIONS

FORMATS = {"CSV", "AVRO", "PARQUET", "ORC", "SHAPEFILE", "FIXEDWIDTH", "DELIMITER"}
COMPRESSIONS = {"GZIP", "ZSTD", "LZOP", "BZIP2"}
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
FLAGS = {
    "MANIFEST", "NOLOAD", "EMPTYASNULL", "BLANKSASNULL", "TRIMBLANKS", "TRUNCATECOLUMNS", "ROUNDEC",
    "EXPLICIT_IDS", "ACCEPTANYDATE", "IGNOREBLANKLINES", "FILLRECORD", "IGNOREALLERRORS", "ESCAPE",
    "REMOVEQUOTES", *COMPRESSIONS}


@dataclass
class Options:
    """A COPY, read. `flags` holds the options without a value."""

    table: str
    columns: list
    source: str
    role: str | None = None
    region: str | None = None
    json: str | None = None
    time_format: str | None = None
    date_format: str | None = None
    replacement: str | None = None
    max_errors: int = 0
    flags: set = field(default_factory=set)


def invalid(option, value):
    return Refusal("22023", f"invalid value for {option}: {value}")


class Reader:
    """Reads the options one after another."""

    def __init__(self, statement):
        self.found = statement.tokens
        name, self.place = table_name(statement, 1)
        columns = []
        if self.upper == "(":
            end = closing(self.found, self.place)
            columns = [name_of(t) for t in self.found[self.place + 1 : end] if t.is_name]
            self.place = end + 1
        if self.take().upper != "FROM":
            raise syntax(self.found[self.place - 1].value)
        source = self.take()
        if source.kind != "text":
            raise syntax(source.value)
        self.options = Options(name, columns, source.value)
        self.seen = set()

    @property
    def upper(self):
        return self.found[self.place].upper if self.place < len(self.found) else ""

    def take(self):
        if self.place >= len(self.found):
            raise syntax("end of input")
        self.place += 1
        return self.found[self.place - 1]

    def value(self, kind="text"):
        """An option's value, behind an AS that may be left out."""
        if self.upper == "AS":
            self.take()
        token = self.take()
        if token.kind != kind:
            raise syntax(token.value)
        return token.value

    def read(self):
        while self.place < len(self.found):
            word = self.take()
            if word.upper == "WITH" and not self.seen:
                continue
            if word.upper not in COPY_OPTIONS:
                raise syntax(word.value)
            if word.upper in self.seen:
                raise Refusal("42601", f"conflicting or redundant options: {word.value}")
            self.seen.add(word.upper)
            self.option(word.upper)
        self.check()
        return self.options

    def option(self, word):
        options = self.options
        if word == "FORMAT":
            if self.upper == "AS":
                self.take()
        elif word in FLAGS:
            options.flags.add(word)
        elif word == "JSON":
            options.json = self.json()
        elif word == "IAM_ROLE":
            options.role = self.role()
        elif word == "REGION":
            options.region = self.value()
        elif word == "TIMEFORMAT":
            options.time_format = self.time_format()
        elif word == "DATEFORMAT":
            options.date_format = self.value()
        elif word == "MAXERROR":
            options.max_errors = int(self.value("number"))
            if options.max_errors > 100000:
                raise invalid(word, options.max_errors)
        elif word == "ACCEPTINVCHARS":
            is_given = self.upper == "AS" or self.found[self.place : self.place + 1] and \
                self.found[self.place].kind == "text"
            options.replacement = self.value() if is_given else "?"
            if len(options.replacement) != 1 or not 0 < ord(options.replacement) < 128:
                raise invalid(word, options.replacement)
        elif word in ("COMPUPDATE", "STATUPDATE"):
            if self.upper in ("ON", "OFF", "TRUE", "FALSE", "PRESET"):
                if self.take().upper == "PRESET" and word == "STATUPDATE":
                    raise syntax("PRESET")
        elif word in ("COMPROWS", "READRATIO"):
            self.value("number")
        elif word in FORMATS:
            raise unsupported(f"COPY with {word} by the stand-in")
        else:
            raise unsupported(f"COPY with {word} by the stand-in")

    def json(self):
        """'auto', 'auto ignorecase', 'noshred' or the place of a JSONPaths file."""
        is_given = self.upper == "AS" or (
            self.place < len(self.found) and self.found[self.place].kind == "text")
        value = self.value() if is_given else "auto"
        if value == "noshred":
            raise unsupported("JSON 'noshred' by the stand-in")
        if value not in ("auto", "auto ignorecase") and not value.startswith("s3://"):
            raise invalid("JSON", value)
        return value

    def role(self):
        if self.upper == "DEFAULT":
            self.take()
            return "default"
        value = self.value()
        if not all(ROLE.fullmatch(part) for part in value.split(",")):
            raise Refusal("XX000", f"Invalid IAM_ROLE: {value}")
        return value

    def time_format(self):
        value = self.value()
        special = ("auto", "epochsecs", "epochmillisecs")
        if value.lower() in special and value not in special:
            raise invalid("TIMEFORMAT", f"{value}: it is case-sensitive")
        return value

    def check(self):
        options = self.options
        if not options.source.startswith("s3://"):
            raise unsupported(f"COPY from {options.source}")
        if not self.seen & {"IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID"}:
            raise Refusal("42601", "credentials or IAM_ROLE must be specified")
        if options.json is None:
            raise unsupported("COPY of another format than JSON by the stand-in")
        if len(options.flags & COMPRESSIONS) > 1:
            raise Refusal("42601", "conflicting or redundant options: compression")
        if options.flags & {"LZOP", "BZIP2"}:
            raise unsupported("this compression by the stand-in")
        if "IGNOREALLERRORS" in options.flags and "MAXERROR" in self.seen:
            raise Refusal("42601", "MAXERROR and IGNOREALLERRORS cannot be used together")


def options_of(statement):
    """Reads a COPY; raises a Refusal."""
    return Reader(statement).read()
