"""Arithmetic on RR intervals: no I/O, no clock, no async."""
