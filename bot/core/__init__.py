"""Pure functions, one package a noun: no clock, network, Redis or environment."""
