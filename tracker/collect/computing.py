"""One thread computes at a time: Python lets no two, and those that contend for their turn make each other slower."""

import threading

# Held while parsing or storing, never while waiting for a server.
COMPUTING = threading.Lock()
