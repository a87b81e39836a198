"""The stages and use cases: gather, call core, carry out."""
