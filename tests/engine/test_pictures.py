"""What comes out of any picture: upright, small, and with nothing of the file but its pixels."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.engine import pictures
from tests.pictures import bomb, photo, tiny


def opened(body):
    return Image.open(io.BytesIO(body))


def test_two_sizes():
    picture = pictures.prepare(photo())
    assert (picture.width, picture.height) == (1067, 1600)  # turned by its EXIF
    full, thumb = opened(picture.full), opened(picture.thumb)
    assert full.format == thumb.format == "JPEG"
    assert full.size == (1067, 1600) and max(thumb.size) == 400


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation):
    """White is the left half; each orientation says where the left half has to go."""
    picture = opened(pictures.prepare(photo(900, 600, orientation=orientation)).full)
    width, height = picture.size
    white = {
        "left": picture.getpixel((10, height // 2))[1] > 200,
        "right": picture.getpixel((width - 10, height // 2))[1] > 200,
        "top": picture.getpixel((width // 2, 10))[1] > 200,
        "bottom": picture.getpixel((width // 2, height - 10))[1] > 200,
    }
    where = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom"}
    side = where.get(orientation, "bottom")
    opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[side]
    assert white[side] and not white[opposite]


def test_nothing_of_the_file_survives_but_its_pixels():
    for kind in ("JPEG", "PNG"):
        sent = photo(kind=kind)
        assert b"PHONE-OF-LU" in sent
        picture = pictures.prepare(sent)
        for body in (picture.full, picture.thumb):
            assert not opened(body).getexif()
            assert b"Exif" not in body and b"PHONE" not in body and b"SECRET" not in body


def test_small_ones_are_not_blown_up():
    picture = pictures.prepare(tiny(size=(30, 20)))
    assert (picture.width, picture.height) == (30, 20)


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("RGBA", (10, 20, 30, 0), 255),
        ("LA", (10, 0), 255),
        ("P", 0, 0),
        ("1", 1, 255),
        ("L", 128, 128),
        ("I;16", 32768, 128),
    ],
)
def test_every_mode_of_png(mode, color, expected):
    full = opened(pictures.prepare(tiny(mode=mode, size=(16, 16), color=color)).full)
    assert abs(full.getpixel((8, 8))[0] - expected) <= 3


def test_cmyk_jpeg():
    body = tiny("JPEG", "CMYK", (16, 16), (0, 0, 0, 0))
    assert opened(pictures.prepare(body).full).getpixel((8, 8))[0] > 250


@pytest.mark.parametrize(
    "body",
    [b"", b"GIF89a" + bytes(40), b"%PDF-1.7", b"<svg xmlns=''/>", b"<html>", b"MZ" + bytes(300),
     b"\x00\x00\x00\x18ftypheic" + bytes(300), b"PK\x03\x04" + bytes(300), b"BM" + bytes(300)],
)  # fmt: skip
def test_other_kinds(body):
    with pytest.raises(pictures.OtherKind):
        pictures.prepare(body)


def test_bombs():
    with pytest.raises(pictures.TooManyPixels):
        pictures.prepare(bomb())
    with pytest.raises(pictures.TooManyPixels):
        pictures.prepare(bomb(9000, 9000))


@given(st.data())
def test_broken_files_are_called_broken(data):
    """Cut off, or with a byte changed: a picture or a clear refusal, never anything else."""
    whole = data.draw(st.sampled_from([photo(40, 30), photo(40, 30, "PNG")]))
    cut = data.draw(st.integers(4, len(whole)))
    body = bytearray(whole[:cut])
    spot = data.draw(st.integers(0, cut - 1))
    body[spot] = data.draw(st.integers(0, 255))
    with contextlib.suppress(pictures.Unfit):
        assert pictures.prepare(bytes(body)).full


def test_cut_in_the_middle():
    for kind in ("JPEG", "PNG"):
        with pytest.raises(pictures.Damaged):
            pictures.prepare(photo(kind=kind)[:2000])
