"""QR codes as one path in a square of 100 units: drawn in the page, so that no image has to be loaded."""

from itertools import groupby

import segno

SIDE = 100
QUIET = 4  # modules left white around it


def path(text: str) -> str:
    """What `components/qr.html` draws."""
    matrix = segno.make(text, error="m", micro=False).matrix
    unit = SIDE / (len(matrix) + 2 * QUIET)
    pieces = []
    for y, row in enumerate(matrix, QUIET):
        x = QUIET
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                pieces.append(f"M{x * unit:.3f} {y * unit:.3f}h{length * unit:.3f}v{unit:.3f}h{-length * unit:.3f}z")
            x += length
    return "".join(pieces)
