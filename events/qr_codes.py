"""An address as a QR code, for posters and slides. Pure.

ISO/IEC 18004: error correction level M, which can be read with some 15 % of it lost, and a quiet zone of four modules
on each side. Black on a white ground of its own, in dark mode too: many readers see no light code on a dark ground.
"""

import io
import re

import segno

QUIET_ZONE = 4  # modules
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(address: str, title: str) -> bytes:
    """Return the code of an absolute address as an SVG document in UTF-8 that says `title` and fits any size.

    It has neither style nor script, which the site's Content-Security-Policy forbids. Raises segno.DataOverflowError
    for an address of more than 2,331 bytes, the most that any code of level M holds.
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    # Letters that no XML document can hold (https://www.w3.org/TR/xml/#charsets) would make a file that nothing opens.
    told = " ".join(_NOT_IN_XML.sub(" ", title).split())
    document = io.BytesIO()
    code.save(
        document, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", title=told, omitsize=True,
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return document.getvalue()
