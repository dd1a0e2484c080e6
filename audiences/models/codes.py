"""Codes that are read from a wall or from paper, and typed."""

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0 and 1: they are read wrong from the back row


def drawn(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
