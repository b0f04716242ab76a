"""The explorer of a study in a notebook: widgets around what `looking` computes.

Widgets are made when they are asked for; what they show is text in HTML widgets, so that setting a
value is all it takes to test them. A notebook without a front end keeps the static picture.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError, InputWarning
from analysis.io.display import table_html
from analysis.study import looking
from analysis.topics.concordance import ORDERS
from analysis.topics.dictionary import SCOPES
from analysis.topics.formats import write_dictionary

if TYPE_CHECKING:
    from analysis.study.study import Study


class Explorer:
    """What a notebook shows of a study to play with; made by `explore`."""

    def __init__(self, study: Study) -> None:
        import ipywidgets as widgets

        self.study = self.edited = study
        self.static = looking.picture(study)
        self._written: set[Path] = set()
        self._filling = False
        wide, names = widgets.Layout(width="auto"), study.dictionary.topic_names
        rows = min(max(len(names), len(study.groups), 3), 8)
        many = {"rows": rows, "layout": widgets.Layout(width="20em")}
        self.topics = widgets.SelectMultiple(options=names, description="topics", **many)
        self.groups = widgets.SelectMultiple(options=study.groups, description="groups", **many)
        self.overview = widgets.HTML()
        self.pattern = widgets.Text(
            description="pattern",
            placeholder="a word, turbine*, wind power",
            continuous_update=False,
        )
        self.sort = widgets.Dropdown(options=list(ORDERS), value="left", description="sort by")
        self.lines = widgets.HTML()
        self.topic = widgets.Dropdown(options=names, description="topic")
        self.patterns = {
            part: widgets.Textarea(
                description=part, rows=height, continuous_update=False, layout=wide
            )
            for part, height in (("core", 10), ("exclude", 3), ("context", 3))
        }
        self.within = widgets.Dropdown(options=list(SCOPES), description="in the same")
        self.effect = widgets.HTML()
        self.file = widgets.Text(value="edited.toml", description="file")
        self.keep = widgets.Button(description="keep the dictionary", icon="save", layout=wide)
        self.kept = widgets.HTML()
        self.widget = widgets.VBox([
            widgets.HBox([self.topics, self.groups]),
            widgets.Tab(
                [
                    self.overview,
                    widgets.VBox([widgets.HBox([self.pattern, self.sort]), self.lines]),
                    widgets.VBox([
                        self.topic, *self.patterns.values(), self.within, self.effect,
                        widgets.HBox([self.file, self.keep]), self.kept,
                    ]),
                ],
                titles=["Topics and groups", "Words", "Patterns"],
            ),
        ])  # fmt: skip
        self._connect()

    def _connect(self) -> None:
        for shows, widgets in (
            (self._show_overview, (self.topics, self.groups)),
            (self._show_lines, (self.pattern, self.sort, self.groups)),
            (self._show_effect, (*self.patterns.values(), self.within, self.groups)),
        ):
            for widget in widgets:
                widget.observe(shows, "value")
        self.topic.observe(self._write_patterns, "value")
        self.keep.on_click(self._keep)
        self._show(self.overview, lambda: self.static.html)
        self._write_patterns()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = self.widget._repr_mimebundle_(**kwargs)
        return {**shown, "text/html": self.static.html, "text/plain": self.static.text}

    def _show_overview(self, _: Any = None) -> None:
        self._show(
            self.overview,
            lambda: looking.picture(self.study, self.topics.value, self.groups.value).html,
        )

    def _show_lines(self, _: Any = None) -> None:
        pattern, study = self.pattern.value.strip(), self.study

        def shown() -> str:
            if not pattern:
                return ""
            found = looking.lines(study, pattern, sort=self.sort.value, groups=self.groups.value)
            table = table_html(looking.spread(study, pattern), digits=2)
            return f"{table.html}\n{looking.lines_html(found, study.by)}"

        self._show(self.lines, shown)

    def _write_patterns(self, _: Any = None) -> None:
        chosen = {one.name: one for one in self.edited.dictionary.topics}[self.topic.value]
        self._filling = True  # the patterns of one topic never stand beside those of another
        for part, area in self.patterns.items():
            area.value = "\n".join(getattr(chosen, part))
        self.within.value = chosen.context_within
        self._filling = False
        self._show_effect()

    def _show_effect(self, _: Any = None) -> None:
        topic, groups = self.topic.value, self.groups.value

        def shown() -> str:
            written = {part: area.value for part, area in self.patterns.items()}
            within = self.within.value
            topics = looking.edited(self.edited.dictionary, topic, within=within, **written)
            same = topics == self.edited.dictionary
            other = self.edited if same else self.study.with_(topics=topics)
            alone = looking.of_topic(other, topic)  # only what changes is searched for
            table = table_html(looking.effect(self.study, alone, topic, groups), digits=2)
            found = looking.moved(self.study, alone, topic, groups)
            silent = looking.silent_html(alone)
            sentences = looking.moved_html(self.study, alone, topic, found)
            self.edited = other  # now that it is known to be one
            return f"{table.html}\n{silent}\n{sentences}"

        if not self._filling:
            self._show(self.effect, shown)

    def _keep(self, _: Any = None) -> None:
        path = Path(self.file.value.strip())

        def shown() -> str:
            if path.exists() and path not in self._written:
                raise InputError("it is there already", file=path, do="name another file")
            write_dictionary(self.edited.dictionary, path)
            self._written.add(path)
            return looking.kept_html(path)

        self._show(self.kept, shown)

    def _show(self, target: Any, make: Callable[[], str]) -> None:
        """Show what is made, with its warnings; or what was wrong with what was typed."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", InputWarning)
            try:
                html = make()
            except InputError as error:
                html = looking.alert_html(str(error))
        said = {str(one.message) for one in caught if issubclass(one.category, InputWarning)}
        html = "\n".join([*map(looking.alert_html, sorted(said)), html])
        target.value = html.replace("<table>", '<table cellpadding="4">')  # a widget has no style


def explore(study: Study) -> Explorer:
    """Return a study to play with in JupyterLab: topics and groups, words, and patterns.

    Choose topics and groups. Type a word or a pattern and see its lines and how it spreads over
    the groups. Edit the patterns of a topic and watch counts, shares and sentences follow; keep
    the edited dictionary as a file. The study itself stays as it is. Without a kernel, the
    figure and the table of the study stand there.

    Parameters
    ----------
    study : Study
        From `Study` or `read_study`.

    Returns
    -------
    Explorer
        ``edited`` is the study with the patterns as they are now edited.

    Raises
    ------
    InputError
        If ipywidgets, of the extra ``notebooks``, is not installed.

    Examples
    --------
    >>> from analysis import read_study
    >>> explorer = explore(read_study("study.toml"))
    >>> explorer.topic.value = "training"
    >>> explorer.patterns["core"].value = "train*\\nvisit*"
    >>> for one in (explorer.study, explorer.edited):
    ...     cells = one.emphasis().to_frame().query("topic == 'training'")
    ...     print(cells["hits"].to_list(), "of", cells["size"].to_list())
    [1, 2, 2, 1] of [19, 23, 15, 15]
    [4, 5, 4, 8] of [19, 23, 15, 15]
    """
    try:
        return Explorer(study)
    except ModuleNotFoundError as error:
        raise InputError(
            f"the explorer cannot be shown: the package {error.name!r} is missing",
            do="install topic-emphasis[notebooks]",
        ) from None
