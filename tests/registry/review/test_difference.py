"""Which files differ between two releases, and what a file of one is called in the other."""

from registry.review.difference import compare, counterpart, top_of


def files(*paths, **digests):
    return [{"path": path, "sha256": digests.get(path, "same")} for path in paths]


def test_a_top_folder_with_the_version_in_its_name_does_not_count():
    found = compare((files("p-1.0/a", "p-1.0/b"), {}), (files("p-2.0/b", "p-2.0/c"), {}))
    assert (found.added, found.changed, found.removed) == (("c",), (), ("a",))
    assert found.paths == ["p-2.0/c", "p-2.0/a"]


def test_without_one_top_folder_paths_are_whole():
    found = compare((files("a/x", "b"), {}), (files("a/x", "b", **{"b": "other"}), {}))
    assert found.changed == ("b",)
    assert found.paths == ["b"]


def test_the_same_file_is_found_in_the_other_release():
    before, after = files("p-1.0/a", "p-1.0/b"), files("p-2.0/a")
    assert counterpart("p-2.0/a", after, before) == "p-1.0/a"
    assert counterpart("elsewhere/a", after, before) == "elsewhere/a"
    assert counterpart("p-2.0/a", after, files("a", "b")) == "a"
    assert counterpart("a", files("a", "b"), before) == "p-1.0/a"


def test_a_file_alone_at_the_root_has_no_top_folder():
    assert top_of(files("a")) == ""
    assert top_of(files("a/b/c", "a/d")) == "a/"
    assert top_of([]) == ""
