"""4.1: which moment an answer picks, in the words of many students."""

from __future__ import annotations

import pytest

from reference.judging.choices import ELSE, pick

RIGHT = [
    "2",
    "2.",
    "(2)",
    "**2**",
    "Number two.",
    "Option two, because names have nothing to do with each other.",
    "The second one. Each name is an independent example.",
    "b) After each name, since names do not depend on each other.",
    "B",
    "__2. after each name__\n\nThe names are independent.",
    "2. after each name",
    "1 is wrong because the state of all names would mix. 3 is wrong for the same reason. So 2 is right.",
    (
        "We should not only reset once before training, nor only after each epoch, because then information leaks "
        "between names. We should reset after each name."
    ),
    "Not 1, but 2.",
    "Neither 1 nor 3, since both let the information of one name leak into the next; 2 it is.",
    "Between names.",
    "Whenever a new name begins, because the previous name tells nothing about it.",
    "Once per name.",
    "Before each new name is read, the state should be set to zeros.",
    "At the start of every name the hidden state should be zero.",
    "The hidden state should be reset at the end of each name.",
    "After every name! Otherwise the network confuses names.",
    (
        "We should re-initialize the hidden state after processing each individual name input since we want to learn "
        "about the letters in one name."
    ),
    "After each training example, as each example is an independent name.",
    "It should be reset after each word, so that we start fresh.",
    "After every sequence.",
    "After each name, not after every character, because within a name the state has to be kept.",
    "Not after each letter, but after each name.",
    "Nach jedem Namen (Option 2), weil die Namen voneinander unabhängig sind.",
    "Option 2: Der Zustand sollte nach jedem Namen zurückgesetzt werden, nicht erst nach jeder Epoche.",
    "Après chaque nom (option 2), parce que les noms sont indépendants.",
    "Después de cada nombre, la opción 2.",
    "选项2:在每个名字之后重置,因为名字之间没有关系。",
    "Opcja 2",
    "Answer: 2\n\nReason: independent names.",
    "Ans = 2) after each name",
    "$2$",
    "ii. after each name",
    "#2 - because of independence",
    "No. 2",
    "2️⃣ after each name",
    "② after each name",
    (
        "2. During each epoch we go over all names, and if the state was carried over, the prediction for a name would "
        "depend on the order of the names in that epoch."
    ),
    "After each name. If we set it to zeros just once before training, the state would hold a mixture of all names.",
    "If the state was reset only after each epoch, names would influence each other. Therefore it needs to be reset after each name.",
    "I'd pick option 2 over options 1 and 3.",
    "Option 2 makes more sense than 3 or 1.",
    (
        "It makes the most sense to reset it after each name. The hidden state carries the information about the "
        "letters of one name, and the next name has no relation to it. Resetting once (1) or after an epoch (3) would "
        "carry this over."
    ),
    "after eahc name",
    "OPTION 2: AFTER EACH NAME",
    "<b>2</b> after each name",
    "after a single name was processed",
    "As soon as the name is finished.",
    "When we move on to the next name.",
    "Each name should start with a zero hidden state, hence option 2.",
    "Every time a name has been processed completely.",
    "~~3~~ 2",
    "First I thought option 1, but option 2 is right since the names are independent.",
    "The middle option.",
    (
        "> 1. once, before training begins\n> 2. after each name\n> 3. after each epoch, when all names have been "
        "seen\n\nOption 2. Names are independent."
    ),
    "- [ ] once, before training begins\n- [x] after each name\n- [ ] after each epoch",
    "1. once, before training begins\n2. after each name   <-- this one\n3. after each epoch",
    (
        "1. once, before training begins\n2. **after each name**\n3. after each epoch, when all names have been "
        "seen\n\nNames are independent of each other."
    ),
    (
        "I would choose the second option, after each name, because otherwise the third letter of one name could "
        "influence the first letter of the next."
    ),
    "After each name is the right moment. After each epoch would be too late, and once would be too seldom.",
    "The state should be zero whenever the network starts to read a name.",
    "Reset it for each name.",
    "It should be reset for every single training example (that is, name).",
    "Name by name.",
    "after each name, not once",
    "Since names are independent: 2",
    "2) because 1) and 3) would let names influence each other",
    "(b) after each name",
    "Nach jedem einzelnen Namen, denn sonst würde der Zustand des vorigen Namens den nächsten beeinflussen.",
    "Immer wenn ein neuer Name beginnt.",
    "Zwischen zwei Namen.",
    "Itt a 2. a helyes",
    "Always after a name has been read in full.",
    "We need to reset before processing the next name.",
    (
        "The hidden state has to be initialised anew for each name, because what was learned about the last letters of "
        "'Müller' is of no use for 'Ivanov'."
    ),
    "Neither once (1) nor after an epoch (3), so after each name (2).",
    "Not once, not after each epoch: after each name!",
    "If you did it after each epoch, all the names of one epoch would be one long sequence. So: after each name.",
    "Option 1 and 3 are both wrong because the state would leak. Option 2 is correct.",
    "The best time is right after finishing a name and before starting the next one.",
    "2, since in 1 and 3 the hidden state is full of noise from earlier names.",
    "Answer 2.\n\nIt would make no sense to keep the state for an epoch.",
    "**Answer:** 2. after each name.\n\n**Reason:** the order of the names in an epoch is random.",
    "I'd go with 2. 3 would be too rare.",
    "With every new name.",
    "After each word",
    "Each time a name has ended, i.e. option 2. Only then does the network see a name with a clean slate.",
    "每个名字之后(选项二)。",
    "After each name. The hidden state should not be set back after each letter since it carries the letters read so far.",
    "2 - once per name, at its end",
    "At the end of every name; resetting it at the end of an epoch only would mean that all names are treated as one.",
    "Option  **2**  : *after each name*",
    (
        "We do it after each name because we don't want to reset it only once before training begins or after each "
        "epoch when all names have been seen."
    ),
    "It makes most sense to do this after each name. One name's letters say nothing about another one.",
    "The hidden state should be set back once a name is done.",
    "After each sample/name",
    "Whenever the name changes.",
    "<font color='blue'>after each name</font>",
    "[2] names are i.i.d.",
    "2번. 이름마다 서로 독립적이므로",
    "2番目。名前ごとにリセットする。",
    "每处理完一个名字之后",
    "II.",
    "Names do not depend on each other, so the state should be reset after each of them.",
    "Clearly 2; with 3 the network could only learn the order of names in the data.",
    "I think the second is right because the names have no relationship.",
    "The correct option is the 2nd: names are not related.",
    "La deuxième option",
    "Dopo ogni nome, perché i nomi sono indipendenti",
    "Depois de cada nome",
    "Per-name",
    "2 is the best choice, 3 is second best",
    "After each name.\n1. Names are independent.\n2. The order is random.\n3. It is cheap.",
    "After each name. Reasons:\n\n1. Names are independent\n2. The order of names is random",
]
# With the option that is picked, ELSE for none of the three.
WRONG = [
    ("1", 1),
    ("3.", 3),
    ("Option 1, because the network then remembers all names.", 1),
    ("Option 3: after each epoch, when all names have been seen.", 3),
    ("The third.", 3),
    ("The first one, since a state should carry on.", 1),
    ("c) after each epoch", 3),
    ("After each epoch, so that the network sees all the names in a row.", 3),
    ("After each epoch, not after each name, because the network needs the memory of other names.", 3),
    ("Never, the network should remember everything.", ELSE),
    ("After each character, because each character is a new input.", ELSE),
    ("After every letter.", ELSE),
    ("After each batch.", ELSE),
    ("Only once, at the beginning of training.", 1),
    ("Once before the training starts. Setting it back after each name would lose what was learned.", 1),
    ("Not 2, but 3.", 3),
    ("I would not choose option 2, since it forgets the names; option 1.", 1),
    ("**3**. The names of an epoch belong together.", 3),
    ("Nach jeder Epoche, also Option 3.", 3),
    ("Nach jedem Buchstaben.", ELSE),
    ("1. once, before training begins\n2. after each name\n3. after each epoch, when all names have been seen   <-- this one", 3),
    ("- [ ] once, before training begins\n- [ ] after each name\n- [x] after each epoch", 3),
    ("~~2~~ 3", 3),
    ("At first I thought option 2, but option 3 is right.", 3),
    ("At the end of training.", ELSE),
    ("At the end of every epoch. If we did it after each name, the information would be lost.", 3),
    ("After 2 epochs.", 3),
    ("Option 3. There are 2 reasons for it.", 3),
    ("1. **once, before training begins**\n2. after each name\n3. after each epoch, when all names have been seen", 1),
    ("After each time step.", ELSE),
    ("2 would be wrong because then nothing is learned from name to name. 3 is the right choice.", 3),
    ("After two names.", ELSE),
    ("After each language, so all names of a language share a state.", ELSE),
    ("1) once. The state would get better and better.", 1),
    ("Before training begins.", 1),
    ("Once all names have been seen.", 3),
    ("After every epoch because all names have been seen then; after each name would be too often.", 3),
    ("I'd choose the third one rather than the second one.", 3),
    ("Option 3, since after each name the network still needs what it knows.", 3),
    ("You should not reset it after each name. Instead, reset it after each epoch.", 3),
    ("It should not be reset at all.", ELSE),
    ("After each letter, because every letter is a new input.", ELSE),
    ("Vor dem Training, einmal.", 1),
    ("Einmal am Anfang.", 1),
    ("When an epoch ends.", 3),
    ("3 (not 2)", 3),
    ("We pick 1 because with 2 we would lose the information about each name.", 1),
    ("After every mini-batch.", ELSE),
    ("(c)", 3),
    ("Once per epoch.", 3),
    ("At the start of each epoch.", 3),
    ("Only once before the training, so that each name can profit from the names before.", 1),
    ("Only at the beginning, so that the state accumulates what is known about every name", 1),
    ("One time at the beginning", 1),
    ("No need to reset it after each name. Once is enough.", 1),
    ("III", 3),
    ("After all the names have been seen", 3),
    ("While resetting after each name may seem right, we should reset after each epoch.", 3),
    ("After each epoch, because\n1. it is faster\n2. each name helps", 3),
    ("After each batch of names", ELSE),
]
UNCLEAR = [
    "2 and 3",
    "Either option 1 or option 2.",
    "When every name has been seen.",
    "After each name was processed, i.e. at the end of the epoch.",
    "After the last name of the epoch.",
    "All three would work.",
    "It should be set back so that it does not mix things up.",
    "It depends on the data.",
    "![my answer](attachment:a.png)",
    "After each name and after each epoch.",
    "1. once, before training begins\n2. after each name\n3. after each epoch, when all names have been seen",
    "Option 2 or 3",
    "It should be reset regularly.",
    "1, 2 and 3",
    "see above",
    "After each training step.",
]


@pytest.mark.parametrize("answer", RIGHT)
def test_the_second_moment_is_read_in_any_words(answer: str) -> None:
    """By number, letter or words, with the others excluded, supposed, struck out or unticked."""
    assert pick(answer) == 2


@pytest.mark.parametrize(("answer", "picked"), WRONG)
def test_a_wrong_moment_is_known_as_such(answer: str, picked: int) -> None:
    """Another option, or a moment that is none of them."""
    assert pick(answer) == picked


@pytest.mark.parametrize("answer", UNCLEAR)
def test_what_cannot_be_read_is_left_to_a_person(answer: str) -> None:
    """Two picks, none, or words that may mean either."""
    assert pick(answer) is None
