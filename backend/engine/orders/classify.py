"""What an order is about, from its words: rules of the category tree, and a naive Bayes over single
characters and pairs, trained from the same tree and from what people corrected. Every answer shows
its words, because a person decides."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from backend.engine.orders.categories import Categories, Category
from backend.engine.text.normal import half_width

SURE: Final = 0.7  # below it a person chooses; above, about six of seven unseen sentences are right

# Chosen by leaving out sentences of the tree, not by the test's.
_NAME, _WORD, _EACH = 1.0, 0.5, 0.5  # what a name and a word are worth, and each character of them
_OBJECT = 0.5  # the bare name of a part (高架, 公园) often only tells where
_PRIOR = 0.5  # classes with many sentences are those that occur often
_LESSON = 3  # a correction counts like so many sentences of the tree
_MIX = 500  # how many characters of all classes are mixed into each
_HEAT = 3.0  # pairs overlap with their characters, so that likelihoods count too much
_MOST_WORDS = 5
_CHINESE_FROM = "\u33ff"  # a single Latin letter says nothing
_REST = re.compile(r"[^\u3400-\u9fffa-z]+")
_PHRASES = re.compile(
    "市民|来电人?|反映|诉求|希望|要求|请求?|相关部门|有关部门|核实|处理|解决|尽快|谢谢|您好|你好"
    "|目前|情况|问题"
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Words that a person said belong to this category."""

    words: str
    category: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A category that may be meant, how likely (0 to 1), and the words that speak for it."""

    category: Category
    probability: float
    words: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return self.probability >= SURE


class _Rule(NamedTuple):
    place: int  # of its category
    parts: tuple[str, ...]  # all must occur
    worth: float


class Classifier:
    """Trained once, in a tenth of a second; asking changes nothing, so that it may be shared."""

    def __init__(self, tree: Categories, lessons: Iterable[Lesson] = ()) -> None:
        self._leaves = list(tree)
        self._same = tree.same
        names = sorted({*tree.same, *tree.same.values()}, key=len, reverse=True)
        self._kinds = re.compile("|".join(map(re.escape, names)) or r"(?!)")
        self._rules: dict[str, list[_Rule]] = {}
        for place, leaf in enumerate(self._leaves):
            for rule in self._rules_of(place, leaf):
                self._rules.setdefault(rule.parts[0][:1], []).append(rule)
        self._learn(list(lessons))

    def _learn(self, lessons: Sequence[Lesson]) -> None:
        """Count how often what occurs in which class, and weigh it against all classes."""
        counts = [self._taught(leaf) for leaf in self._leaves]
        sentences = [1 + len(leaf.say) for leaf in self._leaves]
        places = {leaf.code: place for place, leaf in enumerate(self._leaves)}
        for lesson in lessons:
            if (place := places.get(lesson.category)) is not None:
                sentences[place] += _LESSON
                for sign in _signs(self._plain(lesson.words)):
                    counts[place][sign] += _LESSON
        usual: Counter[str] = Counter()
        for count in counts:
            usual.update(count)
        total = usual.total()
        self._usually = [_PRIOR * math.log(number) for number in sentences]
        self._unseen = [math.log(_MIX / (count.total() + _MIX)) for count in counts]
        self._seen: dict[str, dict[int, float]] = {sign: {} for sign in usual}
        for place, count in enumerate(counts):
            for sign, times in count.items():
                weight = math.log1p(times * total / (_MIX * usual[sign]))
                self._seen[sign][place] = weight

    def propose(self, text: str, most: int = 3) -> list[Candidate]:
        """The likeliest categories, likeliest first; empty when no word says anything."""
        plain = self._plain(text)
        signs = [sign for sign in _signs(plain) if sign in self._seen]
        ruled = self._ruled(plain)
        if not signs and not ruled:
            return []
        scores = [unseen * len(signs) for unseen in self._unseen]
        for sign in signs:
            for place, weight in self._seen[sign].items():
                scores[place] += weight
        scores = [score / _HEAT + often for score, often in zip(scores, self._usually, strict=True)]
        for place, words in ruled.items():
            scores[place] += sum(words.values())
        shares = _softmax(scores)
        best = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:most]
        return [
            Candidate(self._leaves[place], shares[place], self._why(place, text, plain, ruled))
            for place in best
        ]

    def _ruled(self, plain: str) -> dict[int, dict[str, float]]:
        """Which words of which categories occur, and what they are worth."""
        found: dict[int, dict[str, float]] = {}
        for letter in set(plain):
            for place, parts, worth in self._rules.get(letter, ()):
                if all(part in plain for part in parts):
                    found.setdefault(place, {})["…".join(parts)] = worth
        for word in _covered({word for words in found.values() for word in words}, plain):
            for words in found.values():
                words.pop(word, None)
        return found

    def _why(
        self, place: int, text: str, plain: str, ruled: Mapping[int, Mapping[str, float]]
    ) -> tuple[str, ...]:
        """The rules' words, then the runs of the text that speak for the class, as they stand in
        the text."""
        weights = ruled.get(place, {})
        words = sorted(weights, key=lambda word: -weights[word])
        for run in self._runs(place, plain):
            if not any(run in word or word in run for word in words):
                words.append(run)
        written = {
            self._same.get(kind[0], kind[0]): kind[0]
            for kind in self._kinds.finditer(half_width(text).lower())
        }
        for kind, own in written.items():
            words = [word.replace(kind, own) for word in words]
        return tuple(words[:_MOST_WORDS])

    def _runs(self, place: int, plain: str) -> Iterator[str]:
        """Neighbouring pairs that are commoner in the class than elsewhere, joined."""
        run = ""
        for at in range(len(plain) - 1):
            pair = plain[at : at + 2]
            if self._seen.get(pair, {}).get(place, 0) > 1:
                run = run + pair[1] if run else pair
            elif run:
                yield run
                run = ""
        if run:
            yield run

    def _rules_of(self, place: int, leaf: Category) -> Iterator[_Rule]:
        """The names and words of a category, each with what it is worth."""
        share = _OBJECT if leaf.tree == "B" else 1.0
        for name in (leaf.name, *leaf.synonyms):
            yield _Rule(place, (self._plain(name),), share * (_NAME + _EACH * len(name)))
        for word in leaf.words:
            parts = tuple(self._plain(part) for part in word)
            worth = _WORD + _EACH * sum(map(len, parts))
            yield _Rule(place, parts, worth * (share if len(parts) == 1 else 1.0))

    def _taught(self, leaf: Category) -> Counter[str]:
        """What the tree says about a category, counted."""
        texts = [leaf.name, *leaf.synonyms, *leaf.say]
        texts += [part for word in leaf.words for part in word]
        return Counter(sign for text in texts for sign in _signs(self._plain(text)))

    def _plain(self, text: str) -> str:
        """Half-width small letters, one word for all of its kind, without what everybody says."""
        text = _PHRASES.sub(" ", half_width(text).lower())
        return self._kinds.sub(lambda found: self._same.get(found[0], found[0]), text)


def _covered(words: set[str], plain: str) -> Iterator[str]:
    """加装电梯 is not about 电梯: words that only occur inside longer ones."""
    for word in words:
        left = plain
        for longer in words:
            if word in longer and word != longer:
                left = left.replace(longer, " ")
        if "…" not in word and word not in left:
            yield word


def _signs(plain: str) -> list[str]:
    """The single characters and the pairs of neighbours of a text, each once."""
    runs = _REST.split(plain)
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return list(dict.fromkeys([*pairs, *(letter for letter in plain if letter > _CHINESE_FROM)]))


def _softmax(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
