"""The parts of one instance: broker, cache, logs, static files, and the processes that are started,
watched and ended; setting a machine up is left to `bootstrap`."""
