"""Protocols that services need, named by their user."""
