"""States that pass as they are looked at: each description of a thing moves it one step on."""

from collections import deque


class Lifecycle:
    """A state now, states to come, and what happens at the end of them.

    Time is counted in looks, so that no test waits for a clock.
    """

    def __init__(self, state):
        self.state, self.coming, self.then = state, deque(), None

    @property
    def is_changing(self):
        return bool(self.coming) or self.then is not None

    def go(self, *states, then=None):
        """The first of the states is now, the others come, one a look; `then` runs with the last."""
        self.state, self.coming, self.then = states[0], deque(states[1:]), then
        self.arrive()

    def look(self):
        """One look: the state as it is then."""
        if self.coming:
            self.state = self.coming.popleft()
            self.arrive()
        return self.state

    def arrive(self):
        if not self.coming and self.then:
            then, self.then = self.then, None
            then()
