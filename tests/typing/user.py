"""What a user writes, as a type checker sees it. It is checked, not run: see tests/test_quality.py.

Every line that has to be refused says so; mypy complains of a remark that is not needed.
"""

import pandas as pd

import analysis as an

articles: pd.DataFrame = an.read_articles("speeches", "speeches/articles.csv", by="party")
sentences = an.sentences(articles, unit="paragraph")
topics: an.Dictionary = an.read_dictionary("climate.toml")
codes = an.codes(sentences, topics, tier="broad")
tally = an.tally(codes, by=["party", "outlet"], cluster="outlet")
emphasis: an.Result = an.emphasis(tally, measure="word_share", conf_level=0.9)
contrasts = an.contrasts(tally, reference="rest", prior=an.Prior(rho=0.1)).to_frame()
leading: pd.Series = contrasts["estimate"]
keyness = an.keyness(an.counts(sentences, "party"), measure="log_ratio", adjust="bh")
an.save_figure(an.plot_emphasis(emphasis, groups=["Green", "Red"]), "emphasis")
topic = an.Topic("wind", ("wind farm*",), exclude=("wind up",))
study = an.Study("speeches", topics="climate.toml", by="party", measure="word_share")
shares: pd.DataFrame = study.emphasis().to_frame()
study.with_(conf_level=0.9).save("figures")

an.emphasis(tally, measur="word_share")  # type: ignore[call-arg]
an.emphasis(tally, "word_share")  # type: ignore[call-arg]
an.emphasis(tally, conf_level="0.9")  # type: ignore[arg-type]
an.sentences("speeches")  # type: ignore[arg-type]
an.read_articles("speeches", by=1)  # type: ignore[arg-type]
an.Study("speeches", topics="climate.toml")  # type: ignore[call-arg]
an.Study("speeches", topics="a.toml", by="b", mesure="c")  # type: ignore[call-arg]
an.emfasis(tally)  # type: ignore[attr-defined]
an.plot_emphasis(contrasts)  # type: ignore[arg-type]
an.Topic("wind", core=["wind"])  # type: ignore[arg-type]
