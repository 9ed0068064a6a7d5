"""Reading a QR code from its SVG by ISO/IEC 18004, without the library that wrote it: versions 1 to 6, bytes, level M.

Nothing is corrected: a code with a single wrong module of its data would be read wrongly, which is what a test wants.
"""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
DATA = {
    1: (1, 16),
    2: (1, 28),
    3: (1, 44),
    4: (2, 64),
    5: (2, 86),
    6: (4, 108),
}  # of level M: blocks, bytes
MASKS = [
    lambda y, x: (y + x) % 2, lambda y, x: y % 2, lambda y, x: x % 3, lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2, lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2, lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
]  # fmt: skip


def picture(svg: bytes) -> list[list[int]]:
    """Return the rows of the picture, quiet zone included: 1 where it is dark."""
    root = ElementTree.fromstring(svg)
    side = int(root.get("viewBox").split()[2])
    rows, (x, y) = [[0] * side for _ in range(side)], (0, 0)
    path = root.find(f".//{SVG}path[@stroke]").get("d")
    for letter, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if letter == "h":
            rows[int(y)][int(x) : int(x) + int(first)] = [1] * int(first)
            x += int(first)
        else:
            old = (x, y) if letter == "m" else (0, 0)
            x, y = old[0] + float(first), old[1] + float(second)
    return rows


def read_qr(svg: bytes) -> str:
    """Return the text of a code; AssertionError if it is not of level M, or its quiet zone is not all light."""
    return read_rows(picture(svg))


def read_rows(whole: list[list[int]], quiet: int = 4) -> str:
    """Return the same from the rows of its picture."""
    rows = [row[quiet:-quiet] for row in whole[quiet:-quiet]]
    assert sum(map(sum, whole)) == sum(map(sum, rows))
    level, mask = _format(rows)
    assert level == 0
    version = (len(rows) - 17) // 4
    bits = [rows[y][x] ^ (not MASKS[mask](y, x)) for y, x in _data_places(len(rows))]
    data = _in_order([int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)], version)
    text = int.from_bytes(data, "big")
    length = len(data) * 8
    assert text >> (length - 4) == 0b0100  # bytes
    count = text >> (length - 12) & 0xFF
    return (text >> (length - 12 - count * 8) & (1 << count * 8) - 1).to_bytes(count, "big").decode()


def _format(rows: list[list[int]]) -> tuple[int, int]:
    """Return the level (0 is M) and the mask, from the five bits beside the first finder that say so."""
    said = int("".join(str(rows[8][x]) for x in range(5)), 2) ^ 0b10101
    return said >> 3, said & 7


def _data_places(side: int) -> list[tuple[int, int]]:
    """Return where the bits of the data are, in their order: pairs of columns from the right, up and down by turns."""
    found, up = [], True
    for right in [*range(side - 1, 6, -2), 5, 3, 1]:
        for y in range(side - 1, -1, -1) if up else range(side):
            found += [(y, x) for x in (right, right - 1) if not _is_pattern(y, x, side)]
        up = not up
    return found


def _is_pattern(y: int, x: int, side: int) -> bool:
    finder = (y < 9 and x < 9) or (y < 9 and x >= side - 8) or (y >= side - 8 and x < 9)
    alignment = side > 21 and side - 9 <= y <= side - 5 and side - 9 <= x <= side - 5
    return finder or alignment or 6 in (y, x)


def _in_order(words: list[int], version: int) -> bytes:
    """Return the data of all blocks, which stand byte by byte in turns."""
    blocks, number = DATA[version]
    return bytes(words[at] for block in range(blocks) for at in range(block, number, blocks))
