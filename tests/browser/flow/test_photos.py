"""Photos made unrecognisable by mouse and finger: what leaves the device is what was seen, and says nothing more."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FileChooser, Locator, Page, Request, expect

from mapping.models import Campaign, Contribution
from tests.browser.steps import begin, open_campaign, place_here, send, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

SIZE = (480, 360)
MAKER = "Camera of a citizen"
POSITION_TAG = 0x8825


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Stripes, as a camera stores them: with its maker and the place where it was taken."""
    picture = Image.new("L", SIZE)
    picture.putdata([255 * (x // 2 % 2) for _y in range(SIZE[1]) for x in range(SIZE[0])])
    exif = Image.Exif()
    exif[0x010F] = MAKER
    exif.get_ifd(POSITION_TAG).update({1: "N", 2: (49.0, 26.0, 41.0), 3: "E", 4: (7.0, 46.0, 8.0)})
    path = tmp_path / "face.jpg"
    picture.save(path, quality=95, exif=exif)
    assert MAKER.encode() in path.read_bytes()
    assert Image.open(path).getexif().get_ifd(POSITION_TAG)
    return path


def stroke(page: Page, canvas: Locator, *way: tuple[float, float]) -> None:
    """Brush along places given as parts of the picture, by finger where there is one."""
    box = canvas.bounding_box()
    assert box is not None
    points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in way]
    if page.evaluate("navigator.maxTouchPoints > 0"):
        fingers = page.context.new_cdp_session(page)
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        fingers.detach()
        return
    page.mouse.move(points[0]["x"], points[0]["y"])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(point["x"], point["y"])
    page.mouse.up()


def rest_second_finger(
    page: Page, canvas: Locator, first: tuple[float, float], second: tuple[float, float]
) -> None:
    """Hold one finger on the picture while another one touches it and moves."""
    box = canvas.bounding_box()
    assert box is not None
    places = [
        {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in (first, second)
    ]
    points = [place | {"id": number} for number, place in enumerate(places)]
    moved = [points[0], points[1] | {"y": points[1]["y"] + 8}]
    fingers = page.context.new_cdp_session(page)
    for kind, touching in (("Start", points[:1]), ("Start", points), ("Move", moved), ("End", [])):
        fingers.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touching})
    fingers.detach()


def contrast(picture: Image.Image, x: float, y: float) -> int:
    """From the darkest to the lightest grey around a place, given as parts of the picture."""
    across, down = int(x * picture.width), int(y * picture.height)
    darkest, lightest = picture.convert("L").crop((across - 4, down - 4, across + 4, down + 4)).getextrema()
    return int(lightest) - int(darkest)  # type: ignore[arg-type]


def choose(page: Page, photo: Path, button: str) -> FileChooser:
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name=button).click()
    opened.value.set_files([photo])
    expect(page.get_by_role("img", name="face.jpg")).to_be_visible()
    return opened.value


def open_photo(page: Page) -> Locator:
    page.get_by_role("button", name="Blur faces and plates in photo 1").click()
    dialog = page.get_by_role("dialog", name="Blur faces and number plates")
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.parametrize(("device", "button"), [("desktop", "Add photos"), ("phone", "Take a photo")])
def test_blurred_bytes_alone_leave_the_device(
    visit: type_of_visit, spots: Campaign, photo: Path, device: str, button: str
) -> None:
    page = visit(device)
    bodies: list[bytes] = []
    page.on("request", lambda one: bodies.append(body_of(one)) if one.method == "POST" else None)
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    choose(page, photo, button)
    dialog = open_photo(page)
    canvas = dialog.get_by_role("application", name="Photo to brush over")
    stroke(page, canvas, (0.2, 0.3), (0.4, 0.3))
    if device == "phone":
        rest_second_finger(page, canvas, (0.2, 0.3), (0.8, 0.3))
    stroke(page, canvas, (0.8, 0.7))
    # The last one was a mistake.
    dialog.get_by_role("button", name="Undo").click()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-announce]")).to_have_text("The photo is changed.")
    with page.expect_request("**/photos/"):
        send(page)
    thanked(page)
    pictures = [body for body in bodies if body.startswith(b"\xff\xd8\xff")]
    assert len(pictures) == 1, [body[:40] for body in bodies]
    assert not [body for body in bodies if b"Exif" in body or MAKER.encode() in body]
    with Image.open(io.BytesIO(pictures[0])) as sent:
        assert dict(sent.getexif()) == {}
        # Along the whole way, also between the two places where the brush was seen.
        assert [contrast(sent, x, 0.3) < 50 for x in (0.2, 0.3, 0.4)] == [True] * 3
        assert [contrast(sent, x, y) > 150 for x, y in ((0.8, 0.7), (0.6, 0.3), (0.8, 0.3))] == [True] * 3
    with Image.open(Contribution.objects.get().photos.get().file) as stored:
        assert contrast(stored, 0.3, 0.3) < 50


