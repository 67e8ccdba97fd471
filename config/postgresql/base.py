"""The backend that ``ENGINE = "config.postgresql"`` names."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Before a request, a connection is looked at without asking the server anything.

    A server that ends or restarts closes the socket, which shows here. Only where something came
    unasked for is a query sent, as Django does before each request.
    """

    def is_usable(self) -> bool:
        """Whether the connection can take the next query."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or super().is_usable()
