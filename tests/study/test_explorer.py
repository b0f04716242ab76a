"""The explorer answers: a value is set, and what stands beside it follows."""

import sys

import pytest

import analysis as an
from analysis import InputError
from analysis.study import looking


@pytest.fixture
def study(documents, energy):
    return an.Study(documents, topics=energy, by="party")


@pytest.fixture
def explorer(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return an.explore(study)


def shown(widget):
    return widget.value.replace('<table cellpadding="4">', "<table>")


def test_a_choice_changes_the_picture(explorer, study):
    assert shown(explorer.overview) == looking.picture(study).html
    explorer.topics.value = ("coal",)
    explorer.groups.value = ("Red",)
    assert shown(explorer.overview) == looking.picture(study, ["coal"], ["Red"]).html


def test_a_word_shows_its_lines_and_its_spread(explorer):
    assert explorer.lines.value == ""
    explorer.pattern.value = "solar"
    left = explorer.lines.value
    assert left.count("<mark>") == 3
    assert "█" in left
    explorer.sort.value = "right"
    assert explorer.lines.value != left
    explorer.groups.value = ("Red",)
    assert explorer.lines.value.count("<mark>") == 1
    explorer.pattern.value = "*"
    assert 'role="alert"' in explorer.lines.value


def test_patterns_are_edited_topic_by_topic(explorer, study):
    explorer.topic.value = "coal"
    assert explorer.patterns["core"].value == "coal"
    explorer.patterns["core"].value = "coal\nprice*"
    assert "1 new, 0 gone" in explorer.effect.value
    explorer.patterns["exclude"].value = "coal stays"
    assert "1 new, 1 gone" in explorer.effect.value
    explorer.topic.value = "sun"
    assert explorer.patterns["core"].value == "solar"
    assert explorer.patterns["exclude"].value == ""
    assert "0 new, 0 gone" in explorer.effect.value
    explorer.topic.value = "coal"
    assert explorer.patterns["core"].value == "coal\nprice*"
    topics = {one.name: one for one in explorer.edited.dictionary.topics}
    assert topics["coal"].exclude == ("coal stays",)
    assert topics["sun"] == {one.name: one for one in study.dictionary.topics}["sun"]
    assert explorer.study is study


def test_another_topic_is_looked_at_once(explorer, monkeypatch):
    explorer.patterns["exclude"].value = "wind stays"
    seen = []
    edited = looking.edited
    monkeypatch.setattr(looking, "edited", lambda *a, **b: seen.append(b) or edited(*a, **b))
    explorer.topic.value = "coal"
    # Never beside what the other topic excludes.
    assert seen == [{"core": "coal", "exclude": "", "context": "", "within": "sentence"}]


def test_what_is_wrong_is_said_and_changes_nothing(explorer):
    explorer.topic.value = "coal"
    explorer.patterns["core"].value = "coal\nbuy {nothing}"
    assert 'role="alert"' in explorer.effect.value
    explorer.patterns["core"].value = ""
    assert "has no pattern" in explorer.effect.value
    assert explorer.edited is explorer.study
    explorer.patterns["core"].value = "coal(s)"
    assert "regular expressions" in explorer.effect.value  # a warning, and the numbers
    assert "0 new, 2 gone" in explorer.effect.value


def test_the_edited_dictionary_is_kept(explorer, tmp_path):
    explorer.patterns["core"].value = "wind\nstorm*"
    explorer.keep.click()
    assert an.read_dictionary(tmp_path / "edited.toml").topics == explorer.edited.dictionary.topics
    assert "edited.toml" in explorer.kept.value
    explorer.patterns["core"].value = "storm*"
    explorer.keep.click()  # its own file is written anew
    assert an.read_dictionary("edited.toml").topics[0].core == ("storm*",)
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    explorer.file.value = "mine.toml"
    explorer.keep.click()
    assert "mine.toml: it is there already; name another file" in explorer.kept.value
    assert (tmp_path / "mine.toml").read_text("utf-8") == "mine"
    explorer.file.value = "none/x.toml"
    explorer.keep.click()
    assert 'role="alert"' in explorer.kept.value


def test_a_context_is_emptied_and_written_again(explorer):
    context, within = explorer.patterns["context"], explorer.within
    context.value, within.value = "prices", "article"
    chosen = explorer.edited.dictionary.topics[0]
    assert (chosen.context, chosen.context_within) == (("prices",), "article")
    context.value = ""
    explorer.keep.click()
    assert an.read_dictionary("edited.toml").topics == explorer.edited.dictionary.topics
    assert explorer.edited.dictionary == explorer.study.dictionary
    context.value = "prices"  # how near is not forgotten
    assert explorer.edited.dictionary.topics[0] == chosen


def test_a_picture_stands_there_without_a_front_end(explorer, study):
    shown = explorer._repr_mimebundle_()
    static = looking.picture(study)
    assert (shown["text/html"], shown["text/plain"]) == (static.html, static.text)
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_without_ipywidgets_it_is_said(study, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(InputError, match=r"'ipywidgets' is missing; install .*\[notebooks\]"):
        an.explore(study)
