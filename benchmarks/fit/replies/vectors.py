"""Vectors of words, from the company that they keep in texts without labels.

They tell the fit that "weeping" is much like "crying" where only one of the two is in the
labelled messages. Positive pointwise mutual information of words that stand near each other,
its context counts smoothed, and a truncated singular value decomposition of it: Levy,
Goldberg and Dagan (2015), "Improving Distributional Similarity with Lessons Learned from
Word Embeddings", TACL 3. The vectors are folded into the weights of words; nothing of them
is read later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import svds

from ..corpus import is_dev, load_messages, unlabelled

Array = np.ndarray[Any, Any]
DIMENSIONS = 200
WINDOW = 6  # words to each side, the nearer ones counting more
LEAST = 8  # times that a word must be there
SMOOTHING = 0.75  # the power of the context counts
EACH = 40_000  # texts of one set, at most
LONGEST = 1_500  # code points
OWN_WEIGHT = 3  # how often a message of our own counts


def word_vectors(words: Callable[[str], Sequence[str]]) -> tuple[list[str], Array]:
    """Words, and their vectors of length 1, one a row.

    Texts are those of the public sets that may be learnt from (`corpus.unlabelled`) and of
    the train split of our own messages.

    Args:
        words: splits a text.
    """
    texts = [text for pool in unlabelled(EACH).values() for text in pool]
    for item in load_messages():
        if not is_dev(item):
            texts += [text for text in (item.text, item.context) if text] * OWN_WEIGHT
    split = [words(text[:LONGEST]) for text in texts]
    count = Counter(word for text in split for word in text)
    known = sorted(word for word, n in count.items() if n >= LEAST)
    place = {word: i for i, word in enumerate(known)}
    ids = np.array([place[w] for text in split for w in text if w in place])
    text_of = np.array([i for i, text in enumerate(split) for w in text if w in place])
    return known, _reduced(_together(ids, text_of, len(known)))


def _together(ids: Array, text_of: Array, size: int) -> Any:
    """How often two words stand near each other in one text, as a sparse matrix."""
    total = coo_matrix((size, size)).tocsr()
    for distance in range(1, WINDOW + 1):
        left, right = ids[:-distance], ids[distance:]
        same = (text_of[:-distance] == text_of[distance:]) & (left != right)
        left, right = left[same], right[same]
        rows, columns = np.concatenate([left, right]), np.concatenate([right, left])
        values = np.full(len(rows), 1 / distance)
        total = total + coo_matrix((values, (rows, columns)), shape=(size, size)).tocsr()
    return total.tocoo()


def _reduced(together: Any) -> Array:
    of_word = np.asarray(together.sum(axis=1)).ravel()
    of_context = of_word**SMOOTHING
    of_context /= of_context.sum()
    information = np.log(together.data / (of_word[together.row] * of_context[together.col]))
    positive = information > 0
    matrix = coo_matrix(
        (information[positive], (together.row[positive], together.col[positive])),
        shape=together.shape,
    ).tocsr()
    left, values, _ = svds(matrix, k=DIMENSIONS, random_state=0)
    vectors = left * np.sqrt(values)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
