"""Photos: whatever comes in, a plain upright JPEG without metadata comes out, or a reason why not."""

import io
import random
import struct
import threading
import zlib

import pytest
from PIL import Image, ImageFile, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from mapping.services.errors import Invalid
from mapping.services.photos import pictures as photos
from mapping.services.photos.pictures import reencode

# Pillow warns of damaged EXIF and of large pictures on its way to the refusals tested here.
pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning"
)

SECRET_TEXT = b"Kaiserslautern-secret-owner"


def picture(size: tuple[int, int] = (60, 40), colour: str = "red", mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def encode(image: Image.Image, name: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=name, **options)
    return buffer.getvalue()


def jpeg_with_secrets(orientation: int = 6) -> bytes:
    """A JPEG as phones make them: GPS position, owner, comment, thumbnail, orientation; and more behind its end."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Artist] = SECRET_TEXT.decode()
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (49.0, 26.0, 41.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (7.0, 46.0, 8.0),
        }
    )
    data = encode(
        picture(),
        exif=exif,
        comment=SECRET_TEXT,
        xmp=b"<x:xmpmeta>" + SECRET_TEXT + b"</x:xmpmeta>",
        icc_profile=SECRET_TEXT,
        dpi=(300, 300),
        quality=95,
    )
    return data + SECRET_TEXT


def code_of(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        reencode(data)
    return refused.value.fields["photos"][0].code


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour_at(data: bytes, x: int, y: int) -> tuple[int, ...]:
    colour = decoded(data).getpixel((x, y))
    assert isinstance(colour, tuple)
    return tuple(map(int, colour))


def test_position_and_every_other_metadata_are_removed() -> None:
    original = jpeg_with_secrets()
    before = decoded(original)
    assert before.getexif().get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] == "N"
    assert SECRET_TEXT in original

    result = reencode(original)
    after = decoded(result.data)
    assert after.format == "JPEG"
    assert not after.getexif()
    assert not after.getexif().get_ifd(IFD.GPSInfo)
    assert set(after.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert SECRET_TEXT not in result.data
    assert b"Exif" not in result.data
    assert b"http" not in result.data


@pytest.mark.parametrize(
    ("orientation", "size", "blue_corner"),
    [
        (1, (60, 40), (5, 5)),
        (3, (60, 40), (55, 35)),
        (6, (40, 60), (35, 5)),
        (8, (40, 60), (5, 55)),
        (2, (60, 40), (55, 5)),
    ],
)
def test_pictures_are_turned_upright(
    orientation: int, size: tuple[int, int], blue_corner: tuple[int, int]
) -> None:
    result = reencode(jpeg_with_secrets(orientation))
    assert (result.width, result.height) == size
    red, _, blue = colour_at(result.data, *blue_corner)
    assert blue > 200
    assert red < 60


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_three_formats_are_read(name: str) -> None:
    result = reencode(encode(picture(), name))
    assert decoded(result.data).format == "JPEG"
    assert (result.width, result.height) == (60, 40)


@pytest.mark.parametrize("name", ["GIF", "TIFF", "BMP", "PPM", "ICO", "PDF", "JPEG2000"])
def test_other_formats_are_not_read(name: str) -> None:
    assert code_of(encode(picture(), name)) == "not_a_photo"


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("1", "PNG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("I;16", "PNG"),
    ],
)
def test_every_colour_mode_is_read(mode: str, name: str) -> None:
    image = Image.new("I;16", (60, 40)) if mode == "I;16" else picture(mode=mode)
    assert decoded(reencode(encode(image, name)).data).mode == "RGB"


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_transparency_becomes_white(name: str) -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    assert colour_at(reencode(encode(clear, name)).data, 10, 10) == (255, 255, 255)


def test_transparent_palette_becomes_white() -> None:
    palette = picture(mode="P")
    data = encode(palette, "PNG", transparency=palette.getpixel((50, 30)))
    assert colour_at(reencode(data).data, 50, 30) == (255, 255, 255)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_is_kept(name: str) -> None:
    data = encode(
        picture(colour="green"), name, save_all=True, append_images=[picture(colour="white")], duration=100
    )
    red, green, _ = colour_at(reencode(data).data, 50, 30)
    assert green > 100
    assert red < 60


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4096, 1024), (2048, 512)),
        ((1000, 3000), (683, 2048)),
        ((2048, 2048), (2048, 2048)),
        ((1, 1), (1, 1)),
        ((20_000, 2), (2048, 1)),
    ],
)
def test_large_pictures_shrink(size: tuple[int, int], expected: tuple[int, int]) -> None:
    result = reencode(encode(picture(size), "PNG"))
    assert (result.width, result.height) == expected


def test_result_is_the_same_each_time() -> None:
    data = jpeg_with_secrets()
    assert reencode(data) == reencode(data)
    assert reencode(data).digest != reencode(encode(picture(colour="green"))).digest


# --- hostile files --------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int, *, rows: int = 0) -> bytes:
    """A small PNG that claims many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes((width * 3 + 1) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (5001, 5000),
        (10_000, 5000),
        (8000, 8000),
        (10_000, 10_000),
        (30_000, 30_000),
        (2**31 - 1, 2**31 - 1),
        (50_000_001, 1),
    ],
)
def test_decompression_bomb_is_refused_before_it_unfolds(width: int, height: int) -> None:
    assert code_of(png_bomb(width, height)) == "photo_too_many_pixels"


