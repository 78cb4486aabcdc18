"""What Redshift answers instead of doing what it was asked."""


class Refusal(Exception):
    """An error as the server sends it."""

    def __init__(self, state, message, detail="", hint="", severity="ERROR"):
        super().__init__(message)
        self.state, self.message, self.detail, self.hint = state, message, detail, hint
        self.severity = severity

    def fields(self):
        """The fields of the protocol's ErrorResponse."""
        pairs = [("S", self.severity), ("C", self.state), ("M", self.message)]
        pairs += [(key, value) for key, value in (("D", self.detail), ("H", self.hint)) if value]
        return pairs


def syntax(near):
    """A statement that does not parse."""
    return Refusal("42601", f'syntax error at or near "{near}"')


def unsupported(what):
    """A statement that parses and does not work."""
    return Refusal("0A000", f"{what} is not supported")
