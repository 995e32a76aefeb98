"""Look-alike names (BAD-INPUTS row 65)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.names import (
    Likeness,
    likenesses,
    reserved_word,
    skeleton,
    too_similar,
    ultranormal,
)

NAMES = st.text(min_size=1, max_size=40)
PLAIN = st.from_regex(r"[a-z]{2,8}([._-][a-z]{2,8}){0,3}", fullmatch=True)


@pytest.mark.parametrize(
    ("new", "existing", "likeness"),
    [
        ("p1ex", "plex", Likeness.LOOK),
        ("tr\u0430kt", "trakt", Likeness.LOOK),  # Cyrillic
        ("trakt-tv", "trakttv", Likeness.LOOK),
        ("Trakt.TV", "trakt_tv", Likeness.LOOK),
        ("rnovies", "movies", Likeness.LOOK),
        ("\uff59\uff4f\uff55\uff54\uff55\uff42\uff45", "youtube", Likeness.LOOK),
        ("you\u200btube", "youtube", Likeness.LOOK),
        ("video.plugin.youtube", "plugin.video.youtube", Likeness.WORDS),
        ("youtueb", "youtube", Likeness.SWAPPED),
        ("youttube", "youtube", Likeness.REPEATED),
        ("yotube", "youtube", Likeness.OMITTED),
    ],
)
def test_a_name_that_people_take_for_another_has_it_as_its_neighbour(new, existing, likeness):
    neighbour = too_similar(new, ["plugin.audio.other", existing])
    assert neighbour is not None
    assert (neighbour.name, neighbour.likeness) == (existing, likeness)


@pytest.mark.parametrize(
    ("new", "existing"),
    [
        ("plugin.audio.youtube", "plugin.video.youtube"),
        ("trakt2", "trakt"),
        ("script.module.six", "script.module.sax"),
        ("emby", "embr"),
        ("youtube", "youtube"),
    ],
)
def test_names_that_differ_honestly_are_no_neighbours(new, existing):
    assert too_similar(new, [existing]) is None


def test_the_most_certain_neighbour_is_named():
    assert too_similar("youtub\u0117", ["youtueb", "youtube"]).name == "youtube"


@pytest.mark.parametrize(
    "name", ["plex", "PLEX", "p1ex", "\u0440l\u0435\u0445", "k0di-addons", "m\u0430rquee.official"]
)
def test_reserved_words_are_found_alone_or_in_disguise(name):
    assert reserved_word(name) in {"plex", "kodi", "marquee"}


@pytest.mark.parametrize("name", ["plugin.video.composite_for_plex", "Kodi sync", "stashdb"])
def test_a_reserved_word_plainly_written_beside_others_is_a_description(name):
    assert reserved_word(name) is None


def test_ultranormal_is_the_form_of_the_python_package_index():
    assert ultranormal("Plug-In.Video_LOL") == "p1ug1nv1de0101"


@given(NAMES)
@settings(deadline=None, max_examples=200)
def test_a_skeleton_has_itself_as_skeleton(name):
    assert skeleton(skeleton(name)) == skeleton(name)


@given(NAMES)
@settings(deadline=None, max_examples=100)
def test_case_and_separators_never_matter(name):
    assert skeleton(f"-{name}_ .") == skeleton(name)


@given(PLAIN, st.data())
@settings(deadline=None, max_examples=60)
def test_a_single_slip_of_the_finger_is_found_by_looking_up_skeletons(existing, data):
    letters = [i for i, c in enumerate(existing) if c.isalpha()]
    at = data.draw(st.sampled_from(letters))
    slips = [existing[:at] + existing[at + 1 :], existing[:at] + existing[at] + existing[at:]]
    if at + 1 < len(existing):
        slips.append(existing[:at] + existing[at + 1] + existing[at] + existing[at + 2 :])
    for slip in slips:
        if len(slip) >= 5:
            assert skeleton(existing) in likenesses(slip)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=50)
def test_the_number_of_look_ups_stays_small(name):
    assert len(likenesses(name)) <= 2000
