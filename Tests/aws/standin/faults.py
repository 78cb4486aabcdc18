"""Faults that a test asks for: each matches calls or statements, and happens a number of times."""

import re
import threading
from dataclasses import dataclass


@dataclass
class Fault:
    """`match` is a regular expression on "METHOD /path", on "service:Action", on SQL behind "sql:", or on a
    user's name behind "login:"; behind "kind:" stands a kind of statement as the control `statements` tells it."""

    match: str
    kind: str
    n: int = 1
    seconds: float = 0.1
    skip: int = 0

    def applies(self, prefix, text):
        if prefix in ("sql", "kind", "login") or self.match.split(":")[0] in ("sql", "kind", "login"):
            if not self.match.startswith(prefix + ":"):
                return False
            wanted = self.match.removeprefix(prefix + ":")
            return wanted == text if prefix == "kind" else bool(re.search(wanted, text, re.IGNORECASE))
        return bool(re.search(self.match, text))


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
