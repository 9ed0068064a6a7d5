"""Photographs: checked by what they contain, made anew, bounded in size, kept under names that tell nothing."""

import io
import secrets
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from PIL import Image

LARGEST_FILE = 8 * 1024 * 1024  # bytes
LARGEST_SIDE = 12_000  # pixels, of what is sent in
LARGEST_AREA = 40_000_000  # pixels, of what is sent in
KEPT = (800, 1000)  # pixels, at most, of what is kept
FORMATS = ("JPEG", "PNG", "WEBP")
FOLDER = "photographs/"
NAME = r"[a-z0-9]{32}\.webp"
ORIENTATION = 0x0112  # the EXIF tag that says how the camera was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
TOO_LARGE = "This picture has more than 40 million pixels. Choose a smaller one."


def make_safe(upload: File) -> ContentFile:
    """Return the picture made anew as WebP, upright, small, and without what the camera wrote into it.

    Raises ValidationError with a sentence for the person who chose the file.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError("This file is larger than 8 MB. Choose a smaller one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _opened(upload)
            picture = _upright(picture)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE) from error
    except Exception as error:  # whatever else a damaged file makes of the decoder
        raise ValidationError("This is not a JPEG, PNG or WebP picture, or it is damaged.") from error
    picture.thumbnail(KEPT)
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=80, method=4)
    return ContentFile(made.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _opened(upload: File) -> Image.Image:
    upload.seek(0)
    picture = Image.open(upload, formats=FORMATS)
    width, height = picture.size
    if max(width, height) > LARGEST_SIDE or width * height > LARGEST_AREA:
        raise ValidationError(TOO_LARGE)
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture as its camera was held.

    Pillow's own `exif_transpose` writes the rest of the EXIF anew, which many a camera's is too odd for.
    """
    turn = TURNS.get(picture.getexif().get(ORIENTATION))
    picture = picture.convert("RGB")
    return picture if turn is None else picture.transpose(turn)
