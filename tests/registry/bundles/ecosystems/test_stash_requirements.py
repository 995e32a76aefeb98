"""Which packages of a Stash index can be installed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.stash.requirements import MOST, closures

names = st.sampled_from("abcdefgh")
graphs = st.dictionaries(names, st.lists(names | st.just("missing"), max_size=3, unique=True))


def test_everything_needed_at_any_remove_is_listed():
    found = closures({"a": ["b"], "b": ["c"], "c": [], "d": []})
    assert found.requires == {"a": ["b", "c"], "b": ["c"], "c": [], "d": []}
    assert found.left_out == {}


def test_a_package_stays_out_when_what_it_needs_is_not_offered():
    found = closures({"a": ["b"], "b": ["gone"], "c": []})
    assert found.requires == {"c": []}
    assert found.left_out == {
        "b": "It requires gone, which is not offered here.",
        "a": "It requires b, which is left out itself.",
    }


def test_a_circle_and_what_hangs_on_it_stay_out():
    found = closures({"a": ["b"], "b": ["c"], "c": ["b"], "self": ["self"], "d": []})
    assert found.requires == {"d": []}
    assert set(found.left_out) == {"a", "b", "c", "self"}
    assert "never finish" in found.left_out["c"]


def test_a_package_that_needs_very_many_others_stays_out():
    chain = {str(n): [str(n + 1)] if n < 20_000 else [] for n in range(20_001)}
    found = closures(chain)
    assert len(found.requires) == MOST + 1
    assert len(found.left_out) == 20_000 - MOST


@given(graphs)
@settings(deadline=None, max_examples=200)
def test_what_is_listed_can_always_be_installed(graph):
    found = closures(graph)
    assert found.requires.keys() | found.left_out.keys() == graph.keys()
    assert not found.requires.keys() & found.left_out.keys()
    for identifier, needs in found.requires.items():
        assert identifier not in needs
        assert set(graph[identifier]) <= set(needs)
        assert all(set(found.requires[need]) <= set(needs) for need in needs)
