"""A picture is known by its bytes and drawn anew: what nobody sees in it does not come along."""

from io import BytesIO

import pytest
from PIL import Image

from casework.errors import Invalid
from casework.services.pictures import LONGEST_EDGE, is_plain, kind_of, redrawn
from tests.pictures import NO_PICTURES, SCRIPT, SECRET, photo, see_through, telling, webp


def opened(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
        picture.load()
        return picture


def test_where_it_was_taken_and_every_other_word_stays_outside() -> None:
    assert telling().count(SECRET) > 4
    kept = redrawn(telling())
    assert SECRET not in kept
    assert b"Exif" not in kept
    assert dict(opened(kept).getexif()) == {}
    assert {*opened(kept).info} == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_stands_upright_as_the_telephone_meant_it() -> None:
    assert opened(telling()).size == (640, 480)
    assert opened(redrawn(telling())).size == (480, 640)


def test_what_hides_behind_its_end_is_gone() -> None:
    kept = redrawn(photo() + SCRIPT)
    assert SCRIPT not in kept
    assert kept == redrawn(photo())


@pytest.mark.parametrize("sent", [photo(), telling(), see_through(), webp()], ids=["JPEG", "telling JPEG", "PNG", "WebP"])
def test_every_kind_that_is_taken_is_kept_as_a_plain_jpeg(sent: bytes) -> None:
    kept = redrawn(sent)
    assert is_plain(kept)
    assert kind_of(kept) == "JPEG"
    assert max(opened(kept).size) <= LONGEST_EDGE


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    assert opened(redrawn(photo(90, (4800, 3600)))).size == (2400, 1800)


def test_what_is_not_there_is_white() -> None:
    top = opened(redrawn(see_through())).crop((0, 0, 200, 1)).convert("L")
    assert min(top.tobytes()) > 240


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_refused_with_what_to_do(what: str) -> None:
    with pytest.raises(Invalid) as no:
        redrawn(NO_PICTURES[what])
    (fault,) = no.value.faults
    assert fault.path == "$.picture"
    assert fault.words.id
    assert fault.words.en


@pytest.mark.parametrize(
    "content",
    [
        telling(),
        photo() + b"x",
        photo() + SCRIPT,
        photo()[:-4],
        photo()[:2],
        b"",
        see_through(),
        photo()[:2] + b"\xff\xfe\x00\x05abc" + photo()[2:],
    ],
    ids=["telling", "one byte more", "a script behind it", "cut short", "begun", "nothing", "PNG", "with a comment"],
)
def test_what_was_not_drawn_here_is_not_plain(content: bytes) -> None:
    assert is_plain(photo())
    assert not is_plain(content)
