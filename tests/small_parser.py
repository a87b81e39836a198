"""A parser small enough to be trained by a test: it knows one sentence, and that by heart."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam

#: What it knows, with a speaker's name in the place of the quote's masked words.
SAID = "“We sail at dawn,” Petra Lund said."

_HEADS = [1, 5, 1, 4, 5, 5, 5]
_DEPS = ["punct", "ccomp", "punct", "compound", "nsubj", "ROOT", "punct"]
_MODEL = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "parser",
    "extra_state_tokens": False,
    "hidden_width": 16,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
    "tok2vec": {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 16,
        "depth": 1,
        "embed_size": 100,
        "window_size": 1,
        "maxout_pieces": 2,
        "subword_features": True,
    },
}


def write_small_parser(folder: Path) -> str:
    """Train it, write it with ``nlp.to_disk`` and give its path; takes a third of a second."""
    fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("parser", config={"min_action_freq": 1, "model": _MODEL})
    doc = nlp.make_doc('"xxxxxxxxxxxxxxxx" Petra Lund said.')
    words = [token.text for token in doc]
    example = Example.from_dict(doc, {"words": words, "heads": _HEADS, "deps": _DEPS})
    nlp.initialize(lambda: [example])
    optimizer = Adam(0.02)
    for _ in range(40):
        nlp.update([example], sgd=optimizer)
    names = nlp.add_pipe("entity_ruler")
    person = {"label": "PERSON", "pattern": [{"ORTH": "Petra"}, {"ORTH": "Lund"}]}
    names.initialize(list, nlp=nlp, patterns=[person])
    nlp.to_disk(folder)
    return str(folder)