def body_of(request: Request) -> bytes:
    return request.post_data_buffer or b""


def test_phones_offer_the_camera_beside_their_files(
    visit: type_of_visit, spots: Campaign, photo: Path
) -> None:
    def attributes(page: Page) -> list[Any]:
        return [
            page.locator("input[type=file]").get_attribute(name) for name in ("capture", "multiple", "accept")
        ]

    pictures = "image/jpeg,image/png,image/webp"
    for device in ("phone", "desktop"):
        page = visit(device)
        open_campaign(page, spots)
        begin(page)
        place_here(page)
        camera = page.get_by_role("button", name="Take a photo")
        if device == "desktop":
            expect(page.get_by_role("button", name="Add photos")).to_be_visible()
            expect(camera).to_have_count(0)
            continue
        choose(page, photo, "Take a photo")
        assert attributes(page) == ["environment", "", pictures]
        page.get_by_role("button", name="Remove photo 1").click()
        # The camera does not stay: the other button offers what the phone has.
        choose(page, photo, "Add photos")
        assert attributes(page) == [None, "", pictures]


def test_blur_that_the_browser_cannot_write_is_told(desktop: Page, spots: Campaign, photo: Path) -> None:
    open_campaign(desktop, spots)
    begin(desktop)
    place_here(desktop)
    choose(desktop, photo, "Add photos")
    desktop.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    dialog = open_photo(desktop)
    stroke(desktop, dialog.get_by_role("application"), (0.5, 0.5))
    dialog.get_by_role("button", name="Done").click()
    expect(desktop.locator("p.field__error:visible")).to_contain_text("The photo could not be changed")
    expect(desktop.get_by_role("button", name="Blur faces and plates in photo 1")).to_be_focused()


def photo_shown(page: Page) -> Locator:
    """The photo in the form that is seen: each topic has a form of its own."""
    return page.get_by_role("img", name="face.jpg").locator("visible=true")


def test_photo_goes_along_when_another_topic_is_chosen(page: Page, topics: Campaign, photo: Path) -> None:
    open_campaign(page, topics)
    begin(page, "Spot")
    place_here(page)
    page.locator("form[data-form='spot'] input[type=file]").set_input_files(photo)
    expect(photo_shown(page)).to_have_count(1)
    for _step in range(2):
        page.get_by_role("button", name="One step back").click()
    page.get_by_role("button", name="Survey").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("form[data-form='survey']").get_by_role("img", name="face.jpg")).to_be_visible()
    expect(page.locator("form[data-form='spot'] .photo-choice img")).to_have_count(0)


def test_transparent_parts_of_a_picture_become_white(desktop: Page, spots: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    Image.new("RGBA", (40, 40), (200, 0, 0, 0)).save(path, format="PNG")
    bodies: list[bytes] = []
    desktop.on("request", lambda one: bodies.append(body_of(one)) if one.method == "POST" else None)
    open_campaign(desktop, spots)
    begin(desktop)
    place_here(desktop)
    choose(desktop, path, "Add photos")
    with desktop.expect_request("**/photos/"):
        send(desktop)
    thanked(desktop)
    [picture] = [body for body in bodies if body.startswith(b"\xff\xd8\xff")]
    with Image.open(io.BytesIO(picture)) as sent:
        assert sent.convert("L").getextrema()[0] > 250  # type: ignore[operator]


def test_photo_that_is_small_only_after_the_form_was_forgotten_stays_away(
    desktop: Page, spots: Campaign, photo: Path
) -> None:
    open_campaign(desktop, spots)
    begin(desktop)
    place_here(desktop)
    desktop.evaluate(
        """() => {
            const draw = window.createImageBitmap;
            const held = new Promise((done) => { window.letGo = done; });
            window.createImageBitmap = async (file) => {
                await held;
                window.createImageBitmap = draw;
                return draw(file);
            };
        }"""
    )
    desktop.locator("input[type=file]").set_input_files(photo)
    desktop.get_by_role("button", name="Forget it").click()
    begin(desktop)
    desktop.get_by_role("button", name="Place here").click()
    desktop.evaluate("window.letGo()")
    # What is chosen next is taken after the one before: then both were looked at.
    other = photo.with_name("other.jpg")
    other.write_bytes(photo.read_bytes())
    desktop.locator("input[type=file]").set_input_files(other)
    expect(desktop.get_by_role("img", name="other.jpg")).to_be_visible()
    expect(desktop.get_by_role("img", name="face.jpg")).to_have_count(0)
