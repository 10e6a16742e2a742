"""The people by whom every address is tried, under the names that the table gives them."""

NOBODY = "nobody"
ADMINISTRATOR = "administrator"
GUEST = "teacher of a meeting"
CLERK = "administrator without permissions"
NAMES = (
    NOBODY,
    "learner",
    "other learner",
    "teacher",
    "other teacher",
    "former teacher",
    GUEST,
    "coach",
    "other coach",
    "former coach",
    "assessor",
    "board",
    "author",
    "learner elsewhere",
    "teacher elsewhere",
    "coach elsewhere",
    "assessor elsewhere",
    "board elsewhere",
    "author elsewhere",
    ADMINISTRATOR,
)
