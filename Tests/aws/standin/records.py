"""JSON records out of a file, as COPY reads them: objects one after another, white space between
(dg/copy-usage_notes-copy-from-json)."""

import json
import re
from dataclasses import dataclass

MAXIMUM_BYTES = 4 << 20
SPACE = re.compile(r"[ \t\r\n]*")
NEXT = re.compile(r"\n(?=[ \t]*[{\[])")


class Number(str):
    """A number as it stands in the file."""


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, strict=False)


@dataclass
class Record:
    """One record: its value or what is wrong with it, where it begins, and its first line."""

    value: object
    failure: str
    line: int
    offset: int
    raw: str


def records(data):
    """The records of a file's bytes. Bytes that are no UTF-8 become lone surrogates."""
    text = data.decode("utf-8", "surrogateescape")
    place, line, counted = 0, 1, 0
    if text.startswith("\ufeff"):
        place = 1
    while True:
        place = SPACE.match(text, place).end()
        if place >= len(text):
            return
        line += text.count("\n", counted, place)
        counted = place
        try:
            value, end = DECODER.raw_decode(text, place)
            failure = "" if isinstance(value, (dict, list)) else "Invalid value."
            if end - place > MAXIMUM_BYTES // 4 and \
                    len(text[place:end].encode("utf-8", "surrogateescape")) > MAXIMUM_BYTES:
                failure = "JSON object is larger than 4 MB."
        except (ValueError, RecursionError):
            value, failure = None, "Invalid value."
            found = NEXT.search(text, place + 1)
            end = found.end() if found else len(text)
        raw = text[place : min(end, place + 1024)]
        if failure:
            raw = raw.split("\n", 1)[0]
        yield Record(value, failure, line, place, raw)
        place = end


class PathError(Exception):
    """A JSONPaths file that COPY does not take."""


def json_paths(data):
    """The paths of a JSONPaths file; None when its object has another name, which means 'auto'."""
    try:
        document = json.loads(data)
    except ValueError as error:
        raise PathError("Invalid JSONPaths file: it is not valid JSON") from error
    if not isinstance(document, dict) or "jsonpaths" not in document:
        return None
    return [steps(path) for path in document["jsonpaths"]]


def steps(path):
    """The steps of one path, in brackets or with dots and never both (dg/copy-parameters-data-format)."""
    if not isinstance(path, str) or not path.startswith("$") or "*" in path or ".." in path:
        raise PathError(f"Invalid JSONPath format: {path}")
    rest = path[1:]
    brackets = re.fullmatch(r"(\[(?:'[^']*'|\"[^\"]*\"|\d+)\])+", rest)
    if brackets:
        parts = re.findall(r"\[(?:'([^']*)'|\"([^\"]*)\"|(\d+))\]", rest)
        return [int(number) if number else single or double for single, double, number in parts]
    if re.fullmatch(r"(\.[^.\[\]]+)+", rest):
        return rest[1:].split(".")
    raise PathError(f"Invalid JSONPath format: {path}")


MISSING = object()


def at(value, path):
    """What a record has at a path; MISSING when nothing."""
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        elif isinstance(step, str) and isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return MISSING
    return value
