"""Counts of tries, in the cache that all workers share."""

import time

from django.core.cache import cache


def count(key: str, seconds: int) -> int:
    """One more try; how many that makes. All are forgotten so many seconds after the first."""
    tries, until = cache.get(key, (0, time.time() + seconds))
    cache.set(key, (tries + 1, until), max(1, until - time.time()))
    return tries + 1


def tried(key: str) -> int:
    return cache.get(key, (0, 0))[0]
