"""Identifiers that reach the learner's page and must not give the key away."""

from fractions import Fraction

from hocvu.items.content import Item, Kind, Option, Part, PartKind
from hocvu.items.identifiers import telling_nothing
from hocvu.items.marking import Verdict, mark

FIRST, SECOND, THIRD = (Option(name, text) for name, text in zip("abc", "xyz", strict=True))


def test_the_order_of_identifiers_says_nothing_about_the_right_order():
    ordering = Item(Kind.ORDERING, "?", options=(FIRST, SECOND, THIRD))

    kept = telling_nothing(ordering)
    lines = [f"{option.id}={place}" for place, option in enumerate(kept.options, 1)]

    assert mark(kept, lines).verdict is Verdict.RIGHT
    assert not {"a", "b", "c"} & {option.id for option in kept.options}


def test_what_is_matched_and_what_stands_in_a_gap_is_matched_still():
    own = (Option("r", "right", credit=Fraction(1)), Option("w", "wrong"))
    matching = Item(Kind.MATCHING, "?", options=(FIRST, SECOND), parts=(Part("p1", right="b"),))
    cloze = Item(Kind.CLOZE, "[[p1]]", parts=(Part("p1", PartKind.CHOICE, right="r", options=own),))

    matched, filled = telling_nothing(matching), telling_nothing(cloze)
    gap = filled.parts[0]

    assert mark(matched, [f"p1={matched.options[1].id}"]).verdict is Verdict.RIGHT
    assert mark(filled, [f"p1={gap.options[0].id}"]).verdict is Verdict.RIGHT
    assert mark(filled, [f"p1={gap.options[1].id}"]).verdict is Verdict.WRONG


def test_true_and_false_keep_their_names_and_doing_it_twice_is_once():
    true, false = Option("true", "Đúng", credit=Fraction(1)), Option("false", "Sai")
    question = Item(Kind.SINGLE, "?", options=(true, false))
    choice = Item(Kind.SINGLE, "?", options=(FIRST, SECOND))

    assert telling_nothing(question) == question
    assert telling_nothing(telling_nothing(choice)) == telling_nothing(choice)


def test_options_with_the_same_words_keep_identifiers_of_their_own():
    twins = Item(Kind.MULTIPLE, "?", options=(FIRST, Option("b", FIRST.text)))

    kept = telling_nothing(twins)

    assert len({option.id for option in kept.options}) == 2
