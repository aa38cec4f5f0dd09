"""Right picks in 4.1, in the words of many students."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import moment

CHOICES: tuple[Case, ...] = (
    moment("q4_moment_number", "The pick is a bare number.", "2"),
    moment("q4_moment_number_with_point", "The number has a full stop.", "2."),
    moment("q4_moment_number_in_brackets", "The number stands in brackets.", "(2)"),
    moment("q4_moment_number_bold", "The number is bold, and a reason follows.", "**2** because each name is a sample of its own."),
    moment("q4_moment_number_then_text", "The option's own words are copied with their number.", "2. After each name"),
    moment("q4_moment_hash", "The option is named with a hash.", "I would go for #2, as names do not depend on each other."),
    moment("q4_moment_letter_b", "The options were renamed to letters.", "Option B: after each name."),
    moment(
        "q4_moment_the_second",
        "The option is named by an ordinal.",
        "The second option makes the most sense, because the names are unrelated.",
    ),
    moment("q4_moment_second_one", "The second is named without the word option.", "The second one. Every name is an independent input."),
    moment("q4_moment_the_second_only", "Only an ordinal.", "The second."),
    moment(
        "q4_moment_words",
        "The moment is described in words.",
        "After every name, since the state of one name tells nothing about the next.",
    ),
    moment("q4_moment_once_per_name", "The words use 'once per name'.", "Once per name, i.e. whenever a name is finished."),
    moment("q4_moment_before_each_name", "The moment is put before the next name.", "Right before each new name is fed in."),
    moment(
        "q4_moment_between", "The moment is between names.", "Between names. Otherwise information would leak from one sample to another."
    ),
    moment("q4_moment_individual_input", "The words are those of another handout.", "After processing each individual name input"),
    moment(
        "q4_moment_own_words",
        "A sentence with the reason first.",
        "Since the names in the training set are unrelated, the hidden state should "
        "be re-initialized to zero after we have processed a name.",
    ),
    moment(
        "q4_moment_sequence",
        "The name is called a sequence.",
        "It should be re-initialised after each sequence (name), because different sequences are independent.",
    ),
    moment(
        "q4_moment_others_excluded",
        "The other options are named and excluded.",
        "Option 2. Option 1 would let information from one name leak into the next, and option 3 has the same problem within an epoch.",
    ),
    moment(
        "q4_moment_others_first",
        "The other options are discussed first.",
        "If we reset only once at the beginning of training, the state of all names piles up. Resetting after each epoch is not enough "
        "either. So the best choice is 2, after each name.",
    ),
    moment("q4_moment_not_epoch", "An epoch is named and negated.", "Not after each epoch but after each name."),
    moment(
        "q4_moment_rather_than", "An epoch is named behind 'rather than'.", "We should reset after each name rather than after each epoch."
    ),
    moment(
        "q4_moment_reason_with_training",
        "The reason names the start of training.",
        "After each name: at the start of training the weights are random, but that has nothing to do with the hidden state of a name.",
    ),
    moment(
        "q4_moment_options_copied_one_marked",
        "The options are copied and one is marked.",
        "1. once, before training begins\n2. **after each name** <-- this one\n3. after each epoch, when all names have been seen",
    ),
    moment("q4_moment_tick", "A check mark stands behind the option.", "1. once\n2. after each name ✅\n3. after each epoch"),
    moment(
        "q4_moment_hedged", "The pick is hedged.", "I think it's probably option 2, but I'm not 100% sure. Each name is its own example."
    ),
    moment("q4_moment_german", "The answer is in German.", "Nach jedem Namen, weil die Namen voneinander unabhängig sind."),
    moment(
        "q4_moment_german_number",
        "A German answer names the number.",
        "Möglichkeit 2: Der Zustand muss nach jedem einzelnen Namen zurückgesetzt werden.",
    ),
    moment("q4_moment_chinese", "A Chinese answer names the number.", "选项2，因为每个名字都是独立的。"),
    moment("q4_moment_chinese_words", "A Chinese answer in words.", "应该在处理完每个名字之后重置，因为名字之间没有关系。"),
    moment("q4_moment_answer_label", "The answer has a label.", "Answer: 2\n\nReason: names are independent."),
    moment("q4_moment_latex", "The number stands in LaTeX.", "Option $2$"),
    moment(
        "q4_moment_html", "The answer is coloured by HTML.", '<span style="color:blue">Option <b>2</b></span><br>Names are independent.'
    ),
    moment("q4_moment_roman", "A Roman numeral.", "Option II, after each name."),
    moment("q4_moment_heading", "The answer is set as a heading.", "### 2. After each name\n\nThey are independent of each other."),
    moment("q4_moment_code", "The answer is set as code.", "`2. after each name`"),
    moment(
        "q4_moment_long_reason",
        "A long reason with numbers in it.",
        "2. There are 18 languages and thousands of names. A name such as 'Satoshi' has nothing in common with the 1 or 2 names before it. "
        "If the state was not reset, the 3 last letters of the name before would be the context of the first letter.",
    ),
)
