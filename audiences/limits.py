"""Counts of tries, in the cache that all workers share."""

from django.core.cache import cache


def count(key: str, seconds: int) -> int:
    """One more try; how many that makes. They are forgotten so many seconds after the last."""
    tries = tried(key) + 1
    cache.set(key, tries, seconds)
    return tries


def tried(key: str) -> int:
    return cache.get(key, 0)
