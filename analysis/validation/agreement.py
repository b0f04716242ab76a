"""Do coders agree? One row a topic."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_columns, check_conf_level, listing
from analysis.io.results import Result
from analysis.validation.codes import ANSWERS
from analysis.validation.reliability import bootstrap_alpha, cohen_kappa, nominal_alpha
from analysis.validation.sample import KEYS


def agreement(
    codes: pd.DataFrame, *, conf_level: float = 0.95, replicates: int = 2000, seed: int = 0
) -> Result:
    """Return how well several coders agree on each topic.

    `unsure` counts as an answer of its own. Sentences that one coder coded alone are left out.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `read_codes`: one sheet of several coders, or several tables put together with
        ``pd.concat``.
    conf_level : float
        Level of the interval of alpha.
    replicates : int
        Bootstrap samples, of sentences.
    seed : int
        For the bootstrap.

    Returns
    -------
    Result
        Key ``topic``. ``sentences`` (with two answers or more), ``coders``, ``answers``, ``yes``
        (of them); ``agreed`` (the share of pairs of answers that are the same), ``alpha``
        (Krippendorff's, nominal) with ``conf_low`` and ``conf_high``, ``kappa`` (Cohen's; of more
        than two coders the mean over pairs). ``warnings``: ``one_answer_only`` (all answers are
        alike: alpha and kappa are missing), ``few_yes`` (fewer than ten: one sentence moves alpha
        a lot).

    Raises
    ------
    InputError
        If there is one coder only, or no sentence that two of them coded.

    Examples
    --------
    >>> import analysis as an
    >>> sentences = an.read_study("study.toml").sentences
    >>> both = pd.concat(an.read_codes(f"seeds/codes_{n}.csv", sentences) for n in (1, 2))
    >>> table = agreement(both).to_frame()
    >>> dict(zip(table["topic"], table["alpha"].round(3)))["defense_industry"]
    1.0
    """
    check_columns(codes, [*KEYS, "coder", "answer"], "codes")
    check_conf_level(conf_level)
    coders = list(codes["coder"].unique())
    if len(coders) < 2:
        problem = f"all codes are of one coder ({listing(coders)})"
        raise InputError(problem, do="let a second coder code some of the sentences")
    if (again := codes.duplicated([*KEYS, "coder"])).any():
        doc_id, sentence_id, topic = codes.loc[again, KEYS].iloc[0]
        name = codes.loc[again, "coder"].iloc[0]
        problem = f"{name!r} has two answers for {doc_id} {sentence_id} on {topic!r}"
        raise InputError(problem, do="keep one")
    rows = []
    for topic, own in codes.groupby("topic", sort=False, observed=True):
        wide = own.pivot(index=KEYS[:2], columns="coder", values="answer")
        wide = wide[wide.notna().sum(axis=1) > 1].dropna(axis=1, how="all")
        if len(wide):
            rows.append({"topic": topic, **_agreed(wide, conf_level, replicates, seed)})
    if not rows:
        raise InputError("no sentence was coded twice", do="let two coders code the same ones")
    provenance = {"function": "agreement", "coders": coders, "conf_level": conf_level}
    provenance |= {"replicates": replicates, "seed": seed}
    return Result(pd.DataFrame(rows), ("topic",), provenance)


def _agreed(wide: pd.DataFrame, conf_level: float, replicates: int, seed: int) -> dict[str, object]:
    """The agreement on one topic; a row a sentence, a column a coder."""
    counts = np.stack([(wide == answer).sum(axis=1) for answer in ANSWERS], axis=1).astype(float)
    size = counts.sum(axis=1)
    same, pairs = (counts * (counts - 1)).sum(), (size * (size - 1)).sum()
    kappas = []
    for one, two in combinations(wide.columns, 2):
        both = wide[[one, two]].dropna()
        if len(both):
            numbers = both.apply(lambda column: column.map(ANSWERS.index)).to_numpy(float)
            kappas.append(cohen_kappa(numbers[:, 0], numbers[:, 1]))
    low, high = bootstrap_alpha(counts, conf_level, replicates, seed)
    yes, alpha = int(counts[:, 0].sum()), float(nominal_alpha(counts))
    flags = {"one_answer_only": np.isnan(alpha), "few_yes": yes < 10}
    return {
        "sentences": len(wide),
        "coders": wide.shape[1],
        "answers": int(size.sum()),
        "yes": yes,
        "agreed": float(same / pairs),
        "alpha": alpha,
        "conf_low": low,
        "conf_high": high,
        "kappa": float(np.mean(kappas)),
        "warnings": " ".join(name for name, holds in flags.items() if holds),
    }
