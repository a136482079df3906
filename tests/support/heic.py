"""HEIC files for tests. The decoder that the project has can't encode, so a tile of 320 x 256 pixels is kept
here, four rectangles in four colours, and containers of every shape are written around it (ISO/IEC 23008-12).
"""

import base64
import struct

TILE = (320, 256)
COLOURS = ((200, 30, 30), (30, 170, 60), (40, 60, 190), (230, 220, 120))  # left, right; then below
WHOLE, EXIF, FIRST_TILE = 1, 2, 3
_CONFIGURATION = base64.b64decode(
    "AQNwAAAAkAAAAAAAPPAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAPLoCQGEAAQAsQgEBA3AAAAMAkAAAAwAAAwA8"
    "oAoIBAWW6kkprm4CGgwIAAADAMgAAAMACEBiAAEAB0QBwXKwYkA="
)
_PIXELS = base64.b64decode(
    "AAABmygBrwnIIMoBPiE5dV///Rjf//wjTyH7W9J0HMPLuNNZ4fr5Bi4/jBe/4Sf//HbzWpx/+Us6n00c8AAcMKL3Mxd0AACWPu1y"
    "5YIPfV0LO0f3ohods9le5ACmI8Hg3mGcpCQJAJza+4/I6zdAA90vKB1Rmq82TXX+R87AaglExnvcart8BJ9pIFrjX4WOvO3FeDsD"
    "VDLlfm6pZYgj3v4Ibdx4xgMR695poM41ap0gD73V23aC/TfatJQAcABKwIQAoAnV//17C+/uEm//3KrksTh5jDyT9A0J9eVdLsDU"
    "ALwcRI3BPe/8J/dj7f+jRq33y3y5X/+Y9Qov/9wo11P/nW4DKmD/qKPYhP5YmJfQkwAUQAu9yfZ3IUmRR5gHps+WyMM8EA7lncFi"
    "EuAXuWzchpVQMbPNIbK6opjUNjlBcC22c4LA76MCVtO/YSjOHH085W0yGCZxg3vMy83ssTkOTxtgkGgFzz+u8/4NbW1VxgsLcmRM"
    "f2OmCZwHeoVzLhtEBCIHcRbQawk1iuQu9LG4OUq3/+Y8fwAAAwDygA=="
)


def _box(kind: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), kind) + data


def _full(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _entry(item: int, kind: bytes, hidden: bool = False) -> bytes:
    return _full(b"infe", 2, struct.pack(">HH4s", item, 0, kind), b"\0", flags=int(hidden))


def _place(item: int, method: int, offset: int, length: int) -> bytes:
    return struct.pack(">HHHHII", item, method, 0, 1, offset, length)


def heic(
    columns: int = 1,
    rows: int = 1,
    *,
    turned: int = 0,
    mirrored: bool = False,
    profile: bytes = b"",
    exif: bytes = b"",
    told: tuple[int, int] | None = None,
    brand: bytes = b"heic",
) -> bytes:
    """A picture of columns x rows tiles. `turned`: quarter turns to the left; `told`: a lie."""
    size = told or (columns * TILE[0], rows * TILE[1])
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)
    stored = _PIXELS + (struct.pack(">I", 6) + exif if exif else b"")
    tiles = range(FIRST_TILE, FIRST_TILE + columns * rows)
    items = [_entry(WHOLE, b"grid"), *(_entry(tile, b"hvc1", hidden=True) for tile in tiles)]
    items += [_entry(EXIF, b"Exif", hidden=True)] * bool(exif)
    links = _box(b"dimg", struct.pack(f">HH{len(tiles)}H", WHOLE, len(tiles), *tiles))
    links += _box(b"cdsc", struct.pack(">HHH", EXIF, 1, WHOLE)) if exif else b""

    def meta(start: int) -> bytes:
        places = [_place(WHOLE, 1, 0, len(grid)), *(_place(tile, 0, start, len(_PIXELS)) for tile in tiles)]
        places += [_place(EXIF, 0, start + len(_PIXELS), len(stored) - len(_PIXELS))] * bool(exif)
        return _full(
            b"meta",
            0,
            _full(b"hdlr", 0, b"\0\0\0\0pict" + bytes(13)),
            _full(b"pitm", 0, struct.pack(">H", WHOLE)),
            _full(b"iloc", 1, b"\x44\x00", struct.pack(">H", len(places)), *places),
            _full(b"iinf", 0, struct.pack(">H", len(items)), *items),
            _properties(tiles, size, turned, mirrored, profile),
            _full(b"iref", 0, links),
            _box(b"idat", grid),
        )

    head = _box(b"ftyp", brand, b"\0\0\0\0", b"mif1heic")
    return head + meta(len(head) + len(meta(0)) + 8) + _box(b"mdat", stored)


def _properties(tiles: range, size: tuple[int, int], turned: int, mirrored: bool, profile: bytes) -> bytes:
    """What tiles and whole are like, and which of it belongs to which."""
    kept = [
        _full(b"ispe", 0, struct.pack(">II", *TILE)),
        _box(b"hvcC", _CONFIGURATION),
        _full(b"ispe", 0, struct.pack(">II", *size)),
        _box(b"irot", bytes([turned])),
        _box(b"imir", b"\1"),
        _box(b"colr", b"prof", profile),
    ]
    of_whole = [3] + [4] * bool(turned) + [5] * mirrored + [6] * bool(profile)
    belongs = struct.pack(">IHB", 1 + len(tiles), WHOLE, len(of_whole)) + bytes(of_whole)
    belongs += b"".join(struct.pack(">HBBB", tile, 2, 1, 0x80 | 2) for tile in tiles)
    return _box(b"iprp", _box(b"ipco", *kept), _full(b"ipma", 0, belongs))
