"""Faults that a test asks for: each matches calls or statements, and happens a number of times."""

import re
import threading
from dataclasses import dataclass


@dataclass
class Fault:
    """`match` is a regular expression on "METHOD /path", on "service:Action", or on SQL behind "sql:"."""

    match: str
    kind: str
    n: int = 1
    seconds: float = 0.1
    skip: int = 0

    def applies(self, prefix, text):
        if prefix == "sql":
            return self.match.startswith("sql:") and bool(re.search(self.match[4:], text, re.IGNORECASE))
        return not self.match.startswith("sql:") and bool(re.search(self.match, text))


class Faults:
    """The faults that wait."""

    def __init__(self):
        self.waiting, self.lock = [], threading.Lock()

    def add(self, descriptions):
        with self.lock:
            self.waiting += [Fault(**description) for description in descriptions]

    def clear(self):
        with self.lock:
            self.waiting = []

    def take(self, prefix, text, kinds):
        """The first fault for this, counted down; None when there is none."""
        with self.lock:
            for fault in self.waiting:
                if fault.kind in kinds and fault.n > 0 and fault.applies(prefix, text):
                    if fault.skip > 0:
                        fault.skip -= 1
                        return None
                    fault.n -= 1
                    return fault
        return None
