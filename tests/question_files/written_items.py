"""Questions of every sort that files can carry, for writing and reading them again."""

import string
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from hocvu.items.content import (
    Accepted,
    Criterion,
    Item,
    Kind,
    Markup,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.question_files.gathering.collecting import true_or_false

SIGNS = "áàảãạăâđêôơưỳĐ?!.,;:()[]{}=~#%\\/\"'->&<+*^$_|@\n "
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
markups = st.sampled_from(Markup)


def words():
    """Words of one line that mean themselves in every markup."""
    letters = st.text(alphabet=string.ascii_letters + "áàạăâđêôơư ", min_size=1, max_size=12)
    return letters.map(lambda text: " ".join(text.split())).filter(bool)


plain_texts = st.text(alphabet=string.ascii_letters + SIGNS, min_size=1, max_size=40).map(
    lambda text: text.strip()
)
STRONG = {Markup.PLAIN: "{}", Markup.HTML: "<b>{}</b>", Markup.MARKDOWN: "**{}**"}


def texts(markup):
    """Texts that need their markup, so that reading them again chooses the same one."""
    if markup is Markup.PLAIN:
        return plain_texts.filter(_means_itself)
    return words().map(STRONG[markup].format)


def _means_itself(text):
    return text != "" and "  " not in text and " \n" not in text and "\n " not in text


def credited(markup, credits_):
    """Options with distinct texts that earn these credits."""
    distinct = st.lists(texts(markup), min_size=len(credits_), max_size=len(credits_), unique=True)
    return distinct.flatmap(
        lambda said: st.lists(
            st.just("") | texts(markup), min_size=len(said), max_size=len(said)
        ).map(
            lambda whys: tuple(
                Option("abcdefgh"[at], text, credit=Fraction(credits_[at]), why=whys[at])
                for at, text in enumerate(said)
            )
        )
    )


single_credits = st.sampled_from([(1, 0), (0, HALF, 1, 0), (0, 1, THIRD), (1, Fraction(-1, 4))])
several_credits = st.sampled_from(
    [
        (None, (1, 1, 0)),
        (None, (1, 1, 1, 0, 0)),
        (Scoring.BY_CREDIT, (HALF, HALF, 0)),
        (Scoring.BY_CREDIT, (THIRD, 2 * THIRD, -1, 0)),
    ]
)
credits_of_text = st.sampled_from([Fraction(1), HALF, Fraction(3, 4), Fraction(0)])
numbers = st.decimals(min_value=-1000, max_value=1000, places=3).map(lambda n: n.normalize() + 0)


@st.composite
def choices(draw, markup):
    options = draw(single_credits.flatmap(lambda each: credited(markup, each)))
    return Item(Kind.SINGLE, draw(texts(markup)), options=options)


@st.composite
def several(draw, markup):
    scoring, shares = draw(several_credits)
    options = draw(credited(markup, shares))
    return Item(Kind.MULTIPLE, draw(texts(markup)), options=options, scoring=scoring)


@st.composite
def truths(draw, markup):
    why = st.just("") | texts(markup)
    return true_or_false(
        draw(texts(markup)), right=draw(st.booleans()), if_true=draw(why), if_false=draw(why)
    )


@st.composite
def short_texts(draw, markup):
    said = draw(st.lists(plain_answers, min_size=1, max_size=3, unique=True))
    first, *others = (
        Accepted(each, draw(credits_of_text), why=draw(st.just("") | texts(markup)))
        for each in said
    )
    first = Accepted(first.value, why=first.why)
    part = Part("text", PartKind.TEXT, accepted=(first, *others))
    return Item(Kind.SHORT_TEXT, draw(texts(markup)), parts=(part,))


# What is typed as an answer is one line.
plain_answers = (
    st.text(alphabet=string.ascii_letters + SIGNS.replace("\n", ""), min_size=1, max_size=15)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.upper() not in {"T", "F", "S", "Đ"} and "$" not in text)
)


@st.composite
def numeric(draw, markup):
    said = draw(st.lists(numbers, min_size=1, max_size=3))
    accepted = [
        Accepted(f"{value:f}", Fraction(1), abs(draw(numbers)), draw(st.just("") | texts(markup)))
        for value in said
    ]
    part = Part("value", PartKind.NUMBER, accepted=tuple(accepted))
    return Item(Kind.NUMERIC, draw(texts(markup)), parts=(part,))


@st.composite
def matching(draw, markup):
    options = draw(credited(markup, (0, 0, 0)))
    options = tuple(Option(each.id, each.text) for each in options)
    lefts = draw(
        st.lists(texts(markup).filter(lambda text: "->" not in text), min_size=3, max_size=3)
    )
    pairs = zip(lefts, ["a", "b", draw(st.sampled_from("abc"))], strict=True)
    parts = tuple(
        Part(f"p{at}", text=left, right=right) for at, (left, right) in enumerate(pairs, 1)
    )
    return Item(Kind.MATCHING, draw(texts(markup)), options=options, parts=parts)


@st.composite
def orders(draw, markup):
    options = draw(credited(markup, (0, 0, 0, 0)))
    scoring = draw(st.sampled_from([None, Scoring.ALL_OR_NOTHING]))
    bare = tuple(Option(each.id, each.text) for each in options)
    return Item(Kind.ORDERING, draw(texts(markup)), options=bare, scoring=scoring)


@st.composite
def essays(draw, markup):
    return Item(Kind.ESSAY, draw(texts(markup)))


@st.composite
def guided_essays(draw, markup):
    points = draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(10)]))
    return Item(
        draw(st.sampled_from([Kind.ESSAY, Kind.FILE])),
        draw(texts(markup)),
        rubric=(Criterion("r1", draw(texts(markup)), points),),
        points=points,
        least_words=50,
        most_words=200,
    )


IN_GIFT = (choices, several, truths, short_texts, numeric, matching, orders, essays)


def items(kinds):
    """Questions of these kinds with a name, a place and labels."""
    sorts = st.tuples(st.sampled_from(kinds), markups)
    named = st.tuples(words(), words(), words(), st.lists(words(), max_size=2, unique=True))
    return sorts.flatmap(
        lambda sort: st.tuples(sort[0](sort[1]), named, st.just("") | texts(sort[1])).map(
            lambda said: _labelled(sort[1], *said)
        )
    )


def _labelled(markup, item, named, feedback):
    name, category, foreign_id, tags = named
    return replace(
        item,
        markup=markup,
        feedback=feedback,
        name=name,
        category=category,
        foreign_id=foreign_id,
        tags=tuple(tags),
    )
