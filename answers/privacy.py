"""What is known of people in what offices answer: who wrote it, if they say so, and who decided about it."""

from vault.privacy import Column, Table, describe

READ_BY = "who delivers the letter; everyone, once it is published"
GONE = "stays once published; a year after it was declined"
DECIDED = "stays; a year after it was declined, if it was no answer of the office"

describe(
    "answers.Answer",
    Table(
        of="offices",
        columns={
            "text": Column(
                what="what the office answers",
                why="signers asked for an answer",
                readers=READ_BY,
                gone=GONE,
                stays=True,
            ),
            "name": Column(
                what="who answers, if they say so",
                why="an answer bears a name",
                readers=READ_BY,
                gone=GONE,
                stays=True,
            ),
            "role": Column(
                what="as what they answer, if they say so",
                why="an answer bears a name",
                readers=READ_BY,
                gone=GONE,
                stays=True,
            ),
            "scan": Column(
                what="a picture of an answer that came on paper",
                why="who publishes it compares it",
                readers="who delivers the letter",
                gone="stays once published; a year after it was declined",
                stays=True,
            ),
            "entered_by": Column(
                what="who of the desk entered what came by e-mail or on paper",
                why="an entry bears a name",
                readers="who delivers the letter",
                gone=DECIDED,
                stays=True,
            ),
            "reviewed_by": Column(
                what="who of the desk published or declined it",
                why="a decision bears a name",
                readers="who delivers the letter",
                gone=DECIDED,
                stays=True,
            ),
            "reason": Column(
                what="why it is not published",
                why="a decision has a reason",
                readers="who delivers the letter; everyone, if the office's own answer is kept back",
                gone=DECIDED,
                stays=True,
            ),
        },
        others=(
            "id", "delivery", "received_at", "language", "digest", "way", "entered_at", "published_at",
            "declined_at", "ground",
        ),
    ),
)  # fmt: skip
describe("answers.News", Table(of="nobody", others=("id", "answer", "reached", "queued_at", "queued")))
