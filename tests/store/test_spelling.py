"""Names are compared as they sound: the spellings of one name meet, and one typing mistake in a word is forgiven."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from casework.store.search import MOST_GRAMS, ONE_MORE_OF
from casework.store.spelling import LIKE, distance, fold, grams, likeness, words

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.text(LETTERS, min_size=5, max_size=14)


@st.composite
def mistyped(draw: st.DrawFn, name: str) -> str:
    """Return the name with one letter dropped, added, exchanged or swapped with the next."""
    place = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from(LETTERS))
    ways = [
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    ]
    return draw(st.sampled_from(ways))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Soekarno", "Sukarno"),
        ("Djoko", "Joko"),
        ("Tjokro", "Cokro"),
        ("Sjahrir", "Syahrir"),
        ("Njoto", "Nyoto"),
        ("Muhammad Rizki", "M. Rizki"),
        ("Muh. Rizki", "Mohamad Rizki"),
        ("Mochammad Rizki", "Muhamad Rizki"),
        ("Achmad", "Ahmad"),
        ("Annisa", "Anisa"),
        ("Ma'ruf", "Maruf"),
        ("Siti binti Umar", "Siti Umar"),
        ("H. Darmawan", "Darmawan"),
        ("Ramadhan", "Ramadan"),
        ("Novi", "Nofi"),
        ("José", "Jose"),
        ("Nur Hayati", "Nurhayati"),
        ("Nurhayati", "Nur Hayati"),
    ],
)
def test_spellings_of_one_name_meet(one: str, two: str) -> None:
    assert likeness(one, two) >= 990
    assert grams(one) & grams(two)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Raka Pratama", "Raka Saputra"),
        ("Siti", "Budi"),
        ("Sity Aminah", "Surya Aminah"),
        ("Ani", "Umar Wijaya"),
        ("", "Siti"),
        ("-", "Siti"),
    ],
)
def test_other_names_do_not(typed: str, name: str) -> None:
    assert likeness(typed, name) < LIKE


def test_a_title_is_kept_where_it_is_the_whole_name() -> None:
    assert [word.sound for word in words("Haji")] == ["haji"]


def test_folding_leaves_small_letters_and_single_spaces() -> None:
    assert fold("  Nu\u2019man  AL-Fārābī, 2 ") == "numan al farabi 2"


def test_a_better_match_scores_more() -> None:
    found = [likeness("Rina Ayu", name) for name in ("Rina Ayu", "Rina Ayuni", "Rima Ayu", "Rina Budi")]
    assert found == sorted(found, reverse=True)
    assert len({*found}) == len(found)


@pytest.mark.parametrize(
    ("one", "two", "mistakes"),
    [("siti", "siti", 0), ("siti", "sti", 1), ("siti", "isti", 1), ("siti", "sitti", 1), ("siti", "budi", 3), ("", "ab", 2)],
)
def test_mistakes_are_counted(one: str, two: str, mistakes: int) -> None:
    assert distance(one, two) == distance(two, one) == mistakes


@given(one=NAMES, two=NAMES, most=st.integers(0, 3))
def test_counting_may_stop_early_and_says_so(one: str, two: str, most: int) -> None:
    assert min(distance(one, two, most), most + 1) == min(distance(one, two), most + 1)


@example(name="boade", data=None)
@given(name=NAMES, data=st.data())
def test_any_single_mistake_in_a_name_of_five_sounds_is_forgiven(name: str, data: st.DataObject | None) -> None:
    assume(len(words(name)[0].sound) >= 5)
    typed = data.draw(mistyped(name)) if data else "boede"
    assume(typed.strip())
    assert likeness(typed, name) >= LIKE
    assert grams(typed) & grams(name)


@given(several=st.lists(NAMES, min_size=1, max_size=4), data=st.data())
def test_a_name_that_is_like_enough_shares_more_than_one_in_eight_of_what_is_looked_up(several: list[str], data: st.DataObject) -> None:
    name = " ".join(several)
    typed = " ".join(data.draw(mistyped(word)) if data.draw(st.booleans()) else word for word in several)
    assume(likeness(typed, name) >= LIKE)
    looked_up = sorted(grams(typed))[:MOST_GRAMS]
    assert len(grams(name).intersection(looked_up)) >= 1 + len(looked_up) // ONE_MORE_OF
