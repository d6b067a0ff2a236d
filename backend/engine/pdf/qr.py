"""QR codes (GB/T 18284, ISO/IEC 18004) as black and white PNG, with the white border they need."""

import io
from typing import Any, cast

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4  # modules of white around it
SIDE = 640  # about so many pixels, whatever the text's length


def qr_png(text: str) -> bytes:
    """The picture of a text of at most some hundred characters; a quarter of it may get dirty."""
    code: Any = cast(Any, QRCode)(None, QRErrorCorrectLevel.Q)
    code.addData(text)
    code.make()
    count = code.moduleCount
    picture = Image.new("1", (count + 2 * QUIET,) * 2, 1)
    dark = ((x, y) for y in range(count) for x in range(count) if code.modules[y][x])
    for x, y in dark:
        picture.putpixel((x + QUIET, y + QUIET), 0)
    scale = max(1, SIDE // picture.width)
    out = io.BytesIO()
    whole = picture.resize((picture.width * scale,) * 2, Image.Resampling.NEAREST)
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()
