"""Implementations of the ports: the only code that knows Redis, HTTP, processes and files."""
