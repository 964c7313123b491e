"""PDF files made for tests: with words, with everything that must not stay, and hostile ones."""

import io
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

SECRET = b"attached-secret"


def with_words(words: Sequence[str] = ("A bench in the shade",), **saving: object) -> bytes:
    """A page for each text."""
    return saved(pages_of(words), **saving)


def pages_of(words: Sequence[str]) -> Pdf:
    pdf = Pdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for text in words:
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = Stream(pdf, b"BT /F1 12 Tf 72 720 Td (" + text.encode("cp1252") + b") Tj ET")
    return pdf


def saved(pdf: Pdf, **saving: object) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **saving)  # type: ignore[arg-type]
    return file.getvalue()


def script(words: str) -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(words))


def _link(action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)


def with_everything() -> bytes:
    """Scripts, attachments, launch actions in every place, an author, a form of XML, comments."""
    pdf = pages_of(["Harmless words"])
    root, page = pdf.Root, pdf.pages[0].obj
    pdf.attachments["secret.txt"] = SECRET
    spec = pdf.make_indirect(pdf.attachments["secret.txt"].obj)
    root.OpenAction = script("app.alert('opened')")
    root.AA = Dictionary(WC=script("app.alert('closing')"))
    root.Names.JavaScript = Dictionary(Names=Array([String("x"), script("app.alert('named')")]))
    launch = Dictionary(S=Name.Launch, F=String("calc.exe"), Next=script("app.alert('next')"))
    page.AA = Dictionary(O=launch)
    field = Dictionary(FT=Name.Tx, T=String("wish"), AA=Dictionary(K=script("app.alert('key')")))
    page.Annots = Array(
        [
            _link(launch),
            _link(Dictionary(S=Name.URI, URI=String("https://example.org/plan"))),
            _link(Dictionary(S=Name.URI, URI=String("javascript:alert(1)"))),
            _link(Dictionary(S=Name.GoToR, F=String("//server/share"))),
            _link(Dictionary(S=Name.Rendition, JS=String("app.alert('rendition')"))),
            Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Text,
                Rect=Array([0, 0, 9, 9]),
                T=String("Erika Muster"),
                Contents=String("!"),
            ),
        ]
    )
    root.AcroForm = Dictionary(Fields=Array([field]), XFA=Stream(pdf, b"<xdp>xfa-secret</xdp>"))
    root.Outlines = Dictionary(First=pdf.make_indirect(Dictionary(Title=String("x"), A=launch)))
    # Where no list of places looks.
    root.Strange = Dictionary(Deep=Array([Dictionary(Action=script("app.alert('deep')"))]))
    pdf.docinfo["/Author"], pdf.docinfo["/Title"] = "Erika Muster", "Minutes"
    with pdf.open_metadata() as written:
        written["dc:creator"] = ["Erika Muster"]
    return saved(pdf)


def encrypted(user: str) -> bytes:
    """Needs a password to open; an empty one forbids changes only."""
    return with_words(encryption=pikepdf.Encryption(owner="owner", user=user))


def with_pages(number: int) -> bytes:
    pdf = Pdf.new()
    for _ in range(number):
        pdf.add_blank_page()
    return saved(pdf)


@cache
def bomb(megabytes: int = 1024) -> bytes:
    """Some 2 kB that unpack to as many megabytes: packed twice."""
    pdf = pages_of(["x"])
    packed = b"".join(_packed(_packed(bytes(2**20) for _ in range(megabytes))))
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, packed)
    page.Contents.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    return saved(pdf, compress_streams=False)


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def unpacked(data: bytes) -> bytes:
    """Everything in a file, readable: objects without their packing."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        return saved(
            pdf,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