@pytest.mark.slow
def test_twentyfive_megapixels_are_still_taken() -> None:
    result = reencode(png_bomb(5000, 5000, rows=5000))
    assert (result.width, result.height) == (2048, 2048)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.slow
def test_too_many_pixels_are_refused_by_the_header_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(Image.new("L", (5100, 5000)).convert("RGB" if name != "PNG" else "L"), name)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("It was decoded."))
    assert code_of(data) == "photo_too_many_pixels"


@pytest.mark.parametrize(
    "data", [encode(picture()), encode(picture())[:-300], b"\x89PNG\r\n\x1a\n", b"nothing"]
)
def test_same_bytes_are_decoded_once_whatever_came_of_them(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded_times: list[int] = []
    decode = photos._decode

    def counting(sent: bytes) -> Image.Image:
        decoded_times.append(len(sent))
        return decode(sent)

    monkeypatch.setattr(photos, "_decode", counting)
    answers = []
    for _ in range(5):
        try:
            answers.append(reencode(data).digest.hex())
        except Invalid as refused:
            answers.append(refused.fields["photos"][0].code)
    assert len(set(answers)) == 1
    assert len(decoded_times) == 1


def test_same_bytes_at_the_same_time_are_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data, decode = encode(picture(colour="green")), photos._decode
    decoded_times: list[int] = []
    start = threading.Barrier(6)

    def counting(sent: bytes) -> Image.Image:
        decoded_times.append(len(sent))
        return decode(sent)

    def send() -> None:
        start.wait()
        reencode(data)

    monkeypatch.setattr(photos, "_decode", counting)
    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(decoded_times) == 1


def test_bomb_in_a_text_chunk_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    for number in range(70):
        info.add_text(f"bomb{number}", "x" * 1_000_000, zip=True)
    data = encode(picture(), "PNG", pnginfo=info)
    assert len(data) < photos.MAX_BYTES
    assert code_of(data) == "not_a_photo"


def test_more_than_ten_megabytes_are_refused_unread() -> None:
    assert code_of(encode(picture()) + bytes(photos.MAX_BYTES)) == "photo_too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?php system('id'); ?>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0 <html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"GIF89a\x01\x00\x01\x00",
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00",
        bytes(1000),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    ],
)
def test_fake_pictures_are_refused(data: bytes) -> None:
    assert code_of(data) == "not_a_photo"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
def test_heic_is_called_by_its_name(brand: bytes) -> None:
    assert code_of(b"\x00\x00\x00\x18ftyp" + brand + bytes(400)) == "photo_heic"


def test_no_picture_is_refused() -> None:
    assert code_of(b"") == "photo_empty"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_truncated_pictures_are_refused(name: str) -> None:
    noisy = Image.effect_noise((200, 200), 90).convert("RGB")
    data = encode(noisy, name)
    assert code_of(data[: len(data) // 2]) in {"photo_damaged", "not_a_photo"}


def test_broken_orientation_does_not_lose_the_picture() -> None:
    data = encode(picture(), exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff broken")
    assert reencode(data).width == 60


def test_random_damage_never_surprises() -> None:
    chance = random.Random(7)  # noqa: S311 - a test repeats itself
    originals = [jpeg_with_secrets(), encode(picture(), "PNG"), encode(picture(), "WEBP")]
    for _ in range(600):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            result = reencode(bytes(data))
        except Invalid as refused:
            assert refused.fields["photos"]
        else:
            assert result.data.startswith(b"\xff\xd8")


# --- photos of contributions ----------------------------------------------------------------------------------
