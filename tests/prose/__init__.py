"""What tests of findings are made with."""

import analysis as an


def tables_of(sentences, dictionary, emphasis, contrasts, specifications, **more):
    """The tables of a study, with the evidence that its sentences and dictionary give."""
    return an.Tables(
        sentences=sentences,
        evidence=an.evidence(sentences, an.matches(sentences, dictionary)),
        emphasis=emphasis,
        contrasts=contrasts,
        specifications=specifications,
        dictionary=dictionary,
        **more,
    )
