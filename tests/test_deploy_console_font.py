"""The kiosk's console font: what is drawn with is in it, and what names are written with stays."""

import gzip
import importlib.util
import struct
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent.parent / "deploy/kiosk"
FONTS = Path("/usr/share/consolefonts")
NAMES = "AZaz09éöüñçåøßłčş█░▒─│┌┐▼▲·"


@pytest.fixture
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("console_font", HERE / "console_font.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def font_of(characters: str, *, old: bool) -> bytes:
    """A font of 8x16, each glyph filled with its number."""
    padded = characters.ljust(256, "a")
    bitmaps = b"".join(bytes([n % 256]) * 16 for n in range(256))
    if old:
        table = "".join(f"{one}\uffff" for one in padded).encode("utf-16-le")
        return b"\x36\x04\x02\x10" + bitmaps + table
    head = struct.pack("<4s7I", b"\x72\xb5\x4a\x86", 0, 32, 1, 256, 16, 16, 8)
    return head + bitmaps + b"".join(one.encode() + b"\xff" for one in padded)


@pytest.mark.parametrize("old", [True, False])
def test_places_that_nobody_needs_are_given_to_what_is_missing(
    maker: ModuleType, old: bool
) -> None:
    made = maker.with_blocks(font_of(NAMES + "ẁ∑√∞", old=old))
    width, height, bitmaps, names = maker.taken_apart(made)
    assert (width, height) == (8, 16)
    glyphs = dict(zip(names, bitmaps, strict=True))
    assert set(NAMES) | set("▀▄◄►") <= set("".join(names))
    assert glyphs["▀"] == b"\xff" * 8 + b"\0" * 8
    assert glyphs["▄"] == b"\0" * 8 + b"\xff" * 8
    assert glyphs["Z"] == bytes([1]) * 16, "a letter keeps its look"


def test_a_font_without_room_is_refused(maker: ModuleType) -> None:
    with pytest.raises(ValueError, match="no room"):
        maker.with_blocks(font_of(NAMES, old=False))
    with pytest.raises(ValueError, match="not a console font"):
        maker.with_blocks(b"GIF89a")


@pytest.mark.parametrize("name", ["Uni2-Terminus16", "Uni2-TerminusBold32x16"])
def test_debians_own_fonts_have_room(maker: ModuleType, name: str) -> None:
    path = FONTS / f"{name}.psf.gz"
    if not path.exists():
        pytest.skip("console-setup-linux is not installed here")
    _, _, _, names = maker.taken_apart(maker.with_blocks(gzip.decompress(path.read_bytes())))
    assert set(NAMES) | set("▀▄◄►") <= set("".join(names))
